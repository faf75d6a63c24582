//! What must hold, whatever happened. Each of these names what it saw when it does not.

use headcount_people::steps::{self, Before, Step, StepKind, read};
use std::collections::BTreeMap;

use headcount_atlassian::Endpoint;
use headcount_journal::{RowView, Run};
use headcount_model::event::Event;
use headcount_model::group::GroupId;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_model::protected::Protected;
use headcount_model::reason::Reason;
use headcount_model::step::StepState;
use headcount_model::user::AccountId;
use headcount_people::jobs;
use headcount_people::resolve::OwnAccount;
use headcount_report::{About, CsvForm, Subject, write_csv, write_json};
use serde_json::Value;

use super::company::Books;
use super::journals;
use super::network::{Line, Network};
use super::process::{Keys, Machine};
use super::provisioned;

/// What was changed, by the site's own log from a place on. An invitation is one line of up to 25
/// effects: a user that it puts into groups as well counts once.
pub async fn effects(net: &Network, from: u64) -> Vec<Value> {
    let path = format!("log?from={from}&limit=100000&changed=true");
    let log = net.control("GET", &path, Value::Null).await;
    let lines = log["entries"].as_array().unwrap().iter();
    lines
        .flat_map(|line| {
            let mut effects = by_person(line["effects"].as_array().unwrap());
            // The log does not name the token.
            for effect in effects.iter_mut().filter(|effect| is_kind(effect, "revoked-token")) {
                effect[0]["path"] = line["path"].clone();
            }
            effects
        })
        .collect()
}

fn is_kind(effect: &Value, kind: &str) -> bool {
    effect[0]["effect"] == kind
}

/// What one request did, a person each.
fn by_person(effects: &[Value]) -> Vec<Value> {
    let same = |one: &Value, next: &Value| one["account"] == next["account"];
    effects.chunk_by(same).map(|of_one| Value::from(of_one.to_vec())).collect()
}

/// How long the site's log is.
pub async fn logged(net: &Network) -> u64 {
    net.control("GET", "log?limit=0", Value::Null).await["total"].as_u64().unwrap()
}

fn rows(machine: &Machine, run: &Run) -> Vec<RowView> {
    machine.journal.rows(&run.id, 0, 10_000).unwrap()
}

/// How many steps ended so: a row may have several.
fn steps(machine: &Machine, run: &Run, outcome: Outcome) -> usize {
    machine.journal.settled_steps(&run.id, outcome, 0, 100_000).unwrap().len()
}

fn count(rows: &[RowView], outcome: Option<Outcome>) -> usize {
    rows.iter().filter(|row| row.outcome == outcome).count()
}

/// Rows that gave a product to a user who was there, of which the site's log has no word; those of
/// which it was unknown whether they were there before, and which say so; and members of a group that
/// came with a new user's product, whose own adding lost its answer, which say so too.
async fn silent(machine: &Machine, run: &Run) -> usize {
    silent_steps(machine, run).await.len()
}

pub async fn silent_steps(machine: &Machine, run: &Run) -> Vec<Step> {
    let steps = machine.journal.settled_steps(&run.id, Outcome::Changed, 0, 10_000).unwrap();
    let software = Books::read(&machine.net).await.software;
    let steps = steps.into_iter().map(|(step, reason)| (read(step).unwrap(), reason));
    let steps: Vec<(Step, Reason)> = steps.collect();
    let is_silent = |(step, reason): &&(Step, Reason)| match step.payload.kind {
        StepKind::AddMember if *reason == Reason::DoneNoResponse && step.needs.is_some() => step
            .payload
            .target
            .group
            .as_ref()
            .is_some_and(|id| software.iter().any(|has| has == id.as_str())),
        kind => {
            let given =
                step.payload.before == Before::Present || *reason == Reason::CreatedOrExisted;
            // After a lost answer, nothing shows whether a state that was unknown before was already so.
            let is_unknown =
                step.payload.before == Before::Unseen && *reason == Reason::DoneNoResponse;
            (steps::of(kind).creates_user && given) || is_unknown
        }
    };
    steps.iter().filter(is_silent).map(|(step, _)| step.clone()).collect()
}

/// Whether a row may be several steps.
fn in_parts(run: &Run) -> bool {
    // The undo of a deletion deactivates an account again that was deactivated before.
    let deactivates_again = run.undoes.is_some() && run.job == Job::CancelDeleteUsers;
    let is_of_several_jobs = run.job == Job::Sync;
    run.options[jobs::REVOKE_TOKENS] == true
        || deactivates_again
        || is_of_several_jobs
        || is_of_new_users(run)
}

