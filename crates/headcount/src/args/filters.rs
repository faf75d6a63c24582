//! Which users a list names.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use headcount_people::choose::{Choice, FilterOption, Filters, OPTIONS, Takes};

use super::export::ExportArgs;

/// `user export`.
#[derive(Debug, Args)]
pub struct UserExportArgs {
    #[command(flatten)]
    pub export: ExportArgs,
    /// Filter this file instead of reading the site, and keep its columns: Atlassian's users export, or
    /// a file that `user export` wrote
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    #[command(flatten)]
    pub filters: FilterArgs,
}

/// `user access`.
#[derive(Debug, Args)]
pub struct AccessReviewArgs {
    #[command(flatten)]
    pub export: super::export::ExportArgs,
    #[command(flatten)]
    pub filters: FilterArgs,
}

/// `user seats`.
#[derive(Debug, Args)]
pub struct SeatsArgs {
    #[command(flatten)]
    pub reading: super::export::ReadingArgs,
    #[command(flatten)]
    pub filters: FilterArgs,
}

/// The filters, from their one table: a user is listed if every given one fits. Of `--inactive-days` and
/// `--never-seen`, one is enough.
#[derive(Debug, Default)]
pub struct FilterArgs(Filters);

/// The heading of the filters in help.
const HEADING: &str = "Choosing users";

impl Args for FilterArgs {
    fn augment_args(command: Command) -> Command {
        OPTIONS.iter().fold(command, |command, option| command.arg(arg(option)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for FilterArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for option in &OPTIONS {
            let mut set = |value: &str| {
                let set = option.set(&mut self.0, value);
                set.map_err(|why| Error::raw(ErrorKind::InvalidValue, why))
            };
            if option.takes == Takes::Flag {
                if matches.get_flag(option.name) {
                    set("")?;
                }
                continue;
            }
            for value in matches.get_many::<String>(option.name).into_iter().flatten() {
                set(value)?;
            }
        }
        Ok(())
    }
}

fn arg(option: &'static FilterOption) -> Arg {
    let arg = Arg::new(option.name).long(option.name).help(option.help).help_heading(HEADING);
    let try_it =
        |value: &str| option.set(&mut Filters::default(), value).map(|()| value.to_owned());
    match option.takes {
        Takes::Flag => arg.action(ArgAction::SetTrue),
        Takes::Number(value) | Takes::Day(value) => arg.value_name(value).value_parser(try_it),
        Takes::Choice(value, choices) => {
            arg.value_name(value).value_parser(words(choices)).hide_possible_values(true)
        }
        Takes::Choices(value, _) | Takes::Words(value) => {
            let arg = arg.value_name(value).action(ArgAction::Append).value_delimiter(',');
            arg.value_parser(try_it)
        }
        Takes::Names(value) => arg.value_name(value).action(ArgAction::Append).value_parser(try_it),
        Takes::Apps(value) => {
            let arg = arg.value_name(value).action(ArgAction::Append).num_args(1..);
            arg.value_parser(try_it)
        }
    }
}

fn words(choices: &'static [Choice]) -> PossibleValuesParser {
    PossibleValuesParser::new(choices.iter().map(|(word, _)| *word))
}

impl FilterArgs {
    /// The filters that the use cases take.
    pub fn filters(&self) -> Filters {
        self.0.clone()
    }

    /// Whether any filter is given.
    pub fn is_given(&self) -> bool {
        self.0 != Filters::default()
    }
}
