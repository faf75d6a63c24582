//! The options and limits of applying a plan. The button is in `action_bar`.

use headcount_app::members_file;
use headcount_app::options::SendOptions;
use headcount_app::words::seats::{access_seats_words, seats_short, seats_taken};
use headcount_app::words::{many, thousands};
use headcount_engine::Verify;
use headcount_journal::{Run, RunState};
use headcount_model::job::Job;
use headcount_model::user::Product;
use headcount_people::jobs::{self, Creates};
use headcount_people::plan::{
    AccessSeats, BlastRadius, Doubted, HANDFUL, Summary, Unverified, seats_left,
};
use jiff::Timestamp;
use maud::{Markup, html};

/// The filter word for rows with a warning.
pub const WARNED: &str = "warning";

use crate::jobs::is_irreversible;
use crate::parts::field_error;
use crate::parts::layout;
use crate::parts::place::Place;
use crate::parts::plan_options::product_name;
use crate::state::refusal::{Refusal, Wrong};
use crate::state::send_form::SendForm;
use crate::state::summary_cache::Facts;

/// Whether the user has to type the number of changes: the job, or the undo, takes something away from more than
/// five users.
pub fn wants_count(job: Job, steps: u64) -> bool {
    jobs::of(job).own_access && steps > HANDFUL
}

/// The form that starts a plan. Describes the plan's effect if it is a single step.
pub fn start(run: &Run, plan: &Summary, facts: &Facts, refusal: Option<&Refusal>) -> Markup {
    form(run, plan, facts, &Asked { verb: "start", canary: true, refusal })
}

/// The form that continues a run.
pub fn resume(run: &Run, plan: &Summary, facts: &Facts, refusal: Option<&Refusal>) -> Markup {
    let canary = run.state == RunState::Running || was_answered_no(run);
    html! { div #decide { (form(run, plan, facts, &Asked { verb: "resume", canary, refusal })) } }
}

/// Whether the run stopped because its first row was not right.
pub fn was_answered_no(run: &Run) -> bool {
    run.stop.as_deref() == Some("the answer after the canary was no")
}

/// The form's initial values.
struct Asked<'f> {
    verb: &'static str,
    /// Whether one row is applied first.
    canary: bool,
    /// Set if the form is shown again because of an invalid value.
    refusal: Option<&'f Refusal>,
}

fn form(run: &Run, plan: &Summary, facts: &Facts, asked: &Asked<'_>) -> Markup {
    let Asked { verb, canary, refusal } = *asked;
    if plan.steps == 0 {
        return nothing(run, verb);
    }
    // The refusal may belong to another form of the page.
    let refusal = refusal.filter(|refusal| refusal.typed("max_changes").is_some());
    let wrong = refusal.map(|refusal| &refusal.wrong);
    let kept = refusal.map_or_else(|| SendForm::kept(run), SendForm::typed);
    let canary = refusal.map_or(canary, |_| kept.has_canary());
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
                // A single row is verified, and no other row is left to ask about.
                input type="hidden" name="canary" value="yes";
            }
            details open[kept.has_limits()] {
                summary { "Limits" }
                @if kept.has_limits() && wrong.is_none() { p.faint { "These are the limits from your last attempt." } }
                (limits(&kept, wrong))
            }
            (guards(run.job))
            @if wants_count(run.job, plan.steps) { (typed(run, plan, facts, refusal)) }
        }
    }
}

/// The field for the number of changes.
fn typed(run: &Run, plan: &Summary, facts: &Facts, refusal: Option<&Refusal>) -> Markup {
    let wrong = refusal.map(|refusal| &refusal.wrong);
    html! {
        div.field.typed {
            label for="typed" {
                "This will " (lowercase(&whole(run, plan, facts))) " on " (Place::of_run(run).name())
                @if is_irreversible(run.job) { ". This cannot be undone" }
                ". Type " strong { (plan.steps) } " to agree"
            }
            input #typed name="typed" inputmode="numeric" autocomplete="off" required
                value=[refusal.and_then(|refusal| refusal.typed("typed"))]
                pattern={ "\\s*" (plan.steps) "\\s*" } title={ "the number " (plan.steps) }
                aria-invalid=[field_error::is_at(wrong, "typed").then_some("true")] data-focus[field_error::is_at(wrong, "typed")];
            (field_error::at(wrong, "typed"))
        }
    }
}

