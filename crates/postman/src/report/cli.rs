//! The report for people during a run, in the order of Newman's.

use std::fmt::Write;

use headcount_model::harmful::harmless;

use crate::run::{Execution, LogEntry, Run, Secrets, SentRequest, Stats};

use super::failures::{Failure, failures};

/// The signs of the report.
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    passed: &'static str,
    item: &'static str,
    folder: &'static str,
}

impl Symbols {
    /// With Unicode.
    pub const UNICODE: Self = Self { passed: "✓", item: "→", folder: "❏" };
    /// Without Unicode.
    pub const PLAIN: Self = Self { passed: "√", item: "→", folder: "□" };
}

/// The most failures that are listed; report files have all.
const MOST: usize = 200;

/// Writes the report in parts.
#[derive(Debug)]
pub struct CliReport<'r> {
    run: &'r Run,
    symbols: Symbols,
    secrets: &'r Secrets,
    group: Option<usize>,
    failed: usize,
    listed: Vec<(Failure, String, usize)>,
}

impl<'r> CliReport<'r> {
    /// A new report.
    pub fn new(run: &'r Run, symbols: Symbols, secrets: &'r Secrets) -> Self {
        Self { run, symbols, secrets, group: None, failed: 0, listed: Vec::new() }
    }

    /// The name of the collection.
    pub fn start(&self) -> String {
        format!("{}\n", line(&self.run.collection.name))
    }

    /// The beginning of an iteration; empty if there is only one.
    pub fn iteration(&mut self, number: usize) -> String {
        self.group = None;
        match self.run.iterations {
            0 | 1 => String::new(),
            all => format!("\nIteration {}/{all}\n", number + 1),
        }
    }

    /// One request of a row with these secrets.
    pub fn execution(&mut self, execution: &Execution, secrets: &Secrets) -> String {
        let mut text = String::new();
        let group = execution.item.groups.last().copied().filter(|group| *group != 0);
        if group.is_some() && group != self.group {
            let names = self.run.location(&execution.item);
            let folders = names.get(1..names.len() - 1).unwrap_or_default().join(" / ");
            let _ = writeln!(text, "\n{} {}", self.symbols.folder, line(&folders));
        }
        if group != self.group && group.is_none() {
            text.push('\n');
        }
        self.group = group;
        let arrow = if group.is_some() { "↳" } else { self.symbols.item };
        let _ = writeln!(text, "{arrow} {}", line(&execution.item.name));
        for entry in &execution.log {
            self.entry(entry, execution, &mut text);
        }
        if let Some(untested) = execution.untested(self.run.options.mode) {
            self.failed += 1;
            let _ = writeln!(text, "  {}. {untested}", self.failed);
        }
        if execution.skipped {
            text += "  skipped\n";
        }
        let name = self.run.location(&execution.item);
        let name = name.get(1..).unwrap_or_default().join(" / ");
        for mut failure in failures(execution, self.run.options.mode) {
            if self.listed.len() < MOST {
                failure.test = secrets.masked(&failure.test);
                failure.message = secrets.masked(&failure.message);
                self.listed.push((failure, line(&name), execution.cursor.iteration));
            }
        }
        secrets.masked(&text)
    }

    fn entry(&mut self, entry: &LogEntry, execution: &Execution, text: &mut String) {
        match entry {
            LogEntry::Request(at) => {
                if let Some(request) = execution.requests.get(*at) {
                    let _ = writeln!(text, "  {}", line(&request_line(request)));
                    if request.error.is_some() {
                        self.failed += 1;
                        let _ = writeln!(text, "  {}. {}", self.failed, line(&message(request)));
                    }
                }
            }
            LogEntry::Assertion(_, assertion) if assertion.skipped => {
                let _ = writeln!(text, "  - {}", line(&assertion.name));
            }
            LogEntry::Assertion(_, assertion) if assertion.passed => {
                let _ = writeln!(text, "  {}  {}", self.symbols.passed, line(&assertion.name));
            }
            LogEntry::Assertion(_, assertion) => {
                self.failed += 1;
                let _ = writeln!(text, "  {}. {}", self.failed, line(&assertion.name));
            }
            LogEntry::Script(failure) => {
                self.failed += 1;
                let place = line(&format!("{} in {failure}", failure.error.name));
                let _ = writeln!(text, "  {}⠄ {place}", self.failed);
            }
            LogEntry::Console(_, printed) => {
                let lines = printed.lines().map(|it| format!("  │ {}\n", line(it)));
                let _ = write!(text, "  ┌\n{}  └\n", lines.collect::<String>());
            }
        }
    }

