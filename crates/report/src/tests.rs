use super::*;
use headcount_journal::{Journal, NewRun, Run};
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;

const SUBJECT: Subject = Subject {
    heading: "Members added to groups",
    done: "Added to groups",
    organization: None,
    of_row: |row| About { name: row.cells.first().cloned(), ..About::default() },
};

fn run(folder: &tempfile::TempDir) -> (Journal, Run) {
    let mut journal = headcount_journal_sqlite::open(&folder.path().join("journal.db")).unwrap();
    let at = "2026-11-20T18:00:00Z".parse().unwrap();
    let new = NewRun {
        job: Job::AddMembers,
        site: "https://acme.atlassian.net".into(),
        organization: None,
        profile: "acme".into(),
        input: "people.csv".into(),
        headings: vec!["Email".into(), "Row".into()],
        options: serde_json::json!({ "corrected": "2,5" }),
        undoes: None,
        at,
    };
    let (run, _lock) = journal.begin(&new).unwrap();
    let mut batch = journal.batch(&run.id).unwrap();
    let rows = [
        ("=1+1@example.com", Outcome::Unchanged, Reason::AlreadyMember),
        ("b@example.com", Outcome::Skipped, Reason::UserNotFound),
        ("c@example.com", Outcome::Skipped, Reason::Duplicate),
        ("d@example.com", Outcome::Skipped, Reason::OwnAccount),
        ("e@example.com", Outcome::Failed, Reason::Forbidden),
    ];
    for (at, (mail, outcome, reason)) in (1..).zip(rows) {
        batch.add_row(at, at + 1, &[mail.into(), "a, \"b\"".into()]).unwrap();
        batch.settle_row(at, outcome, reason, "words").unwrap();
    }
    batch.commit().unwrap();
    journal.seal(&run.id, at).unwrap();
    let run = journal.run(run.id.as_str()).unwrap();
    (journal, run)
}

#[test]
fn the_report_keeps_the_inputs_columns_and_defuses_formulas() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let mut out = Vec::new();
    write_csv(&journal, &run, &SUBJECT, CsvForm::of(&run), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some(
            "Email,Row,headcount_row,site,outcome,reason,detail,http_status,attempts,account_id,group_id,at"
        )
    );
    assert_eq!(
        lines.next(),
        Some(
            "'=1+1@example.com,\"a, \"\"b\"\"\",1,https://acme.atlassian.net,unchanged,already-member,words,,0,,,"
        )
    );
}

#[test]
fn only_rows_worth_another_try_are_fed_back() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let mut out = Vec::new();
    let written = write_failed(&journal, &run, CsvForm::of(&run), &mut out).unwrap();
    assert_eq!(written, Corrections { written: 2, emptied: Vec::new() });
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text,
        "Email,Row\r\nb@example.com,\"a, \"\"b\"\"\"\r\ne@example.com,\"a, \"\"b\"\"\"\r\n"
    );
}

#[test]
fn the_json_report_is_one_object_with_typed_values() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let mut out = Vec::new();
    write_json(&journal, &run, &SUBJECT, &mut out).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(value["counts"]["skipped"], 3);
    assert_eq!(value["rows"][4]["row"], 5);
    assert_eq!(value["rows"][4]["input"][0], "e@example.com");
    assert_eq!(value["rows"][4]["http_status"], serde_json::Value::Null);
}

