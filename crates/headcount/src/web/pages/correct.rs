//! Cells that cannot be read are corrected in their place. The file that was brought stays as it is:
//! what is corrected lies beside it until the plan is made.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use headcount_core::sheet::Corrections;
use maud::{Markup, html};

use super::sheet::{Pairs, find};
use crate::failure::{Failure, USAGE};
use crate::show::many;
use crate::web::answer::{Answer, go};
use crate::web::app::App;
use crate::web::desk::Paper;
use crate::web::layout::encoded;

/// Cells of one sheet that are corrected here; a sheet with more is corrected where it comes from.
const MOST: usize = 2_000;

/// Characters of a cell, as a spreadsheet has them at most.
const LONGEST: usize = 32_767;

/// The name of a cell's field, and of the field that says what stood in it.
pub fn names(row: u64, column: usize) -> (String, String) {
    (format!("cell-{row}-{column}"), format!("was-{row}-{column}"))
}

/// `POST /sheets/{id}/correct`: cells anew, or `reset`: all as they came.
pub async fn correct(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let paper = find(&app, &id)?;
    let typed = typed(&pairs);
    let is_reset = pairs.iter().any(|(name, _)| name == "reset");
    let mut many_now = 0;
    paper.correct(|corrected| {
        if is_reset {
            corrected.clear();
        }
        corrected.extend(typed);
        many_now = corrected.len();
        while corrected.len() > MOST {
            corrected.pop_last();
        }
    });
    if many_now > MOST {
        let message =
            format!("more than {} are corrected; the others were left", many(MOST as u64, "cell"));
        return Err(Failure::new(USAGE, message)
            .hint("correct them in the sheet and bring it again")
            .into());
    }
    let is_reading = |name: &str| name.starts_with("column") || name == "sheet" || name == "by";
    let reading: Vec<_> = (pairs.iter())
        .filter(|(name, _)| is_reading(name))
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    Ok(go(&format!("/sheets/{}?{}", paper.id, reading.join("&"))))
}

/// The cells whose text is another than it was.
fn typed(pairs: &Pairs) -> Corrections {
    let place = |name: &str| {
        let (row, column) = name.strip_prefix("cell-")?.split_once('-')?;
        Some((row.parse::<u64>().ok()?, column.parse::<usize>().ok()?))
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

/// What was corrected, and the way back.
pub fn told(paper: &Paper, reading: &Markup) -> Markup {
    let many_cells = paper.corrected().len() as u64;
    html! {
        @if many_cells > 0 {
            form.actions method="post" action={ "/sheets/" (paper.id) "/correct" } {
                (reading)
                span { strong { (many(many_cells, "cell")) } " corrected here. Your file stays as it is." }
                button.plain type="submit" name="reset" value="yes" { "Undo the corrections" }
            }
        }
    }
}
