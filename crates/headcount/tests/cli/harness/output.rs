//! What a command printed and how it ended, with the checks that every command must pass.

use std::os::unix::process::ExitStatusExt;

use serde_json::Value;

use super::world::World;

/// What a command printed, and its exit code.
pub struct Output {
    /// The exit code; 128 plus the signal that ended it, as in a shell.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    /// The same without what differs from run to run.
    transcript: String,
}

impl Output {
    #[track_caller]
    pub(super) fn new(world: &World, line: String, output: &std::process::Output) -> Self {
        let status = output.status;
        let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        let code = code.expect("a code or a signal");
        let mut transcript = format!("$ {line}\n");
        for (name, text) in [("stdout", &stdout), ("stderr", &stderr)] {
            if !text.is_empty() {
                transcript.push_str(&format!("─── {name}\n{text}"));
                if !text.ends_with('\n') {
                    transcript.push_str("⏎ missing\n");
                }
            }
        }
        transcript.push_str(&format!("─── exit {code}\n"));
        world.check_text("the output", &transcript);
        world.check_files();
        let transcript = world.normal(&transcript);
        let output = Self { code, stdout, stderr, transcript };
        output.check();
        output
    }

    /// Checks for every command: a pipe gets no escape sequence, there was no panic, and a failure says what to
    /// do.
    #[track_caller]
    fn check(&self) {
        let raw = |c: char| {
            (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!self.stderr.contains(raw), "control characters on stderr: {:?}", self.stderr);
        assert!(!self.stderr.contains("headcount has a bug"), "a panic:\n{}", self.transcript);
    }

    /// Asserts the exit code.
    #[track_caller]
    pub fn exit(self, code: i32) -> Self {
        assert_eq!(self.code, code, "the exit code is another\n{}", self.transcript);
        self
    }

    /// Asserts the snapshot of this name: both outputs and the exit code.
    #[track_caller]
    pub fn snap(self, name: &str) -> Self {
        snap(name, &self.transcript);
        self
    }

    /// Both outputs and the exit code, for a snapshot.
    pub fn transcript(&self) -> &str {
        &self.transcript
    }

    /// Asserts that standard error contains a text.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "it does not say “{text}”\n{}", self.transcript);
        self
    }

    /// The events of `--json`, with the checks that all events must pass.
    #[track_caller]
    pub fn events(&self) -> Events {
        Events::read(&self.stdout, self.code, &self.transcript)
    }

    /// The run's id, as the plan names it.
    #[track_caller]
    pub fn run_id(&self) -> String {
        let named = self.stderr.lines().find_map(|line| {
            let line = line.strip_prefix("Plan ").or_else(|| line.strip_prefix("Run "))?;
            line.split(':').next().map(str::to_owned)
        });
        named.unwrap_or_else(|| panic!("no run is named\n{}", self.transcript))
    }

    /// Standard output as a table: headings and rows.
    #[track_caller]
    pub fn table(&self) -> Vec<Vec<String>> {
        table(&self.stdout)
    }
}

/// Asserts the snapshot of this name.
#[track_caller]
pub fn snap(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

/// CSV text as rows of cells, the headings first.
#[track_caller]
pub fn table(text: &str) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(|record| record.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

/// The events of one command.
pub struct Events(pub Vec<Value>);

impl Events {
    /// Reads the events and checks them: each line parses and has the five fields, numbers have no gap, `finished`
    /// is last and occurs once, its exit code is the program's, and its counts add up.
    #[track_caller]
    fn read(stdout: &str, exit: i32, transcript: &str) -> Self {
        let mut events = Vec::new();
        for (at, line) in stdout.lines().enumerate() {
            let event: Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{error}: {line}\n{transcript}"));
            assert_eq!(event["v"], 1, "{line}\n{transcript}");
            assert_eq!(event["seq"], at as u64 + 1, "the numbers have a gap\n{transcript}");
            for field in ["event", "run", "at", "site"] {
                assert!(event[field].is_string(), "no {field}: {line}\n{transcript}");
            }
            let at = event["at"].as_str().expect("a text");
            assert!(at.parse::<jiff::Timestamp>().is_ok(), "no time: {line}\n{transcript}");
            events.push(event);
        }
        let events = Self(events);
        let finished = events.named("finished");
        assert_eq!(finished.len(), 1, "`finished` comes once\n{transcript}");
        let last = events.0.last().expect("an event");
        assert_eq!(last["event"], "finished", "`finished` is last\n{transcript}");
        assert_eq!(last["exit"], exit, "the exit code is another\n{transcript}");
        assert!(last["state"].is_string(), "no state\n{transcript}");
        for counted in events.0.iter().filter(|event| event.get("counts").is_some()) {
            let number = |name: &str| {
                counted["counts"][name].as_u64().unwrap_or_else(|| panic!("no {name}: {counted}"))
            };
            let sum: u64 = ["changed", "unchanged", "failed", "skipped", "unknown", "pending"]
                .map(number)
                .iter()
                .sum();
            assert_eq!(number("rows"), sum, "the counts do not add up: {counted}\n{transcript}");
            assert!(number("planned") <= sum, "more planned than rows: {counted}\n{transcript}");
        }
        events
    }

    /// All events of a name.
    pub fn named(&self, name: &str) -> Vec<&Value> {
        self.0.iter().filter(|event| event["event"] == name).collect()
    }

    /// The names in order, without repetitions.
    pub fn order(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.0.iter().filter_map(|event| event["event"].as_str()).collect();
        names.dedup();
        names
    }

    /// A count of the last event.
    #[track_caller]
    pub fn count(&self, name: &str) -> u64 {
        let last = self.0.last().expect("an event");
        last["counts"][name].as_u64().unwrap_or_else(|| panic!("no {name}: {last}"))
    }

    /// A field of the last event.
    pub fn last(&self, name: &str) -> &Value {
        &self.0.last().expect("an event")[name]
    }
}
