//! Data files as spreadsheets write them.

use headcount_postman::data::read_rows;
use headcount_postman::value::shown;
use headcount_postman::variables::Mode;

fn utf16(text: &str, mark: u16, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    [mark].into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn cells(bytes: &[u8]) -> Vec<String> {
    let rows = read_rows("data.csv", bytes, Mode::Safe, None).unwrap();
    let mut cells = Vec::new();
    for number in 0..rows.len() {
        let row = rows.get(number).unwrap().unwrap();
        cells.extend(row.columns().map(|(key, value)| format!("{key}={}", shown(value))));
    }
    cells.sort();
    cells
}

#[test]
fn every_form_of_a_table_is_read_as_the_same_rows() {
    let wanted = ["email=ann@example.com", "id=00712", "name=Zoë; Ann"];
    let semicolons = "email;name;id\r\nann@example.com;\"Zoë; Ann\";00712\r\n";
    let cases = [
        "email,name,id\nann@example.com,Zoë; Ann,00712\n".to_owned().into_bytes(),
        semicolons.to_owned().into_bytes(),
        format!("\u{feff}{semicolons}").into_bytes(),
        format!("sep=;\r\n{semicolons}").into_bytes(),
        format!("\u{feff}\"sep=;\"\r\n{semicolons}").into_bytes(),
        utf16(&semicolons.replace(';', "\t").replace("Zoë\t", "Zoë;"), 0xfeff, u16::to_le_bytes),
        utf16(semicolons, 0xfeff, u16::to_be_bytes),
        r#"[{"email": "ann@example.com", "name": "Zoë; Ann", "id": "00712"}]"#.to_owned().into(),
    ];
    for bytes in cases {
        assert_eq!(cells(&bytes), wanted, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_line_is_counted_with_the_line_that_names_the_separator() {
    let text = "sep=;\na;b\n1;2;3\n";
    let error = read_rows("data.csv", text.as_bytes(), Mode::Safe, None).unwrap_err().to_string();
    assert_eq!(error, "data.csv, line 3: the row has 3 cells, but there are 2 headings");
}

/// A reader that returns one byte at a time, so that every longer character is cut.
struct Drops<'b>(&'b [u8]);

impl std::io::Read for Drops<'_> {
    fn read(&mut self, part: &mut [u8]) -> std::io::Result<usize> {
        let length = part.len().min(1);
        self.0.read(&mut part[..length])
    }
}

#[test]
fn a_long_file_is_read_part_by_part_as_if_it_were_whole() {
    let cell = "Zoë, \"Ann\"\n\u{1f44d}".repeat(3);
    let quoted = cell.replace('"', "\"\"");
    let text: String = (0..3_000).map(|row| format!("{row:05},\"{quoted}\"\r\n")).collect();
    let text = format!("id,name\r\n{text}");
    let cases = [
        text.clone().into_bytes(),
        utf16(&text, 0xfeff, u16::to_le_bytes),
        utf16(&text, 0xfeff, u16::to_be_bytes),
    ];
    for bytes in cases {
        let rows = read_rows("data.csv", Drops(&bytes), Mode::Safe, None).unwrap();
        assert_eq!(rows.len(), 3_000);
        for number in 0..rows.len() {
            let row = rows.get(number).unwrap().unwrap();
            assert_eq!(row.get("id").map(shown), Some(format!("{number:05}")));
            assert_eq!(row.get("name").map(shown).as_ref(), Some(&cell), "{number}");
        }
    }
}

#[test]
fn a_fault_late_in_a_long_file_is_found() {
    let text = "id,name\n".to_owned() + &"1,Ann\n".repeat(30_000);
    let cases: [(&[u8], &str); 4] = [
        (b"2,\xff\n", "data.csv: the file is not UTF-8 text; save it as CSV UTF-8, or as XLSX"),
        (b"2,\xe4\xbd", "data.csv: the file is not UTF-8 text; save it as CSV UTF-8, or as XLSX"),
        (b"2,\"open\n\n", "data.csv, line 30002: a quote is opened and never closed"),
        (b"2,3,4\n", "data.csv, line 30002: the row has 3 cells, but there are 2 headings"),
    ];
    for (end, wanted) in cases {
        let bytes = [text.as_bytes(), end].concat();
        let error = read_rows("data.csv", bytes.as_slice(), Mode::Safe, None).unwrap_err();
        assert_eq!(error.to_string(), wanted);
    }
    let newman = [text.as_bytes(), b"2,\xff\n"].concat();
    let rows = read_rows("data.csv", newman.as_slice(), Mode::AsNewman, None).unwrap();
    let last = rows.get(30_000).unwrap().unwrap();
    assert_eq!(last.get("name").map(shown).as_deref(), Some("\u{fffd}"));
}