/// After a stop, a first row may be done already.
pub(super) fn one(verb: &str) -> &'static str {
    if verb == "start" { "one row" } else { "one more row" }
}

/// The effect of the whole plan.
pub(super) fn whole(run: &Run, plan: &Summary, facts: &Facts) -> String {
    facts.only.clone().unwrap_or_else(|| sentence(run, plan.steps))
}

/// The sentence as a part of another one.
pub(super) fn lowercase(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_lowercase().collect::<String>());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// The form of a plan that changes nothing.
fn nothing(run: &Run, verb: &str) -> Markup {
    html! {
        form #send .card.send method="post" action={ "/runs/" (run.id) "/" (verb) } {
            h2 { "There is nothing to send" }
            p { "Every row is already in the wanted state or cannot be sent; this page shows the reasons. Finish the run to get its report." }
        }
    }
}

fn limits(kept: &SendForm, wrong: Option<&Wrong>) -> Markup {
    let or = |kept: &str, default: String| {
        if kept.trim().is_empty() { default } else { kept.to_owned() }
    };
    let default = SendOptions::default();
    let verify = or(&kept.verify, default.verify.word().to_owned());
    let number = |name, label, value: String, about| limit(wrong, name, label, &value, "", about);
    html! {
        div.limits {
            (number("canary_rows", "Rows to apply first (canary rows)", or(&kept.canary_rows, default.canary.to_string()), ""))
            (limit(wrong, "max_changes", "Maximum changes", &kept.max_changes, "no limit", "a number, or a percentage of the active users (for jobs on managed accounts: of the active managed accounts), such as 5%"))
            (number("max_failures", "Stop after this many changes in a row that are failed or unknown for the same reason", or(&kept.max_failures, default.max_failures.to_string()), "The run also stops if more than half of the last 100 changes are failed or unknown. 0 turns both off."))
            div.field {
                label for="verify" { "Verify by reading the site" }
                select #verify name="verify" {
                    @for (value, words) in [(Verify::Canary, "the rows applied first, and every removed or deleted user"), (Verify::All, "every row (slower)"), (Verify::None, "nothing")] {
                        option value=(value.word()) selected[verify == value.word()] { (words) }
                    }
                }
            }
            (limit(wrong, "rate", "Maximum requests per second", &kept.rate, "as fast as the site allows", ""))
            (limit(wrong, "concurrency", "Maximum requests at the same time", &kept.concurrency, "headcount chooses", ""))
        }
    }
}

/// A field for a limit of the run. It is a text field, because a browser's number field silently drops what is not
/// a number.
pub fn limit(
    wrong: Option<&Wrong>,
    name: &str,
    label: &str,
    value: &str,
    empty: &str,
    about: &str,
) -> Markup {
    let of_about = if about.is_empty() { String::new() } else { format!("{name}_about") };
    let is_wrong = field_error::is_at(wrong, name);
    html! {
        div.field {
            label for=(name) { (label) }
            input id=(name) name=(name) inputmode="decimal" autocomplete="off" placeholder=(empty) value=(value)
                aria-invalid=[is_wrong.then_some("true")] data-focus[is_wrong]
                aria-describedby=[field_error::described(wrong, name, &of_about)];
            (field_error::at(wrong, name))
            @if !about.is_empty() { span.faint id=(of_about) { (about) } }
        }
    }
}

/// The users and groups that the job never changes, whatever the spreadsheet says.
fn guards(job: Job) -> Markup {
    html! {
        div.guards {
            p { "Never changed, whatever the spreadsheet says:" }
            ul { @for spared in jobs::of(job).spared { li { (spared) } } }
        }
    }
}

/// The text of a button: `Add 3,000 memberships`.
fn sentence(run: &Run, steps: u64) -> String {
    sentence_of(run, |what| many(steps, what))
}

/// The effect after the first row: `Add the other 2,999 memberships`. If a row may have several steps, the number
/// is unknown and left out.
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

/// What the guards could not check with these credentials.
pub fn not_known(run: &Run) -> Markup {
    let blind = Unverified::of(run);
    let told = [
        (blind.groups, "an identity provider manages the group"),
        (blind.administrators, "the user is an organization administrator"),
        (blind.people, "an identity provider manages the user"),
        (blind.apps, "the group gives access to an app"),
    ];
    html! {
        @if told.iter().any(|(rows, _)| *rows > 0) {
            (layout::note("warn", "Not checked", html! {
                ul.plain {
                    @for (rows, what) in told {
                        @if rows > 0 { li { "For " (many(rows, "row")) ": whether " (what) "." } }
                    }
                }
                p { "With an organization API key that shows this (a key without scopes), headcount finds and skips such rows." }
            }))
        }
    }
}

