//! What a person sees of a workbook: hidden rows, columns and sheets, merged cells, formulas.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

/// A workbook by hand: each sheet's name, state and what is in its `worksheet` element.
pub(super) fn book(sheets: &[(&str, &str, String)], more: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = |id: usize, kind: &str, target: &str| {
        format!("<Relationship Id=\"r{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inner: String| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inner}</Relationships>"
        )
    };
    add("_rels/.rels", &relations(relation(1, "officeDocument", "xl/workbook.xml")));
    let listed: String = sheets
        .iter()
        .enumerate()
        .map(|(at, (name, state, _))| {
            format!("<sheet name=\"{name}\" sheetId=\"{at}\" state=\"{state}\" r:id=\"r{at}\"/>")
        })
        .collect();
    let calc = more.iter().find(|(name, _)| *name == "calcPr").map_or("", |(_, xml)| *xml);
    add(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{listed}</sheets>{calc}</workbook>"
        ),
    );
    let all = (0..sheets.len())
        .map(|at| relation(at, "worksheet", &format!("worksheets/sheet{at}.xml")))
        .collect();
    add("xl/_rels/workbook.xml.rels", &relations(all));
    for (at, (_, _, inner)) in sheets.iter().enumerate() {
        let xml = format!("<worksheet xmlns=\"{main}\">{inner}</worksheet>");
        add(&format!("xl/worksheets/sheet{at}.xml"), &xml);
    }
    for (name, xml) in more.iter().filter(|(name, _)| name.contains('/')) {
        add(name, xml);
    }
    zip.finish().unwrap().into_inner()
}

pub(super) fn one(inner: impl Into<String>) -> Vec<u8> {
    book(&[("People", "visible", inner.into())], &[])
}

