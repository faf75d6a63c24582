//! The sheet of several jobs that the crash tests use: rows for each job that such a sheet can ask for, rows that wait
//! for others, and rows that change nothing. What each step changes, and what its undo changes, is written here by
//! hand.

use std::collections::BTreeSet;

use headcount_model::outcome::Outcome;
use headcount_people::steps::StepKind;
use serde_json::{Value, json};

use super::company::Books;
use super::process::Machine;
use super::state::State;

const HEADINGS: &str = "Action,Email,Group,Product,Token id\n";

/// The app that rows grant and revoke.
const APP: &str = "jira-core";

/// A step: its row, and the word of its kind.
pub type Name = (u64, &'static str);

/// What a step, or its undo, changes.
type Make = Box<dyn Fn(&mut State)>;

/// A row, and its steps.
struct Row {
    cells: &'static str,
    ends: Outcome,
    steps: Vec<Step>,
}

/// A step of a row.
struct Step {
    kind: StepKind,
    make: Make,
    /// The kind of the step that undoes it, and what that changes.
    back: Option<(StepKind, Make)>,
    /// The step that must be done before.
    needs: Option<Name>,
}

impl Step {
    fn new(kind: StepKind, make: impl Fn(&mut State) + 'static) -> Self {
        Self { kind, make: Box::new(make), back: None, needs: None }
    }

    fn undone_by(self, kind: StepKind, make: impl Fn(&mut State) + 'static) -> Self {
        Self { back: Some((kind, Box::new(make))), ..self }
    }

    fn after(self, row: u64, kind: StepKind) -> Self {
        Self { needs: Some((row, kind.word())), ..self }
    }
}

/// A step that creates a user, who is removed again.
fn creates(mail: &'static str) -> Step {
    Step::new(StepKind::CreateUser, move |site| site.create(mail))
        .undone_by(StepKind::RemoveUser, move |site| site.leave_site(mail))
}

/// A step that sets a fact about a user, and the step that sets it back.
fn sets(
    (mail, fact): (&'static str, &'static str),
    (kind, to): (StepKind, Option<&'static str>),
    (opposite, back): (StepKind, Option<&'static str>),
) -> Step {
    let value = |word: Option<&str>| word.map(|word| json!(word));
    Step::new(kind, move |site| site.set(mail, fact, value(to)))
        .undone_by(opposite, move |site| site.set(mail, fact, value(back)))
}

fn joins(mail: &'static str, group: &'static str) -> Step {
    Step::new(StepKind::AddMember, move |site| site.join(mail, group))
        .undone_by(StepKind::RemoveMember, move |site| site.leave(mail, group))
}

fn leaves(mail: &'static str, group: &'static str) -> Step {
    Step::new(StepKind::RemoveMember, move |site| site.leave(mail, group))
        .undone_by(StepKind::AddMember, move |site| site.join(mail, group))
}

fn roles() -> Value {
    json!({ APP: ["user"] })
}

fn is_granted(mail: &'static str) -> Step {
    Step::new(StepKind::GrantRole, move |site| site.set(mail, "roles", Some(roles())))
        .undone_by(StepKind::RevokeRole, move |site| site.set(mail, "roles", None))
}

fn is_revoked(mail: &'static str) -> Step {
    Step::new(StepKind::RevokeRole, move |site| site.set(mail, "roles", None))
        .undone_by(StepKind::GrantRole, move |site| site.set(mail, "roles", Some(roles())))
}

/// A row with the steps that it makes.
fn changes(cells: &'static str, steps: impl Into<Vec<Step>>) -> Row {
    Row { cells, ends: Outcome::Changed, steps: steps.into() }
}

/// A row that changes nothing.
fn ends(ends: Outcome, cells: &'static str) -> Row {
    Row { cells, ends, steps: Vec::new() }
}

fn rows() -> Vec<Row> {
    use StepKind::{
        Activate, CancelDelete, CreateUser, Deactivate, Delete, RemoveUser, Restore, RevokeToken,
        Suspend,
    };
    let inactive = Some("inactive");
    let for_deletion = Some("for-deletion");
    let suspended = Some("suspended");
    vec![
        changes(
            "remove,leaver@banc.ly,houston-sales,,",
            [leaves("leaver@banc.ly", "houston-sales")],
        ),
        changes(
            "create,new@banc.ly,houston-sales,,",
            [creates("new@banc.ly"), joins("new@banc.ly", "houston-sales").after(2, CreateUser)],
        ),
        changes(
            "activate,back@banc.ly,,,",
            [sets(("back@banc.ly", "lifecycle"), (Activate, None), (Deactivate, inactive))],
        ),
        changes(
            "add,back@banc.ly,hanoi-legal,,",
            [joins("back@banc.ly", "hanoi-legal").after(3, Activate)],
        ),
        changes("grant,member@banc.ly,,jira-core,", [is_granted("member@banc.ly")]),
        changes(
            "restore,away@banc.ly,,,",
            [sets(("away@banc.ly", "place"), (Restore, None), (Suspend, suspended))],
        ),
        changes(
            "add,away@banc.ly,houston-sales,,",
            [joins("away@banc.ly", "houston-sales").after(6, Restore)],
        ),
        changes(
            "cancel-delete,doomed@banc.ly,,,",
            [sets(("doomed@banc.ly", "lifecycle"), (CancelDelete, None), (Delete, for_deletion))],
        ),
        changes("add,joiner@banc.ly,houston-sales,,", [joins("joiner@banc.ly", "houston-sales")]),
        ends(Outcome::Skipped, "add,joiner@banc.ly,houston-sales,,"),
        ends(Outcome::Unchanged, "add,member@banc.ly,houston-sales,,"),
        changes("revoke,holder@banc.ly,,jira-core,", [is_revoked("holder@banc.ly")]),
        changes(
            "revoke,coder@banc.ly,,,token-1",
            [Step::new(RevokeToken, |site| site.set("coder@banc.ly", "tokens", None))],
        ),
        changes(
            "suspend,idle@banc.ly,,,",
            [sets(("idle@banc.ly", "place"), (Suspend, suspended), (Restore, None))],
        ),
        changes(
            "deactivate,off@banc.ly,,,",
            [sets(("off@banc.ly", "lifecycle"), (Deactivate, inactive), (Activate, None))],
        ),
        changes(
            "user remove,guest@banc.ly,,,",
            [Step::new(RemoveUser, |site| site.leave_site("guest@banc.ly"))],
        ),
        changes(
            "user delete,last@banc.ly,,,",
            [sets(("last@banc.ly", "lifecycle"), (Delete, for_deletion), (CancelDelete, None))],
        ),
        changes("create,plain@banc.ly,,,", [creates("plain@banc.ly")]),
        ends(Outcome::Failed, "deactivate,refused@banc.ly,,,"),
        // A row that waits for one that the site refuses.
        ends(Outcome::Failed, "activate,kept@banc.ly,,,"),
        ends(Outcome::Skipped, "add,kept@banc.ly,hanoi-legal,,"),
        ends(Outcome::Skipped, "deactivate,nobody@banc.ly,,,"),
    ]
}

/// The users whose changes the site refuses, and the call.
const REFUSED: [(&str, &str); 2] = [
    ("refused@banc.ly", "/users/{account_id}/manage/lifecycle/disable"),
    ("kept@banc.ly", "/users/{account_id}/manage/lifecycle/enable"),
];

pub fn sheet() -> String {
    rows().iter().fold(HEADINGS.to_owned(), |sheet, row| sheet + row.cells + "\n")
}

/// Puts the site into its state before the job.
pub async fn set(machine: &Machine) {
    let person = |name: &str, more: Value| {
        let mut person = json!({ "email": format!("{name}@banc.ly"), "name": name });
        person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        person
    };
    let plain = ["leaver", "joiner", "member", "idle", "off", "guest", "last", "refused"];
    let token = json!({ "id": "token-1", "label": "ci", "made_ms": 1_700_000_000_000_u64 });
    let others = [
        person("back", json!({ "lifecycle": "inactive" })),
        person("kept", json!({ "lifecycle": "inactive" })),
        person("away", json!({ "place": "suspended" })),
        person("doomed", json!({ "lifecycle": "for-deletion" })),
        person("holder", json!({ "roles": roles() })),
        person("coder", json!({ "tokens": [token] })),
    ];
    let people = [plain.map(|name| person(name, json!({}))).to_vec(), others.to_vec()].concat();
    let member =
        |name: &str, group: &str| json!({ "email": format!("{name}@banc.ly"), "group": group });
    let memberships = [
        member("leaver", "houston-sales"),
        member("member", "houston-sales"),
        member("guest", "hanoi-legal"),
    ];
    let seed = json!({ "people": people, "memberships": memberships });
    machine.net.control("POST", "seed", seed).await;
    let books = Books::read(&machine.net).await;
    let fault = |(mail, path): (&str, &str)| {
        let (account, _) = books.by_mail(mail).unwrap();
        json!({
            "method": "POST", "path": path, "mentions": account, "times": 0,
            "answer": { "status": 403, "body": { "message": "no", "key": "forbidden" } },
        })
    };
    let faults = json!({ "faults": REFUSED.map(fault) });
    machine.net.control("POST", "faults", faults).await;
}

/// The outcomes of the rows.
pub fn outcomes() -> Vec<Option<Outcome>> {
    rows().iter().map(|row| Some(row.ends)).collect()
}

/// The outcomes of the undo's rows.
pub fn outcomes_of_undo() -> Vec<Option<Outcome>> {
    let changed = rows().into_iter().filter(|row| row.ends == Outcome::Changed);
    let is_undone = |row: &Row| row.steps.iter().all(|step| step.back.is_some());
    let end = |row: Row| if is_undone(&row) { Outcome::Changed } else { Outcome::Skipped };
    changed.map(|row| Some(end(row))).collect()
}

/// All steps, each with its row.
fn steps() -> Vec<(u64, Step)> {
    let numbered = (1..).zip(rows());
    numbered.flat_map(|(row, of)| of.steps.into_iter().map(move |step| (row, step))).collect()
}

/// The site after these steps.
pub fn made(mut site: State, done: &BTreeSet<Name>) -> State {
    for (row, step) in steps() {
        if done.contains(&(row, step.kind.word())) {
            (step.make)(&mut site);
        }
    }
    site
}

/// The site after these steps of the undo. A user leaves groups before leaving the site.
pub fn made_back(mut site: State, done: &BTreeSet<Name>) -> State {
    for (row, step) in steps().into_iter().rev() {
        if let Some((kind, make)) = &step.back
            && done.contains(&(row, kind.word()))
        {
            make(&mut site);
        }
    }
    site
}

/// The steps if nothing fails.
pub fn all_steps() -> BTreeSet<Name> {
    steps().iter().map(|(row, step)| (*row, step.kind.word())).collect()
}

/// The steps that undo these.
pub fn steps_back(done: &BTreeSet<Name>) -> BTreeSet<Name> {
    let of = |(row, step): (u64, Step)| {
        let is_done = done.contains(&(row, step.kind.word()));
        step.back.filter(|_| is_done).map(|(kind, _)| (row, kind.word()))
    };
    steps().into_iter().filter_map(of).collect()
}

/// The step that must be done before this one.
pub fn need(of: Name) -> Option<Name> {
    steps().into_iter().find(|(row, step)| (*row, step.kind.word()) == of)?.1.needs
}

/// The same in the undo: a user leaves the site only after the group.
pub fn need_back((row, kind): Name) -> Option<Name> {
    let group = (row, StepKind::RemoveMember.word());
    let leaves_a_group = steps_back(&all_steps()).contains(&group);
    (leaves_a_group && kind == StepKind::RemoveUser.word()).then_some(group)
}

/// The site after the job, if no process dies.
pub fn done(before: &State) -> State {
    made(before.clone(), &all_steps())
}

/// The site after the undo, if no process dies.
pub fn undone(before: &State) -> State {
    made_back(done(before), &steps_back(&all_steps()))
}
