//! The same property for workbooks: every row that a person sees is used as it is seen, or reported with its line.

use proptest::collection::vec;
use proptest::prelude::*;
use rust_xlsxwriter::{Color, Format, Formula, Workbook};

use super::seen::{book, data};
use super::*;

/// What may be odd about the address of a row in a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Plain,
    /// The result of a formula.
    Result,
    /// The error value of a formula.
    Error,
    Struck,
    /// In the color of the sheet.
    White,
    Tiny,
    /// The number format shows nothing.
    Unshown,
    Bold,
}

impl Look {
    fn format(self) -> Format {
        match self {
            Self::Plain | Self::Result | Self::Error => Format::new(),
            Self::Struck => Format::new().set_font_strikethrough(),
            Self::White => Format::new().set_font_color(Color::White),
            Self::Tiny => Format::new().set_font_size(1),
            Self::Unshown => Format::new().set_num_format(";;;"),
            Self::Bold => Format::new().set_bold(),
        }
    }

    /// Whether the row is reported although its cell is read.
    fn is_unseen(self) -> bool {
        match self {
            Self::Struck | Self::White | Self::Tiny | Self::Unshown => true,
            Self::Plain | Self::Result | Self::Error | Self::Bold => false,
        }
    }
}

fn look() -> impl Strategy<Value = Look> {
    let odd = vec![
        Look::Result,
        Look::Error,
        Look::Struck,
        Look::White,
        Look::Tiny,
        Look::Unshown,
        Look::Bold,
    ];
    prop_oneof![3 => Just(Look::Plain), 1 => prop::sample::select(odd)]
}

proptest! {
    #[test]
    fn every_row_of_a_workbook_is_used_as_a_person_sees_it(
        rows in vec(
            ((any::<bool>(), 0..3_u32), any::<bool>(), prop::bool::weighted(0.1), look()),
            1..20,
        ),
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
        let (mut covered, mut looks) = (Vec::new(), Vec::new());
        for (at, &((hidden, empty), merged, own, look)) in rows.iter().enumerate() {
            line += 1 + empty;
            let mut mail = format!("u{at}@example.com");
            if look == Look::Error {
                mail = "#N/A".to_owned();
            }
            match look {
                Look::Result | Look::Error => {
                    sheet.write(line, 1, Formula::new("=A1").set_result(&mail)).unwrap();
                }
                _ => {
                    sheet.write_with_format(line, 1, &mail, &look.format()).unwrap();
                }
            }
            looks.push((u64::from(line) + 1, look));
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
            let sheet = open_with(&bytes, &options(choice)).unwrap();
            let columns = Columns::of(&sheet, Job::Memberships, &options(choice)).unwrap();
            let read: Vec<_> = sheet
                .map(Result::unwrap)
                .map(|raw| {
                    let look = looks.iter().find(|(line, _)| *line == raw.line).unwrap().1;
                    let is_told = is_covered(raw.line) || look.is_unseen();
                    assert_eq!(raw.problem.is_some(), is_told, "{look:?}: {:?}", raw.problem);
                    if !is_told {
                        let row = MemberRow::read(&raw, &columns);
                        assert_eq!(row.is_err(), look == Look::Error, "{look:?}: {:?}", raw.cells);
                    }
                    (raw.line, raw.cells)
                })
                .collect();
            prop_assert_eq!(read, seen);
        }
    }

    /// Formulas without a stored result, empty cells in many forms, rows hidden in several ways, columns and sheets
    /// that are hidden.
    #[test]
    fn every_row_of_a_bare_workbook_is_used_or_reported(
        rows in vec((0..4_usize, 0..6_usize), 1..16),
        hidden_column in any::<bool>(),
        other_sheet in any::<bool>(),
    ) {
        let text = |name: String, text: &str| {
            format!("<c r=\"{name}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        };
        let mut lines = vec![format!(
            "<row r=\"1\">{}{}{}</row>",
            text("A1".into(), "Email"),
            text("B1".into(), "Group"),
            text("C1".into(), "Note")
        )];
        let mut wanted = Vec::new();
        for (at, (state, kind)) in rows.iter().enumerate() {
            let line = at + 2;
            let attributes =
                ["", "hidden=\"1\"", "ht=\"0\" customHeight=\"1\"", "ht=\"15\""][*state];
            let mail = format!("u{at}@example.com");
            let (cell, told) = match kind {
                // A formula without a result: the element is missing, or it is empty.
                0 => (format!("<c r=\"A{line}\"><f>D1</f></c>"), true),
                1 => (format!("<c r=\"A{line}\" t=\"str\"><f>D1</f><v>{mail}</v></c>"), false),
                2 => (text(format!("A{line}"), &format!("\u{200b}{mail}")), false),
                _ => (text(format!("A{line}"), &mail), false),
            };
            let group = text(format!("B{line}"), &format!("g{at}"));
            // Cells that hold nothing.
            let note = ["", "<c r=\"C9\"/>", "<c r=\"C9\" s=\"0\"><v></v></c>"][kind % 3];
            let note = note.replace("C9", &format!("C{line}"));
            lines.push(format!("<row r=\"{line}\" {attributes}>{cell}{group}{note}</row>"));
            wanted.push((line as u64, matches!(state, 1 | 2), told));
        }
        let columns = match hidden_column {
            true => "<cols><col min=\"3\" max=\"3\" hidden=\"1\" width=\"9\"/></cols>",
            false => "",
        };
        let people = ("People", "visible", format!("{columns}{}", data(&lines)));
        let old = [seen::row(1, "", &["Email", "Group"]), seen::row(2, "", &["x@y.co", "old"])];
        let old = ("Old", "hidden", data(&old));
        let bytes = match other_sheet {
            true => book(&[old, people], &[]),
            false => book(&[people], &[]),
        };
        let any_hidden = wanted.iter().any(|(_, hidden, _)| *hidden);
        prop_assert_eq!(open_bytes(&bytes).is_err(), any_hidden);
        for (hidden_rows, all) in [(HiddenRowsChoice::Include, true), (HiddenRowsChoice::Skip, false)] {
            let options = Options { hidden_rows, ..Options::default() };
            let sheet = open_with(&bytes, &options).unwrap();
            let columns = Columns::of(&sheet, Job::Memberships, &options).unwrap();
            let read: Vec<_> = sheet
                .map(Result::unwrap)
                .map(|raw| (raw.line, MemberRow::read(&raw, &columns).map(|row| row.email)))
                .collect();
            let seen = wanted.iter().filter(|(_, hidden, _)| all || !hidden);
            let seen: Vec<_> = seen.map(|(line, _, told)| (*line, *told)).collect();
            prop_assert_eq!(read.len(), seen.len());
            for ((line, row), (wanted, told)) in read.into_iter().zip(seen) {
                prop_assert_eq!((line, row.is_err()), (wanted, told));
                if let Ok(mail) = row {
                    prop_assert_eq!(mail, Some(format!("u{}@example.com", line - 2)));
                }
            }
        }
    }
}
