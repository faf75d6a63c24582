//! Properties: a table comes back from every dialect as it went in; no bytes make it panic.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use headcount_sheet::MASKED_PASSWORD;

#[derive(Clone, Copy, Debug)]
struct Dialect {
    separator: u8,
    end: &'static str,
    encoding: usize,
    quote_all: bool,
    last_end: bool,
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let ends = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    (prop::sample::select(vec![b',', b';', b'\t']), ends, 0..7_usize, any::<bool>(), any::<bool>())
        .prop_map(|(separator, end, encoding, quote_all, last_end)| Dialect {
            separator,
            end,
            encoding,
            quote_all,
            last_end,
        })
}

/// Cells that Windows-1252 can hold, with everything that CSV has to quote.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9@. ,;\t\"'=+-]{0,12}",
        // Letters of Western names: signs among them would be taken for another encoding.
        1 => "[a-zéü\n\r\"]{0,8}",
        1 => Just(String::new()),
    ]
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1..5_usize).prop_flat_map(|width| vec(vec(cell(), width), 0..20))
}

fn write(headings: &[String], table: &[Vec<String>], dialect: Dialect) -> Vec<u8> {
    let mut lines = Vec::new();
    for row in std::iter::once(headings).chain(table.iter().map(Vec::as_slice)) {
        let separator = char::from(dialect.separator).to_string();
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                let special = cell.contains([',', ';', '\t', '"', '\n', '\r']);
                if special || dialect.quote_all {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            })
            .collect();
        lines.push(cells.join(&separator));
    }
    let mut text = lines.join(dialect.end);
    if dialect.last_end {
        text.push_str(dialect.end);
    }
    encode(&text, dialect.encoding)
}

fn encode(text: &str, encoding: usize) -> Vec<u8> {
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    match encoding {
        0 => text.into(),
        1 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        2 => [b"\xFF\xFE", wide(u16::to_le_bytes).as_slice()].concat(),
        3 => [b"\xFE\xFF", wide(u16::to_be_bytes).as_slice()].concat(),
        4 => wide(u16::to_le_bytes),
        5 => wide(u16::to_be_bytes),
        _ => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
    }
}

fn blank(row: &[String]) -> bool {
    row.iter().all(|cell| trim(cell).is_empty())
}

proptest! {
    #[test]
    fn a_table_comes_back_as_it_went_in(mut table in table(), dialect in dialect()) {
        let width = table.first().map_or(1, Vec::len);
        let headings: Vec<String> =
            ["emailAddress", "Group", "accountId", "groupId"].map(str::to_owned)[..width].to_vec();
        let bytes = write(&headings, &table, dialect);
        // `éüü` is no word: it is asked about where nothing says which encoding it is.
        let is_asked = |error: &SheetError| {
            dialect.encoding > 5 && matches!(error, SheetError::Encoding { .. })
        };
        let mut sheet = match open_bytes(bytes) {
            Err(error) if is_asked(&error) => return Ok(()),
            sheet => sheet.unwrap(),
        };
        prop_assert_eq!(sheet.headings(), headings.as_slice());
        table.retain(|row| !blank(row));
        prop_assert_eq!(sheet.is_empty(), table.is_empty());
        for (at, wanted) in table.iter().enumerate() {
            let row = match sheet.next().unwrap() {
                Err(error) if is_asked(&error) => return Ok(()),
                row => row.unwrap(),
            };
            prop_assert_eq!(row.number, at as u64 + 1);
            prop_assert!(row.problem.is_none(), "{:?}", row.problem);
            // `pw=x` has a password.
            let is_masked = row.cells.iter().any(|cell| cell.contains(MASKED_PASSWORD));
            prop_assert!(is_masked || &row.cells == wanted, "{:?}: {:?}", row.cells, wanted);
        }
        prop_assert!(sheet.next().is_none());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn no_text_makes_it_panic(
        text in "(emailAddress|Group|User id)([,;\t](products|groups|Group|key|foo))?\n[a-z@.,;\t\"\n\r'=#/{}E0-9+é€-]{0,200}",
        dialect in dialect(),
    ) {
        read_all(&encode(&text, dialect.encoding));
    }

    #[test]
    fn no_workbook_makes_it_panic(at in 0..10_000_usize, bytes in vec(any::<u8>(), 1..8)) {
        let mut damaged = WORKBOOK.clone();
        let at = at % (damaged.len() - bytes.len());
        damaged[at..at + bytes.len()].copy_from_slice(&bytes);
        read_all(&damaged);
    }

    #[test]
    fn headings_compare_without_case_space_and_dashes(
        heading in "[a-zA-Z]{1,12}",
        filling in vec(prop::sample::select(vec![" ", "-", "_", "\u{a0}", "\u{feff}", "\t"]), 0..12),
    ) {
        let mut spelt = String::new();
        for (at, c) in heading.chars().enumerate() {
            spelt.push_str(filling.get(at).copied().unwrap_or_default());
            spelt.extend(if at % 2 == 0 { c.to_uppercase().next() } else { Some(c) });
        }
        prop_assert_eq!(normalized(&spelt), heading.to_lowercase());
        prop_assert_eq!(normalized(&normalized(&spelt)), normalized(&spelt));
    }

    #[test]
    fn trimmed_cells_keep_their_middle(cell in "\\PC{0,20}") {
        let trimmed = trim(&cell);
        prop_assert!(cell.contains(trimmed));
        prop_assert_eq!(trim(trimmed), trimmed);
    }
}

static WORKBOOK: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for row in 0..20_u32 {
        sheet.write(row, 0, format!("u{row}@example.com")).unwrap();
        sheet.write(row, 1, f64::from(row)).unwrap();
    }
    workbook.save_to_buffer().unwrap()
});

/// Everything that can be done with foreign bytes, through the one door.
fn read_all(bytes: &[u8]) {
    let Ok(sheet) = open_bytes(bytes) else { return };
    let find = |job| Columns::find(job, sheet.headings(), &Options::default()).ok();
    let (create, users, members, groups) =
        (find(Job::CreateUsers), find(Job::Users), find(Job::Memberships), find(Job::CreateGroups));
    let width = sheet.headings().len();
    for row in sheet.map_while(Result::ok) {
        assert!(row.cells.len() == width || (row.problem.is_some() && row.cells.len() > width));
        let _ = create.as_ref().map(|columns| CreateRow::read(&row, columns));
        let _ = users.as_ref().map(|columns| UserRow::read(&row, columns));
        let _ = members.as_ref().map(|columns| MemberRow::read(&row, columns));
        let _ = groups.as_ref().map(|columns| GroupRow::read(&row, columns));
    }
}
