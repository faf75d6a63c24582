//! Finds headings on another line than the one that was taken for them, because titles, versions or empty tables
//! are above them. Every suggested line was tried: with it, the job finds its columns.

use super::address::looks_like_mail;
use super::cell::{text, trim};
use super::finding::Sought;
use super::remedy::{options_needed, without_headings};
use super::wanted::{Job, is_export, told};
use headcount_sheet::FirstRows;
use headcount_sheet::Options;
use headcount_sheet::{Advice, Change};
use headcount_sheet::{Heading, HeadingLine, SheetError};

/// A better error than a missing column, if another line has the headings or the first line is a row already.
/// `above` has the lines above the tried one, which is `line`.
pub(super) fn better(
    error: SheetError,
    sought: &Sought<'_>,
    (line, above): (u64, &FirstRows),
    options: &Options,
) -> SheetError {
    let SheetError::MissingColumn { name, need, .. } = &error else { return error };
    let (name, need) = (name.clone(), need.clone());
    let tried = (line, sought.texts());
    let lines: Vec<_> = above.iter().chain([&tried]).chain(sought.first).cloned().collect();
    if let Some((at, heading, map)) = other_line(sought, &lines, above.len(), options) {
        let below = lines[at].0;
        if is_export(sought.job) {
            let advice = Advice::words(format!("Remove the lines above line {below}."));
            return SheetError::HeadingBelow { name, need, below, heading, advice };
        }
        let change = Change { heading: Some(below), map, ..Change::default() };
        let mut advice = Advice::words(match at < above.len() {
            true => "Name that line: ".to_owned(),
            false => format!("Remove the lines above line {below}, or name the line: "),
        });
        advice.offer(vec![change]);
        return SheetError::HeadingBelow { name, need, below, heading, advice };
    }
    let holds_mail = sought.headings.iter().any(|heading| looks_like_mail(text(heading)));
    if let Some(change) = without_headings(sought, options).filter(|_| holds_mail) {
        let mut advice = Advice::default();
        advice.offer(vec![change]);
        return SheetError::NoHeadings { name, need, advice };
    }
    if let Some(change) = bare_list(sought, options) {
        let mut advice = Advice::default();
        advice.offer(vec![change]);
        return SheetError::BareList {
            name,
            need,
            first: trim(&sought.headings[0]).to_owned(),
            advice,
        };
    }
    error
}

/// For a list of groups without a heading: there is one column, and nothing distinguishes its first line from the
/// others.
fn bare_list(sought: &Sought<'_>, options: &Options) -> Option<Change> {
    let is_filled = |cell: &String| !trim(cell).is_empty();
    let is_list = matches!(sought.job, Job::Groups | Job::CreateGroups)
        && sought.headings.len() == 1
        && sought.first.iter().all(|(_, cells)| cells.iter().skip(1).all(|cell| !is_filled(cell)));
    without_headings(sought, options).filter(|_| is_list)
}

/// Finds the headings below a title that was taken for headings because one of its words is one, such as `Groups`
/// or `E-Mail`.
pub(super) fn below_a_title(sought: &Sought<'_>, options: &Options) -> Option<SheetError> {
    if options.heading.is_some() || options.no_headings {
        return None;
    }
    let titles = sought.headings.iter().filter(|heading| !trim(heading).is_empty()).count();
    let is_filled = |cell: &&String| !trim(cell).is_empty();
    let has_headings = |(at, (_, cells)): &(usize, &(u64, Vec<String>))| {
        let headings = HeadingLine::of(cells);
        let line = Sought { job: sought.job, headings: &headings, first: &sought.first[at + 1..] };
        let is_told = |cell: &String| told(sought.job, &Heading::of(trim(cell))).is_some();
        cells.iter().filter(is_filled).count() > titles
            && cells.iter().any(is_told)
            && line.found(&options.map).is_ok_and(|found| line.fits(&[], &found))
    };
    let mut lines = sought.first.iter().enumerate().take(TITLES);
    let (_, (below, cells)) = lines.find(has_headings)?;
    let change = Change { heading: Some(*below), ..Change::default() };
    let mut advice = Advice::words(format!("Remove the lines above line {below}"));
    if !is_export(sought.job) {
        advice.say(", or name the line: ");
        advice.offer(vec![change]);
    }
    let title = sought.headings.iter().find(|heading| !trim(heading).is_empty());
    Some(SheetError::TitleAbove {
        name: "the sheet".to_owned(),
        title: title.map_or("", |title| trim(title)).to_owned(),
        below: *below,
        heading: cells
            .iter()
            .map(|cell| trim(cell))
            .find(|cell| !cell.is_empty())
            .unwrap_or("")
            .to_owned(),
        advice,
    })
}

/// How many lines below a title are searched for headings.
const TITLES: usize = 5;

/// A line with the headings: its index, one of its headings, and the `--map` options that it needs.
type OtherLine = (usize, String, Vec<(String, String)>);

/// The first line with the headings; `tried` is the index of the line without headings.
fn other_line(
    sought: &Sought<'_>,
    lines: &FirstRows,
    tried: usize,
    options: &Options,
) -> Option<OtherLine> {
    for (at, (_, cells)) in lines.iter().enumerate().filter(|(at, _)| *at != tried) {
        let mut cells = cells.clone();
        while cells.last().is_some_and(|cell| trim(cell).is_empty()) {
            cells.pop();
        }
        let first = &lines[at + 1..];
        let headings = HeadingLine::of(&cells);
        let line = Sought { job: sought.job, headings: &headings, first };
        if let Ok(found) = line.found(&options.map)
            && line.fits(&[], &found)
        {
            let used = found.fields.iter().map(|(_, at)| *at).min().unwrap_or_default();
            return Some((at, trim(&cells[used]).to_owned(), Vec::new()));
        }
        // A line with an email is a row, so no headings are below it.
        if cells.iter().any(|cell| looks_like_mail(text(cell))) {
            if at > tried {
                return None;
            }
            continue;
        }
        // The heading is unknown, but the cells below it show their meaning.
        let holds_mails = |column: usize| {
            let mut below = first.iter().filter_map(|(_, cells)| cells.get(column));
            below.any(|cell| looks_like_mail(text(cell)))
        };
        if (0..cells.len()).any(holds_mails)
            && let Some(map) = options_needed(&line, options)
        {
            let heading = map.first().map_or_else(String::new, |(_, heading)| heading.clone());
            return Some((at, heading, map));
        }
    }
    None
}
