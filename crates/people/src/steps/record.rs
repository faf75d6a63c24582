//! Steps in the journal: written when they are planned; read when they are sent, undone, or shown.

use headcount_journal::{self as journal, Effect, RowView};
use headcount_model::group::GroupId;
use headcount_model::step::{self, Named, Payload, StepState, Unreadable};
use headcount_model::user::AccountId;
use serde::{Deserialize, Serialize};

use super::change::{Before, Change, NewStep, Step, Target, Wanted};
use super::kind::StepKind;
use super::of;
use super::spec::About;

/// The data that many steps may share.
#[derive(Debug, Serialize, Deserialize)]
struct Common<B = Before, W = Wanted> {
    before: B,
    wanted: W,
}

/// Reads a step of the journal.
///
/// # Errors
/// It is not a step of a user or a group.
pub fn read(step: step::Step) -> Result<Step, Unreadable> {
    let mut change = change(&step)?;
    match (&step.named, step.state) {
        (Some(named), StepState::Settled) => change.name(named),
        // A repeated read uses what the plan knew; a group, which has a name, keeps its id.
        (Some(named), StepState::Pending | StepState::Started) => {
            if of(change.kind).about == About::Group {
                change.name(named);
            }
        }
        (None, _) => {}
    }
    Ok(step.with(change))
}

/// Reads steps of the journal.
///
/// # Errors
/// As of [`read`].
pub fn read_all(steps: Vec<step::Step>) -> Result<Vec<Step>, Unreadable> {
    steps.into_iter().map(read).collect()
}

/// Reads a step that changed something.
///
/// # Errors
/// As of [`read`].
pub fn read_effect(effect: Effect) -> Result<Effect<Change>, Unreadable> {
    let Effect { step, outcome, reason, at } = effect;
    Ok(Effect { step: read(step)?, outcome, reason, at })
}

/// The step that a row shows; `None` if it has none, or one that cannot be read.
pub fn of_row(row: &RowView) -> Option<Step> {
    let step = &row.step.as_ref()?.step;
    let mut change = change(step).ok()?;
    if let Some(named) = &step.named {
        change.name(named);
    }
    Some(step.clone().with(change))
}

/// The kind with this word in the journal.
///
/// # Errors
/// No step of a user or a group has this word.
pub fn read_kind(word: &str) -> Result<StepKind, Unreadable> {
    StepKind::from_word(word).ok_or_else(|| Unreadable { what: format!("the step “{word}”") })
}

/// The wanted state and the state before of steps that are counted together.
///
/// # Errors
/// As for [`read`].
pub fn read_common(common: &str, unseen: bool) -> Result<(Before, Wanted), Unreadable> {
    let Common { before, wanted } = parsed::<Common>(common)?;
    Ok((if unseen { Before::Unseen } else { before }, wanted))
}

fn change(step: &step::Step) -> Result<Change, Unreadable> {
    let kind = read_kind(&step.kind)?;
    // A step that waits for another learns from its outcome whether a new user existed before. An existing user's own
    // state is the one that the plan saw.
    let spec = of(kind);
    let is_of_a_user = spec.about == About::User && !spec.creates_user;
    let (before, wanted) = read_common(&step.payload.common, step.unseen && !is_of_a_user)?;
    let mut target: Target = parsed(&step.payload.own)?;
    if target.account.is_none() {
        target.account = step.given.as_ref().and_then(account);
    }
    Ok(Change { kind, target, before, wanted })
}

fn parsed<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|_| Unreadable { what: text.to_owned() })
}

fn account(named: &Named) -> Option<AccountId> {
    AccountId::parse(named.as_str()).ok()
}

/// The site's id of an account, for the journal.
pub fn named_account(account: &AccountId) -> Named {
    Named::new(account.as_str())
}

/// The site's id of a group, for the journal.
pub fn named_group(group: &GroupId) -> Named {
    Named::new(group.as_str())
}

impl Change {
    /// Takes the id that the site has named: of a new group, or for any other step, of its user.
    pub fn name(&mut self, named: &Named) {
        match of(self.kind).about {
            About::Group => self.target.group = Some(GroupId::new(named.as_str())),
            // Their target is never named by an answer.
            About::GroupRole => {}
            About::User | About::Membership(_) | About::Role | About::Token => {
                self.target.account = account(named).or(self.target.account.take());
            }
        }
    }
}

impl NewStep {
    /// The step in the journal's form.
    pub fn record(&self) -> journal::NewStep {
        let common = Common { before: &self.before, wanted: &self.wanted };
        journal::NewStep {
            kind: self.kind.word(),
            door: Some(self.door.clone()),
            subject: self.subject.clone(),
            payload: Payload { own: json(&self.target).into(), common: json(&common).into() },
            label: label(&self.target),
            about: about(&self.target),
            unseen: self.before == Before::Unseen,
            warned: !self.wanted.notes.is_empty() || !self.wanted.gives.is_empty(),
            needs: self.needs,
            needs_name: self.needs_name(),
        }
    }

