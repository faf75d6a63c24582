//! The switches and limits of sending, in plain words, and the button.

use headcount_app::words::seats::{seats_short, seats_taken};
use headcount_app::words::{many, thousands};
use headcount_journal::{Run, RunState};
use headcount_model::job::Job;
use headcount_model::user::Product;
use headcount_people::jobs;
use headcount_people::plan::{BlastRadius, Doubted, HANDFUL, Summary, Unverified, seats_left};
use maud::{Markup, html};

/// What stands for an outcome where rows are asked for that are to be looked at twice.
pub const TWICE: &str = "twice";

use crate::jobs::is_irreversible;
use crate::parts::action_bar;
use crate::parts::layout;
use crate::parts::place::Place;
use crate::parts::plan_options::product_name;
use crate::state::send_form::SendForm;
use crate::state::summary_cache::Facts;

/// Whether the count has to be typed: something is taken away from more than a handful, by an undo too.
pub fn wants_count(job: Job, steps: u64) -> bool {
    jobs::of(job).own_access && steps > HANDFUL
}

/// The form that starts a plan; what it does, where that is one step alone.
pub fn start(run: &Run, plan: &Summary, facts: &Facts) -> Markup {
    form(run, plan, facts, "start", true)
}

/// The form that goes on with a run.
pub fn resume(run: &Run, plan: &Summary, facts: &Facts) -> Markup {
    let canary = run.state == RunState::Running || was_answered_no(run);
    html! { div #decide { (form(run, plan, facts, "resume", canary)) } }
}

/// Whether it stopped because its first row was not right.
pub fn was_answered_no(run: &Run) -> bool {
    run.stop.as_deref() == Some("the answer after the canary was no")
}

fn form(run: &Run, plan: &Summary, facts: &Facts, verb: &str, canary: bool) -> Markup {
    if plan.steps == 0 {
        return nothing(run, verb);
    }
    let kept = SendForm::kept(run);
    html! {
        form #send .card.send method="post" action={ "/runs/" (run.id) "/" (verb) } {
            h2 { @if verb == "start" { "Apply it" } @else { "Continue" } }
            @if plan.steps > 1 {
                label.switch {
                    input type="checkbox" name="canary" value="yes" checked[canary];
                    span {
                        "Apply " (one(verb)) " first and ask before continuing"
                        span.faint { "headcount verifies it by reading the site, and shows you what it found." }
                    }
                }
            } @else {
                // One alone is read back and there is nothing left to ask about.
                input type="hidden" name="canary" value="yes";
            }
            details open[kept.has_limits()] {
                summary { "More limits" }
                @if kept.has_limits() { p.faint { "The limits of the last time." } }
                (limits(&kept))
            }
            (guards(run.job))
            @if wants_count(run.job, plan.steps) { (typed(run, plan, facts)) }
        }
    }
}

/// The count, typed.
fn typed(run: &Run, plan: &Summary, facts: &Facts) -> Markup {
    html! {
        div.field.typed {
            label for="typed" {
                "This will " (lowercase(&whole(run, plan, facts))) " on " (Place::of_run(run).name())
                @if is_irreversible(run.job) { ". This cannot be undone" }
                ". Type " strong { (plan.steps) } " to agree"
            }
            input #typed name="typed" inputmode="numeric" autocomplete="off" required
                pattern={ "\\s*" (plan.steps) "\\s*" } title={ "the number " (plan.steps) };
        }
    }
}

/// The bar at the lower edge: what the plan does, where, and the button.
pub fn bar(run: &Run, plan: &Summary, facts: &Facts, _forecast: bool) -> Markup {
    let verb = if run.state == RunState::Sealed { "start" } else { "resume" };
    let sentence = whole(run, plan, facts);
    let (rows, others) = (facts.counts.pending.saturating_sub(1), plan.steps.saturating_sub(1));
    let then = lowercase(&sentence_of_others(run, others, rows));
    let words = html! {
        @if plan.steps == 0 { strong { "Nothing to send" } } @else { strong { (sentence) } }
        " on " (Place::of_run(run).name())
        @if plan.steps > 0 && is_irreversible(run.job) { " · " strong.bad { "cannot be undone" } }
        @if plan.steps > 1 {
            span.one-first.faint { " · " (one(verb)) " first; when you agree, " (then) }
        }
    };
    let actions = html! {
        button type="submit" form="send" class=[class(run)] {
            @if plan.steps == 0 { "Finish it" }
            @else if verb == "resume" { "Continue" }
            @else if plan.steps > 1 {
                span.one-first { "Apply the first row" }
                span.all-at-once { (sentence) }
            } @else { (sentence) }
        }
        a.button.plain href="#decide" { "Options" }
    };
    action_bar::bar(&words, &actions)
}

