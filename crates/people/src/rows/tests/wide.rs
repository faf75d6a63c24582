//! Tables with many columns, and headings of any length.

use super::*;

/// A table whose first column is `Email`, and one row.
fn table(columns: usize, heading: &str) -> String {
    let more: String = (1..columns).map(|at| format!(",{heading} {at})")).collect();
    format!("Email{more}\nann@example.com{}\n", ",".repeat(columns - 1))
}

#[test]
fn more_columns_than_a_workbook_can_have_are_refused() {
    let at_most = 16_384;
    let cells = |columns: usize| table(columns, "").replace([')', ' '], "");
    assert_eq!(open_bytes(cells(at_most)).unwrap().headings().len(), at_most);
    let no_headings = Options { no_headings: true, ..Options::default() };
    for options in [Options::default(), no_headings] {
        let error = open_with(cells(at_most + 1), &options).err().unwrap().to_string();
        assert!(error.contains("a table of 16385 columns"), "{error}");
        assert!(error.contains("at most 16384"), "{error}");
    }
}

#[test]
fn long_headings_are_cut_where_they_are_shown() {
    let long = "ä".repeat(200_000);
    let sheet = open_bytes(format!("Email,{long},Password {long}\na@b.co,x,y\n")).unwrap();
    let columns = Columns::of(&sheet, Job::Users, &Options::default()).unwrap();
    let reading = columns.reading(&sheet, Job::Users);
    let shown = [&reading.carried[0], &reading.blanked[0]];
    assert!(shown.iter().all(|heading| heading.chars().count() == 61), "{shown:?}");
    assert_eq!(sheet.headings()[1], long);
}
