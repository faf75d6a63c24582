//! Shows a sealed plan, asks, applies it, and reports the result: for a job, `run apply`, `run resume` and `run
//! undo`.

use std::io::Write;
use std::path::Path;

use headcount_app::apply::{How, carry_out, feedable, undoable};
use headcount_app::failure::{Failure, GUARD, OK, ROWS, USAGE};
use headcount_app::max_changes;
use headcount_app::queue;
use headcount_app::report_file::{self, Format};
use headcount_app::site::{Need, Opened};
use headcount_app::words;
use headcount_engine::{Ending, Halt, StopKind};
use headcount_journal::{Journal, ReasonCount, Run, RunLock, RunState, reading};
use headcount_model::event::Event;
use headcount_model::job::Job;
use headcount_people::jobs::{self, Creates};
use headcount_people::plan::{Summary, Unverified, summary};

use super::approval;
use super::question::{place, sentence, verb};
use crate::args::SendArgs;
use crate::context::Context;
use crate::interrupt::{INTERRUPTED, stop};
use crate::show::ask::Answers;
use crate::show::watch::Console;
use crate::show::{output, plan, runs};
use crate::terminal::events::Events;
use crate::terminal::{stdout, talk};

/// Checks the options: without a terminal, a job needs `--yes` or `--plan`; a change that takes something away and
/// is not confirmed needs a limit; a report needs a file that can be written.
pub fn check_options(
    job: Job,
    send: &SendArgs,
    answers: Answers,
    only_plan: bool,
    context: &Context,
) -> Result<(), Failure> {
    if let Some(path) = &send.report {
        output::check_report(path, context)?;
    }
    if only_plan {
        return Ok(());
    }
    if !send.yes && answers == Answers::Nowhere {
        return Err(Failure::new(USAGE, "there is no terminal to ask on")
            .hint("add --yes to continue without asking, or --plan to stop after the plan"));
    }
    if jobs::of(job).takes_away && send.yes && send.max_changes.is_none() {
        return Err(Failure::new(USAGE, format!("`{job}` with --yes needs --max-changes"))
            .hint("such as --max-changes 50, or a share of the site's users: --max-changes 5%"));
    }
    Ok(())
}

/// A sealed run that is being applied.
pub struct Sending<'a> {
    pub context: &'a Context,
    pub opened: &'a Opened,
    pub send: &'a SendArgs,
    pub answers: Answers,
    /// Whether the plan waited, so that the site is read again before sending.
    pub recheck: bool,
    pub only_plan: bool,
    /// Whether the run is handed over to a worker instead of applied.
    pub is_queued: bool,
    /// Whether it runs on a copy whose journal is discarded: no command can continue it.
    pub rehearsal: bool,
}

