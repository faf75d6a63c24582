//! Conditional formats that can hide a cell's text or strike it through. The file does not say for which cells a
//! condition is true (the spreadsheet program computes it), so all cells in the format's ranges count as unseen.
//!
//! Source: ECMA-376, part 1: 18.3.1.18 `conditionalFormatting`, 18.3.1.10 `cfRule`, 18.8.14 `dxf`; [MS-XLSX] 2.6.6
//! (`x14:conditionalFormatting`, with its `dxf` and `sqref` as elements).

use quick_xml::events::{BytesStart, Event};

use crate::xlsx::color::{Rgb, Theme};
use crate::xlsx::number_format::{NumberFormat, paints_white};
use crate::xlsx::package::{Broken, Package, attribute, is_on};
use crate::xlsx::places::{Range, range_of};

/// The most ranges that are read. No sheet made by a person has more.
const MOST: usize = 10_000;

/// The format of a condition, while its element is read.
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
            // In a conditional format, a solid fill has its color in `bgColor`.
            "bgColor" => self.fill = theme.color(element).or(self.fill),
            "fgColor" => self.fill = self.fill.or(theme.color(element)),
            "numFmt" => {
                let code = attribute(element, "formatCode").unwrap_or_default();
                self.hides |= NumberFormat::of(&code).can_mislead() || paints_white(&code);
            }
            _ => {}
        }
    }

    /// Whether the format can hide a text or strike it through.
    fn can_hide(&self) -> bool {
        let has_colors = self.color.is_some() || self.fill.is_some();
        let color = self.color.unwrap_or(Rgb::BLACK);
        self.hides || (has_colors && color.is_close(self.fill.unwrap_or(Rgb::WHITE)))
    }
}

/// For each conditional format of the workbook, whether it can hide a text.
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

/// Collects the ranges of one sheet in which a condition can hide a text, while the sheet's XML is read.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// Which of the workbook's formats can hide a text.
    formats: Vec<bool>,
    ranges: Vec<Range>,
    /// The element that is being read, if there is one.
    open: Option<Open>,
}

/// An element with conditions, while it is read.
#[derive(Debug, Default)]
struct Open {
    ranges: String,
    can_hide: bool,
    /// The format of the condition that is being read.
    format: Option<Format>,
    in_ranges: bool,
}

impl Conditions {
    pub(crate) fn new(formats: Vec<bool>) -> Self {
        Self { formats, ..Self::default() }
    }

    /// Handles the start of an element.
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
            // A bar or an icon may replace the number.
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

    /// Handles text inside an element.
    pub(crate) fn text(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut().filter(|open| open.in_ranges) {
            open.ranges.push_str(text);
        }
    }

    /// Handles the end of an element.
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

    /// The ranges.
    pub(crate) fn into_ranges(self) -> Vec<Range> {
        self.ranges
    }
}

/// Returns for each cell whether it is in one of these ranges. Cells come in the order of the rows.
pub(crate) struct ConditionalCells {
    ranges: Vec<Range>,
    /// The row of the last cell, and the columns of the ranges in that row.
    row: Option<u32>,
    columns: Vec<(u32, u32)>,
}

impl ConditionalCells {
    pub(crate) fn new(ranges: Vec<Range>) -> Self {
        Self { ranges, row: None, columns: Vec::new() }
    }

    /// Whether a cell, by row and column from 0, is in one of the ranges.
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
