//! Opens the spreadsheet and the exports that a command names.

use std::io::{Cursor, Read};
use std::path::Path;

use headcount_app::failure::{Failure, USAGE};
use headcount_app::identity_exports::Exports;
use headcount_app::words;
use headcount_people::directory::exports::Notices;
use headcount_people::rows::{SheetJob as Job, advised, open};
use headcount_sheet::{Input, Options, Problem, STREAMED_WORKBOOK, Sheet, SheetError, Source};

use crate::args::PlanArgs;
use crate::context::Context;

/// From this many rows with the same problem on, one line reports them all.
const MANY: usize = 4;

/// The options of the reader; `asked` has the words for the job's action.
pub fn options(args: &PlanArgs, asked: &'static [&'static str]) -> Result<Options, Failure> {
    let pair = |text: &String| match text.split_once('=') {
        Some((field, heading)) if !field.trim().is_empty() && !heading.trim().is_empty() => {
            Ok((field.trim().to_owned(), heading.trim().to_owned()))
        }
        _ => Err(Failure::new(USAGE, format!("--map {text}: write it as field=Heading"))
            .hint("such as --map email=\"E-Mail address\"")),
    };
    let map = args.map.iter().map(pair).collect::<Result<_, _>>()?;
    let value = |text: &String| match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() && !value.trim().is_empty() => {
            Ok((field.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(Failure::new(USAGE, format!("--set {text}: write it as field=value"))
            .hint("such as --set group=\"hanoi-legal\"")),
    };
    let set = args.set.iter().map(value).collect::<Result<_, _>>()?;
    Ok(Options {
        sheet: args.sheet.clone(),
        map,
        set,
        no_headings: args.no_headings,
        heading: args.heading,
        hidden_rows: args.hidden_rows.into(),
        asked,
    })
}

/// Whether the spreadsheet is standard input.
pub fn is_input(file: &Path) -> bool {
    file == Path::new("-")
}

/// Opens the spreadsheet for a job.
pub fn open_sheet(file: &Path, job: Job, options: &Options) -> Result<Sheet, Failure> {
    if is_input(file) {
        return Ok(open_input(job, options)?);
    }
    let again = |options: &Options| open(Source::file(file), options);
    Ok(again(options).map_err(|error| advised(error, job, options, &again))?)
}

/// The first bytes of a workbook.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// Opens standard input. A workbook is held in memory, as its reader would do, so that each advice can be tried on
/// it.
fn open_input(job: Job, options: &Options) -> Result<Sheet, SheetError> {
    let named = |input| Source { name: "standard input".into(), input };
    let mut stdin = std::io::stdin().lock();
    let mut start = Vec::new();
    // If nothing can be read, the reader reports it.
    let read = stdin.by_ref().take(WORKBOOK.len() as u64).read_to_end(&mut start);
    let mut length = 0;
    if read.is_ok() && start == WORKBOOK {
        length = stdin.by_ref().take(STREAMED_WORKBOOK).read_to_end(&mut start).unwrap_or_default();
    }
    drop(stdin);
    if length == 0 || length as u64 == STREAMED_WORKBOOK {
        let input = Input::Stream(Box::new(Cursor::new(start).chain(std::io::stdin())));
        let never = |_: &Options| Err(SheetError::Missing { name: "standard input".into() });
        return open(named(input), options).map_err(|error| advised(error, job, options, &never));
    }
    let again = |options: &Options| open(named(Input::Bytes(start.clone())), options);
    again(options).map_err(|error| advised(error, job, options, &again))
}

/// The name of the input in the run.
pub fn name(file: &Path) -> String {
    if is_input(file) { "standard input".into() } else { file.display().to_string() }
}

/// The exports that a command names.
pub fn exports(args: &PlanArgs) -> Exports {
    Exports::of(args.exports.users.as_deref(), args.exports.groups.as_deref())
}

/// Reports the notices about an export.
pub fn tell(notices: &Notices, name: &str, context: &Context) {
    if notices.first.is_empty() {
        return;
    }
    context.say(context.paint.yellow(&format!("In {name}:")));
    for problem in notices.first.iter().take(5) {
        context.say(format!("  {}", words::clean(&problem.to_string())));
    }
    let more = notices.more + notices.first.len().saturating_sub(5) as u64;
    if more > 0 {
        context.say(format!("  and {more} more of this kind"));
    }
}

/// Reports the problems of rows; a problem of many rows is reported once.
pub fn tell_problems(problems: &[Problem], bad: u64, context: &Context) {
    let alike = |one: &Problem, other: &Problem| {
        (&one.column, &one.what, &one.todo) == (&other.column, &other.what, &other.todo)
    };
    for (at, problem) in problems.iter().enumerate() {
        let lines: Vec<_> =
            problems.iter().filter(|other| alike(problem, other)).map(|other| other.line).collect();
        if lines.len() < MANY {
            context.complain(format!("  {}", words::clean(&problem.to_string())));
        } else if !problems[..at].iter().any(|other| alike(problem, other)) {
            let lines = lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let words = problem.to_string();
            let words = words.strip_prefix(&format!("line {}", problem.line)).unwrap_or(&words);
            context.complain(format!("  lines {lines}{}", words::clean(words)));
        }
    }
    let told =
        problems.iter().map(|problem| problem.line).collect::<std::collections::BTreeSet<_>>();
    let more = bad.saturating_sub(told.len() as u64);
    if more > 0 {
        context.complain(format!(
            "  {}",
            context.paint.dim(&format!("and {} more", words::many(more, "row")))
        ));
    }
}