impl Sending<'_> {
    /// Shows the plan, asks, applies, and reports. Returns the exit code.
    pub async fn go(
        &self,
        journal: &mut Journal,
        run: &Run,
        _lock: &RunLock,
    ) -> Result<u8, Failure> {
        let mut events = self.context.events.clone();
        let plan = summary(journal, &run.id)?;
        events.about(run, plan.counts);
        self.show_plan(journal, run, &plan, &mut events)?;
        if self.only_plan {
            return self.keep(run, &plan, &mut events);
        }
        if run.state == RunState::Unapproved {
            approval::say_who_approves(run, self.context);
            self.finished(&mut events, run, GUARD, &plan);
            return Ok(GUARD);
        }
        let how = match self.ready(journal, run).await {
            Ok(how) => how,
            Err(failure) => {
                self.finished(&mut events, run, failure.exit, &plan);
                return Err(Failure { told: true, ..failure });
            }
        };
        if let Some(exit) = self.refused(run, &plan).await {
            let verb = continuing(run);
            self.context.say(format!(
                "Nothing was sent. The plan waits: {} run {verb} {}",
                self.command(),
                run.id
            ));
            self.finished(&mut events, run, exit, &plan);
            return Ok(exit);
        }
        if self.is_queued {
            return self.queue(journal, run, &plan, &how, &mut events);
        }
        self.carry(journal, run, &plan, how, events).await
    }

    /// Hands the run over to a worker.
    fn queue(
        &self,
        journal: &Journal,
        run: &Run,
        plan: &Summary,
        how: &How,
        events: &mut Events,
    ) -> Result<u8, Failure> {
        let (by, clock) = (&self.opened.guards.own_account, self.context.app.clock);
        queue::put(journal, run, how.max_changes(), by.mail.as_deref(), clock)?;
        let command = self.command();
        self.context.say(format!(
            "Run {} waits for a worker. To follow it: {command} run show {}",
            run.id, run.id
        ));
        if !self.context.json {
            writeln!(stdout::data(), "{}", run.id)?;
        }
        self.finished(events, run, OK, plan);
        Ok(OK)
    }

    fn show_plan(
        &self,
        journal: &Journal,
        run: &Run,
        plan: &Summary,
        events: &mut Events,
    ) -> Result<(), Failure> {
        let forecast = self.opened.forecast(plan.steps, Need::of_run(run));
        let text = plan::text(journal, run, plan, forecast, self.context.paint)?;
        self.context.say(text.trim_end());
        if self.context.json {
            let event = Event::Planned {
                counts: plan.counts,
                seats: plan.seats.clone(),
                mails: plan.mails,
                read: reading(run).map(Box::new),
            };
            events.write(self.context.app.clock, run.id.as_str(), &run.site, &event);
        }
        Ok(())
    }

    fn keep(&self, run: &Run, plan: &Summary, events: &mut Events) -> Result<u8, Failure> {
        match (run.state, plan.steps) {
            (RunState::Unapproved, _) => approval::say_who_approves(run, self.context),
            (_, 0) => self
                .context
                .say("Nothing was sent. The plan has no changes, so there is nothing to apply."),
            _ => self.context.say(format!(
                "Nothing was sent. To apply it: {} run apply {}",
                self.command(),
                run.id
            )),
        }
        if !self.context.json {
            writeln!(stdout::data(), "{}", run.id)?;
        }
        self.finished(events, run, OK, plan);
        Ok(OK)
    }

    /// Writes the last event of a command that sent nothing.
    fn finished(&self, events: &mut Events, run: &Run, exit: u8, plan: &Summary) {
        if self.context.json {
            let state = run.state.word().into();
            let event = Event::Finished { state, exit, counts: plan.counts };
            events.write(self.context.app.clock, run.id.as_str(), &run.site, &event);
        }
    }

    /// Prepares to apply the run, if that is allowed.
    async fn ready(&self, journal: &Journal, run: &Run) -> Result<How, Failure> {
        self.check_guards(run)?;
        let bound = self.check_max_changes(journal, run).await?;
        headcount_app::apply::how(&self.send.options(), self.opened, run.job, bound, self.recheck)
            .await
    }

    /// With `--yes`, refuses a plan whose guards could have checked something and did not see it. (With only an
    /// API token, no call shows administrators; then the plan says so, and `--max-changes` limits it.)
    fn check_guards(&self, run: &Run) -> Result<(), Failure> {
        let blind = Unverified::of(run);
        let could_look = self.opened.site.admin.is_some();
        let unseen = [
            (blind.administrators, "the user is an organization administrator"),
            (blind.apps, "the group gives access to an app"),
        ];
        let unseen = unseen
            .into_iter()
            .enumerate()
            .find(|(at, (rows, _))| *rows > 0 && (could_look || *at > 0));
        let Some((_, (rows, what))) = unseen else { return Ok(()) };
        if !self.send.yes || self.send.allow_unverified {
            return Ok(());
        }
        let rows = words::many(rows, "row");
        let message =
            format!("for {rows}, headcount could not check whether {what}; nothing was sent");
        let verb = continuing(run);
        let bound = if jobs::of(run.job).takes_away { " --max-changes N" } else { "" };
        Err(Failure::new(USAGE, message).hint(format!(
            "check the plan ({command} run show {id} --rows). If this is true for none of its rows: {command} run \
             {verb} {id} --yes{bound} --allow-unverified",
            command = self.command(),
            id = run.id,
        )))
    }

    async fn check_max_changes(
        &self,
        journal: &Journal,
        run: &Run,
    ) -> Result<Option<u64>, Failure> {
        let Some(most) = self.send.max_changes else { return Ok(None) };
        let hint = |changes| {
            let verb = continuing(run);
            let yes = if self.send.yes { " --yes" } else { "" };
            let (command, id) = (self.command(), &run.id);
            let again = format!("{command} run {verb} {id}{yes} --max-changes {changes}");
            format!("if the plan is right, raise the maximum: {again}").into()
        };
        max_changes::check(most, journal, run, self.opened, hint).await.map(Some)
    }

    /// Asks whether to continue. Returns the exit code if the answer is no. The question blocks a thread of its
    /// own, so that a request to end is received meanwhile.
    async fn refused(&self, run: &Run, plan: &Summary) -> Option<u8> {
        if self.send.yes || plan.steps == 0 {
            return None;
        }
        let (steps, answers, place) = (plan.steps, self.answers, place(run));
        let ask: Box<dyn FnOnce() -> bool + Send> = if jobs::of(run.job).takes_away {
            let count = words::thousands(steps);
            let question =
                format!("This will {} on {place}. Type {count} to continue:", verb(run, steps));
            Box::new(move || answers.typed(&question, steps))
        } else {
            let question = format!("{} on {place}?", sentence(run, steps));
            Box::new(move || answers.yes(&question))
        };
        let mut requests = self.context.interrupts.own();
        tokio::select! {
            yes = tokio::task::spawn_blocking(ask) => (!yes.unwrap_or(false)).then_some(GUARD),
            _ = requests.next() => {
                talk::line("");
                Some(INTERRUPTED)
            }
        }
    }

    async fn carry(
        &self,
        journal: &mut Journal,
        run: &Run,
        plan: &Summary,
        how: How,
        events: Events,
    ) -> Result<u8, Failure> {
        let halt = Halt::default();
        let answers = (!self.send.yes).then_some(self.answers);
        let mut console = Console::new(self.context, run, plan.counts, plan.steps, answers, events);
        // Until the report is written, too.
        let _heard = self.context.interrupts.own();
        let requests = self.context.interrupts.own();
        let listener = tokio::spawn(stop(requests, halt.clone(), self.context.quiet));
        let clock = self.context.app.clock;
        let (how, watcher) = (how.until(halt), &mut console);
        let ending = carry_out(journal, run, self.opened, &how, clock, watcher).await;
        listener.abort();
        console.end();
        match ending {
            Ok(ending) => self.end(journal, run, ending, &mut console),
            Err(error) => Err(broken_off(error.into(), &mut console)),
        }
    }

    fn end(
        &self,
        journal: &Journal,
        run: &Run,
        ending: Ending,
        console: &mut Console<'_>,
    ) -> Result<u8, Failure> {
        let run = journal.run(run.id.as_str())?;
        let (counts, reasons) = journal.tally(&run.id)?;
        let exit = match &ending {
            Ending::Finished if counts.all_well() => OK,
            Ending::Finished => ROWS,
            Ending::Stopped(stop) => stop.kind.exit_code(),
        };
        self.context.say(format!(
            "{} {}: {}",
            self.context.paint.bold(&match self.rehearsal {
                true => "Rehearsal".to_owned(),
                false => format!("Run {}", run.id),
            }),
            run.state.word(),
            runs::short(&counts)
        ));
        self.tell_reasons(journal, &run)?;
        let written = write_report(journal, &run, self.send, self.context);
        self.tell_next(&run, &ending, &reasons);
        // The changes were sent, so a report that cannot be written is not a usage error here.
        let exit = if written.is_err() { exit.max(ROWS) } else { exit };
        console.tell(&Event::Finished { state: run.state.word().into(), exit, counts });
        written.map(|()| exit).map_err(|failure| Failure { exit, told: true, ..failure })
    }

    fn tell_reasons(&self, journal: &Journal, run: &Run) -> Result<(), Failure> {
        let mut text = String::new();
        runs::reasons(&mut text, journal, run, self.context.paint)?;
        if !text.is_empty() {
            self.context.say(text.trim_end());
        }
        Ok(())
    }

    /// Prints the command that continues from here, always as the last line; after a stop, the undo and cancel
    /// commands before it.
    fn tell_next(&self, run: &Run, ending: &Ending, reasons: &[ReasonCount]) {
        if self.rehearsal || self.context.is_demo {
            return;
        }
        let command = self.command();
        match ending {
            Ending::Stopped(stop) => {
                let first = match stop.kind {
                    StopKind::Credential => "Correct the credentials, then continue: ",
                    StopKind::Blocked => {
                        "Run headcount from an allowed network, or have this computer's address added in \
                         admin.atlassian.com > Security, then continue: "
                    }
                    StopKind::Redirected => "Correct the address, then continue: ",
                    StopKind::Canary | StopKind::Failures => "Check it, then continue: ",
                    _ => "To continue: ",
                };
                if matches!(stop.kind, StopKind::Canary | StopKind::Declined) {
                    self.tell_ways_back(run, reasons);
                }
                self.context.say(format!("{first}{command} run resume {}", run.id));
            }
            Ending::Finished => {
                if undoable(run.job, reasons) > 0 {
                    self.context.say(format!("To undo it: {}", self.undo(run)));
                }
                let feedable = feedable(reasons);
                if feedable > 0 {
                    let rows = words::many(feedable, "row");
                    self.context.say(format!(
                        "{rows} to correct or try again. To export: {command} run failed {} -o FILE",
                        run.id
                    ));
                }
            }
        }
    }

    /// Prints how to undo what was applied before the run stopped, and how to cancel the rest.
    fn tell_ways_back(&self, run: &Run, reasons: &[ReasonCount]) {
        match undoable(run.job, reasons) {
            0 => {}
            1 => self.context.say(format!("To undo the row: {}", self.undo(run))),
            many => {
                self.context.say(format!(
                    "To undo the {}: {}",
                    words::many(many, "row"),
                    self.undo(run)
                ));
            }
        }
        let (command, id) = (self.command(), &run.id);
        self.context
            .say(format!("To end the run without the other rows: {command} run cancel {id}"));
    }

    fn undo(&self, run: &Run) -> String {
        let option = match jobs::of(run.job).creates {
            Creates::Nothing => "",
            Creates::Users | Creates::Groups => " --remove-created",
        };
        format!("{} run undo {}{option}", self.command(), run.id)
    }

    /// The program with the options that lead to the same run.
    fn command(&self) -> String {
        self.context.command()
    }
}

/// Writes the report, if one was requested.
pub fn write_report(
    journal: &Journal,
    run: &Run,
    send: &SendArgs,
    context: &Context,
) -> Result<(), Failure> {
    let Some(path) = &send.report else { return Ok(()) };
    let (format, form) = (Format::of_name(path), output::form(run, send.audience, Some(path)));
    report_file::write(journal, run, format, form, output::open(Some(path))?)?;
    if path != Path::new("-") {
        context.say(format!("Report: {}", path.display()));
    }
    Ok(())
}

/// Writes the last event of a run that could not continue, because the journal or the program failed.
pub fn broken_off(failure: Failure, console: &mut Console<'_>) -> Failure {
    let (exit, counts) = (failure.exit, console.counts);
    console.tell(&Event::Finished { state: "failed".into(), exit, counts });
    Failure { told: true, ..failure }
}

/// The command that continues a run.
fn continuing(run: &Run) -> &'static str {
    if run.state == RunState::Sealed { "apply" } else { "resume" }
}