    /// Whether the step that it needs names its user.
    pub fn needs_name(&self) -> bool {
        self.needs.is_some() && self.target.account.is_none()
    }

    /// Whether an equal step with this shared data would be sent in the same way as this one.
    ///
    /// # Errors
    /// As for [`read`].
    pub fn is_sent_as(&self, common: &str) -> Result<bool, Unreadable> {
        Ok(read_common(common, false)?.1.sent() == self.wanted.sent())
    }
}

fn group(target: &Target) -> Option<&str> {
    target.group_name.as_deref().or(target.group.as_ref().map(GroupId::as_str))
}

/// The group, else the user.
fn label(target: &Target) -> String {
    let account = target.account.as_ref().map(AccountId::as_str);
    let names = [group(target), target.mail.as_deref(), target.name.as_deref(), account];
    names.into_iter().flatten().next().unwrap_or_default().to_owned()
}

/// One line for each name: the user's, then the group's.
fn about(target: &Target) -> String {
    let account = target.account.as_ref().map(AccountId::as_str);
    let mut lines = String::new();
    for text in [target.mail.as_deref(), target.name.as_deref(), account, group(target)] {
        let Some(text) = text else { continue };
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.extend(text.chars().map(|letter| if letter == '\n' { ' ' } else { letter }));
    }
    lines
}

/// Texts and plain enums always serialize.
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use headcount_model::door::Door;

    fn new_step() -> NewStep {
        NewStep {
            kind: StepKind::AddMember,
            door: Arc::new(Door::Jira { site: "https://acme.atlassian.net".into() }),
            subject: "ann g-1".into(),
            target: Target {
                mail: Some("ann@example.com".into()),
                name: Some("Ann\nLee".into()),
                group: Some(GroupId::new("g-1")),
                group_name: Some("berlin".into()),
                ..Target::default()
            },
            before: Before::Member(false),
            wanted: Wanted::default(),
            needs: Some(1),
        }
    }

    fn in_journal(new: &NewStep) -> step::Step {
        let record = new.record();
        step::Step {
            number: 2,
            row: 1,
            kind: record.kind.into(),
            door: record.door,
            payload: record.payload,
            unseen: record.unseen,
            given: None,
            named: None,
            attempts: 0,
            unclear: 0,
            sent_by: None,
            needs: record.needs,
            state: StepState::Pending,
        }
    }

    #[test]
    fn a_step_is_read_as_it_was_planned() {
        let new = new_step();
        let read = read(in_journal(&new)).unwrap().payload;
        let Change { kind, target, before, wanted } = read;
        assert_eq!(
            (kind, &target, &before, &wanted),
            (new.kind, &new.target, &new.before, &new.wanted)
        );
        assert_eq!(new.record().about, "ann@example.com\nAnn Lee\nberlin");
        assert_eq!(new.record().label, "berlin");
        assert!(new.record().needs_name, "its user is created by the step that it needs");
    }

    #[test]
    fn what_another_step_has_named_and_what_it_left_unseen_count() {
        let given = Some(Named::new("5b10"));
        let step = step::Step { given, unseen: true, ..in_journal(&new_step()) };
        let read = read(step).unwrap().payload;
        assert_eq!(read.target.account.as_ref().map(AccountId::as_str), Some("5b10"));
        assert_eq!(read.before, Before::Unseen);
    }

    /// A repeated read uses what the plan knew: an answer may have named another account.
    #[test]
    fn a_name_of_its_own_counts_once_a_step_is_settled() {
        let new = NewStep { kind: StepKind::CreateUser, needs: None, ..new_step() };
        let named = Some(Named::new("5b10"));
        for (state, wanted) in [
            (StepState::Started, None),
            (StepState::Pending, None),
            (StepState::Settled, Some("5b10")),
        ] {
            let step = step::Step { named: named.clone(), state, ..in_journal(&new) };
            let account = read(step).unwrap().payload.target.account;
            assert_eq!(account.as_ref().map(AccountId::as_str), wanted, "{state:?}");
        }
        let group = NewStep { kind: StepKind::CreateGroup, ..new };
        let step = step::Step { named, state: StepState::Started, ..in_journal(&group) };
        assert_eq!(read(step).unwrap().payload.target.group, Some(GroupId::new("5b10")));
    }

    #[test]
    fn what_no_plan_of_users_writes_cannot_be_read() {
        let good = in_journal(&new_step());
        let other = |own: &str, common: &str| Payload { own: own.into(), common: common.into() };
        for step in [
            step::Step { kind: "send-request".into(), ..good.clone() },
            step::Step { payload: other("{", &good.payload.common), ..good.clone() },
            step::Step { payload: other(&good.payload.own, "{}"), ..good.clone() },
        ] {
            assert!(read(step.clone()).is_err(), "{step:?}");
        }
    }
}