/// The warnings to check before the plan is applied; they are no reason to leave a row out.
pub fn warnings(run: &Run, plan: &Summary) -> Markup {
    let left = seats_left(run);
    let most = share(run).filter(|share| share.is_mostly(plan.steps));
    let has_rows = !plan.notes.is_empty() || !plan.given.is_empty();
    let consequences = plan.consequences(run, Timestamp::now());
    html! {
        @if let Some((file, rows)) = members_file::of(run) {
            (layout::note("info", "The members of the groups are in a file", html! {
                p {
                    (many(rows, "membership")) " in " code { (file) } ". To restore them later, create the groups again, and then "
                    "use this file to add users to groups."
                }
                p { a.button.plain href={ "/runs/" (run.id) "/members.csv" } download { "Download the members" } }
            }))
        }
        @if plan.steps > 0 && !consequences.is_empty() {
            (layout::note("warn", "Before you apply it", html! {
                ul.plain { @for consequence in &consequences { li { (consequence) "." } } }
            }))
        }
        @if has_rows || most.is_some() {
            (layout::note("warn", "Warnings", html! {
                ul.plain {
                    @if let Some(share) = most {
                        li {
                            (many(plan.steps, "change")) ": " strong { "more than half" } " of the " (thousands(share.people)) " " (BlastRadius::who(run.job)) "."
                        }
                    }
                    @for (product, people) in &plan.given {
                        li {
                            "Membership in a group may take up to " (many(*people, "seat")) " of " (title(product)) ", which may cost money"
                            (seats_short(*people, left.get(*product).copied())) "."
                        }
                    }
                    @for (note, steps) in &plan.notes { li { (many(*steps, "change")) ": " (note.words()) "." } }
                }
                @if has_rows { p { a href={ "/runs/" (run.id) "?outcome=" (WARNED) "#rows" } { "Show these rows" } } }
            }))
        }
    }
}

/// How many users lose something, of how many, as long as the run has changed nothing.
fn share(run: &Run) -> Option<BlastRadius> {
    BlastRadius::of(run).filter(|_| run.state == RunState::Sealed)
}

/// An app's name by its key.
fn title(key: &'static str) -> &'static str {
    Product::from_key(key).map_or(key, product_name)
}

/// The estimated number of requests and the duration, in words.
pub fn costs(run: &Run, plan: &Summary, forecast: Option<headcount_app::site::Forecast>) -> Markup {
    let left = seats_left(run);
    html! {
        dl.facts.costs {
            div { dt { "To send" } dd {
                (many(plan.steps, "change"))
                @if let Some(share) = share(run) { ", compared to " (thousands(share.people)) " " (BlastRadius::who(run.job)) }
            } }
            @for (product, seats) in &plan.seats {
                div { dt { "Seats of " (title(product)) } dd { (seats_taken(run, *seats)) (seats_short(*seats, left.get(*product).copied())) } }
            }
            @for (app, seats) in AccessSeats::of(run) {
                div { dt { "Seats of " (app) } dd { (access_seats_words(&seats)) } }
            }
            @if plan.emailed > 0 {
                div { dt { "Emails to members" } dd { (thousands(plan.emailed)) ", from Atlassian" } }
            }
            @if jobs::of(run.job).creates == Creates::Users && plan.seats.is_empty() && plan.steps > 0 {
                div { dt { "Seats" } dd { "none: no row has a product" } }
            }
            @if plan.mails > 0 {
                div { dt { "Invitation emails" } dd { "up to " (thousands(plan.mails)) } }
            }
            @if plan.unseen > 0 {
                div { dt { "Sent without knowing the current state" } dd { (many(plan.unseen, "row")) } }
            }
            @for list in Doubted::of(run) {
                div { dt { "Members of " (list.group) } dd { "The member list is not reliable (" (list.why) "); headcount looked up its users one by one" } }
            }
            @if plan.looked_at > 0 {
                div { dt { "Checked first" } dd { (many(plan.looked_at, "row")) " whose earlier requests have no recorded response: headcount reads the site before it sends anything" } }
            }
            @if let Some(time) = forecast.filter(|_| plan.steps > 0) {
                div { dt { "Will take" } dd { (time.words()) ", depending on the site" } }
            }
        }
    }
}
