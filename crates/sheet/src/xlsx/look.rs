//! Finds cells whose format hides their text or makes a person read it differently.
//!
//! Source: ECMA-376, part 1: 18.8.22 `font`, 18.8.20 `fill`, 18.8.31 `numFmts`.

use std::collections::HashMap;
use std::sync::Arc;

use calamine::{Cell, Color, DataRef, FillPattern, Style};

use crate::record::Unseen;
use crate::xlsx::color::Rgb;
use crate::xlsx::conditional::ConditionalCells;
use crate::xlsx::fills::TableFill;
use crate::xlsx::layout::Layout;
use crate::xlsx::number_format::{NumberFormat, Shows, paints_white};
use crate::xlsx::rich::Runs;
use crate::xlsx::value::{number_text, shown};

/// Text smaller than this, in points, cannot be read.
const TINY: f64 = 3.0;

/// The formats of all cells, in the order in which the cells are read.
pub(crate) struct Looks {
    of_styles: Vec<Look>,
    /// The look of a cell without a style.
    plain: Look,
    table_fills: Vec<TableFill>,
    runs: HashMap<(u32, u32), Arc<Runs>>,
    conditional: ConditionalCells,
}

impl Looks {
    /// Takes the formats of texts and the conditional formats out of the layout.
    pub(crate) fn new(styles: &[Style], layout: &mut Layout) -> Self {
        Self {
            of_styles: (styles.iter().enumerate())
                .map(|(at, style)| {
                    Look::of(style, layout.gradients.get(at).map_or(&[], |colors| colors))
                })
                .collect(),
            plain: Look::of(&Style::default(), &[]),
            table_fills: std::mem::take(&mut layout.table_fills),
            runs: std::mem::take(&mut layout.runs),
            conditional: ConditionalCells::new(std::mem::take(&mut layout.conditions)),
        }
    }

    /// A cell's text, and the reason why a person does not see it or does not take it as valid.
    pub(crate) fn read(
        &mut self,
        cell: &Cell<DataRef<'_>>,
        style: usize,
    ) -> (String, Option<Unseen>) {
        let (value, at) = (cell.get_value(), cell.get_position());
        let look = self.of_styles.get(style).unwrap_or(&self.plain);
        let text = shown(value, &look.format);
        let of_table = self.table_fills.iter().filter(|_| !look.is_filled);
        let of_table = of_table.filter_map(|fill| fill.behind(at)).next();
        let behind = of_table.as_ref().map_or(look.background.as_slice(), std::slice::from_ref);
        let runs = || unseen_runs(self.runs.get(&at)?, behind);
        let condition = |conditional: &mut ConditionalCells| {
            conditional.covers(at).then_some(Unseen::Condition)
        };
        let unseen =
            look.unseen(value, behind).or_else(runs).or_else(|| condition(&mut self.conditional));
        (text, unseen)
    }
}

/// What a style does to a cell's text.
#[derive(Clone, Debug)]
struct Look {
    format: NumberFormat,
    /// The colors of the text: its font's, and what the number format paints.
    colors: Vec<Rgb>,
    /// Why nothing in the cell is seen, whatever it holds, besides its color.
    always: Option<Unseen>,
    /// The colors behind the text; none if they are not known.
    background: Vec<Rgb>,
    /// Whether the cell has a fill of its own.
    is_filled: bool,
}

/// Whether text of this color cannot be read on any of the colors behind it.
fn is_lost(color: Rgb, behind: &[Rgb]) -> bool {
    !behind.is_empty() && behind.iter().all(|behind| color.is_close(*behind))
}

impl Look {
    fn of(style: &Style, gradient: &[Rgb]) -> Self {
        let code = style.number_format.as_ref().map_or("", |format| &format.format_code);
        let font = style.font.as_ref();
        let (background, is_filled) = match gradient {
            [] => background(style),
            stops => (stops.to_vec(), true),
        };
        let of_font = font.and_then(|font| font.color).map_or(Rgb::BLACK, rgb);
        let painted = paints_white(code).then_some(Rgb::WHITE);
        let always = if font.and_then(|font| font.size).is_some_and(|size| size < TINY) {
            Some(Unseen::Size)
        } else if font.is_some_and(|font| font.strikethrough) {
            Some(Unseen::Struck)
        } else {
            None
        };
        let colors = [of_font].into_iter().chain(painted).collect();
        Self { format: NumberFormat::of(code), colors, always, background, is_filled }
    }

    /// Why a person does not take a value of this look as said.
    fn unseen(&self, value: &DataRef<'_>, behind: &[Rgb]) -> Option<Unseen> {
        let shows = match value {
            DataRef::String(_) | DataRef::SharedString(_) => self.format.of_text().clone(),
            DataRef::Float(number) => self.format.of_number(*number, &number_text(*number)),
            DataRef::Int(number) => self.format.of_number(*number as f64, &number.to_string()),
            DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_)
                if self.format.hides_numbers() =>
            {
                Shows::Nothing
            }
            DataRef::Bool(_) if self.format.hides_numbers() => self.format.of_text().clone(),
            DataRef::DateTime(_)
            | DataRef::DateTimeIso(_)
            | DataRef::DurationIso(_)
            | DataRef::Bool(_)
            | DataRef::Error(_)
            | DataRef::Empty => Shows::Value,
        };
        let is_lost = self.colors.iter().any(|color| is_lost(*color, behind));
        let by_color = is_lost.then_some(Unseen::Color);
        match shows {
            Shows::Nothing => Some(Unseen::Format),
            Shows::Other => Some(Unseen::OtherText),
            Shows::Value | Shows::Text(_) => by_color.or(self.always),
        }
    }
}

/// Why a person does not take parts of a text as said that have a format of their own.
fn unseen_runs(runs: &Runs, behind: &[Rgb]) -> Option<Unseen> {
    if runs.colors.iter().any(|color| is_lost(*color, behind)) {
        Some(Unseen::Color)
    } else if runs.smallest.is_some_and(|size| size < TINY) {
        Some(Unseen::Size)
    } else {
        runs.is_struck.then_some(Unseen::Struck)
    }
}

fn rgb(color: Color) -> Rgb {
    Rgb([color.red, color.green, color.blue])
}

/// The color behind a cell's text, and whether it is the cell's own: white without a fill; unknown for a fill of two
/// colors.
fn background(style: &Style) -> (Vec<Rgb>, bool) {
    let Some(fill) = &style.fill else { return (vec![Rgb::WHITE], false) };
    match fill.pattern {
        FillPattern::None => (vec![Rgb::WHITE], false),
        FillPattern::Solid => (vec![fill.foreground_color.map_or(Rgb::WHITE, rgb)], true),
        _ => (Vec::new(), true),
    }
}
