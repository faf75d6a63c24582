//! Finds cells whose format hides their text or makes a person read it differently.
//!
//! Source: ECMA-376, part 1: 18.8.22 `font`, 18.8.20 `fill`, 18.8.31 `numFmts`.

use std::collections::HashMap;
use std::sync::Arc;

use calamine::{Cell, Color, DataRef, FillPattern, Style};

use crate::record::Unseen;
use crate::xlsx::color::Rgb;
use crate::xlsx::conditional::ConditionalCells;
use crate::xlsx::layout::Layout;
use crate::xlsx::number_format::{hides, paints_white};
use crate::xlsx::rich::Runs;
use crate::xlsx::value::{Padding, shown};

/// Text smaller than this, in points, cannot be read.
const TINY: f64 = 3.0;

/// The formats of all cells, in the order in which the cells are read.
pub(crate) struct Looks {
    of_styles: Vec<Look>,
    /// The look of a cell without a style.
    plain: Look,
    runs: HashMap<(u32, u32), Arc<Runs>>,
    conditional: ConditionalCells,
}

impl Looks {
    /// Takes the formats of texts and the conditional formats out of the layout.
    pub(crate) fn new(styles: &[Style], layout: &mut Layout) -> Self {
        Self {
            of_styles: styles.iter().map(Look::of).collect(),
            plain: Look::of(&Style::default()),
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
        let text = shown(value, look.padding.as_ref());
        let runs = || look.unseen_runs(self.runs.get(&at)?);
        let condition = |conditional: &mut ConditionalCells| {
            conditional.covers(at).then_some(Unseen::Condition)
        };
        let unseen = look.unseen(value).or_else(runs).or_else(|| condition(&mut self.conditional));
        (text, unseen)
    }
}

/// What a style does to a cell's text.
#[derive(Clone, Debug)]
struct Look {
    padding: Option<Padding>,
    /// Set if the cell shows nothing, whatever its value is.
    always: Option<Unseen>,
    /// Whether the number format hides texts, and whether it hides numbers.
    hides: (bool, bool),
    /// The color behind the text; `None` if it is not a single color.
    background: Option<Rgb>,
}

impl Look {
    fn of(style: &Style) -> Self {
        let code = style.number_format.as_ref().map_or("", |format| &format.format_code);
        let font = style.font.as_ref();
        let background = background(style);
        let color = font.and_then(|font| font.color).map_or(Rgb::BLACK, rgb);
        let is_faint = |color: Rgb| background.is_some_and(|behind| color.is_close(behind));
        let always = if is_faint(color) || (paints_white(code) && is_faint(Rgb::WHITE)) {
            Some(Unseen::Color)
        } else if font.and_then(|font| font.size).is_some_and(|size| size < TINY) {
            Some(Unseen::Size)
        } else if font.is_some_and(|font| font.strikethrough) {
            Some(Unseen::Struck)
        } else {
            None
        };
        Self { padding: Padding::of(style), always, hides: hides(code), background }
    }

    /// Why a person does not see a value in this style, or does not take it as valid.
    fn unseen(&self, value: &DataRef<'_>) -> Option<Unseen> {
        let (no_text, no_number) = self.hides;
        let is_hidden = match value {
            DataRef::String(_) | DataRef::SharedString(_) => no_text,
            DataRef::Float(_)
            | DataRef::Int(_)
            | DataRef::DateTime(_)
            | DataRef::DateTimeIso(_)
            | DataRef::DurationIso(_) => no_number,
            DataRef::Bool(_) => no_text && no_number,
            DataRef::Error(_) | DataRef::Empty => false,
        };
        is_hidden.then_some(Unseen::Format).or(self.always)
    }

    /// The same for the parts of a text that have formats of their own.
    fn unseen_runs(&self, runs: &Runs) -> Option<Unseen> {
        let is_faint = |color: &Rgb| self.background.is_some_and(|behind| color.is_close(behind));
        if runs.colors.iter().any(is_faint) {
            Some(Unseen::Color)
        } else if runs.smallest.is_some_and(|size| size < TINY) {
            Some(Unseen::Size)
        } else {
            runs.is_struck.then_some(Unseen::Struck)
        }
    }
}

fn rgb(color: Color) -> Rgb {
    Rgb([color.red, color.green, color.blue])
}

/// The color behind a cell's text: white if there is no fill; `None` for a fill of two colors.
fn background(style: &Style) -> Option<Rgb> {
    let Some(fill) = &style.fill else { return Some(Rgb::WHITE) };
    match fill.pattern {
        FillPattern::None => Some(Rgb::WHITE),
        FillPattern::Solid => Some(fill.foreground_color.map_or(Rgb::WHITE, rgb)),
        _ => None,
    }
}
