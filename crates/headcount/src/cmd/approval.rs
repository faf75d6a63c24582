//! `run approve` and `run reject`.

use headcount_app::approval;
use headcount_app::failure::{Failure, OK};
use headcount_app::words::{clean, many};
use headcount_journal::{Did, Journal, Run, RunState};
use headcount_model::event::Event;

use crate::context::Context;

/// `run approve`.
pub async fn approve(journal: &mut Journal, typed: &str, context: &Context) -> Result<u8, Failure> {
    let run = found(journal, typed, context)?;
    let run = approval::approve(journal, &run, &context.app).await?;
    let (id, command) = (&run.id, context.command());
    let by = who(&run, Did::Approved);
    context.say(match run.state {
        RunState::Unapproved => format!(
            "{by} approved the plan of run {id}. It needs {} more.",
            many(u64::from(run.missing_approvals()), "approval")
        ),
        _ => format!("{by} approved the plan of run {id}. To apply it: {command} run apply {id}"),
    });
    finished(journal, &run, context)
}

/// `run reject`.
pub async fn reject(
    journal: &mut Journal,
    typed: &str,
    why: &str,
    context: &Context,
) -> Result<u8, Failure> {
    let run = found(journal, typed, context)?;
    let run = approval::reject(journal, &run, why, &context.app).await?;
    let by = who(&run, Did::Rejected);
    context.say(format!("{by} rejected the plan of run {}. It is never applied.", run.id));
    finished(journal, &run, context)
}

/// Says what a plan waits for.
pub fn say_who_approves(run: &Run, context: &Context) {
    let others = match run.missing_approvals() {
        1 => "another account".to_owned(),
        many => format!("{many} other accounts"),
    };
    let (command, id) = (context.command(), &run.id);
    context.say(format!(
        "Nothing was sent. The plan waits until {others} approved it: {command} run approve {id}"
    ));
}

fn found(journal: &Journal, typed: &str, context: &Context) -> Result<Run, Failure> {
    let run = journal.find(typed)?;
    context.events.about(&run, journal.counts(&run.id)?);
    Ok(run)
}

fn who(run: &Run, did: Did) -> String {
    clean(run.who(did).map(|by| by.name.as_str()).unwrap_or_default()).into_owned()
}

fn finished(journal: &Journal, run: &Run, context: &Context) -> Result<u8, Failure> {
    if context.json {
        let (state, counts) = (run.state.word().into(), journal.counts(&run.id)?);
        let event = Event::Finished { state, exit: OK, counts };
        context.events.write(context.app.clock, run.id.as_str(), &run.site, &event);
    }
    Ok(OK)
}
