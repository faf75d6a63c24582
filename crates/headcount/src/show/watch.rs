//! The watcher of a run: on a terminal, in a script, or as events.

use headcount_app::words::{clean, many, thousands, time_of_day};
use headcount_engine::{CanaryReport, Watcher};
use headcount_journal::Run;
use headcount_model::event::Event;
use headcount_model::outcome::{Counts, Outcome};

use super::ask::Answers;
use super::progress::Progress;
use crate::context::Context;
use crate::terminal::events::Events;

/// How many rows with an unplanned outcome are reported one by one during a run; the others are in the report.
const TOLD: u64 = 10;

/// Shows a run.
pub struct Console<'c> {
    context: &'c Context,
    run: String,
    site: String,
    events: Events,
    progress: Progress,
    /// The counts so far, for the bar.
    pub counts: Counts,
    /// How many steps were settled since this command started.
    done: u64,
    told: u64,
    /// `None` means to continue without asking.
    answers: Option<Answers>,
}

impl<'c> Console<'c> {
    /// A console for a run with these counts.
    pub fn new(
        context: &'c Context,
        run: &Run,
        counts: Counts,
        steps: u64,
        answers: Option<Answers>,
        events: Events,
    ) -> Self {
        let progress = Progress::sending(context, steps);
        let (run, site) = (run.id.as_str().to_owned(), run.site.clone());
        Self { context, run, site, events, progress, counts, done: 0, told: 0, answers }
    }

    /// Writes an event of the command itself.
    pub fn tell(&mut self, event: &Event) {
        if self.context.json {
            self.events.write(self.context.app.clock, &self.run, &self.site, event);
        }
    }

    /// Removes the bar.
    pub fn end(&mut self) {
        let time = self.progress.end();
        if self.done > 0 {
            let rate = super::progress::rate(self.done, time);
            if self.context.verbose {
                self.context.say(format!(
                    "  sent {} in {:.1} s, {rate}",
                    many(self.done, "row"),
                    time.as_secs_f64()
                ));
            }
        }
    }

    fn settled(&mut self, row: u64, outcome: Outcome, words: &str) {
        self.counts.settle(outcome);
        self.done += 1;
        self.progress.settled(&self.counts, self.done);
        if outcome == Outcome::Changed {
            return;
        }
        self.told += 1;
        if self.told <= TOLD {
            let paint = self.context.paint;
            let word = match outcome {
                Outcome::Failed | Outcome::Unknown => paint.red(outcome.word()),
                Outcome::Skipped => paint.yellow(outcome.word()),
                Outcome::Unchanged | Outcome::Changed => paint.green(outcome.word()),
            };
            self.progress.say(&format!("  row {row} {word}: {words}"));
        } else if self.told == TOLD + 1 {
            self.progress.say("  the report has more of this kind");
        }
    }
}

/// `clean` would also remove the colors, so foreign text is cleaned before it is colored.
fn foreign(text: &str) -> String {
    clean(text).into_owned()
}

impl Watcher for Console<'_> {
    fn event(&mut self, event: &Event) {
        if let Event::Waiting { until, .. } = event
            && !self.context.waits.is_news(*until, self.context.app.clock.now())
        {
            return;
        }
        self.tell(event);
        let paint = self.context.paint;
        match event {
            Event::Settled { row, outcome, detail, .. } => {
                self.settled(*row, *outcome, &foreign(detail))
            }
            Event::Canary { row, ok, wanted, found } => {
                let word = if *ok { paint.green("as wanted") } else { paint.red("not as wanted") };
                self.progress.say(&format!("Canary: row {row} {word}"));
                self.progress.say(&format!("  wanted     {}", foreign(wanted)));
                self.progress.say(&format!("  found      {}", foreign(found)));
            }
            Event::Waiting { until, why } => {
                let until = time_of_day(*until, self.context.app.clock.now());
                self.progress.say(&format!("  waiting until {until}: {}", foreign(why)));
            }
            Event::Stopped { why } => {
                self.progress.say(&format!("{} {}", paint.yellow("Stopped:"), foreign(why)));
            }
            Event::Planned { .. } | Event::Seats { .. } | Event::Finished { .. } => {}
        }
    }

    async fn go_on(&mut self, canaries: &[CanaryReport], left: u64) -> bool {
        let Some(answers) = self.answers else { return true };
        let question = format!(
            "{} applied and verified. Continue with the other {}?",
            many(canaries.len() as u64, "row"),
            thousands(left)
        );
        self.progress.pause();
        // The question blocks a thread of its own, so that Ctrl-C is received meanwhile; then nothing waits for
        // the answer any more.
        let ask = tokio::task::spawn_blocking(move || answers.yes(&question));
        let yes = ask.await.unwrap_or(false);
        self.progress.go_on(self.context);
        yes
    }
}
