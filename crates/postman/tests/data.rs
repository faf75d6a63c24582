//! Data files as spreadsheets write them.

use headcount_postman::data::read_rows;
use headcount_postman::value::shown;
use headcount_postman::variables::Mode;

fn utf16(text: &str, mark: u16, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    [mark].into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn cells(bytes: Vec<u8>) -> Vec<String> {
    let rows = read_rows("data.csv", bytes, Mode::Safe, None).unwrap();
    let cell = |(key, value): &(String, serde_json::Value)| format!("{key}={}", shown(value));
    let mut cells: Vec<_> = rows.iter().flat_map(|row| row.columns().iter().map(cell)).collect();
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
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(cells(bytes), wanted, "{text}");
    }
}

#[test]
fn a_line_is_counted_with_the_line_that_names_the_separator() {
    let text = "sep=;\na;b\n1;2;3\n";
    let error = read_rows("data.csv", text.into(), Mode::Safe, None).unwrap_err().to_string();
    assert_eq!(error, "data.csv, line 3: the row has 3 cells, but there are 2 headings");
}
