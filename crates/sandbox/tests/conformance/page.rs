//! docs/differences.md contains the table of deliberate deviations, generated from the list.

use std::fmt::Write;
use std::path::Path;

use super::deviations::DEVIATIONS;

const BEGIN: &str = "<!-- table of deviations: begin -->\n";
const END: &str = "<!-- table of deviations: end -->\n";

#[test]
fn the_page_has_every_deviation() {
    let mut table = String::from("| call | deviation | why |\n|---|---|---|\n");
    for one in DEVIATIONS {
        let calls: Vec<_> = one.calls.iter().map(|call| format!("`{call}`")).collect();
        writeln!(table, "| {} | {} | {} |", calls.join("<br>"), one.what, one.why).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/differences.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let begin = page.find(BEGIN).expect("the table's beginning is marked") + BEGIN.len();
    let end = page.find(END).expect("the table's end is marked");
    if page[begin..end] != table {
        // The page is rewritten; the change can be read and committed.
        let mended = format!("{}{table}{}", &page[..begin], &page[end..]);
        std::fs::write(&path, mended).unwrap();
        panic!("docs/differences.md was out of date and has been rewritten; look at it, commit it");
    }
}