/// Whether a row is a new user with groups.
fn is_of_new_users(run: &Run) -> bool {
    run.options["by"] != "invite" && run.headings.iter().any(|heading| heading == "groups")
}

/// How many kinds of requests go side by side: creations, and what follows them.
pub fn kinds(run: &Run) -> usize {
    if in_parts(run) { 2 } else { 1 }
}

/// At any moment: steps `changed` ≤ effects ≤ steps `changed`, `unknown` or under way; nothing is
/// done twice; the counts add up.
pub async fn at_any_time(machine: &Machine, run: &Run, from: u64) {
    let rows = rows(machine, run);
    let effects = effects(&machine.net, from).await;
    let changed = steps(machine, run, Outcome::Changed);
    let unknown = steps(machine, run, Outcome::Unknown);
    let open = machine.journal.steps(&run.id, StepState::Started, 0, 10_000).unwrap().len()
        + machine.journal.steps(&run.id, StepState::Pending, 0, 10_000).unwrap().len();
    let silent = silent(machine, run).await;
    assert!(changed <= effects.len() + silent, "{changed} changed, {effects:?}");
    assert!(
        effects.len() <= changed + unknown + open,
        "{} effects, {changed} changed, {unknown} unknown, {open} open",
        effects.len()
    );
    // Where a row is one step, it ends as that does.
    if !in_parts(run) {
        for outcome in [Outcome::Changed, Outcome::Failed, Outcome::Unknown] {
            assert_eq!(count(&rows, Some(outcome)), steps(machine, run, outcome), "{outcome:?}");
        }
    }
    let mut seen = BTreeMap::new();
    // A user may get several roles, and the log does not name them: the numbers above show a second sending.
    let is_role =
        |effect: &&Value| is_kind(effect, "assigned-role") || is_kind(effect, "revoked-role");
    for effect in effects.iter().filter(|effect| !is_role(effect)) {
        *seen.entry(effect.to_string()).or_insert(0) += 1;
    }
    seen.retain(|_, times| *times > 1);
    assert!(seen.is_empty(), "done twice: {seen:?}");
    let counts = machine.journal.counts(&run.id).unwrap();
    let sum = counts.changed
        + counts.unchanged
        + counts.failed
        + counts.skipped
        + counts.unknown
        + counts.pending;
    assert_eq!((counts.rows, sum), (rows.len() as u64, rows.len() as u64), "{counts:?}");
    for outcome in Outcome::ALL.into_iter().map(Some).chain([None]) {
        let told = match outcome {
            Some(Outcome::Changed) => counts.changed,
            Some(Outcome::Unchanged) => counts.unchanged,
            Some(Outcome::Failed) => counts.failed,
            Some(Outcome::Skipped) => counts.skipped,
            Some(Outcome::Unknown) => counts.unknown,
            None => counts.pending,
        };
        assert_eq!(told, count(&rows, outcome) as u64, "{outcome:?}");
    }
}

/// At the end, in calm weather: nothing unknown, nothing pending, and exactly as many effects as
/// steps `changed`.
pub async fn at_the_end(machine: &Machine, run: &Run, from: u64) {
    at_any_time(machine, run, from).await;
    let rows = rows(machine, run);
    for row in &rows {
        assert!(row.outcome.is_some(), "without an outcome: {row:?}");
        assert_ne!(row.outcome, Some(Outcome::Unknown), "still unknown: {row:?}");
    }
    let effects = effects(&machine.net, from).await;
    let changed = steps(machine, run, Outcome::Changed);
    let silent = silent(machine, run).await;
    let right = changed - silent..=changed;
    assert!(right.contains(&effects.len()), "{right:?}, {effects:#?}");
}

/// A row is reported once, unless it was unknown, or failed with a part of it unknown; and what was reported
/// last is what is.
pub fn each_row_is_told_once(machine: &Machine, run: &Run, events: &[Event]) {
    let mut told: BTreeMap<u64, Outcome> = BTreeMap::new();
    let in_parts = in_parts(run);
    // An address may wait for one whose change is `unknown`: its row is `skipped` until that is known.
    let waits = run.job == Job::ChangeEmails;
    let may_be_told_again = |before| {
        before == Outcome::Unknown
            || (in_parts && before == Outcome::Failed)
            || ((waits || in_parts) && before == Outcome::Skipped)
    };
    for event in events {
        if let Event::Settled { row, outcome, .. } = event {
            let before = told.insert(*row, *outcome);
            assert!(before.is_none_or(may_be_told_again), "row {row} twice");
        }
    }
    for row in rows(machine, run) {
        if let Some(outcome) = told.get(&row.row) {
            assert_eq!(row.outcome, Some(*outcome), "{row:?}");
        }
    }
}

