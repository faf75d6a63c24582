//! A property: whatever odd habits a writer of texts has, every row that a person would see is used as it
//! reads or reported with its line. None is lost, none invented, no two are one.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// What may be odd about a row of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    Plain,
    /// Quotes around every cell.
    Quoted,
    /// Cells that are empty at the end are left out, with their separators.
    Short,
    /// A note of two lines.
    TwoLines,
    /// A quote that is opened and forgotten.
    Forgotten,
    /// Text behind the closing quote.
    Behind,
    /// A cell too many.
    Surplus,
    /// Quotes within a quoted cell, doubled.
    Doubled,
    /// Empty cells behind the last heading.
    Trailing,
    /// The headings once more before it, as where files were put together.
    Again,
    /// An empty row before it: separators, spaces, or nothing.
    AfterEmpty(u8),
    /// The whole line in quotes, as some programs write it that have read it as one cell.
    WholeLine,
    /// Another separator than the other rows have.
    OtherSeparator,
    /// An invisible mark in the address.
    Invisible(char),
    /// Space around each cell.
    Padded,
    /// Quotes that do not begin a cell: inches, a nickname.
    Inches,
    /// A character NUL.
    Nul,
    /// A backslash before a quote, as programs write it that do not double quotes.
    Backslash,
    /// The first lines of the file once more, as where two files were joined: a mark, then the row.
    Joined,
}

impl Habit {
    /// Whether the row can only mean one thing, so that it is used.
    fn is_harmless(self) -> bool {
        match self {
            Self::Plain
            | Self::Quoted
            | Self::Short
            | Self::TwoLines
            | Self::Doubled
            | Self::Trailing
            | Self::AfterEmpty(_)
            | Self::Invisible(_)
            | Self::Padded => true,
            Self::Forgotten
            | Self::Behind
            | Self::Surplus
            | Self::Again
            | Self::WholeLine
            | Self::OtherSeparator
            | Self::Inches
            | Self::Nul
            | Self::Backslash
            | Self::Joined => false,
        }
    }
}

/// How the text becomes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16(bool),
    Windows1252,
}

#[derive(Clone, Debug)]
struct Writer {
    separator: char,
    end: &'static str,
    mark: bool,
    encoding: Encoding,
    preamble: usize,
    titles: u64,
    last: &'static str,
}

impl Writer {
    /// The bytes of a text in its encoding.
    fn bytes(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf16(little) => {
                let units = text.encode_utf16();
                let bytes =
                    |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
                units.flat_map(bytes).collect()
            }
            // All its letters here are those of Latin-1.
            Encoding::Windows1252 => text.chars().map(|c| c as u8).collect(),
        }
    }
}

fn habit() -> impl Strategy<Value = Habit> {
    prop_oneof![
        6 => Just(Habit::Plain),
        2 => Just(Habit::Quoted),
        2 => Just(Habit::Short),
        2 => Just(Habit::TwoLines),
        1 => Just(Habit::Forgotten),
        1 => Just(Habit::Behind),
        1 => Just(Habit::Surplus),
        1 => Just(Habit::Doubled),
        1 => Just(Habit::Trailing),
        1 => Just(Habit::Again),
        2 => (0..4_u8).prop_map(Habit::AfterEmpty),
        1 => Just(Habit::WholeLine),
        1 => Just(Habit::OtherSeparator),
        1 => prop::sample::select(vec!['\u{200b}', '\u{200e}', '\u{2060}', '\u{ad}', '\u{feff}'])
            .prop_map(Habit::Invisible),
        1 => Just(Habit::Padded),
        1 => Just(Habit::Inches),
        1 => Just(Habit::Nul),
        1 => Just(Habit::Backslash),
        1 => Just(Habit::Joined),
    ]
}

fn writer() -> impl Strategy<Value = Writer> {
    let separators = prop::sample::select(vec![',', ';', '\t', '|']);
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let encodings = prop_oneof![
        4 => Just(Encoding::Utf8),
        1 => any::<bool>().prop_map(Encoding::Utf16),
        1 => Just(Encoding::Windows1252),
    ];
    // At the end: a line end, nothing, empty lines, the mark of older programs, rows without content.
    let lasts = prop::sample::select(vec!["", "end", "ends", "mark", "blank"]);
    let writer = (separators, ends, any::<bool>(), encodings, 0..4_usize, 0..3_u64, lasts);
    writer.prop_map(|(separator, end, mark, encoding, preamble, titles, last)| Writer {
        separator,
        end,
        mark: match encoding {
            Encoding::Utf8 => mark,
            Encoding::Utf16(_) => true,
            Encoding::Windows1252 => false,
        },
        encoding,
        preamble,
        titles,
        last,
    })
}

