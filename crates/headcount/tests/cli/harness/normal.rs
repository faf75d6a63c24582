//! Replaces what differs from run to run in a text: days, times, durations, ports, paths.

use std::sync::LazyLock;

use regex_lite::Regex;

/// The patterns and their replacements, in this order.
static RULES: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "2026-01-01T00:00:00Z"),
        (r#"timestamp="[^"]*""#, "timestamp=\"2026-01-01T00:00:00\""),
        (r#" time="[\d.]+""#, " time=\"0.123\""),
        // Days of an export: the sandbox counts them back from today.
        (r",\d{1,2} [A-Z][a-z]{2} 20\d\d\b", ",1 Jan 2026"),
        (r"\b20\d{6}-(\d+)\b", "20260101-$1"),
        // The sandbox made its credentials a month ago.
        (r"ends in 33\d days \([^)]*\)", "ends in 335 days (DAY)"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"localhost:\d+", "localhost:PORT"),
        (r"  takes      [^\n]*, depending on the site\n", ""),
        (r"(W|w)aiting until \d\d:\d\d:\d\d", "${1}aiting until THEN"),
        (r"headcount-demo-\d+", "headcount-demo-PID"),
        (r"\(process \d+\)", "(process PID)"),
        // Accounts that were created at the same time, in varying order.
        (r"712020:[0-9a-f-]{36}", "712020:AN-ID"),
        // The progress of a run, which is shown only if the run takes long.
        (r"\n[^\n]* rows per second · [^\n]* left", ""),
        // Trailing spaces are invisible in a snapshot.
        (r"[ \t]+\n", "\n"),
    ]
    .into_iter()
    .map(|(pattern, with)| (Regex::new(pattern).expect("a pattern"), with))
    .collect()
});

/// The text with all replacements; `root` is the folder of the world.
pub fn text(text: &str, root: &str) -> String {
    let mut text = text.replace(root, "/TMP");
    for (pattern, with) in RULES.iter() {
        text = pattern.replace_all(&text, *with).into_owned();
    }
    in_order(&text)
}

/// Rows that ended at the same time are reported in varying order, so neighboring lines of them are sorted.
fn in_order(text: &str) -> String {
    let is_row = |line: &str| {
        let mut words = line.strip_prefix("  row ").unwrap_or_default().split(' ');
        words.next().is_some_and(|number| number.parse::<u64>().is_ok())
            && words.next().is_some_and(|word| word.ends_with(':'))
    };
    let mut lines: Vec<&str> = text.split('\n').collect();
    for rows in lines.chunk_by_mut(|one, other| is_row(one) == is_row(other)) {
        if is_row(rows[0]) {
            rows.sort_unstable();
        }
    }
    lines.join("\n")
}