/// No request before an announced wait was over, by whatever process on this journal; after a 401
/// within a process nothing but the question whether the credential is still good, and nothing once
/// that has been refused. But for those that had their place already and were only waiting
/// for a connection: they are under way. And who dies the moment an answer comes has not heard it.
pub fn waits_and_refusals_are_heeded(lines: &[Line], net: &Network, own_account: &OwnAccount) {
    let (dials, ends, begun) = (net.dials(), net.ends(), net.begun());
    let jumps = net.jumps();
    let was_connecting = |late: &Line, at: u64| {
        dials.iter().any(|dial| {
            dial.process == late.process
                && dial.asked <= at
                && dial.done.is_none_or(|done| done >= late.sent)
        })
    };
    for (at, line) in lines.iter().enumerate() {
        let all_later = lines[at + 1..].iter();
        let later = all_later.clone().filter(|later| later.process == line.process);
        let Some(answered) = line.answered else { continue };
        let fresh = |late: &&Line| late.sent > answered && !was_connecting(late, answered);
        if let Some(seconds) = line.announced.filter(|_| matches!(line.status, Some(429 | 503))) {
            let until = answered + seconds * 1000;
            let heard = ends.get(&line.process).is_none_or(|end| *end > answered);
            let (journal, _) = begun[&line.process];
            let told = |late: &&Line| {
                let (same, since) = begun[&late.process];
                late.process == line.process || (heard && same == journal && since > answered)
            };
            let same = all_later.filter(|late| endpoint(late) == endpoint(line)).filter(told);
            // A clock that was set forward meanwhile takes a wait for over that an earlier process heard.
            let set_forward = |late: &Line| {
                let (_, since) = begun[&late.process];
                let between = |at: &u64| *at >= line.sent && *at <= since;
                let by = jumps.iter().filter(|(at, _)| between(at)).map(|(_, by)| *by).sum::<i64>();
                if late.process == line.process { 0 } else { u64::try_from(by).unwrap_or(0) }
            };
            for early in same.filter(fresh) {
                let by = set_forward(early);
                assert!(early.sent + by >= until, "too early: {early:?}\nafter {line:?}");
            }
        }
        if line.status == Some(401) {
            let ends =
                asks_about_the_credential(line, own_account) && is_in_doubt(&lines[..at], line);
            let may = |late: &&Line| !ends && asks_about_the_credential(late, own_account);
            let same = later.filter(|late| late.credential() == line.credential() && !may(late));
            if let Some(late) = same.into_iter().find(fresh) {
                panic!("with a refused key: {late:?}\nafter {line:?}");
            }
        }
    }
}

/// Whether a credential had been refused, and not shown to be good since, when this was asked with it.
fn is_in_doubt(earlier: &[Line], line: &Line) -> bool {
    let same = |one: &&Line| {
        let is_same = one.process == line.process && one.credential() == line.credential();
        is_same && one.answered.is_some_and(|at| at <= line.sent)
    };
    earlier.iter().filter(same).any(|one| one.status == Some(401))
}

/// Whether a request asks for what its credential must see (docs/reliability.md).
fn asks_about_the_credential(line: &Line, own_account: &OwnAccount) -> bool {
    match endpoint(line) {
        Some(Endpoint::JiraMyself | Endpoint::AdminOrgs | Endpoint::ScimConfig) => true,
        Some(Endpoint::AdminDirectories) => !line.path.contains('?'),
        Some(Endpoint::JiraUser) => own_account.account.as_ref().is_some_and(|own| {
            decoded(&line.path).strip_prefix("/rest/api/3/user?accountId=") == Some(own.as_str())
        }),
        _ => false,
    }
}

