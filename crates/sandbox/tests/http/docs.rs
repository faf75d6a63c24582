//! docs/sandbox.md contains a table, generated from the routes, with the source of each call's behavior.

use std::fmt::Write;
use std::path::Path;

use headcount_sandbox::rows;

const BEGIN: &str = "<!-- table of calls: begin -->\n";
const END: &str = "<!-- table of calls: end -->\n";

/// A line for each source and note; calls with the same ones share a line. Descriptions are not named as a source,
/// because nearly every call has one.
fn table() -> String {
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows() {
        let limit = row.a_minute.map(|count| format!("at most {count} a minute (article)"));
        let note = Some(row.note.to_owned()).filter(|note| !note.is_empty());
        let notes: Vec<_> = note.into_iter().chain(limit).collect();
        let is_described = row.known.contains(&"description");
        let known: Vec<_> = row.known.iter().filter(|known| **known != "description").collect();
        let known = known.iter().map(|known| **known).collect::<Vec<_>>().join(", ");
        let known = if is_described { known } else { format!("{known}; not described") };
        let basis = format!("{known} | {}", notes.join("; "));
        let call = format!("`{} {}`", row.method, row.template);
        match lines.iter_mut().find(|(known, _)| *known == basis) {
            Some((_, calls)) => calls.push(call),
            None => lines.push((basis, vec![call])),
        }
    }
    let mut table = String::from("| call | also rests on | in particular |\n|---|---|---|\n");
    for (basis, calls) in lines {
        writeln!(table, "| {} | {basis} |", calls.join("<br>")).unwrap();
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
        // The page is rewritten; the change can be read and committed.
        let mended = format!("{}{wanted}{}", &page[..begin], &page[end..]);
        std::fs::write(&path, mended).unwrap();
        panic!("docs/sandbox.md was out of date and has been rewritten; look at it and commit it");
    }
}