/// After a stop a first row is done already.
fn one(verb: &str) -> &'static str {
    if verb == "start" { "one row" } else { "one more row" }
}

/// What the whole plan does.
fn whole(run: &Run, plan: &Summary, facts: &Facts) -> String {
    facts.only.clone().unwrap_or_else(|| sentence(run, plan.steps))
}

/// The sentence inside another one.
fn lowercase(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_lowercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// What cannot be undone has another color; continuing is not what is nearest after a first row that was
/// not right.
fn class(run: &Run) -> Option<&'static str> {
    if was_answered_no(run) {
        return Some("plain");
    }
    is_irreversible(run.job).then_some("danger")
}

/// There is nothing to agree to.
fn nothing(run: &Run, verb: &str) -> Markup {
    html! {
        form #send .card.send method="post" action={ "/runs/" (run.id) "/" (verb) } {
            h2 { "There is nothing to send" }
            p { "Every row is already as you want it, or cannot be sent. The reasons are on this page. Finishing the run makes its report." }
        }
    }
}

fn limits(kept: &SendForm) -> Markup {
    let or = |kept: &str, usual: &str| {
        if kept.trim().is_empty() { usual.to_owned() } else { kept.to_owned() }
    };
    html! {
        div.limits {
            div.field {
                label for="canary_rows" { "Rows to apply first" }
                input #canary_rows name="canary_rows" type="number" min="1" max="100" value=(or(&kept.canary_rows, "1"));
            }
            div.field {
                label for="max_changes" { "Most changes" }
                input #max_changes name="max_changes" placeholder="no limit" value=(kept.max_changes) autocomplete="off"
                    aria-describedby="max_changes_about";
                span #max_changes_about .faint { "a number, or a share of the site's users such as 5%" }
            }
            div.field {
                label for="max_failures" { "Stop after this many failures in a row" }
                input #max_failures name="max_failures" type="number" min="0" value=(or(&kept.max_failures, "10"))
                    aria-describedby="max_failures_about";
                span #max_failures_about .faint { "0: never" }
            }
            div.field {
                label for="verify" { "Verify by reading the site" }
                select #verify name="verify" {
                    @for (value, words) in [("canary", "the first row"), ("all", "every row (slower)"), ("none", "nothing")] {
                        option value=(value) selected[or(&kept.verify, "canary") == value] { (words) }
                    }
                }
            }
            div.field {
                label for="rate" { "Most requests per second" }
                input #rate name="rate" inputmode="decimal" placeholder="as fast as the site allows" value=(kept.rate) autocomplete="off";
            }
            div.field {
                label for="concurrency" { "Most requests at the same time" }
                input #concurrency name="concurrency" type="number" min="1" max="256" placeholder="the usual number" value=(kept.concurrency);
            }
        }
    }
}

/// What is never touched, whatever the sheet says.
fn guards(job: Job) -> Markup {
    let spec = jobs::of(job);
    html! {
        div.guards {
            p { "Never changed, whatever the spreadsheet says:" }
            ul {
                @if spec.own_access { li { "your own account" } }
                li { "users and groups that the settings of this site protect" }
                @if spec.takes_away { li { "organization administrators, as far as your credentials show them" } }
                li {
                    "users and groups that an identity provider (such as "
                    "Okta or Microsoft Entra) manages, as far as your credentials show it: it would undo the change"
                }
            }
        }
    }
}

/// What a button does: `Add 3,000 memberships`.
fn sentence(run: &Run, steps: u64) -> String {
    sentence_of(run, |what| many(steps, what))
}

/// What is done once the first row is right: `Add the other 2,999 memberships`. A row of several steps
/// leaves another number than one of one step does; where there are such none is told.
pub fn sentence_of_others(run: &Run, steps: u64, rows: u64) -> String {
    sentence_of(run, |what| match steps {
        _ if steps != rows => format!("the other {what}s"),
        1 => format!("the other {what}"),
        steps => format!("the other {} {what}s", thousands(steps)),
    })
}

