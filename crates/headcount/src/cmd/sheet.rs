//! Opening the sheet and the exports that a command names.

use std::path::Path;

use headcount_core::directory::Directory;
use headcount_core::directory::exports::{Notices, read_groups, read_users};
use headcount_core::sheet::{Input, Options, Problem, Sheet, SheetError, Source, open};

use crate::args::PlanArgs;
use crate::context::Context;
use crate::failure::{Failure, USAGE};
use crate::show;
use crate::work::plan::FromExports;

/// So many rows with the same problem are told as one.
const MANY: usize = 4;

/// How the sheet is to be read.
pub fn options(args: &PlanArgs) -> Result<Options, Failure> {
    let pair = |text: &String| match text.split_once('=') {
        Some((field, heading)) if !field.trim().is_empty() && !heading.trim().is_empty() => {
            Ok((field.trim().to_owned(), heading.trim().to_owned()))
        }
        _ => Err(Failure::new(USAGE, format!("--map {text}: write it as field=Heading"))
            .hint("such as --map email=\"E-Mail address\"")),
    };
    let map = args.map.iter().map(pair).collect::<Result<_, _>>()?;
    Ok(Options { sheet: args.sheet.clone(), map, no_headings: args.no_headings })
}

/// Whether the sheet is standard input.
pub fn is_input(file: &Path) -> bool {
    file == Path::new("-")
}

/// Opens the sheet.
pub fn open_sheet(file: &Path, options: &Options) -> Result<Sheet, Failure> {
    let source = if is_input(file) {
        Source { name: "standard input".into(), input: Input::Stream(Box::new(std::io::stdin())) }
    } else {
        Source::file(file)
    };
    Ok(open(source, options)?)
}

/// The name by which a run remembers its input.
pub fn name(file: &Path) -> String {
    if is_input(file) { "standard input".into() } else { file.display().to_string() }
}

/// Reads the named exports into the directory.
pub fn read_exports(
    users: Option<&Path>,
    groups: Option<&Path>,
    directory: &mut Directory,
    context: &Context,
) -> Result<FromExports, Failure> {
    let options = Options::default();
    if let Some(users) = users {
        let read = open(Source::file(users), &options)
            .and_then(|sheet| read_users(directory, sheet, &options));
        let notices = read.map_err(|error| {
            not_an_export(
                error,
                "--users takes Atlassian's export of users, with the columns `User id` and `email`",
            )
        })?;
        tell(&notices, users, context);
    }
    if let Some(groups) = groups {
        let read = open(Source::file(groups), &options)
            .and_then(|sheet| read_groups(directory, sheet, &options));
        let notices = read.map_err(|error| not_an_export(error, "--groups takes Atlassian's export of users with their groups, with the columns `Group id` and `Group name`"))?;
        tell(&notices, groups, context);
    }
    Ok(FromExports { people: users.is_some(), groups: groups.is_some() })
}

/// `--map` is for the sheet alone, so what is wanted of an export is told here.
fn not_an_export(error: SheetError, what: &str) -> Failure {
    let is_another = matches!(error, SheetError::MissingColumn { .. });
    let failure = Failure::from(error);
    if is_another { failure.hint(what) } else { failure }
}

fn tell(notices: &Notices, file: &Path, context: &Context) {
    if notices.first.is_empty() {
        return;
    }
    context.say(context.paint.yellow(&format!("In {}:", file.display())));
    for problem in notices.first.iter().take(5) {
        context.say(format!("  {}", show::clean(&problem.to_string())));
    }
    let more = notices.more + notices.first.len().saturating_sub(5) as u64;
    if more > 0 {
        context.say(format!("  and {more} more of this kind"));
    }
}

/// Tells problems of rows, all that were kept; one that many rows have is told once.
pub fn tell_problems(problems: &[Problem], bad: u64, context: &Context) {
    let alike = |one: &Problem, other: &Problem| {
        (&one.column, &one.what, &one.todo) == (&other.column, &other.what, &other.todo)
    };
    for (at, problem) in problems.iter().enumerate() {
        let lines: Vec<_> =
            problems.iter().filter(|other| alike(problem, other)).map(|other| other.line).collect();
        if lines.len() < MANY {
            context.complain(format!("  {}", show::clean(&problem.to_string())));
        } else if !problems[..at].iter().any(|other| alike(problem, other)) {
            let lines = lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let words = problem.to_string();
            let words = words.strip_prefix(&format!("line {}", problem.line)).unwrap_or(&words);
            context.complain(format!("  lines {lines}{}", show::clean(words)));
        }
    }
    let told =
        problems.iter().map(|problem| problem.line).collect::<std::collections::BTreeSet<_>>();
    let more = bad.saturating_sub(told.len() as u64);
    if more > 0 {
        context.complain(format!(
            "  {}",
            context.paint.dim(&format!("and {} more", show::many(more, "row")))
        ));
    }
}
