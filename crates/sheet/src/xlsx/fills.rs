//! Fills behind a text that calamine does not read: gradients, and the fills of a table's style. White text on them
//! can be read.
//!
//! Source: ECMA-376, part 1: 18.8.24 `gradientFill`, 18.8.40 `tableStyle`, 18.8.41 `tableStyleElement`, 18.5.1.5
//! `tableStyleInfo`. The built-in table styles are not in the file; they are drawn from the names that Excel shows.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use crate::xlsx::color::{Rgb, Theme};
use crate::xlsx::package::{Broken, Package, attribute};
use crate::xlsx::places::Range;

/// A fill of a color that is not known exactly: neither black nor white text is lost on it.
const UNKNOWN: Rgb = Rgb([110; 3]);

/// Built-in styles whose tables are dark as a whole.
const DARK: &str = "TableStyleDark";

/// The fills of a workbook's styles.
#[derive(Debug, Default)]
pub(crate) struct Fills {
    /// Of each cell style, the colors of its gradient; none without a gradient.
    pub(crate) gradients: Vec<Vec<Rgb>>,
    /// The fill of whole tables, by the name of their style.
    of_tables: HashMap<String, Rgb>,
}

/// The fill behind a table's cells that have none of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableFill {
    range: Range,
    color: Rgb,
}

impl TableFill {
    /// Its color behind a cell, from 0; `None` outside of the table.
    pub(crate) fn behind(&self, (row, column): (u32, u32)) -> Option<Rgb> {
        let ((top, left), (bottom, right)) = self.range;
        let is_within = (top..=bottom).contains(&row) && (left..=right).contains(&column);
        is_within.then_some(self.color)
    }
}

impl Fills {
    /// Reads them from the part of the styles.
    pub(crate) fn read(package: &mut Package, theme: &Theme) -> Result<Self, Broken> {
        let mut part = StylesPart::default();
        package.each_element(&package.part("styles"), |element| {
            part.begin(element, theme);
            Ok(true)
        })?;
        Ok(Self { gradients: part.gradients, of_tables: part.of_tables })
    }

    /// The fill of a table with this style; `None` if its cells are white or nearly so.
    pub(crate) fn of_table(&self, range: Range, style: &str) -> Option<TableFill> {
        let color = match self.of_tables.get(style) {
            Some(color) => *color,
            None if style.starts_with(DARK) => UNKNOWN,
            None => return None,
        };
        Some(TableFill { range, color })
    }
}

/// The part of the styles, while it is read.
#[derive(Default)]
struct StylesPart {
    section: String,
    /// The colors of each fill's gradient.
    fills: Vec<Vec<Rgb>>,
    gradients: Vec<Vec<Rgb>>,
    /// The fill of each format of tables and conditions.
    formats: Vec<Option<Rgb>>,
    in_fill: bool,
    table_style: String,
    of_tables: HashMap<String, Rgb>,
}

impl StylesPart {
    fn begin(&mut self, element: &BytesStart<'_>, theme: &Theme) {
        let name = element.local_name();
        let name = name.as_ref();
        match (self.section.as_str(), name) {
            (
                _,
                "numFmts" | "fonts" | "fills" | "borders" | "cellStyleXfs" | "cellXfs"
                | "cellStyles" | "dxfs" | "tableStyles" | "colors" | "extLst",
            ) => name.clone_into(&mut self.section),
            ("fills", "fill") => self.fills.push(Vec::new()),
            // Only the stops of a gradient have one.
            ("fills", "color") => {
                let color = theme.color(element).unwrap_or(UNKNOWN);
                self.fills.last_mut().into_iter().for_each(|fill| fill.push(color));
            }
            ("cellXfs", "xf") => {
                let fill = number(element, "fillId").and_then(|at| self.fills.get(at));
                self.gradients.push(fill.cloned().unwrap_or_default());
            }
            ("dxfs", "dxf") => self.formats.push(None),
            ("dxfs", "fill") => self.in_fill = true,
            ("dxfs", "font" | "border" | "numFmt" | "alignment" | "protection") => {
                self.in_fill = false;
            }
            ("dxfs", "fgColor" | "bgColor" | "color") if self.in_fill => {
                let Some(fill) = self.formats.last_mut() else { return };
                let color = theme.color(element);
                // A plain fill has its color as the background, and may repeat it.
                *fill = if name == "bgColor" { color.or(*fill) } else { fill.or(color) };
            }
            ("tableStyles", "tableStyle") => {
                self.table_style = attribute(element, "name").unwrap_or_default();
            }
            ("tableStyles", "tableStyleElement") => self.table_element(element),
            _ => {}
        }
    }

    fn table_element(&mut self, element: &BytesStart<'_>) {
        let is_whole = attribute(element, "type").as_deref() == Some("wholeTable");
        let format = number(element, "dxfId").and_then(|at| *self.formats.get(at)?);
        if let Some(color) = format.filter(|_| is_whole) {
            self.of_tables.insert(self.table_style.clone(), color);
        }
    }
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<usize> {
    attribute(element, name)?.trim().parse().ok()
}
