//! Texts whose parts have formats of their own. A part that is struck through, or has the color of the cell, is
//! still in the text that calamine returns.
//!
//! Source: ECMA-376, part 1: 18.4.4 `r`, 18.4.7 `rPr`, 18.4.8 `si`, 18.4.10 `strike`.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use crate::xlsx::color::{Rgb, Theme};
use crate::xlsx::package::{Broken, Package, attribute};

/// The formats of a text's parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Runs {
    pub(crate) is_struck: bool,
    /// The smallest font size among the parts that set one, in points.
    pub(crate) smallest: Option<f64>,
    pub(crate) colors: Vec<Rgb>,
}

impl Runs {
    /// Whether no part has a format that can hide or strike text.
    pub(crate) fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Adds the formats of one more part.
    fn add(&mut self, run: Self) {
        self.is_struck |= run.is_struck;
        self.smallest = match (self.smallest, run.smallest) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        self.colors.extend(run.colors);
    }
}

/// Collects the formats of one text while its elements are read.
#[derive(Debug, Default)]
pub(crate) struct RunReader {
    /// The formats of the parts that are not empty.
    runs: Runs,
    /// The formats of the part that is being read.
    run: Runs,
    in_format: bool,
}

impl RunReader {
    /// Handles the start of an element.
    pub(crate) fn begin(&mut self, element: &BytesStart<'_>, theme: &Theme) {
        match element.local_name().as_ref() {
            "r" => self.run = Runs::default(),
            "rPr" => self.in_format = true,
            "strike" if self.in_format => {
                let value = attribute(element, "val");
                self.run.is_struck |=
                    value.is_none_or(|value| !matches!(value.trim(), "0" | "false"));
            }
            "color" if self.in_format => self.run.colors.extend(theme.color(element)),
            "sz" if self.in_format => {
                self.run.smallest =
                    attribute(element, "val").and_then(|size| size.trim().parse().ok());
            }
            _ => {}
        }
    }

    /// Handles the end of an element.
    pub(crate) fn end(&mut self, name: &str) {
        match name {
            "rPr" => self.in_format = false,
            "r" => self.run = Runs::default(),
            _ => {}
        }
    }

    /// Handles text inside the part.
    pub(crate) fn text(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.runs.add(std::mem::take(&mut self.run));
        }
    }

    /// Takes the collected formats.
    pub(crate) fn take(&mut self) -> Runs {
        std::mem::take(self).runs
    }
}

/// The formats of the workbook's shared texts whose parts have formats, by the text's number.
pub(crate) fn of_shared_texts(
    package: &mut Package,
    theme: &Theme,
) -> Result<HashMap<usize, Arc<Runs>>, Broken> {
    let mut found = HashMap::new();
    let path = package.part("sharedStrings");
    if !holds_formats(package, &path)? {
        return Ok(found);
    }
    let Some(mut xml) = package.xml(&path)? else { return Ok(found) };
    let (mut buffer, mut reader, mut at) = (Vec::new(), RunReader::default(), 0);
    let mut in_text = false;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(element) => {
                in_text = element.local_name().as_ref() == "t";
                reader.begin(&element, theme);
            }
            Event::Text(text) if in_text => reader.text(text.as_ref()),
            Event::CData(_) | Event::GeneralRef(_) if in_text => reader.text("&"),
            Event::End(element) => {
                in_text = false;
                let name = element.local_name();
                reader.end(name.as_ref());
                if name.as_ref() == "si" {
                    let runs = reader.take();
                    if !runs.is_plain() {
                        found.insert(at, Arc::new(runs));
                    }
                    at += 1;
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// Whether any shared text has parts with formats. Most workbooks have none, and the XML part may be large.
fn holds_formats(package: &mut Package, path: &str) -> Result<bool, Broken> {
    const MARK: &[u8] = b"rPr";
    let Some(xml) = package.xml(path)? else { return Ok(false) };
    let mut reader = xml.into_inner();
    let mut bytes = vec![0; 64 * 1024];
    let mut kept = 0;
    loop {
        let read = reader.read(&mut bytes[kept..])?;
        if read == 0 {
            return Ok(false);
        }
        let filled = kept + read;
        if bytes[..filled].windows(MARK.len()).any(|window| window == MARK) {
            return Ok(true);
        }
        // The searched mark may begin at the end of this piece.
        kept = filled.min(MARK.len() - 1);
        bytes.copy_within(filled - kept..filled, 0);
    }
}