/// A row of texts; an empty text is no cell.
pub(super) fn row(line: u32, attributes: &str, cells: &[&str]) -> String {
    let cell = |(at, text): (usize, &&str)| {
        let name = format!("{}{line}", char::from(b'A' + at as u8));
        match text.strip_prefix("<f>") {
            _ if text.is_empty() => String::new(),
            Some(_) => format!("<c r=\"{name}\">{text}</c>"),
            None => format!("<c r=\"{name}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        }
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!("<row r=\"{line}\" {attributes}>{cells}</row>")
}

pub(super) fn data(rows: &[String]) -> String {
    format!("<sheetData>{}</sheetData>", rows.concat())
}

/// Four people, the rows 3 and 4 with these attributes; `after` follows the rows.
fn people(attributes: &str, after: &str) -> Vec<u8> {
    let rows = [
        row(1, "", &["Email", "Leaving"]),
        row(2, "", &["a@b.co", "yes"]),
        row(3, attributes, &["c@d.co", "no"]),
        row(4, attributes, &["e@f.co", "no"]),
        row(5, "", &["g@h.co", "yes"]),
    ];
    one(data(&rows) + after)
}

fn with(choice: HiddenRowsChoice) -> Options {
    Options { hidden_rows: choice, ..Options::default() }
}

#[test]
fn hidden_rows_stop_and_are_named_with_the_reason() {
    let filter = "<autoFilter ref=\"A1:B5\"><filterColumn colId=\"1\"><filters><filter val=\"yes\"/></filters></filterColumn></autoFilter>";
    for (attributes, after, words) in [
        ("hidden=\"1\"", filter, "rows 3 to 4 are hidden by a filter"),
        ("hidden=\"true\"", filter, "rows 3 to 4 are hidden by a filter"),
        ("hidden=\"1\"", "<autoFilter ref=\"A1:B5\"/>", "rows 3 to 4 are hidden."),
        ("hidden=\"1\"", "", "rows 3 to 4 are hidden."),
        ("ht=\"0\" customHeight=\"1\"", "", "rows 3 to 4 are hidden."),
        ("ht=\"0.75\" customHeight=\"1\"", "", "rows 3 to 4 are hidden."),
        ("hidden=\"1\" outlineLevel=\"1\"", "", "rows 3 to 4 are hidden in a collapsed group."),
        ("hidden=\"1\" ht=\"15\" outlineLevel=\"3\"", "", "rows 3 to 4 are hidden in a collapsed"),
    ] {
        let bytes = people(attributes, after);
        let told = advice(&bytes, Job::Users, &Options::default()).unwrap_err().to_string();
        assert!(told.contains(words.trim_end_matches('.')), "{attributes} {after}: {told}");
        // The hidden rows say no.
        assert!(
            told.contains("--hidden-rows include --map -=Leaving uses them, also those with a no"),
            "{told}"
        );
        assert!(told.contains("--hidden-rows skip"), "{told}");
        let seen = |choice| -> Vec<(u64, u64)> {
            let sheet = open_with(&bytes, &with(choice)).unwrap();
            sheet.map(|raw| raw.unwrap()).map(|raw| (raw.number, raw.line)).collect()
        };
        assert_eq!(seen(HiddenRowsChoice::Skip), [(1, 2), (2, 5)]);
        assert_eq!(seen(HiddenRowsChoice::Include), [(1, 2), (2, 3), (3, 4), (4, 5)]);
    }
    for fine in ["", "hidden=\"0\"", "hidden=\"false\"", "ht=\"15\"", "outlineLevel=\"1\""] {
        assert_eq!(rows(people(fine, "")).len(), 4, "{fine}");
    }
}

#[test]
fn a_filter_of_a_table_is_one_too() {
    let table = "<table ref=\"A1:B5\"><autoFilter ref=\"A1:B5\"><filterColumn colId=\"1\"/></autoFilter></table>";
    let relations = "<Relationships><Relationship Id=\"r1\" Type=\"x/table\" Target=\"../tables/table1.xml\"/></Relationships>";
    let rows =
        [row(1, "", &["Email"]), row(2, "hidden=\"1\"", &["a@b.co"]), row(3, "", &["c@d.co"])];
    let bytes = book(
        &[("People", "visible", data(&rows))],
        &[("xl/tables/table1.xml", table), ("xl/worksheets/_rels/sheet0.xml.rels", relations)],
    );
    assert!(refusal(bytes).contains("row 2 is hidden by a filter"));
}

#[test]
fn hidden_rows_that_hold_nothing_are_none_and_a_hidden_heading_is_seen() {
    let rows = [row(1, "", &["Email"]), row(2, "hidden=\"1\"", &[""]), row(3, "", &["c@d.co"])];
    assert_eq!(super::rows(one(data(&rows))).len(), 1);
    let rows =
        [row(1, "hidden=\"1\"", &["Old heading"]), row(2, "", &["Email"]), row(3, "", &["c@d.co"])];
    let bytes = one(data(&rows));
    assert!(refusal(&bytes).contains("row 1 is hidden"));
    let sheet = open_with(&bytes, &with(HiddenRowsChoice::Skip)).unwrap();
    assert_eq!(sheet.headings(), ["Email"]);
}

#[test]
fn hidden_columns_are_not_used_unless_they_are_mapped() {
    let rows = [row(1, "", &["Name", "Email", "Group"]), row(2, "", &["Ann", "a@b.co", "x"])];
    for cols in [
        "<col min=\"2\" max=\"2\" hidden=\"1\"/>",
        "<col min=\"2\" max=\"3\" width=\"9\" hidden=\"true\"/>",
        "<col min=\"1\" max=\"16384\" width=\"0\" customWidth=\"1\"/>",
        "<col min=\"1\" max=\"1\"/><col min=\"2\" max=\"2\" width=\"0\"/>",
        "<col min=\"2\" max=\"2\" width=\"0.14\" customWidth=\"1\"/>",
        "<col min=\"2\" max=\"2\" hidden=\"1\" outlineLevel=\"1\"/>",
    ] {
        let sheet = open_bytes(one(format!("<cols>{cols}</cols>{}", data(&rows)))).unwrap();
        let told = Columns::of(&sheet, Job::Users, &Options::default()).unwrap_err().to_string();
        assert!(told.contains("the column `Email` (B) is hidden"), "{cols}: {told}");
        let options = map(&[("email", "Email")]);
        assert!(Columns::of(&sheet, Job::Users, &options).is_ok(), "{cols}");
    }
    let carried = format!("<cols><col min=\"1\" max=\"1\" hidden=\"1\"/></cols>{}", data(&rows));
    let sheet = open_bytes(one(carried)).unwrap();
    assert!(Columns::of(&sheet, Job::Users, &Options::default()).is_ok());
}

#[test]
fn hidden_sheets_are_read_only_by_name() {
    let filled = |mail: &str| data(&[row(1, "", &["Email"]), row(2, "", &[mail])]);
    let empty = || data(&[row(1, "", &[])]);
    let by_name = |bytes: &[u8], name: &str| {
        let options = Options { sheet: Some(name.to_owned()), ..Options::default() };
        open_with(bytes, &options).unwrap().next().unwrap().unwrap().cells
    };
    for state in ["hidden", "veryHidden", "VeryHidden"] {
        let state = if state == "VeryHidden" { "veryHidden" } else { state };
        let bytes =
            book(&[("People", "visible", empty()), ("Old ones", state, filled("o@l.d"))], &[]);
        let told = advice(&bytes, Job::Users, &Options::default()).unwrap_err().to_string();
        assert!(told.contains("is empty, except for the hidden sheet `Old ones`"), "{told}");
        assert!(told.contains("--sheet 'Old ones'"), "{told}");
        assert_eq!(by_name(&bytes, "old ONES"), ["o@l.d"]);
        let bytes =
            book(&[("Lists", state, filled("o@l.d")), ("People", "visible", filled("n@e.w"))], &[]);
        let sheet = open_bytes(&bytes).unwrap();
        assert!(sheet.dialect().contains("`People`"));
        assert_eq!(by_name(&bytes, "Lists"), ["o@l.d"]);
    }
    let two = book(
        &[
            ("Lists", "hidden", filled("o@l.d")),
            ("July", "visible", filled("n@e.w")),
            ("August", "visible", filled("x@y.z")),
        ],
        &[],
    );
    assert!(!refusal(two).contains("Lists"));
}

#[test]
fn a_vertical_merge_gives_its_value_to_each_row() {
    let rows = [
        row(1, "", &["Group", "Email"]),
        row(2, "", &["oslo", "a@b.co"]),
        row(3, "", &["oslo", "c@d.co"]),
        row(4, "", &["", "e@f.co"]),
        row(5, "", &["lima", "g@h.co"]),
    ];
    let bytes = one(data(&rows) + "<mergeCells><mergeCell ref=\"A2:A4\"/></mergeCells>");
    let groups: Vec<_> = cells(bytes).into_iter().map(|cells| cells[0].clone()).collect();
    assert_eq!(groups, ["oslo", "oslo", "oslo", "lima"]);
}

/// The plan says which merged cells were used; a value that is not visible is neither used nor lost.
#[test]
fn merged_cells_are_in_the_plan_and_cover_nothing_silently() {
    let bytes = |cells: [[&str; 2]; 3], range: &str| {
        let rows = [
            row(1, "", &["Group", "Email"]),
            row(2, "", &cells[0]),
            row(3, "", &cells[1]),
            row(4, "", &cells[2]),
        ];
        one(data(&rows) + &format!("<mergeCells><mergeCell ref=\"{range}\"/></mergeCells>"))
    };
    let file = bytes([["oslo", "a@b.co"], ["", "c@d.co"], ["lima", "e@f.co"]], "A2:A3");
    let mut sheet = open_bytes(&file).unwrap();
    let columns = Columns::of(&sheet, Job::Memberships, &Options::default()).unwrap();
    assert_eq!(sheet.by_ref().count(), 3);
    let merged = columns.reading(&sheet, Job::Memberships).merged;
    assert_eq!(merged.len(), 1);
    assert_eq!(
        (merged[0].range.as_str(), merged[0].column.as_str(), merged[0].value.as_str()),
        ("A2:A3", "Group", "oslo")
    );
    for (cells, range, cell) in [
        ([["oslo", "a@b.co"], ["lima", "c@d.co"], ["x", "e@f.co"]], "A2:A3", "A3"),
        ([["oslo", "a@b.co"], ["oslo", "c@d.co"], ["oslo", "e@f.co"]], "B2:B4", "B3"),
        // The first cell is empty, so the range seems to be.
        ([["", "a@b.co"], ["lima", "c@d.co"], ["", "e@f.co"]], "A2:A4", "A3"),
        ([["oslo", "a@b.co"], ["x", ""], ["y", ""]], "A2:B4", "B2"),
    ] {
        let rows = super::rows(bytes(cells, range));
        let told: Vec<String> =
            rows.iter().filter_map(|row| Some(row.problem.as_ref()?.to_string())).collect();
        let of_cell = format!("the cell {cell} is within the merged cells {range}");
        assert!(told.iter().any(|told| told.contains(&of_cell)), "{range}: {told:?}");
    }
}

/// The cell of an error value is named, in any of the columns that are read.
#[test]
fn error_values_are_named_for_what_they_are() {
    for (job, headings, cells, column) in [
        (Job::Users, "Email,Note", "#REF!,x", "Email"),
        (Job::Users, "Email,Note", "#¡REF!,x", "Email"),
        (Job::Users, "Email,Note", "Err:502,x", "Email"),
        (Job::Users, "accountId", "Fehler:504", "accountId"),
        (Job::Memberships, "Email,Group", "a@b.co,#BEZUG!", "Group"),
        (Job::Memberships, "Email,Group", "#NV,oslo", "Email"),
        (Job::Memberships, "Email,Group id", "a@b.co,#N/D", "Group id"),
        (Job::CreateUsers, "Email,groups", "a@b.co,oslo;#NAZWA?", "groups"),
        (Job::CreateUsers, "Email,products", "a@b.co,#NAME?", "products"),
        (Job::CreateUsers, "Email,displayName", "a@b.co,#YOK", "displayName"),
        (Job::CreateGroups, "Group,Description", "oslo,#ССЫЛКА!", "Description"),
        (Job::Groups, "Group", "#ODKAZ!", "Group"),
        (Job::Access, "Email,Product", "a@b.co,#REF!", "Product"),
        (Job::Tokens, "Email,Token id", "a@b.co,#N/A", "Token id"),
    ] {
        let text = format!("{headings}\n{cells}\n");
        let sheet = open_bytes(&text).unwrap();
        let columns = Columns::of(&sheet, job, &Options::default()).unwrap();
        let raw = sheet.map(Result::unwrap).next().unwrap();
        let problems = match job {
            Job::CreateUsers => CreateRow::read(&raw, &columns).unwrap_err(),
            Job::Users => UserRow::read(&raw, &columns).unwrap_err(),
            Job::NewEmails => EmailRow::read(&raw, &columns).unwrap_err(),
            Job::Memberships => MemberRow::read(&raw, &columns).unwrap_err(),
            Job::CreateGroups => GroupRow::read(&raw, &columns).unwrap_err(),
            Job::Groups => WhichGroupRow::read(&raw, &columns).unwrap_err(),
            Job::Access => AccessRow::read(&raw, &columns).unwrap_err(),
            Job::Tokens => TokenRow::read(&raw, &columns).unwrap_err(),
            Job::List => ListRow::read(&raw, &columns).unwrap_err(),
            Job::Actions | Job::UsersExport | Job::GroupsExport => Vec::new(),
        };
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        let told = problems[0].to_string();
        assert!(told.contains("is a spreadsheet error"), "{text}: {told}");
        assert!(told.contains(&format!("line 2, column `{column}`")), "{text}: {told}");
    }
}

/// Files that were put together have their headings more than once.
#[test]
fn headings_that_come_again_are_no_row() {
    for text in [
        "Email,Group\na@b.co,x\nEmail,Group\nc@d.co,y\n",
        "Email;Group;Note\na@b.co;x\nE-MAIL;group;note\nc@d.co;y\n",
        "Group\nx\nGroup\ny\n",
    ] {
        let told: Vec<_> = rows(text).into_iter().map(|row| row.problem).collect();
        let is_named = |problem: &Problem| problem.what.contains("repeats the headings");
        assert!(told[1].as_ref().is_some_and(is_named), "{text}: {told:?}");
        assert!(told[0].is_none() && told[2].is_none(), "{text}");
    }
}

#[test]
fn a_row_of_two_lines_stays_one_row() {
    let rows = [
        row(1, "", &["Group", "Email"]),
        row(2, "", &["oslo", "a@b.co"]),
        row(3, "", &["", ""]),
        row(4, "", &["lima", "g@h.co"]),
    ];
    let merges = "<mergeCells><mergeCell ref=\"A2:A3\"/><mergeCell ref=\"B2:B3\"/></mergeCells>";
    assert_eq!(cells(one(data(&rows) + merges)), [["oslo", "a@b.co"], ["lima", "g@h.co"]]);
}

#[test]
fn a_merge_over_columns_of_different_meaning_is_refused_by_name() {
    for (range, line) in [("A2:B2", 2), ("A2:B3", 2), ("B2:C2", 2)] {
        let rows = [
            row(1, "", &["Email", "Group", "Note"]),
            row(2, "", &["a@b.co", "x", ""]),
            row(3, "", &["c@d.co", "y", "z"]),
        ];
        let merges = format!("<mergeCells><mergeCell ref=\"{range}\"/></mergeCells>");
        let rows = super::rows(one(data(&rows) + &merges));
        let problem = rows[0].problem.as_ref().expect(range);
        assert!(problem.what.contains(range), "{problem}");
        assert_eq!(problem.line, line);
    }
    // A title over the table, and cells outside of it, are no matter.
    let rows = [
        row(1, "", &["Leavers"]),
        row(2, "", &["Email", "Group"]),
        row(3, "", &["a@b.co", "x", ""]),
    ];
    let merges = "<mergeCells><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"B3:C3\"/></mergeCells>";
    let options = Options { heading: Some(2), ..Options::default() };
    let sheet = open_with(one(data(&rows) + merges), &options).unwrap();
    assert!(sheet.map(Result::unwrap).all(|row| row.problem.is_none()));
}

#[test]
fn a_formula_without_a_result_is_an_error_that_names_the_cell() {
    for cell in [
        "<c r=\"B2\"><f>A2</f></c>",
        "<c r=\"B2\"><f>A2</f><v/></c>",
        "<c r=\"B2\"><f>A2</f><v></v></c>",
        "<c r=\"B2\"><f t=\"shared\" si=\"0\" ref=\"B2:B9\">A2</f></c>",
        "<c r=\"B2\"><f t=\"array\" ref=\"B2:B2\">A2</f><v></v></c>",
        "<c r=\"B2\" t=\"n\"><f>A2</f></c>",
    ] {
        let rows = [
            row(1, "", &["Email", "Group"]),
            format!("<row r=\"2\"><c r=\"A2\" t=\"str\"><f>x</f><v>a@b.co</v></c>{cell}</row>"),
        ];
        let rows = super::rows(one(data(&rows)));
        let problem = rows[0].problem.as_ref().expect(cell);
        assert_eq!(problem.column.as_deref(), Some("Group"));
        assert!(problem.what.contains("cell B2"), "{cell}: {problem}");
    }
}

#[test]
fn results_of_formulas_are_read() {
    for (cell, wanted) in [
        ("<c r=\"B2\" t=\"str\"><f>A2</f><v></v></c>", ""),
        ("<c r=\"B2\" t=\"str\"><f>A2</f><v>x</v></c>", "x"),
        ("<c r=\"B2\"><f>A2</f><v>0</v></c>", "0"),
        ("<c r=\"B2\" t=\"b\"><f>A2</f><v>1</v></c>", "TRUE"),
        ("<c r=\"B2\" t=\"e\"><f>A2</f><v>#N/A</v></c>", "#N/A"),
        (
            "<c r=\"B2\" t=\"inlineStr\"><is><r><t>a</t></r><r><t xml:space=\"preserve\"> b</t></r><rPh sb=\"0\" eb=\"1\"><t>not</t></rPh></is></c>",
            "a b",
        ),
        ("<c r=\"B2\" t=\"str\"><v>a_x000D_b</v></c>", "a\rb"),
    ] {
        let line = format!("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>a@b.co</v></c>{cell}</row>");
        let rows = super::rows(one(data(&[row(1, "", &["Email", "Group"]), line])));
        assert_eq!(rows[0].problem, None, "{cell}");
        assert_eq!(rows[0].cells[1], wanted, "{cell}");
    }
}

/// A script that writes formulas without computing them puts a 0 where the result will be, and says
/// that all is to be computed when the workbook is opened.
#[test]
fn a_placeholder_is_no_result() {
    let line = "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>a@b.co</v></c><c r=\"B2\"><f>A2</f><v>0</v></c></row>";
    let inner = data(&[row(1, "", &["Email", "Group"]), line.to_owned()]);
    let calc = ("calcPr", "<calcPr fullCalcOnLoad=\"1\"/>");
    let rows = rows(book(&[("People", "visible", inner)], &[calc]));
    assert!(rows[0].problem.as_ref().unwrap().what.contains("cell B2"));
}
