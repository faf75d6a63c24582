//! Reads CSV as Newman's parser (csv-parse 4.16 with its options) does: spaces around cells are dropped, quotes
//! inside an unquoted cell stay.

use std::io::Read;

use super::text::{Text, TextError};

/// A cell and whether it was in quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// Whether it was in quotes.
    pub is_quoted: bool,
}

/// A record with the line on which it starts, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line.
    pub line: usize,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// Why there is no further record.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The line of a quote that is never closed.
    #[error("a quote is opened in line {0} and never closed")]
    OpenQuote(usize),
    /// The file's characters can't be read further.
    #[error(transparent)]
    Text(#[from] TextError),
}

/// The records of a text, one by one.
pub struct Records<R> {
    text: Text<R>,
    separator: char,
    line: usize,
}

impl<R: Read> Records<R> {
    /// Records of a text that begins on this line.
    pub fn new(text: Text<R>, separator: char, line: usize) -> Self {
        Self { text, separator, line }
    }

    /// The next record; `None` at the end.
    pub fn next(&mut self) -> Result<Option<Record>, CsvError> {
        let (line, mut cells) = (self.line, Vec::new());
        while self.text.peek()?.is_some() {
            cells.push(self.cell()?);
            match self.text.next()? {
                Some(letter) if letter == self.separator => {
                    // A separator at the very end is followed by an empty cell.
                    if self.text.peek()?.is_none() {
                        cells.push(Cell::default());
                    }
                }
                end => {
                    if end == Some('\r') {
                        self.text.next_if(|it| it == '\n')?;
                    }
                    self.line += 1;
                    return Ok(Some(Record { line, cells }));
                }
            }
        }
        Ok((!cells.is_empty()).then_some(Record { line, cells }))
    }

    fn cell(&mut self) -> Result<Cell, CsvError> {
        let separator = self.separator;
        let is_end = |letter: char| letter == separator || letter == '\n' || letter == '\r';
        while self.text.next_if(|it| it.is_whitespace() && !is_end(it))?.is_some() {}
        if self.text.peek()? != Some('"') {
            let mut text = self.until(is_end)?;
            text.truncate(text.trim_end().len());
            return Ok(Cell { text, is_quoted: false });
        }
        self.text.next()?;
        let text = self.quoted()?;
        // Text after the closing quote belongs to the cell, without spaces around it.
        let rest = self.until(is_end)?;
        let text = match rest.trim() {
            "" => text,
            rest => format!("\"{text}\"{rest}"),
        };
        Ok(Cell { text, is_quoted: true })
    }

    fn until(&mut self, is_end: impl Fn(char) -> bool) -> Result<String, TextError> {
        let mut text = String::new();
        while let Some(letter) = self.text.next_if(|letter| !is_end(letter))? {
            text.push(letter);
        }
        Ok(text)
    }

    /// The text between the opening quote, which was read, and the closing one.
    fn quoted(&mut self) -> Result<String, CsvError> {
        let (opened, mut text) = (self.line, String::new());
        loop {
            match self.text.next()? {
                None => return Err(CsvError::OpenQuote(opened)),
                Some('"') if self.text.next_if(|it| it == '"')?.is_some() => text.push('"'),
                Some('"') => return Ok(text),
                Some(letter) => {
                    self.line += usize::from(letter == '\n');
                    text.push(letter);
                }
            }
        }
    }
}
