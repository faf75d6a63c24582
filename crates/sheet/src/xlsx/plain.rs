//! Rows as nearly all programs write them: shown, and with plain values. They are read from the bytes of the sheet's
//! XML, which is several times faster than event by event. Whatever is not understood here, even a row that is only
//! written in another way, is left to the general way of `scan`.
//!
//! Source: ECMA-376, part 1: 18.3.1.73 `row`, 18.3.1.4 `c`, 18.3.1.40 `f`, 18.3.1.96 `v`, 18.3.1.53 `is`.

use crate::xlsx::places::{LAST_COLUMN, LAST_ROW};

/// A row lower than this, in points, shows no line of text.
pub(crate) const FLAT: f64 = 4.0;

/// Attributes of a row that change nothing that a person sees of its cells.
const OF_ROWS: [&[u8]; 8] = [
    b"spans",
    b"s",
    b"customFormat",
    b"customHeight",
    b"x14ac:dyDescent",
    b"thickBot",
    b"thickTop",
    b"ph",
];

/// A row without anything that a layout notes.
#[derive(Debug, Default)]
pub(crate) struct PlainRow {
    /// The row's index, from 0.
    pub(crate) at: u32,
    /// Its cells that are not empty.
    pub(crate) cells: Vec<PlainCell>,
}

/// A cell that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlainCell {
    /// From 0.
    pub(crate) column: u32,
    /// The number of its shared text.
    pub(crate) shared: Option<usize>,
}

impl PlainRow {
    /// Reads the row with which the bytes begin, after white space, and returns its length in bytes. `None`: it is
    /// not such a row, or not all of it is in the bytes.
    pub(crate) fn read(&mut self, bytes: &[u8], recalculates: bool) -> Option<usize> {
        let mut bytes = Bytes { bytes, at: 0 };
        self.cells.clear();
        bytes.skip_blanks();
        let is_closed = self.start(&mut bytes)?;
        if is_closed {
            return Some(bytes.at);
        }
        // The column after that of the last cell.
        let mut next = 0;
        loop {
            bytes.skip_blanks();
            if bytes.take(b"</row>").is_some() {
                return Some(bytes.at);
            }
            let (column, cell) = cell(&mut bytes, self.at, recalculates)?;
            if column < next {
                return None;
            }
            next = column + 1;
            self.cells.extend(cell);
        }
    }

    /// Reads the row's start tag. Returns whether it is the whole row.
    fn start(&mut self, bytes: &mut Bytes<'_>) -> Option<bool> {
        bytes.take(b"<row")?;
        let mut number = None;
        loop {
            match bytes.tag_part()? {
                TagPart::End { is_closed } => {
                    self.at = number?;
                    return Some(is_closed);
                }
                TagPart::Attribute(b"r", value) if number.is_none() => {
                    let row = digits(value)?.checked_sub(1)?;
                    number = Some(u32::try_from(row).ok().filter(|row| *row <= LAST_ROW)?);
                }
                TagPart::Attribute(b"ht", value) => {
                    let height = std::str::from_utf8(value).ok()?.parse::<f64>().ok()?;
                    if height.is_nan() || height < FLAT {
                        return None;
                    }
                }
                TagPart::Attribute(name, _) if OF_ROWS.contains(&name) => {}
                TagPart::Attribute(..) => return None,
            }
        }
    }
}