/// A run with cells that would break out, hide or turn around if they could.
fn hostile(folder: &tempfile::TempDir) -> (Journal, Run) {
    let mut journal = headcount_journal_sqlite::open(&folder.path().join("journal.db")).unwrap();
    let at: jiff::Timestamp = "2026-11-20T18:00:00Z".parse().unwrap();
    let new = NewRun {
        job: Job::AddMembers,
        site: "https://acme.atlassian.net/\"><script>alert(1)</script>".into(),
        organization: None,
        profile: "a<b>&c".into(),
        input: "p\u{202e}vsc.csv".into(),
        headings: vec!["<img src=x onerror=alert(1)>".into(), "B\u{0}".into()],
        options: serde_json::json!({}),
        undoes: None,
        at,
    };
    let (run, _lock) = journal.begin(&new).unwrap();
    let mut batch = journal.batch(&run.id).unwrap();
    let rows = [
        ("</td></table><script>alert(2)</script>", Outcome::Failed, Reason::Forbidden),
        ("\"'&<>]]>--><!-- {{7*7}}", Outcome::Skipped, Reason::UserNotFound),
        (
            "\u{0}\u{1b}[2J\u{85}\u{202e}\u{2066}\u{feff}\u{fffe}\r\n",
            Outcome::Unknown,
            Reason::NoResponse,
        ),
        ("javascript:alert(3)", Outcome::Changed, Reason::Done),
    ];
    for (row, (cell, outcome, reason)) in (1..).zip(rows) {
        batch.add_row(row, row + 1, &[cell.into(), cell.into(), "one more".into()]).unwrap();
        batch.settle_row(row, outcome, reason, &format!("about {cell}")).unwrap();
    }
    batch.add_row(5, 6, &[]).unwrap();
    batch.commit().unwrap();
    journal.seal(&run.id, at).unwrap();
    let run = journal.run(run.id.as_str()).unwrap();
    (journal, run)
}

fn html(journal: &Journal, run: &Run) -> String {
    let mut out = Vec::new();
    write_html(journal, run, &SUBJECT, &jiff::tz::TimeZone::UTC, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Everything between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

#[test]
fn no_cell_breaks_out_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = hostile(&folder);
    let page = html(&journal, &run);
    assert_eq!(page.matches("<script").count(), 1, "only the page's own script");
    assert_eq!(page.matches("<style").count(), 1);
    assert_eq!(page.matches("<img").count(), 0);
    assert_eq!(page.matches("</table>").count(), 3);
    assert!(!page.contains("style=\""), "the policy forbids style attributes");
    for bad in ['\0', '\u{1b}', '\u{85}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{fffe}'] {
        assert!(!page.contains(bad), "{bad:?}");
    }
    assert!(page.contains("&lt;script&gt;alert(2)"));
    // Five rows, each with as many cells as there are headings.
    let rows = between(page.rsplit("<tbody>").next().unwrap(), "<tr", "</tr>");
    let widths: Vec<_> = rows.iter().map(|row| row.matches("<td").count()).collect();
    assert_eq!(widths, [11; 5]);
    assert!(rows[0].contains(", one more"));
    // First the rows that need a look, the worst first.
    let apart = between(&page, "<h2 id=\"problems\">", "</section>")[0];
    let rows = between(apart.split("<tbody>").nth(1).unwrap(), "<tr", "</tr>");
    let classes: Vec<_> = rows.iter().map(|row| between(row, "class=\"", "\"")[0]).collect();
    assert_eq!(classes, ["unknown", "failed", "skipped"]);
    assert!(rows[1].contains("&lt;script&gt;alert(2)") && rows[1].contains(", one more"));
    assert!(page.find("problems").unwrap() < page.find("id=\"all\"").unwrap());
}

/// The policy allows exactly the style and the script that are there, and no other source.
/// A page of a large run has its first rows, and says where every row is.
#[test]
fn the_page_of_a_large_run_has_its_first_rows_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (mut journal, small) = run(&folder);
    assert!(!html(&journal, &small).contains("report.csv"));
    let at = small.created_at;
    let new = NewRun {
        job: Job::AddMembers,
        site: small.site.clone(),
        organization: None,
        profile: "acme".into(),
        input: "people.csv".into(),
        headings: vec!["Email".into()],
        options: serde_json::json!({}),
        undoes: None,
        at,
    };
    let (large, _lock) = journal.begin(&new).unwrap();
    let mut batch = journal.batch(&large.id).unwrap();
    for row in 1..=1_200 {
        batch.add_row(row, row + 1, &[format!("user{row}@example.com")]).unwrap();
        batch.settle_row(row, Outcome::Unchanged, Reason::AlreadyMember, "").unwrap();
    }
    batch.commit().unwrap();
    journal.seal(&large.id, at).unwrap();
    let page = html(&journal, &journal.run(large.id.as_str()).unwrap());
    assert!(page.contains("The first 1,000 of 1,200 rows"), "{page}");
    assert!(page.contains("report.csv"));
    assert!(page.contains("user1000@example.com") && !page.contains("user1001@example.com"));
}

