//! Headings that are not on the line that was taken for them: titles, versions, empty tables above them.
//! Every line that is suggested was tried: with it, the job finds its columns.

use super::address::looks_like_mail;
use super::cell::{text, trim};
use super::finding::Sought;
use super::remedy::{options_needed, without_headings};
use super::wanted::is_export;
use headcount_sheet::FirstRows;
use headcount_sheet::Options;
use headcount_sheet::SheetError;
use headcount_sheet::{Advice, Change};

/// A better word than that a column is missing, where another line has the headings, or where the first
/// line is a row already. `above` has the lines above the one that was tried, which is `line`.
pub(super) fn better(
    error: SheetError,
    sought: &Sought<'_>,
    (line, above): (u64, &FirstRows),
    options: &Options,
) -> SheetError {
    let SheetError::MissingColumn { name, need, .. } = &error else { return error };
    let (name, need) = (name.clone(), need.clone());
    let tried = (line, sought.headings.to_vec());
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
    error
}

/// The line that has the headings: its place among the lines, one of its headings, and the `--map`
/// options that it needs.
type OtherLine = (usize, String, Vec<(String, String)>);

/// The first line that has the headings; `tried` is the place of the one that has none.
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
        let line = Sought { job: sought.job, headings: &cells, first };
        if let Ok(found) = line.found(&options.map)
            && line.fits(&[], &found)
        {
            let used = found.fields.iter().map(|(_, at)| *at).min().unwrap_or_default();
            return Some((at, trim(&cells[used]).to_owned(), Vec::new()));
        }
        // A line with an address is a row: no headings are below it.
        if cells.iter().any(|cell| looks_like_mail(text(cell))) {
            if at > tried {
                return None;
            }
            continue;
        }
        // No heading that is known, but cells below it that tell what they are.
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
