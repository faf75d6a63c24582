//! Corrects unreadable cells at their place. The uploaded file itself stays unchanged; the corrections are stored
//! next to it. Every button of the spreadsheet's form keeps the typed cells.

use std::collections::BTreeSet;
use std::sync::Arc;

use headcount_app::failure::{Failure, USAGE};
use headcount_app::words::many;
use headcount_sheet::Corrections;
use maud::{Markup, html};

use crate::parts::identity_files;
use crate::parts::layout::file_name;
use crate::state::fields::{Fields, Pairs};
use crate::state::identity_sources::WhoIsWho;
use crate::state::uploads::{Paper, Said};

/// The most corrected cells of one spreadsheet. With more, the user has to correct the file.
const MOST: usize = 2_000;

/// The longest cell in characters, as in a spreadsheet program.
const LONGEST: usize = 32_767;

/// The button that removes the corrections.
const RESET: &str = "reset";

/// The name of a cell's field, and of the field with its original text.
pub fn names(row: u64, column: usize) -> (String, String) {
    (format!("cell-{row}-{column}"), format!("was-{row}-{column}"))
}

/// Keeps the input of a spreadsheet's form. Returns the rows in which cells were corrected.
///
/// # Errors
/// There are more corrections than the limit; the first of them are kept.
pub fn keep(paper: &Paper, pairs: Pairs) -> Result<BTreeSet<u64>, Failure> {
    let typed = typed(&pairs);
    let rows = typed.keys().map(|(row, _)| *row).collect();
    let not_read = not_read(&pairs);
    let has = |wanted: &str| pairs.iter().any(|(name, _)| name == wanted);
    let (is_reset, asks_site) = (has(RESET), has(identity_files::ASK));
    let is_cell = |name: &str| name.starts_with("cell-") || name.starts_with("was-");
    let is_kept = |name: &str| {
        !is_cell(name) && ![RESET, identity_files::ASK, identity_files::FILES].contains(&name)
    };
    let fields: Pairs = pairs.into_iter().filter(|(name, _)| is_kept(name)).collect();
    paper.say(|said| {
        // Other rows are read then, so corrections may belong to none of them.
        let other = |name: &str| said.fields.one(name).map(str::to_owned);
        let before = [other("heading"), other("hidden_rows"), other("sheet")];
        let had_headings = !said.fields.has("no_headings");
        said.fields = Fields(fields);
        let now = ["heading", "hidden_rows", "sheet"].map(|name| said.fields.one(name));
        let is_other = before.iter().map(Option::as_deref).ne(now);
        said.no_export = not_read.map(Arc::new);
        if asks_site {
            said.who = WhoIsWho::default();
        }
        let kept = if is_reset || is_other {
            said.corrected.clear();
            Ok(())
        } else {
            add(said, typed)
        };
        move_rows(said, had_headings);
        kept
    })?;
    Ok(rows)
}

/// Without the script, the name of a chosen file comes with every button, and the file only with one.
fn not_read(pairs: &Pairs) -> Option<Failure> {
    let mut files =
        pairs.iter().filter(|(name, file)| name == identity_files::FILES && !file.is_empty());
    let (_, file) = files.next()?;
    let message = format!("{} was chosen, and was not read yet", file_name(file));
    Some(Failure::new(USAGE, message).hint("choose it again and press “Use this”"))
}

/// Adds corrected cells.
///
/// # Errors
/// There are more than the limit; the first of them are kept.
pub fn add(said: &mut Said, cells: Corrections) -> Result<(), Failure> {
    said.corrected.extend(cells);
    if said.corrected.len() <= MOST {
        return Ok(());
    }
    while said.corrected.len() > MOST {
        said.corrected.pop_last();
    }
    let message = format!(
        "only {} can be corrected here; the rest were not saved",
        many(MOST as u64, "cell")
    );
    Err(Failure::new(USAGE, message)
        .hint("correct the rest in the spreadsheet and upload it again"))
}

/// The first line becomes a row, or a heading line again, so every row's number changes.
fn move_rows(said: &mut Said, had_headings: bool) {
    let has_headings = !said.fields.has("no_headings");
    if had_headings == has_headings {
        return;
    }
    let cells = std::mem::take(&mut said.corrected).into_iter();
    said.corrected = cells
        .map(|((row, at), text)| ((if had_headings { row + 1 } else { row - 1 }, at), text))
        .filter(|((row, _), _)| *row > 0)
        .collect();
}

/// The cells whose text was changed.
fn typed(pairs: &Pairs) -> Corrections {
    let place = |name: &str| {
        let (row, column) = name.strip_prefix("cell-")?.split_once('-')?;
        Some((row.parse::<u64>().ok().filter(|row| *row > 0)?, column.parse::<usize>().ok()?))
    };
    let was = |(row, column): (u64, usize)| {
        let (_, was) = names(row, column);
        pairs.iter().find(|(name, _)| *name == was).map(|(_, value)| value.as_str())
    };
    let cells = pairs.iter().filter_map(|(name, value)| Some((place(name)?, value)));
    cells
        .filter(|(at, value)| was(*at) != Some(value.as_str()))
        .map(|(at, value)| (at, value.chars().take(LONGEST).collect()))
        .collect()
}

/// The corrections, with the button that removes them; a part of the spreadsheet's form.
pub fn told(corrected: &Corrections) -> Markup {
    let many_cells = corrected.len() as u64;
    html! {
        @if many_cells > 0 {
            p.actions {
                span { strong { (many(many_cells, "cell")) } " corrected here. Your file does not change." }
                button.plain type="submit" name=(RESET) value="yes" { "Undo the corrections" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(corrected: &[(u64, &str)], fields: &[&str]) -> Said {
        let corrected = corrected.iter().map(|(row, text)| ((*row, 0), (*text).to_owned()));
        let fields = fields.iter().map(|name| ((*name).to_owned(), "yes".to_owned()));
        Said { corrected: corrected.collect(), fields: Fields(fields.collect()), ..Said::default() }
    }

    #[test]
    fn corrections_stay_with_their_rows_when_the_first_line_becomes_one() {
        let mut now = said(&[(1, "a"), (2, "b")], &["no_headings"]);
        move_rows(&mut now, true);
        assert_eq!(now.corrected, said(&[(2, "a"), (3, "b")], &[]).corrected);
        let mut now = said(&[(1, "a"), (2, "b")], &[]);
        move_rows(&mut now, false);
        assert_eq!(now.corrected, said(&[(1, "b")], &[]).corrected);
    }

    #[test]
    fn only_cells_that_were_changed_are_corrections() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let pairs = vec![
            pair("was-2-0", "broken"),
            pair("cell-2-0", "ann@example.com"),
            pair("was-3-0", "same"),
            pair("cell-3-0", "same"),
            pair("cell-0-0", "no row"),
            pair("cell-x-0", "no row"),
        ];
        let wanted = Corrections::from([((2, 0), "ann@example.com".to_owned())]);
        assert_eq!(typed(&pairs), wanted);
    }
}