/// A row as it was meant: its line, its cells, and the lines it takes.
struct Meant {
    cells: [String; 3],
    lines: std::ops::RangeInclusive<u64>,
    /// It is no row to be used.
    only_told: bool,
}

/// A row of empty cells.
fn empty(kind: u8, s: char) -> String {
    match kind {
        0 => format!("{s}{s}"),
        1 => format!(" {s}\u{a0}"),
        2 => format!("\"\"{s}\"\"{s}\"\""),
        _ => String::new(),
    }
}

/// A row as it is written, and as it is meant: its cells, and the number of its lines.
fn row_of(writer: &Writer, habit: Habit, at: usize, note: &str) -> (String, [String; 3], u64) {
    let (s, end, latin) = (writer.separator, writer.end, writer.encoding == Encoding::Windows1252);
    let (mut mail, mut group, mut note) =
        (format!("u{at}@example.com"), format!("g{at}"), note.to_owned());
    let written = match habit {
        Habit::Plain | Habit::Again | Habit::AfterEmpty(_) => None,
        Habit::Quoted => Some(format!("\"{mail}\"{s}\"{group}\"{s}\"{note}\"")),
        Habit::Short => {
            note.clear();
            Some(format!("{mail}{s}{group}"))
        }
        Habit::TwoLines => {
            note = format!("{note}{end}and more");
            Some(format!("{mail}{s}{group}{s}\"{note}\""))
        }
        Habit::Forgotten => Some(format!("{mail}{s}{group}{s}\"{note}")),
        Habit::Behind => Some(format!("{mail}{s}\"{group}\"x{s}{note}")),
        Habit::Surplus => Some(format!("{mail}{s}{group}{s}{note}{s}more")),
        Habit::Doubled => {
            let quoted = note.replace(' ', " \"\"x\"\" ");
            note = note.replace(' ', " \"x\" ");
            Some(format!("{mail}{s}{group}{s}\"{quoted}\""))
        }
        Habit::Trailing => Some(format!("{mail}{s}{group}{s}{note}{s}{s} {s}")),
        Habit::WholeLine => Some(format!("\"{mail}{s}{group}{s}{note}\"")),
        Habit::OtherSeparator => {
            let other = if s == ';' { ',' } else { ';' };
            Some(format!("{mail}{other}{group}{other}{note}"))
        }
        // Windows-1252 has only one of these marks.
        Habit::Invisible(c) => {
            mail = mail.replace('@', &format!("{}@", if latin { '\u{ad}' } else { c }));
            None
        }
        Habit::Padded => {
            (mail, group) = (format!(" {mail} "), format!(" {group}\u{a0}"));
            None
        }
        Habit::Inches => {
            note.push_str(" 24\"");
            None
        }
        Habit::Nul => {
            note.push('\0');
            None
        }
        Habit::Backslash => Some(format!("{mail}{s}{group}{s}\"{note}\\\"x\\\"\"")),
        Habit::Joined => {
            let mark = if latin { "" } else { "\u{feff}" };
            Some(format!("{mark}\"{mail}\"{s}{group}{s}{note}"))
        }
    };
    let written = written.unwrap_or_else(|| format!("{mail}{s}{group}{s}{note}"));
    let lines = if habit == Habit::TwoLines { 2 } else { 1 };
    (written, [mail, group, note], lines)
}

