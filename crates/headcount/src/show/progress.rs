//! The progress bar: counts by outcome, rate and time left. Without a terminal, a plain line from time to time.

use std::fmt::Write;
use std::time::{Duration, Instant};

use headcount_app::words::{about, thousands};
use headcount_model::outcome::Counts;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::runs;
use crate::context::Context;
use crate::terminal::talk;
use crate::terminal::wrapped;

/// The shortest time between two plain lines.
const LINES: Duration = Duration::from_secs(10);

/// Shows the progress.
pub struct Progress {
    bar: ProgressBar,
    /// Whether plain lines replace the bar.
    plain: bool,
    /// Whether nothing is printed.
    quiet: bool,
    /// The width of the terminal.
    columns: Option<usize>,
    begun: Instant,
    told: Instant,
}

impl Progress {
    /// A bar for this many steps.
    pub fn sending(context: &Context, steps: u64) -> Self {
        Self::new(context, Some(steps), "  {bar:20} {human_pos}/{human_len}  {pace}  {wide_msg}")
    }

    /// A counter without a known end.
    pub fn counting(context: &Context, what: &str) -> Self {
        let progress = Self::new(context, None, "  {spinner} {msg}: {human_pos}");
        progress.bar.set_message(what.to_owned());
        progress
    }

    /// A counter whose end may become known.
    pub fn reading(context: &Context, what: &str) -> Self {
        let style = "  {spinner} {msg}: {human_pos}{of}";
        let progress = Self::new(context, None, style);
        progress.bar.set_message(what.to_owned());
        progress
    }

    /// Sets the end.
    pub fn total(&self, many: u64) {
        self.bar.set_length(many);
    }

    fn new(context: &Context, length: Option<u64>, style: &str) -> Self {
        let target = match context.bars {
            true => ProgressDrawTarget::stderr_with_hz(10),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(length, target);
        if let Ok(style) = ProgressStyle::with_template(style) {
            let pace = |state: &ProgressState, out: &mut dyn Write| {
                // A template error cannot be reported here, and the bar is not important.
                let _ = match state.pos() {
                    0 => Ok(()),
                    _ => {
                        write!(out, "{}, {} left", per_second(state.per_sec()), about(state.eta()))
                    }
                };
            };
            let of = |state: &ProgressState, out: &mut dyn Write| {
                if let Some(length) = state.len() {
                    let _ = write!(out, " of {}, {} left", thousands(length), about(state.eta()));
                }
            };
            let style = style.progress_chars("━━─").with_key("pace", pace).with_key("of", of);
            bar.set_style(style);
        }
        if context.bars {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let now = Instant::now();
        let plain = !context.bars && !context.quiet;
        Self { bar, plain, quiet: context.quiet, columns: context.columns, begun: now, told: now }
    }

    /// Adds to the count.
    pub fn add(&self, more: u64) {
        self.bar.inc(more);
    }

    /// Sets the count.
    pub fn set(&self, many: u64) {
        self.bar.set_position(many);
    }

    /// Shows the counts after another row got its outcome.
    pub fn settled(&mut self, counts: &Counts, done: u64) {
        self.bar.set_position(done);
        self.bar.set_message(runs::short(counts));
        if self.plain && self.told.elapsed() >= LINES {
            self.told = Instant::now();
            let rate = done as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
            let left = Duration::from_secs_f64(counts.pending as f64 / rate.max(0.001));
            talk::line(format_args!(
                "  {} · {} · {} left",
                runs::short(counts),
                per_second(rate),
                about(left)
            ));
        }
    }

    /// Prints a text above the bar. It may be colored, so foreign text in it was cleaned before.
    pub fn say(&self, text: &str) {
        if self.quiet {
            return;
        }
        // While the bar is suspended, any call to it would block forever.
        let text = wrapped(text, self.columns);
        self.bar.suspend(|| talk::line(format_args!("{text}")));
    }

    /// Removes the bar. Returns how long it was shown.
    pub fn end(&self) -> Duration {
        self.bar.finish_and_clear();
        self.begun.elapsed()
    }

    /// Hides the bar during a question. (It is not suspended, because an unanswered question would block it
    /// forever.)
    pub fn pause(&self) {
        self.bar.disable_steady_tick();
        if !self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::hidden());
            // The last state would stay on the line of the question.
            let _ = console::Term::stderr().clear_line();
        }
    }

    /// Shows the bar again.
    pub fn go_on(&self, context: &Context) {
        if context.bars {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            self.bar.enable_steady_tick(Duration::from_millis(200));
            // The time of an answer on the terminal does not count for the rate.
            self.bar.reset_eta();
        }
    }
}

/// `12,345 rows a second`, for the end of a run.
pub fn rate(rows: u64, time: Duration) -> String {
    per_second(rows as f64 / time.as_secs_f64().max(0.001))
}

fn per_second(rate: f64) -> String {
    match rate {
        rate if rate < 10.0 => format!("{rate:.1} rows per second"),
        rate => format!("{} rows per second", thousands(rate.round() as u64)),
    }
}
