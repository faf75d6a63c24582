//! Conditional formats that can hide what a cell holds, or strike it through. Which cells their
//! conditions are true for is computed by the spreadsheet program and is not in the file; so all
//! cells in their ranges count as unseen.
//!
//! Source: ECMA-376, part 1: 18.3.1.18 `conditionalFormatting`, 18.3.1.10 `cfRule`, 18.8.14 `dxf`;
//! [MS-XLSX] 2.6.6 (`x14:conditionalFormatting`, with its `dxf` and `sqref` as elements).

use quick_xml::events::{BytesStart, Event};

use crate::xlsx::color::{Rgb, Theme};
use crate::xlsx::number_format::{hides, paints_white};
use crate::xlsx::package::{Broken, Package, attribute, is_on};
use crate::xlsx::places::{Range, range_of};

/// More ranges than this are no sheet that a person made.
const MOST: usize = 10_000;

/// One format of a condition, while it is read.
#[derive(Debug, Default)]
struct Format {
    color: Option<Rgb>,
    fill: Option<Rgb>,
    in_font: bool,
    hides: bool,
}

impl Format {
    fn begin(&mut self, element: &BytesStart<'_>, theme: &Theme) {
        match element.local_name().as_ref() {
            "font" => self.in_font = true,
            "fill" | "border" => self.in_font = false,
            "color" if self.in_font => self.color = theme.color(element),
            "strike" => {
                let value = attribute(element, "val");
                self.hides |= value.is_none_or(|value| !matches!(value.trim(), "0" | "false"));
            }
            // In a format of a condition, a plain fill has its color as the background.
            "bgColor" => self.fill = theme.color(element).or(self.fill),
            "fgColor" => self.fill = self.fill.or(theme.color(element)),
            "numFmt" => {
                let code = attribute(element, "formatCode").unwrap_or_default();
                let (no_text, no_number) = hides(&code);
                self.hides |= no_text || no_number || paints_white(&code);
            }
            _ => {}
        }
    }

    /// Whether it can hide a text or strike it through.
    fn can_hide(&self) -> bool {
        let has_colors = self.color.is_some() || self.fill.is_some();
        let color = self.color.unwrap_or(Rgb::BLACK);
        self.hides || (has_colors && color.is_close(self.fill.unwrap_or(Rgb::WHITE)))
    }
}

/// For each format of the workbook's conditions, whether it can hide a text.
pub(crate) fn hiding_formats(package: &mut Package, theme: &Theme) -> Result<Vec<bool>, Broken> {
    let mut formats: Vec<bool> = Vec::new();
    let path = package.part("styles");
    let Some(mut xml) = package.xml(&path)? else { return Ok(formats) };
    let mut buffer = Vec::new();
    let mut format: Option<Format> = None;
    let mut in_formats = false;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(element) => match (element.local_name().as_ref(), &mut format) {
                ("dxfs", _) => in_formats = true,
                ("dxf", _) if in_formats => format = Some(Format::default()),
                (_, Some(format)) => format.begin(&element, theme),
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "dxfs" => return Ok(formats),
                "dxf" => formats.extend(format.take().map(|format| format.can_hide())),
                _ => {}
            },
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

/// The ranges of one sheet whose conditions can hide a text, while the sheet's part is read.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// Which of the workbook's formats can hide a text.
    formats: Vec<bool>,
    ranges: Vec<Range>,
    /// Those of the element that is being read.
    open: Option<Open>,
}

/// An element with conditions that is being read.
#[derive(Debug, Default)]
struct Open {
    ranges: String,
    can_hide: bool,
    /// A format within the condition.
    format: Option<Format>,
    in_ranges: bool,
}

impl Conditions {
    pub(crate) fn new(formats: Vec<bool>) -> Self {
        Self { formats, ..Self::default() }
    }

    /// An element begins.
    pub(crate) fn begin(&mut self, element: &BytesStart<'_>, theme: &Theme) {
        let name = element.local_name();
        if name.as_ref() == "conditionalFormatting" {
            let ranges = attribute(element, "sqref").unwrap_or_default();
            self.open = Some(Open { ranges, ..Open::default() });
            return;
        }
        let Some(open) = &mut self.open else { return };
        match (name.as_ref(), &mut open.format) {
            ("cfRule", _) => {
                let format =
                    attribute(element, "dxfId").and_then(|id| id.trim().parse::<usize>().ok());
                open.can_hide |= format.is_some_and(|id| self.formats.get(id) == Some(&true));
            }
            // Bars and icons in place of the number.
            ("dataBar" | "iconSet", _) => {
                let shown = attribute(element, "showValue");
                open.can_hide |= shown.is_some() && !is_on(shown);
            }
            ("dxf", _) => open.format = Some(Format::default()),
            ("sqref", _) => open.in_ranges = true,
            (_, Some(format)) => format.begin(element, theme),
            _ => {}
        }
    }

    /// Text within an element.
    pub(crate) fn text(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut().filter(|open| open.in_ranges) {
            open.ranges.push_str(text);
        }
    }

    /// An element ends.
    pub(crate) fn end(&mut self, name: &str) -> Result<(), Broken> {
        let Some(open) = &mut self.open else { return Ok(()) };
        match name {
            "sqref" => open.in_ranges = false,
            "dxf" => open.can_hide |= open.format.take().is_some_and(|format| format.can_hide()),
            "conditionalFormatting" => {
                if let Some(open) = self.open.take().filter(|open| open.can_hide) {
                    self.ranges.extend(open.ranges.split_whitespace().filter_map(range_of));
                }
                if self.ranges.len() > MOST {
                    return Err("there are too many conditional formats".into());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The ranges that were found.
    pub(crate) fn into_ranges(self) -> Vec<Range> {
        self.ranges
    }
}

/// The same ranges while the cells pass.
pub(crate) struct ConditionalCells {
    ranges: Vec<Range>,
    /// The row of the last cell, and the columns of its ranges.
    row: Option<u32>,
    columns: Vec<(u32, u32)>,
}

impl ConditionalCells {
    pub(crate) fn new(ranges: Vec<Range>) -> Self {
        Self { ranges, row: None, columns: Vec::new() }
    }

    /// Whether a cell, from 0, is in one of them.
    pub(crate) fn covers(&mut self, (row, column): (u32, u32)) -> bool {
        if self.row != Some(row) {
            self.row = Some(row);
            let of_row = |range: &&Range| (range.0.0..=range.1.0).contains(&row);
            self.columns =
                self.ranges.iter().filter(of_row).map(|range| (range.0.1, range.1.1)).collect();
        }
        self.columns.iter().any(|(left, right)| (*left..=*right).contains(&column))
    }
}