/// Writes the text; the rows as they were meant, and the line of the headings.
fn write(writer: &Writer, rows: &[(Habit, String)]) -> (String, Vec<Meant>, u64) {
    let Writer { separator: s, end, .. } = writer;
    let mut text = String::from(if writer.mark { "\u{feff}" } else { "" });
    let mut line = 1;
    let mut put = |text: &mut String, words: String, lines: u64| {
        text.push_str(&words);
        text.push_str(end);
        line += lines;
        line - lines
    };
    match writer.preamble {
        1 => drop(put(&mut text, format!("sep={s}"), 1)),
        2 => drop(put(&mut text, "#TYPE Some.Thing".to_owned(), 1)),
        3 => drop(put(&mut text, format!("sep={s}{s}{s}"), 1)),
        _ => {}
    }
    for title in 0..writer.titles {
        put(&mut text, format!("Title {title}"), 1);
    }
    let heading = put(&mut text, format!("emailAddress{s}Group{s}Note"), 1);
    let mut meant = Vec::new();
    for (at, (habit, note)) in rows.iter().enumerate() {
        if *habit == Habit::Again {
            let cells = ["EMAILADDRESS", "group", "Note"].map(str::to_owned);
            let first = put(&mut text, cells.join(&s.to_string()), 1);
            meant.push(Meant { cells, lines: first..=first, only_told: true });
        }
        if let Habit::AfterEmpty(kind) = habit {
            put(&mut text, empty(*kind, *s), 1);
        }
        let (words, cells, lines) = row_of(writer, *habit, at, note);
        let first = put(&mut text, words, lines);
        meant.push(Meant { cells, lines: first..=first + lines - 1, only_told: false });
    }
    match writer.last {
        "" => text.truncate(text.len() - end.len()),
        "ends" => text.push_str(&end.repeat(3)),
        "mark" => text.push('\u{1a}'),
        "blank" => text.push_str(&format!("{s}{s}{end} {s}{s}{end}")),
        _ => {}
    }
    (text, meant, heading)
}

proptest! {
    #[test]
    fn every_row_of_a_text_is_used_as_it_reads_or_reported(
        writer in writer(),
        rows in vec((habit(), "[a-zéüß]{0,6}( [a-z]{1,4})?"), 1..14),
    ) {
        let (text, meant, heading) = write(&writer, &rows);
        let options = Options { heading: Some(heading), ..Options::default() };
        let is_harmless = rows.iter().all(|(habit, _)| habit.is_harmless());
        // A file that is refused as a whole loses nothing: no row of it is sent.
        let mut sheet = match open_with(writer.bytes(&text), &options) {
            Ok(sheet) => sheet,
            Err(error) => {
                let is_certain = writer.encoding != Encoding::Windows1252;
                prop_assert!(!is_harmless || !is_certain, "{}: {:?}", error, text);
                return Ok(());
            }
        };
        let columns = match Columns::of(&sheet, Job::Memberships, &options) {
            Ok(columns) => columns,
            // Rows that a quote swallowed may look like a second column of addresses.
            Err(error) => {
                prop_assert!(!is_harmless, "{}: {:?}", error, text);
                return Ok(());
            }
        };
        prop_assert_eq!(sheet.headings(), ["emailAddress", "Group", "Note"]);
        let (mut used, mut told) = (BTreeMap::new(), BTreeSet::new());
        for raw in sheet.by_ref() {
            let raw = match raw {
                Ok(raw) => raw,
                Err(error) => {
                    prop_assert!(!is_harmless, "{}: {:?}", error, text);
                    return Ok(());
                }
            };
            // What a person does not see is taken away, and nothing else.
            if raw.problem.is_none() && let Ok(row) = MemberRow::read(&raw, &columns) {
                let is_told = |c: &char| c.is_ascii_graphic();
                let seen = |cell: &str| cell.chars().filter(is_told).collect::<String>();
                prop_assert_eq!(row.email.map(|mail| mail.to_string()), Some(seen(&raw.cells[0])));
            }
            if raw.problem.is_some() {
                prop_assert!(told.insert(raw.line), "line {} is told twice: {:?}", raw.line, text);
            } else {
                prop_assert!(used.insert(raw.line, raw.cells.clone()).is_none());
            }
        }
        for row in &meant {
            let first = *row.lines.start();
            match used.remove(&first) {
                Some(cells) => {
                    prop_assert!(!row.only_told, "line {} is no row: {:?}", first, text);
                    prop_assert!(!told.contains(&first));
                    prop_assert_eq!(&cells[..], &row.cells[..], "{:?}", text);
                }
                None => prop_assert!(told.contains(&first), "line {} is lost: {:?}", first, text),
            }
        }
        prop_assert!(used.is_empty(), "{:?} was not written: {:?}", used, text);
        prop_assert!(!is_harmless || told.is_empty(), "{:?} are harmless: {:?}", told, text);
        let lines: BTreeSet<u64> = meant.iter().flat_map(|row| row.lines.clone()).collect();
        prop_assert!(told.is_subset(&lines), "{:?} of {:?}: {:?}", told, lines, text);
    }
}
