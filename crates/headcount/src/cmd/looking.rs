//! Shows on a terminal how a plan is made: counters, bad rows, and the question about them.

use headcount_app::failure::{Failure, USAGE};
use headcount_app::plan::{Onlooker, Phase};
use headcount_app::rehearse::check_rows;
use headcount_app::words;
use headcount_journal::Run;
use headcount_people::directory::exports::Notices;
use headcount_people::plan::ReadRows;

use super::sheet;
use crate::args::BadRows;
use crate::context::Context;
use crate::show::ask::Answers;
use crate::show::progress::Progress;

/// Observes the making of a plan.
pub struct Looking<'c> {
    context: &'c Context,
    answers: Answers,
    bad_rows: Option<BadRows>,
    yes: bool,
    progress: Option<Progress>,
    /// The run that is undone.
    undone: String,
    /// Whether the plan is for a copy of the site.
    is_rehearsal: bool,
}

impl<'c> Looking<'c> {
    /// `bad_rows` is the option; without it the user is asked, unless `yes`.
    pub fn new(
        context: &'c Context,
        answers: Answers,
        bad_rows: Option<BadRows>,
        yes: bool,
    ) -> Self {
        let (progress, undone, is_rehearsal) = (None, String::new(), false);
        Self { context, answers, bad_rows, yes, progress, undone, is_rehearsal }
    }

    /// For a plan on a copy of the site. It asks nothing.
    pub fn at_rehearsal(context: &'c Context, bad_rows: Option<BadRows>) -> Self {
        Self { is_rehearsal: true, ..Self::new(context, Answers::Nowhere, bad_rows, true) }
    }

    /// For the undo of this run.
    pub fn at_undo(context: &'c Context, answers: Answers, yes: bool, undone: &Run) -> Self {
        Self { undone: undone.id.to_string(), ..Self::new(context, answers, None, yes) }
    }

    fn goes_on_without(&self, bad: u64) -> bool {
        let question = match bad {
            1 => "Continue without this row?",
            _ => "Continue without these rows?",
        };
        match self.bad_rows {
            Some(choice) => choice == BadRows::Skip,
            None => !self.yes && self.answers != Answers::Nowhere && self.answers.yes(question),
        }
    }
}

impl Onlooker for Looking<'_> {
    fn begins(&mut self, phase: Phase) {
        let what = match phase {
            Phase::Reading => "rows read",
            Phase::LookingUp => "looked up on the site",
            // Only a few calls.
            Phase::Counting => return,
            Phase::LookingFirst => {
                let undone = &self.undone;
                let text = format!(
                    "First checking on the site whether unanswered requests of run {undone} were applied."
                );
                return self.context.say(text);
            }
        };
        self.progress = Some(Progress::counting(self.context, what));
    }

    fn counted(&mut self, many: u64) {
        if let Some(progress) = &self.progress {
            progress.set(many);
        }
    }

    fn ends(&mut self) {
        if let Some(progress) = self.progress.take() {
            progress.end();
        }
    }

    fn read(&mut self, name: &str, read: &ReadRows) -> Result<(), Failure> {
        if self.is_rehearsal {
            check_rows(&read.intents)?;
        }
        if !read.dropped.is_empty() {
            let fields: Vec<_> = read.dropped.iter().copied().collect();
            self.context.say(format!(
                "{} {}: the API no longer takes these; they are not sent",
                self.context.paint.yellow("Left out:"),
                fields.join(", ")
            ));
        }
        if let Some((line, column)) = &read.unseen.first {
            self.context.say(format!(
                "{} invisible characters ({}) in {} of {}; the first is in line {line}, column `{}`",
                self.context.paint.yellow("Removed:"),
                read.unseen.codes(),
                words::many(read.unseen.cells, "cell"),
                words::clean(name),
                words::clean(column)
            ));
        }
        if read.bad == 0 {
            return Ok(());
        }
        let rows = words::many(read.bad, "row");
        let message = format!("{rows} of {} cannot be read", words::clean(name));
        self.context
            .complain(format!("{} {message}", self.context.paint.yellow("Unreadable rows:")));
        sheet::tell_problems(&read.problems, read.bad, self.context);
        if self.goes_on_without(read.bad) {
            return Ok(());
        }
        let message = format!("{message}; nothing was sent");
        Err(Failure::new(USAGE, message).hint(match read.bad {
            1 => "correct it, or continue without it: --bad-rows skip",
            _ => "correct them, or continue without them: --bad-rows skip",
        }))
    }

    fn noticed(&mut self, export: &str, notices: &Notices) {
        sheet::tell(notices, export, self.context);
    }
}
