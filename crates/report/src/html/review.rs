//! An access review as one HTML page that can be mailed: a table with a column to sign off. It loads nothing and has no
//! script.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::text::seen;
use crate::ReportError;

const STYLE: &str = include_str!("review.css");

/// The heading of the column to tick.
const DECISION: &str = "Decision";

/// Writes the page for a table of comma-separated values with a line of headings. `site` and `day` are shown in its
/// head.
///
/// # Errors
/// The table cannot be read, or the page cannot be written.
pub fn write_review(
    table: impl Read,
    site: &str,
    day: &str,
    mut out: impl Write,
) -> Result<(), ReportError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table);
    let headings = reader.headers()?.clone();
    out.write_all(head(&headings, site, day).into_string().as_bytes())
        .map_err(ReportError::Write)?;
    let mut rows = 0_u64;
    for record in reader.records() {
        let record = record?;
        rows += 1;
        let row = html! {
            tr {
                @for (heading, cell) in headings.iter().zip(&record) {
                    @if heading == DECISION && cell.is_empty() {
                        td.decision { "☐ keep" br; "☐ revoke" br; "☐ deactivate" }
                    } @else {
                        td { (seen(cell)) }
                    }
                }
            }
        };
        out.write_all(row.into_string().as_bytes()).map_err(ReportError::Write)?;
    }
    let foot = html! {
        (PreEscaped("</tbody></table>"))
        p { (rows) @if rows == 1 { " row" } @else { " rows" } }
        div.sign { p { "Reviewed by" } p { "Date" } p { "Signature" } }
        (PreEscaped("</main></body></html>"))
    };
    out.write_all(foot.into_string().as_bytes()).map_err(ReportError::Write)?;
    out.flush().map_err(ReportError::Write)
}

/// The page up to the first row.
fn head(headings: &csv::StringRecord, site: &str, day: &str) -> Markup {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        STANDARD.encode(Sha256::digest(STYLE))
    );
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="robots" content="noindex";
            title { "Access review · " (seen(site)) }
            style { (PreEscaped(STYLE)) }
        }
        (PreEscaped("<body><main>"))
        h1 { "Access review" }
        p { (seen(site)) ", " (day) }
        p {
            "For each row, decide: " strong { "keep" } " the role, " strong { "revoke" } " it, or "
            strong { "deactivate" } " the whole account. Write the decision into the column Decision of the \
            spreadsheet that came with this page, or print this page, tick a box, and sign it."
        }
        (PreEscaped("<table><thead><tr>"))
        @for heading in headings { th scope="col" { (seen(heading)) } }
        (PreEscaped("</tr></thead><tbody>"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text_and_an_empty_decision_is_a_place_to_tick() {
        let table = "User name,Decision\r\n<script>alert(1)</script>,\r\nBob,keep\r\n";
        let mut page = Vec::new();
        write_review(table.as_bytes(), "https://acme.example", "29 Nov 2026", &mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script"), "{page}");
        assert_eq!(page.matches("☐ revoke").count(), 1, "{page}");
        assert!(page.contains("<td>keep</td>") && page.contains("2 rows"), "{page}");
        assert!(!page.contains("http-equiv=\"refresh\"") && !page.contains("src="), "{page}");
    }
}