/// Reads a cell of a row. Returns its column, and what it holds unless it is empty.
fn cell(bytes: &mut Bytes<'_>, row: u32, recalculates: bool) -> Option<(u32, Option<PlainCell>)> {
    bytes.take(b"<c")?;
    let (mut column, mut is_shared) = (None, false);
    let is_closed = loop {
        match bytes.tag_part()? {
            TagPart::End { is_closed } => break is_closed,
            TagPart::Attribute(b"r", value) if column.is_none() => {
                column = Some(column_of(value, row)?);
            }
            TagPart::Attribute(b"t", value) => is_shared = value == b"s",
            TagPart::Attribute(b"s", _) => {}
            TagPart::Attribute(..) => return None,
        }
    };
    let column = column?;
    if is_closed {
        return Some((column, None));
    }
    // A result may be a placeholder.
    if !recalculates {
        formula(bytes)?;
    }
    let shared = match bytes.take(b"<v>") {
        Some(()) => {
            let text = bytes.text(b"</v>")?;
            if is_shared { Some(digits(text)?) } else { None }
        }
        None if is_shared => return None,
        None => {
            bytes.take(b"<is><t")?;
            bytes.take(b" xml:space=\"preserve\"").unwrap_or_default();
            bytes.take(b">")?;
            bytes.text(b"</t>")?;
            bytes.take(b"</is>")?;
            None
        }
    };
    bytes.take(b"</c>")?;
    Some((column, Some(PlainCell { column, shared })))
}

/// Passes a formula, if there is one.
fn formula(bytes: &mut Bytes<'_>) -> Option<()> {
    if bytes.take(b"<f").is_none() {
        return Some(());
    }
    loop {
        match bytes.tag_part()? {
            TagPart::Attribute(..) => {}
            TagPart::End { is_closed: true } => return Some(()),
            TagPart::End { is_closed: false } => {
                bytes.until(b'<')?;
                return bytes.take(b"</f>");
            }
        }
    }
}

/// A whole number.
fn digits(text: &[u8]) -> Option<usize> {
    let is_short = (1..=9).contains(&text.len());
    let is_number = is_short && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| text.iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

/// The column, from 0, that a cell's name has (`B2`), if the name is one of this row.
fn column_of(name: &[u8], row: u32) -> Option<u32> {
    let letters = name.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let (letters, number) = name.split_at(letters);
    let add = |column: u32, letter: &u8| column * 26 + u32::from(letter - b'A') + 1;
    let column = letters.iter().fold(0, add) - 1;
    let is_of_row = digits(number)? == row as usize + 1;
    (is_of_row && column <= LAST_COLUMN).then_some(column)
}

/// A part of a start tag.
enum TagPart<'a> {
    /// A name and its value.
    Attribute(&'a [u8], &'a [u8]),
    /// The end of the tag. A closed one is the whole element.
    End { is_closed: bool },
}

/// The bytes that are read, and how many of them were.
struct Bytes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.at += self.rest().iter().take_while(is_blank).count();
    }

    /// Passes these bytes.
    fn take(&mut self, wanted: &[u8]) -> Option<()> {
        self.rest().starts_with(wanted).then(|| self.at += wanted.len())
    }

    /// Passes everything before a byte.
    fn until(&mut self, byte: u8) -> Option<&'a [u8]> {
        let rest = self.rest();
        let end = memchr::memchr(byte, rest)?;
        self.at += end;
        Some(&rest[..end])
    }

    /// Passes a text that is certainly not empty, and its end tag.
    fn text(&mut self, end: &[u8]) -> Option<&'a [u8]> {
        let text = self.until(b'<')?;
        let is_sign = |byte: &&u8| byte.is_ascii_graphic() && **byte != b'&';
        text.first().filter(is_sign)?;
        self.take(end).map(|()| text)
    }

    /// Passes one part of a start tag.
    fn tag_part(&mut self) -> Option<TagPart<'a>> {
        let before = self.at;
        self.skip_blanks();
        if self.take(b">").is_some() {
            return Some(TagPart::End { is_closed: false });
        }
        if self.take(b"/>").is_some() {
            return Some(TagPart::End { is_closed: true });
        }
        // The element has a longer name.
        if self.at == before {
            return None;
        }
        let rest = self.rest();
        let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b':';
        let name = &rest[..rest.iter().take_while(is_of_name).count()];
        self.at += name.len();
        self.take(b"=\"")?;
        let value = self.until(b'"')?;
        self.take(b"\"")?;
        let is_plain = memchr::memchr2(b'&', b'<', value).is_none();
        is_plain.then_some(TagPart::Attribute(name, value))
    }
}
