//! The jobs' commands, generated from the jobs.

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};
use headcount_model::job::Job;
use headcount_people::jobs::{self, JobSpec};

use super::job::{By, ExtraArgs, JobArgs, map_help};

/// `user …`.
pub const USER: usize = 0;
/// `group …`.
pub const GROUP: usize = 1;
/// `member …`.
pub const MEMBER: usize = 2;
/// `access …`.
pub const ACCESS: usize = 3;
/// `token …`.
pub const TOKEN: usize = 4;

const NOUNS: [&str; 5] = ["user", "group", "member", "access", "token"];

/// A job's command: its first word is one of the nouns, its second word is the job's verb.
#[derive(Debug)]
pub struct JobOf<const NOUN: usize>(pub Box<JobCommand>);

/// A job and its options.
#[derive(Debug)]
pub struct JobCommand {
    /// The job.
    pub job: Job,
    /// The options of every job.
    pub args: JobArgs,
    /// The options of some jobs.
    pub extra: ExtraArgs,
}

/// The jobs of a noun: verb, job and help.
fn of_noun(noun: &str) -> impl Iterator<Item = (&'static str, &'static JobSpec, &'static str)> {
    let specs = Job::ALL.into_iter().map(jobs::of);
    specs.filter_map(move |spec| {
        let (first, verb) = spec.job.command().split_once(' ')?;
        Some((verb, spec, spec.help?)).filter(|_| first == noun)
    })
}

fn command(verb: &'static str, spec: &JobSpec, help: &'static str) -> Command {
    let all = ExtraArgs::augment_args(Command::new(verb));
    let takes = |arg: &&clap::Arg| spec.options.contains(&arg.get_id().as_str());
    let extra = all.get_arguments().filter(takes).cloned();
    let cmd = JobArgs::augment_args(Command::new(verb)).args(extra);
    let cmd = cmd.mut_arg("map", |arg| arg.help(map_help(spec.sheet)));
    let cmd = only_copied(cmd, "users", spec.exports.users);
    let cmd = only_copied(cmd, "groups", spec.exports.groups);
    // After the arguments, because it replaces their own text.
    cmd.about(help)
}

/// A job that reads no ids from an export still takes one for a rehearsal.
fn only_copied(cmd: Command, export: &'static str, reads_ids: bool) -> Command {
    match reads_ids {
        true => cmd,
        false => cmd.mut_arg(export, |arg| {
            arg.help(format!("Export of {export}, only for the copy that --rehearse makes"))
        }),
    }
}

impl<const NOUN: usize> Subcommand for JobOf<NOUN> {
    fn augment_subcommands(cmd: Command) -> Command {
        of_noun(NOUNS[NOUN])
            .fold(cmd, |cmd, (verb, spec, help)| cmd.subcommand(command(verb, spec, help)))
    }

    fn augment_subcommands_for_update(cmd: Command) -> Command {
        Self::augment_subcommands(cmd)
    }

    fn has_subcommand(name: &str) -> bool {
        of_noun(NOUNS[NOUN]).any(|(verb, ..)| verb == name)
    }
}

impl<const NOUN: usize> FromArgMatches for JobOf<NOUN> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let missing = || Error::raw(ErrorKind::MissingSubcommand, "a job is missing");
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let job = of_noun(NOUNS[NOUN]).find(|(verb, ..)| *verb == name);
        let (_, spec, _) = job.ok_or_else(missing)?;
        let text = |id| matches.try_get_one::<String>(id).ok().flatten().cloned();
        let extra = ExtraArgs {
            products: text("products"),
            by: matches.try_get_one::<By>("by").ok().flatten().copied().unwrap_or_default(),
            message: text("message"),
            with_members: text("with_members"),
            scim: matches.try_get_one::<bool>("scim").ok().flatten().copied().unwrap_or_default(),
            revoke_tokens: matches
                .try_get_one::<bool>("revoke_tokens")
                .ok()
                .flatten()
                .copied()
                .unwrap_or_default(),
        };
        let args = JobArgs::from_arg_matches(matches)?;
        Ok(Self(Box::new(JobCommand { job: spec.job, args, extra })))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