/// No user was touched who must not be: by what was sent, whatever became of it.
/// What no key of the profile shows (administrators, an identity provider's groups without the
/// organization API key; your own account without Jira's token), the plan says it can't tell, and the site decides.
pub fn guards_are_obeyed(lines: &[Line], machine: &Machine, books: &Books) {
    provisioned::guards_are_obeyed(lines, machine, books);
    let keys = machine.keys;
    for line in lines.iter().filter(|line| line.changes()) {
        let Some(endpoint) = endpoint(line) else { continue };
        let protected = machine.protections.get(&line.process).unwrap_or(&machine.protected);
        let address = decoded(&line.path);
        let path = address.split('?').next().unwrap_or_default();
        let asked = |name: &str| {
            let query = address.split_once('?')?.1;
            query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")))
        };
        for person in people_of(line, endpoint, path, asked("accountId"), books) {
            nobody_is_touched(line, endpoint, (protected, keys), person);
        }
        if matches!(endpoint, Endpoint::JiraRemoveGroup | Endpoint::AdminRemoveGroup) {
            let group = asked("groupId").or_else(|| path.rsplit('/').next()).unwrap_or_default();
            let with_members = machine.options[jobs::MEMBERS_FILE].is_string();
            let is_of = |(_, of): &(String, String)| of == group;
            let has_members = !with_members && books.memberships.iter().any(is_of);
            let opens_an_app = books.software.iter().any(|id| id == group);
            assert!(!has_members && !opens_an_app, "a group that is in use: {line:?}");
        }
        let after = |name: &str| path.split_once(name)?.1.split('/').next();
        if let Some(group) = asked("groupId").or_else(|| after("/groups/")) {
            let name = books.groups.iter().find(|(id, _)| id == group).map(|(_, name)| name);
            // One that was made meanwhile has no name here.
            let name = name.map_or("", String::as_str);
            assert_eq!(protected.group(&GroupId::new(group), name), None, "{line:?}");
            let synced = keys != Keys::Jira && books.synced.contains(group);
            assert!(!synced, "an identity provider's group: {line:?}");
        }
    }
}

/// The user of a request, of those who were there before.
fn people_of<'b>(
    line: &Line,
    endpoint: Endpoint,
    path: &str,
    asked: Option<&str>,
    books: &'b Books,
) -> Vec<(&'b String, &'b Value)> {
    if endpoint == Endpoint::AdminInvite {
        let mails = line.body["emails"].as_array().into_iter().flatten();
        return mails.filter_map(|mail| books.by_mail(mail.as_str()?)).collect();
    }
    let first = |rest: &str| rest.split('/').next().unwrap_or_default().to_owned();
    let in_directory = || path.split_once("/orgs/")?.1.split_once("/users/");
    let account = asked
        .or(line.body["accountId"].as_str())
        .map(str::to_owned)
        .or_else(|| path.strip_prefix("/users/").map(first))
        .or_else(|| in_directory().map(|(_, rest)| first(rest)))
        .or_else(|| path.split_once("/memberships/").map(|(_, account)| account.to_owned()))
        .or_else(|| path.split_once("/user/").map(|(_, rest)| first(rest)));
    let found = match account {
        Some(account) => books.people.get_key_value(&account),
        None => line.body["emailAddress"].as_str().and_then(|mail| books.by_mail(mail)),
    };
    found.into_iter().collect()
}

fn nobody_is_touched(
    line: &Line,
    endpoint: Endpoint,
    (protected, keys): (&Protected, Keys),
    (account, person): (&String, &Value),
) {
    use Endpoint::{
        AdminActivate, AdminCancelDelete, AdminDeactivate, AdminDelete, AdminRemoveMember,
        AdminRemoveUser, AdminRestore, AdminRevokeRole, AdminRevokeToken, AdminSetEmail,
        AdminSuspend, AdminUnlink, JiraCreateUser, JiraRemoveMember, JiraRemoveUser,
    };
    let takes_away = [JiraRemoveUser, AdminRemoveUser, AdminSuspend, AdminDeactivate, AdminDelete];
    let unlinks = endpoint == AdminUnlink;
    let takes_away = takes_away.contains(&endpoint);
    let id = AccountId::parse(account).unwrap();
    let mail = person["email"].as_str();
    let by_jira = keys == Keys::Jira && endpoint == JiraCreateUser;
    let entry = match person["place"].as_str() {
        // Jira's token alone cannot tell whose address it is that an account hides which is not on
        // the site, and does not see one that never was (docs/reliability.md).
        Some("never") if by_jira => None,
        Some("removed") if by_jira => mail.and_then(|mail| protected.mail(mail)),
        _ => protected.person(&id, mail),
    };
    assert_eq!(entry, None, "protected: {line:?}");
    let shows = keys != Keys::Jira;
    let is_admin = person["org_admin"] == true;
    let takes_from = takes_away || unlinks;
    assert!(!(shows && takes_from && is_admin), "an administrator: {line:?} {person}");
    let own_account = keys != Keys::Org && person["email"] == "admin@banc.ly";
    let of_a_part = [JiraRemoveMember, AdminRemoveMember, AdminRevokeRole, AdminRevokeToken];
    let removes = takes_from || of_a_part.contains(&endpoint) || endpoint == AdminSetEmail;
    assert!(!(removes && own_account), "own_account: {line:?}");
    let gives_back = [AdminActivate, AdminCancelDelete, AdminRestore, AdminSetEmail];
    let owned = takes_away || gives_back.contains(&endpoint);
    // Of an account that is not managed the site does not say who owns it.
    let synced = person.get("source").is_some() && person["managed"] != false;
    assert!(!(shows && owned && synced), "synced: {line:?} {person}");
    let of_google = person["source"] == "google";
    assert!(!(unlinks && of_google), "not in the directory: {line:?} {person}");
}

fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}

/// A run that stops itself for failures does so in time: after this many alike in a row, what was
/// under way or waiting to be sent by then is all that can follow.
pub fn failures_are_bounded(machine: &Machine, (most, kinds): (u64, usize), events: &[Event]) {
    let (mut in_a_row, mut last) = (0, None);
    for event in events {
        let Event::Settled { outcome, reason, .. } = event else { continue };
        in_a_row = match outcome {
            Outcome::Failed | Outcome::Unknown if last == Some(*reason) => in_a_row + 1,
            Outcome::Failed | Outcome::Unknown => 1,
            _ => 0,
        };
        last = matches!(outcome, Outcome::Failed | Outcome::Unknown).then_some(*reason);
        let bound = most as usize + 2 * machine.at_once() * kinds;
        assert!(most == 0 || in_a_row <= bound, "{in_a_row} failed alike, {most} are allowed");
    }
}

/// Method and path template, as the client's table has them.
pub fn endpoint(line: &Line) -> Option<Endpoint> {
    let path = line.path.split('?').next().unwrap_or_default();
    let parts: Vec<_> = path.split('/').collect();
    Endpoint::ALL.iter().copied().find(|endpoint| {
        let template: Vec<_> = endpoint.path().split('/').collect();
        endpoint.method().as_str() == line.method
            && template.len() == parts.len()
            && template.iter().zip(&parts).all(|(t, p)| t.starts_with('{') || t == p)
    })
}

/// No key in any form anywhere that is kept or shown.
pub fn no_key_is_anywhere(machine: &Machine, run: &Run) {
    let basic = "YWRtaW5AYmFuYy5seTpzYW5kYm94LWFwaS10b2tlbg";
    // An answer that shows another user's key can't be distinguished from any other word.
    let keys = match machine.keys {
        Keys::Both => vec!["sandbox-api-token", "sandbox-org-api-key", basic],
        Keys::Jira => vec!["sandbox-api-token", basic],
        Keys::Org => vec!["sandbox-org-api-key"],
        Keys::Scim => {
            vec!["sandbox-api-token", "sandbox-org-api-key", "sandbox-scim-api-key", basic]
        }
    };
    let mut texts: Vec<(String, Vec<u8>)> = Vec::new();
    if journals::are_on_a_server() {
        texts.push(("the journal on the server".into(), journals::contents(&machine.path)));
    } else {
        for suffix in ["", "-wal"] {
            let path = format!("{}{suffix}", machine.path.display());
            texts.push((path.clone(), std::fs::read(&path).unwrap_or_default()));
        }
    }
    assert!(!texts[0].1.is_empty());
    let (mut csv, mut json) = (Vec::new(), Vec::new());
    let of_row = |row: &_| About {
        name: steps::of_row(row).map(|step| step.payload.target.person()),
        ..About::default()
    };
    let subject = Subject { heading: "", done: "", organization: None, of_row };
    write_csv(&machine.journal, run, &subject, CsvForm::of(run), &mut csv).unwrap();
    write_json(&machine.journal, run, &subject, &mut json).unwrap();
    texts.push(("the report as CSV".into(), csv));
    texts.push(("the report as JSON".into(), json));
    texts.push(("events".into(), serde_json::to_vec(&machine.events).unwrap()));
    texts.push(("the story".into(), machine.story.join("\n").into_bytes()));
    for (name, bytes) in texts {
        let text = String::from_utf8_lossy(&bytes);
        for key in &keys {
            assert!(!text.contains(*key), "{key} in {name}");
        }
    }
}