    /// The table of counts, and the failures.
    pub fn end(&self, stats: &Stats, seconds: f64) -> String {
        let rows = [
            ("iterations", stats.iterations),
            ("requests", stats.requests),
            ("test-scripts", stats.test_scripts),
            ("prerequest-scripts", stats.prerequest_scripts),
            ("assertions", stats.assertions),
        ];
        let border = |left: &str, middle: &str, right: &str| {
            format!(
                "{left}{}{middle}{}{middle}{}{right}\n",
                "─".repeat(25),
                "─".repeat(18),
                "─".repeat(18)
            )
        };
        let row = |name: &str, total: &str, failed: &str| {
            format!("│ {name:>23} │ {total:>16} │ {failed:>16} │\n")
        };
        let mut text = format!("\n{}", border("┌", "┬", "┐"));
        text += &row("", "executed", "failed");
        for (name, counts) in rows {
            text += &border("├", "┼", "┤");
            text += &row(name, &counts.total.to_string(), &counts.failed.to_string());
        }
        text += &border("└", "┴", "┘");
        let _ = writeln!(text, "total run duration: {seconds:.1}s");
        let _ = writeln!(text, "total data received: {} B (approx)", stats.received);
        let timings = &stats.timings;
        let _ = writeln!(
            text,
            "average response time: {:.0}ms [min: {:.0}ms, max: {:.0}ms, s.d.: {:.0}ms]",
            timings.average,
            timings.min,
            timings.max,
            timings.deviation()
        );
        self.secrets.masked(&(text + &self.failures(stats)))
    }

    fn failures(&self, stats: &Stats) -> String {
        let mut text = String::new();
        for (number, (failure, item, iteration)) in self.listed.iter().enumerate() {
            let _ = writeln!(
                text,
                "\n{:>3}. {}  {}",
                number + 1,
                line(&failure.name),
                line(&failure.test)
            );
            for part in failure.message.split('\n') {
                let _ = writeln!(text, "     {}", line(part));
            }
            let of = match self.run.iterations {
                0 | 1 => String::new(),
                _ => format!(", iteration {}", iteration + 1),
            };
            let _ = writeln!(text, "     at {} inside \"{item}\"{of}", line(&failure.at));
        }
        let more = stats.failures().max(self.failed).saturating_sub(self.listed.len());
        if more > 0 {
            let _ = writeln!(text, "\n{more} more failures; -r json lists all");
        }
        text
    }
}

/// A text of a collection or a response on one line, without characters that control a terminal.
fn line(text: &str) -> String {
    harmless(text, '\u{fffd}')
}

fn request_line(request: &SentRequest) -> String {
    let Some(status) = request.status.filter(|_| request.error.is_none()) else {
        return format!("{} {} [errored]", request.method, request.url);
    };
    let time = request.time.as_millis();
    let size = size(request.body.len());
    format!("{} {} [{status} {}, {size}, {time}ms]", request.method, request.url, request.reason)
}

fn message(request: &SentRequest) -> String {
    request.error.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1000 => format!("{bytes}B"),
        1000..1_000_000 => format!("{:.2}kB", bytes as f64 / 1000.0),
        _ => format!("{:.2}MB", bytes as f64 / 1_000_000.0),
    }
}
