//! docs/sandbox.md tells of every call what it rests on; its table is made from the route table.

use std::fmt::Write;
use std::path::Path;

use headcount_sandbox::rows;

const BEGIN: &str = "<!-- table of calls: begin -->\n";
const END: &str = "<!-- table of calls: end -->\n";

fn table() -> String {
    let mut table = String::from("| call | rests on | in particular |\n| --- | --- | --- |\n");
    for row in rows() {
        let (method, template, known) = (row.method, row.template, row.known.join(", "));
        let limit = row.a_minute.map(|count| format!("at most {count} a minute (article)"));
        let note = Some(row.note.to_owned()).filter(|note| !note.is_empty());
        let notes: Vec<_> = note.into_iter().chain(limit).collect();
        writeln!(table, "| `{method} {template}` | {known} | {} |", notes.join("; ")).unwrap();
    }
    table
}

#[test]
fn the_page_has_the_table_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sandbox.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let begin = page.find(BEGIN).expect("the table's beginning is marked") + BEGIN.len();
    let end = page.find(END).expect("the table's end is marked");
    let wanted = table();
    if page[begin..end] != wanted {
        // The page is mended, so that the change can be looked at and committed.
        let mended = format!("{}{wanted}{}", &page[..begin], &page[end..]);
        std::fs::write(&path, mended).unwrap();
        panic!("docs/sandbox.md was out of date and has been rewritten; look at it and commit it");
    }
}
