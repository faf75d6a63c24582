//! CSV as Newman's parser (csv-parse 4.16 with its options) reads it: blanks around cells are
//! dropped, quotes inside an unquoted cell stay.

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

/// The line on which a quote was opened that is never closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenQuote(pub usize);

/// The records of a text.
pub fn records(text: &str, separator: char) -> Result<Vec<Record>, OpenQuote> {
    let mut records = Vec::new();
    let mut cells = Vec::new();
    let mut letters = text.chars().peekable();
    let (mut line, mut start) = (1, 1);
    while letters.peek().is_some() {
        let cell = read_cell(&mut letters, separator, &mut line)?;
        cells.push(cell);
        match letters.next() {
            Some(letter) if letter == separator => {
                // A separator at the very end is followed by an empty cell.
                if letters.peek().is_none() {
                    cells.push(Cell::default());
                }
            }
            end => {
                if end == Some('\r') && letters.peek() == Some(&'\n') {
                    letters.next();
                }
                line += 1;
                records.push(Record { line: start, cells: std::mem::take(&mut cells) });
                start = line;
            }
        }
    }
    if !cells.is_empty() {
        records.push(Record { line: start, cells });
    }
    Ok(records)
}

type Letters<'t> = std::iter::Peekable<std::str::Chars<'t>>;

fn read_cell(
    letters: &mut Letters<'_>,
    separator: char,
    line: &mut usize,
) -> Result<Cell, OpenQuote> {
    let is_end = |letter: char| letter == separator || letter == '\n' || letter == '\r';
    while letters.peek().is_some_and(|it| it.is_whitespace() && !is_end(*it)) {
        letters.next();
    }
    let mut text = String::new();
    if letters.peek() != Some(&'"') {
        while let Some(letter) = letters.next_if(|letter| !is_end(*letter)) {
            text.push(letter);
        }
        text.truncate(text.trim_end().len());
        return Ok(Cell { text, is_quoted: false });
    }
    letters.next();
    let opened = *line;
    loop {
        match letters.next() {
            None => return Err(OpenQuote(opened)),
            Some('"') if letters.peek() == Some(&'"') => {
                letters.next();
                text.push('"');
            }
            Some('"') => break,
            Some(letter) => {
                *line += usize::from(letter == '\n');
                text.push(letter);
            }
        }
    }
    // What follows the closing quote belongs to the cell, without blanks around it.
    let mut rest = String::new();
    while let Some(letter) = letters.next_if(|letter| !is_end(*letter)) {
        rest.push(letter);
    }
    let rest = rest.trim();
    if !rest.is_empty() {
        text = format!("\"{text}\"{rest}");
    }
    Ok(Cell { text, is_quoted: true })
}
