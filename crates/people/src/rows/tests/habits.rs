//! A property: whatever odd habits a writer has, every row that a person would see is used as it
//! reads or reported with its line. None is lost, none invented, no two are one.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};

use super::*;

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
}

#[derive(Clone, Debug)]
struct Writer {
    separator: char,
    end: &'static str,
    mark: bool,
    preamble: usize,
    titles: u64,
    last_end: bool,
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
    ]
}

fn writer() -> impl Strategy<Value = Writer> {
    let separators = prop::sample::select(vec![',', ';', '\t', '|']);
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (separators, ends, any::<bool>(), 0..3_usize, 0..3_u64, any::<bool>()).prop_map(
        |(separator, end, mark, preamble, titles, last_end)| Writer {
            separator,
            end,
            mark,
            preamble,
            titles,
            last_end,
        },
    )
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
        _ => {}
    }
    for title in 0..writer.titles {
        put(&mut text, format!("Title {title}"), 1);
    }
    let heading = put(&mut text, format!("emailAddress{s}Group{s}Note"), 1);
    let mut meant = Vec::new();
    for (at, (habit, note)) in rows.iter().enumerate() {
        let (mail, group) = (format!("u{at}@example.com"), format!("g{at}"));
        let (words, note, lines) = match habit {
            Habit::Plain => (format!("{mail}{s}{group}{s}{note}"), note.clone(), 1),
            Habit::Quoted => (format!("\"{mail}\"{s}\"{group}\"{s}\"{note}\""), note.clone(), 1),
            Habit::Short => (format!("{mail}{s}{group}"), String::new(), 1),
            Habit::TwoLines => {
                let note = format!("{note}{end}and more");
                (format!("{mail}{s}{group}{s}\"{note}\""), note, 2)
            }
            Habit::Forgotten => (format!("{mail}{s}{group}{s}\"{note}"), note.clone(), 1),
            Habit::Behind => (format!("{mail}{s}\"{group}\"x{s}{note}"), note.clone(), 1),
            Habit::Surplus => (format!("{mail}{s}{group}{s}{note}{s}more"), note.clone(), 1),
            Habit::Doubled => {
                let quoted = note.replace(' ', " \"\"x\"\" ");
                let note = note.replace(' ', " \"x\" ");
                (format!("{mail}{s}{group}{s}\"{quoted}\""), note, 1)
            }
            Habit::Trailing => (format!("{mail}{s}{group}{s}{note}{s}{s} {s}"), note.clone(), 1),
            Habit::Again => {
                let cells = ["EMAILADDRESS", "group", "Note"].map(str::to_owned);
                let first = put(&mut text, cells.join(&s.to_string()), 1);
                meant.push(Meant { cells, lines: first..=first, only_told: true });
                (format!("{mail}{s}{group}{s}{note}"), note.clone(), 1)
            }
            Habit::AfterEmpty(kind) => {
                put(&mut text, empty(*kind, *s), 1);
                (format!("{mail}{s}{group}{s}{note}"), note.clone(), 1)
            }
        };
        let first = put(&mut text, words, lines);
        let lines = first..=first + lines - 1;
        meant.push(Meant { cells: [mail, group, note], lines, only_told: false });
    }
    if !writer.last_end {
        text.truncate(text.len() - end.len());
    }
    (text, meant, heading)
}

proptest! {
    #[test]
    fn every_row_of_a_text_is_used_as_it_reads_or_reported(
        writer in writer(),
        rows in vec((habit(), "[a-z]{0,6}( [a-z]{1,4})?"), 1..14),
    ) {
        let (text, meant, heading) = write(&writer, &rows);
        let options = Options { heading: Some(heading), ..Options::default() };
        // A file that is refused as a whole loses nothing: no row of it is sent.
        let Ok(mut sheet) = open_with(&text, &options) else { return Ok(()) };
        prop_assert_eq!(sheet.headings(), ["emailAddress", "Group", "Note"]);
        let (mut used, mut told) = (BTreeMap::new(), BTreeSet::new());
        for raw in sheet.by_ref() {
            let Ok(raw) = raw else { return Ok(()) };
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
        let lines: BTreeSet<u64> = meant.iter().flat_map(|row| row.lines.clone()).collect();
        prop_assert!(told.is_subset(&lines), "{:?} of {:?}: {:?}", told, lines, text);
    }

    #[test]
    fn every_row_of_a_workbook_is_used_as_a_person_sees_it(
        rows in vec((any::<bool>(), 0..3_u32, any::<bool>(), prop::bool::weighted(0.1)), 1..20),
        titles in 0..3_u32,
    ) {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for title in 0..titles {
            sheet.write(title, 0, "A title").unwrap();
        }
        sheet.write(titles, 0, "Group").unwrap();
        sheet.write(titles, 1, "Email").unwrap();
        // Each row: hidden or not, empty rows before it, its group merged with the one above or not, and
        // a group of its own below the merged cells, which no person sees.
        let (mut line, mut wanted) = (titles, Vec::new());
        let mut groups: Vec<(u32, u32, String)> = Vec::new();
        let mut covered = Vec::new();
        for (at, &(hidden, empty, merged, own)) in rows.iter().enumerate() {
            line += 1 + empty;
            let mail = format!("u{at}@example.com");
            sheet.write(line, 1, &mail).unwrap();
            if hidden {
                sheet.set_row_hidden(line).unwrap();
            }
            match groups.last_mut().filter(|_| merged) {
                Some((_, last, _)) => {
                    *last = line;
                    covered.extend(own.then(|| (line, format!("own{at}"))));
                }
                None => groups.push((line, line, format!("g{at}"))),
            }
            let name = groups.last().map(|(_, _, name)| name.clone()).unwrap_or_default();
            wanted.push((u64::from(line) + 1, hidden, vec![name, mail]));
        }
        for (first, last, name) in &groups {
            if first == last {
                sheet.write(*first, 0, name).unwrap();
            } else {
                sheet.merge_range(*first, 0, *last, 0, name, &Format::new()).unwrap();
            }
        }
        // After the ranges, which write blanks into their cells.
        for (line, own) in &covered {
            sheet.write(*line, 0, own).unwrap();
        }
        let is_covered = |line: u64| covered.iter().any(|(own, _)| u64::from(*own) + 1 == line);
        let bytes = workbook.save_to_buffer().unwrap();
        let options = |hidden_rows| Options {
            hidden_rows,
            heading: Some(u64::from(titles) + 1),
            ..Options::default()
        };
        let any_hidden = wanted.iter().any(|(_, hidden, _)| *hidden);
        prop_assert_eq!(open_with(&bytes, &options(HiddenRowsChoice::Stop)).is_err(), any_hidden);
        for (choice, all) in [(HiddenRowsChoice::Include, true), (HiddenRowsChoice::Skip, false)] {
            let seen = wanted.iter().filter(|(_, hidden, _)| all || !hidden);
            let seen: Vec<_> = seen.map(|(line, _, cells)| (*line, cells.clone())).collect();
            let read: Vec<_> = open_with(&bytes, &options(choice))
                .unwrap()
                .map(Result::unwrap)
                .map(|raw| {
                    assert_eq!(raw.problem.is_some(), is_covered(raw.line), "{:?}", raw.problem);
                    (raw.line, raw.cells)
                })
                .collect();
            prop_assert_eq!(read, seen);
        }
    }
}