fn sentence_of(run: &Run, count: impl Fn(&str) -> String) -> String {
    let phrases = jobs::of(run.job).phrases_of(run);
    phrases.capitalized(&count(phrases.one))
}

/// What the guards could not see with these keys.
pub fn not_known(run: &Run) -> Markup {
    let blind = Unverified::of(run);
    let told = [
        (blind.groups, "an identity provider manages the group"),
        (blind.administrators, "the user is an organization administrator"),
        (blind.people, "an identity provider manages the user"),
    ];
    html! {
        @if told.iter().any(|(rows, _)| *rows > 0) {
            (layout::note("warn", "What your credentials do not show", html! {
                ul.plain {
                    @for (rows, what) in told {
                        @if rows > 0 { li { "For " (many(rows, "row")) ": whether " (what) "." } }
                    }
                }
                p { "With an organization API key headcount would find such rows and leave them alone." }
            }))
        }
    }
}

/// What is to be looked at twice before it is agreed to.
pub fn look_twice(run: &Run, plan: &Summary) -> Markup {
    let left = seats_left(run);
    let most = share(run).filter(|share| share.is_mostly(plan.steps));
    let has_rows = !plan.notes.is_empty() || !plan.given.is_empty();
    html! {
        @if has_rows || most.is_some() {
            (layout::note("warn", "Look twice", html! {
                ul.plain {
                    @if let Some(share) = most {
                        li {
                            (many(plan.steps, "change")) ", of " (thousands(share.people)) " " (BlastRadius::who(run.job)) ": "
                            strong { "that is most of them" } "."
                        }
                    }
                    @for (product, people) in &plan.given {
                        li {
                            "Membership in a group takes up to " (many(*people, "license")) " of " (title(product)) ", which may cost"
                            (seats_short(*people, left.get(*product).copied())) "."
                        }
                    }
                    @for (note, steps) in &plan.notes { li { (many(*steps, "change")) ": " (note.words()) "." } }
                }
                @if has_rows { p { a href={ "/runs/" (run.id) "?outcome=" (TWICE) "#rows" } { "Show these rows" } } }
            }))
        }
    }
}

/// Of how many something is taken away from some, as long as nothing was.
fn share(run: &Run) -> Option<BlastRadius> {
    BlastRadius::of(run).filter(|_| run.state == RunState::Sealed)
}

/// A product's name by its key.
fn title(key: &'static str) -> &'static str {
    Product::from_key(key).map_or(key, product_name)
}

/// What it will cost and take, in words.
pub fn costs(run: &Run, plan: &Summary, forecast: Option<headcount_app::site::Forecast>) -> Markup {
    let left = seats_left(run);
    html! {
        dl.facts.costs {
            div { dt { "To send" } dd {
                (many(plan.steps, "change"))
                @if let Some(share) = share(run) { ", of " (thousands(share.people)) " " (BlastRadius::who(run.job)) }
            } }
            @for (product, seats) in &plan.seats {
                div { dt { "Seats of " (title(product)) } dd { (seats_taken(run, *seats)) (seats_short(*seats, left.get(*product).copied())) } }
            }
            @if run.job == Job::CreateUsers && plan.seats.is_empty() && plan.steps > 0 {
                div { dt { "Seats" } dd { "none: no app is given" } }
            }
            @if plan.mails > 0 {
                div { dt { "Invitation emails" } dd { "up to " (thousands(plan.mails)) } }
            }
            @if plan.unseen > 0 {
                div { dt { "Current state not known" } dd { (many(plan.unseen, "row")) } }
            }
            @for list in Doubted::of(run) {
                div { dt { "Members of " (list.group) } dd { "The list cannot be believed (" (list.why) "); its users were looked up one by one" } }
            }
            @if plan.looked_at > 0 {
                div { dt { "Verified first" } dd { (many(plan.looked_at, "row")) " without a recorded response" } }
            }
            @if let Some(time) = forecast.filter(|_| plan.steps > 0) {
                div { dt { "Will take" } dd { (time.words()) ", as the site allows" } }
            }
        }
    }
}
