//! Reads the content of a cell's element.
//!
//! Source: ECMA-376, part 1: 18.3.1.4 `c`, 18.3.1.40 `f`, 18.3.1.96 `v`, 18.3.1.53 `is`.

use std::io::BufRead;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::xlsx::color::Theme;
use crate::xlsx::package::Broken;
use crate::xlsx::rich::{RunReader, Runs};

/// The content of a cell's element.
pub(crate) struct CellParts {
    pub(crate) formula: bool,
    pub(crate) is_empty: bool,
    pub(crate) is_zero: bool,
    /// The value, if it is a whole number. For a shared text, it is the text's number.
    pub(crate) number: Option<usize>,
    /// The formats of a text that is in the cell itself.
    pub(crate) runs: Option<Arc<Runs>>,
}

/// Reads a cell's element to its end.
pub(crate) fn read_cell<R: BufRead>(
    xml: &mut Reader<R>,
    buffer: &mut Vec<u8>,
    theme: &Theme,
) -> Result<CellParts, Broken> {
    let mut cell =
        CellParts { formula: false, is_empty: true, is_zero: false, number: None, runs: None };
    let mut runs = RunReader::default();
    // Inside `v`, or inside `t` of an inline text.
    let (mut in_value, mut phonetic, mut has_text) = (false, false, false);
    loop {
        buffer.clear();
        match xml.read_event_into(buffer)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "f" => cell.formula = true,
                "v" | "t" if !phonetic => in_value = true,
                "rPh" => phonetic = true,
                _ => runs.begin(&element, theme),
            },
            Event::Text(text) if in_value => {
                let text: &str = text.as_ref();
                // calamine reads another number if there is anything else next to the digits.
                let is_number = !has_text && text.bytes().all(|byte| byte.is_ascii_digit());
                has_text = true;
                cell.is_empty &= text.trim().is_empty();
                cell.is_zero = text.trim() == "0";
                cell.number = text.parse().ok().filter(|_| is_number);
                runs.text(text);
            }
            Event::CData(_) | Event::GeneralRef(_) if in_value => {
                cell.is_empty = false;
                runs.text("&");
            }
            Event::End(element) => match element.local_name().as_ref() {
                "c" => {
                    let runs = runs.take();
                    cell.runs = (!runs.is_plain()).then(|| Arc::new(runs));
                    return Ok(cell);
                }
                "v" | "t" => in_value = false,
                "rPh" => phonetic = false,
                name => runs.end(name),
            },
            Event::Eof => return Err("the sheet breaks off within a cell".into()),
            _ => {}
        }
    }
}
