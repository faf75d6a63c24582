//! The log of a worker, on standard error.

use headcount_app::words::clean;
use headcount_model::clock::Clock;
use serde_json::json;

use crate::args::LogForm;
use crate::context::Context;
use crate::terminal::talk;

/// Writes the log; clones write the same one.
#[derive(Clone, Debug)]
pub struct Log {
    form: LogForm,
    worker: i64,
    is_quiet: bool,
    clock: Clock,
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Line<'l> {
    event: &'static str,
    words: &'l str,
    run: Option<&'l str>,
    exit: Option<u8>,
}

impl<'l> Line<'l> {
    /// A line about an event, in words.
    pub fn of(event: &'static str, words: &'l str) -> Self {
        Self { event, words, run: None, exit: None }
    }

    /// The same about a run.
    pub fn run(self, run: &'l str) -> Self {
        Self { run: Some(run), ..self }
    }

    /// The same with the exit code that a command would have had.
    pub fn exit(self, exit: u8) -> Self {
        Self { exit: Some(exit), ..self }
    }
}

impl Log {
    /// The log of a worker.
    pub fn new(form: LogForm, worker: i64, context: &Context) -> Self {
        Self { form, worker, is_quiet: context.quiet, clock: context.app.clock }
    }

    /// Writes a line.
    pub fn line(&self, line: &Line<'_>) {
        let Line { event, words, run, exit } = line;
        let at = self.clock.now();
        match self.form {
            LogForm::Json => {
                let line = json!({
                    "at": at.to_string(), "worker": self.worker, "event": event, "run": run,
                    "message": words, "exit": exit,
                });
                talk::line(line);
            }
            LogForm::Text if self.is_quiet => {}
            LogForm::Text => {
                let at = at.strftime("%Y-%m-%dT%H:%M:%SZ");
                let run = run.map(|run| format!(" run {run}")).unwrap_or_default();
                talk::line(format_args!("{at} {event}{run}: {}", clean(words)));
            }
        }
    }
}