#[test]
fn the_policy_fits_the_page() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let page = html(&journal, &run);
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"")[0];
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    for element in ["style", "script"] {
        let text = between(&page, &format!("<{element}>"), &format!("</{element}>"))[0];
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(text));
        assert!(policy.contains(&format!("{element}-src 'sha256-{hash}'")), "{policy}");
    }
    for outside in ["http://", "src=", "href=\"http", "url(", "@import", "unsafe"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn the_page_shows_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let page = html(&journal, &run);
    for told in [
        "Members added to groups",
        "5 rows: 1 unchanged, 1 failed, 3 skipped.",
        "https://acme.atlassian.net",
        "the profile ",
        "people.csv",
        "Friday, November 20, 2026, 18:00:00 (UTC+00:00)",
        "Skipped (2 rows)",
        "Duplicates (1 row)",
        "2 rows were corrected on the page: rows 2, 5. ",
        "words</bdi> <span class=\"mark\">corrected on the page</span>",
        "user-not-found",
        "=1+1@example.com",
    ] {
        assert!(page.contains(told), "{told}\n{page}");
    }
    // Nothing was sent: no chart of it.
    assert!(!page.contains("Rows a second"));
}

fn junit(journal: &Journal, run: &Run) -> String {
    let mut out = Vec::new();
    write_junit(journal, run, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_junit_report_is_well_formed_whatever_the_cells() {
    use quick_xml::events::Event;
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = hostile(&folder);
    let text = junit(&journal, &run);
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut open, mut seen) = (Vec::new(), Vec::new());
    loop {
        let name = |name: &str| name.to_owned();
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                for attribute in element.attributes() {
                    attribute.unwrap();
                }
                open.push(name(element.name().as_ref()));
                seen.push(open.join("/"));
            }
            Event::Empty(element) => {
                seen.push(format!("{}/{}", open.join("/"), name(element.name().as_ref())));
            }
            Event::End(element) => assert_eq!(open.pop(), Some(name(element.name().as_ref()))),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    let suite = "testsuites/testsuite";
    let count = |path: &str| seen.iter().filter(|seen| **seen == format!("{suite}/{path}")).count();
    assert_eq!(count("testcase"), 5);
    assert_eq!(count("testcase/failure"), 1);
    assert_eq!(count("testcase/error"), 1);
    assert_eq!(count("testcase/skipped"), 2, "one skipped, one pending");
    assert_eq!(seen[2], format!("{suite}/properties"), "the properties come first");
    let illegal = |c: char| (c < ' ' && !matches!(c, '\n' | '\r' | '\t')) || c == '\u{fffe}';
    assert!(!text.contains(illegal));
}

#[test]
fn the_junit_report_counts_like_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, run) = run(&folder);
    let text = junit(&journal, &run);
    assert!(text.contains(
        "<testsuite name=\"headcount member add 20261120-1\" tests=\"5\" failures=\"1\" errors=\"0\" skipped=\"3\""
    ), "{text}");
    assert!(text.contains("<testcase name=\"row 1: =1+1@example.com, a, &quot;b&quot;\" classname=\"headcount.member-add\"/>"), "{text}");
    assert!(text.contains("<failure message=\"forbidden: words\" type=\"forbidden\">"), "{text}");
}
