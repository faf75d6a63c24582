//! The order in which addresses change hands: each address is free when it is taken. Pure.
//!
//! `a → b` and `b → c` are a chain: the second is done first. `a → b` and `b → a` are a circle, which no order makes
//! possible; nor can two users get one address. Such a plan is refused as a whole.

use std::collections::{BTreeMap, HashMap};

use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::spelling::domain_key;
use headcount_model::user::{AccountId, Standing, mail_key};

use crate::directory::{Directory, FoundPerson};
use crate::error::PlanError;
use crate::jobs::Placed;
use crate::resolve::{Resolved, unchanged};
use crate::steps::{NewStep, No};

/// An account that gets another address.
#[derive(Debug)]
struct Move {
    account: AccountId,
    /// The keys of the two addresses.
    from: String,
    to: String,
    /// The new address as written.
    shown: String,
    /// Its rows; all but the first are duplicates.
    rows: Vec<u64>,
    state: State,
}

/// Whether a move can be done.
#[derive(Clone, Debug, PartialEq)]
enum State {
    /// Not decided yet.
    Open,
    /// It can, after the move with this index.
    Free(Option<usize>),
    /// It cannot.
    No(No),
}

/// Orders the rows, and settles those whose new address is not free.
pub(in crate::jobs) fn arrange(
    mut rows: Vec<(u64, Resolved)>,
    directory: &Directory,
) -> Result<Vec<Placed>, PlanError> {
    let mut kept: BTreeMap<String, u64> = BTreeMap::new();
    for (row, resolved) in &mut rows {
        let Resolved::Step(step) = resolved else { continue };
        let Some(settled) = settled(step, directory) else {
            spell_domain(step, directory);
            continue;
        };
        if matches!(settled, Resolved::Settled(Outcome::Unchanged, ..)) {
            let new = step.wanted.email.as_deref().unwrap_or_default();
            kept.insert(mail_key(new), *row);
        }
        *resolved = settled;
    }
    let mut moves = moves(&rows, &kept)?;
    decide(&mut moves, directory)?;
    Ok(in_order(rows, &moves))
}

/// The result of a step that need not or may not be sent, whatever the other rows are.
fn settled(step: &NewStep, directory: &Directory) -> Option<Resolved> {
    let account = step.target.account.as_ref()?;
    let new = step.wanted.email.as_deref()?;
    let now = directory.person_by_id(account).map(|at| directory.person(at));
    let skipped = |reason, detail: String| Some(No::new(reason, detail).into());
    let Some(mail) = now.and_then(|person| person.mail.as_deref()) else {
        let detail =
            format!("headcount could not read the present address of {}", step.target.who());
        return skipped(Reason::UserHidden, detail);
    };
    if mail_key(mail) == mail_key(new) {
        let detail = format!("{mail} is already the account's address");
        return Some(unchanged(Reason::AlreadyAddress, detail));
    }
    // Only in an undo: the plan of a job has the present address.
    if step.target.mail.as_deref().is_some_and(|planned| mail_key(planned) != mail_key(mail)) {
        let detail = format!("the account's address was changed again: it is {mail} now");
        return skipped(Reason::NotUndoable, detail);
    }
    if now.is_some_and(|person| person.standing == Some(Standing::Deleted)) {
        let detail = format!(
            "the account of {mail} is scheduled for deletion; to change its address, first cancel the deletion with \
             `user cancel-delete`"
        );
        return skipped(Reason::AccountInactive, detail);
    }
    if directory.verified_domains.is_none() {
        let detail = "headcount could not read which domains the organization has verified";
        return skipped(Reason::NotSent, detail.to_owned());
    }
    let domain = new.rsplit('@').next().unwrap_or_default();
    if verified(domain, directory).is_none() {
        let detail = format!("the organization has not verified the domain {domain}");
        return skipped(Reason::DomainNotVerified, detail);
    }
    None
}

/// The domain as the organization's list of verified domains spells it: in another case, or in the other of the two
/// forms of an international domain.
fn verified<'d>(domain: &str, directory: &'d Directory) -> Option<&'d str> {
    let domains = directory.verified_domains.as_ref()?;
    let key = domain_key(domain);
    let same = domains.get(domain).or_else(|| domains.iter().find(|one| domain_key(one) == key));
    same.map(String::as_str)
}

/// Writes the domain of a new address as the organization does, because the site may compare the two as texts.
fn spell_domain(step: &mut NewStep, directory: &Directory) {
    let Some(new) = &step.wanted.email else { return };
    let Some((local, domain)) = new.rsplit_once('@') else { return };
    if let Some(domain) = verified(domain, directory) {
        step.wanted.email = Some(format!("{local}@{domain}"));
    }
}

/// The moves of the rows. Rows that ask for the same move are one. `kept`: the addresses that rows leave as they
/// are.
fn moves(rows: &[(u64, Resolved)], kept: &BTreeMap<String, u64>) -> Result<Vec<Move>, PlanError> {
    let mut moves: Vec<Move> = Vec::new();
    let mut by_account: HashMap<&AccountId, usize> = HashMap::new();
    let mut problems = Vec::new();
    for (row, resolved) in rows {
        let Resolved::Step(step) = resolved else { continue };
        let (Some(account), Some(from), Some(shown)) =
            (&step.target.account, &step.target.mail, &step.wanted.email)
        else {
            continue;
        };
        let to = mail_key(shown);
        match by_account.get(account) {
            Some(&known) if moves[known].to == to => moves[known].rows.push(*row),
            Some(&known) => problems.push(format!(
                "rows {} and {row} give {from} two new addresses, {} and {shown}",
                moves[known].rows[0], moves[known].shown
            )),
            None => {
                by_account.insert(account, moves.len());
                moves.push(Move {
                    account: account.clone(),
                    from: mail_key(from),
                    to,
                    shown: shown.clone(),
                    rows: vec![*row],
                    state: State::Open,
                });
            }
        }
    }
    let mut by_goal: HashMap<&str, &Move> = HashMap::new();
    for one in &moves {
        if let Some(row) = kept.get(&one.to) {
            let (first, second) = (row.min(&one.rows[0]), row.max(&one.rows[0]));
            problems.push(format!(
                "rows {first} and {second} give two users the address {}",
                one.shown
            ));
        }
        if let Some(other) = by_goal.insert(&one.to, one) {
            let (first, second) = (other.rows[0], one.rows[0]);
            problems.push(format!(
                "rows {first} and {second} give two users the address {}",
                one.shown
            ));
        }
    }
    match problems.is_empty() {
        true => Ok(moves),
        false => Err(PlanError::Contradiction(problems.join("; "))),
    }
}

/// Decides for each move whether its address is or becomes free.
fn decide(moves: &mut [Move], directory: &Directory) -> Result<(), PlanError> {
    let by_from: HashMap<String, usize> =
        moves.iter().enumerate().map(|(at, one)| (one.from.clone(), at)).collect();
    let mut circles = Vec::new();
    for first in 0..moves.len() {
        // The path to a move that is decided, or whose address no move frees.
        let mut path = Vec::new();
        let mut next = Some(first);
        while let Some(at) = next.filter(|at| moves[*at].state == State::Open) {
            if let Some(begin) = path.iter().position(|known| *known == at) {
                circles.push(circle(moves, &path[begin..]));
                break;
            }
            path.push(at);
            next = by_from.get(&moves[at].to).copied();
        }
        for &at in path.iter().rev() {
            let state = match by_from.get(&moves[at].to).copied() {
                Some(before) => following(moves, before),
                None => match taken(&moves[at], directory) {
                    Some(no) => State::No(no),
                    None => State::Free(None),
                },
            };
            moves[at].state = state;
        }
    }
    match circles.is_empty() {
        true => Ok(()),
        false => Err(PlanError::Contradiction(circles.join("; "))),
    }
}

/// The state of a move whose address another move frees.
fn following(moves: &[Move], before: usize) -> State {
    match &moves[before].state {
        State::No(no) => {
            let row = moves[before].rows[0];
            let detail =
                format!("row {row}, which would free the address, is not sent: {}", no.detail);
            State::No(No::new(Reason::AddressTaken, detail))
        }
        // Part of a circle, which is reported anyway.
        State::Open | State::Free(_) => State::Free(Some(before)),
    }
}

/// A circle in words.
fn circle(moves: &[Move], path: &[usize]) -> String {
    let mut rows: Vec<u64> = path.iter().map(|at| moves[*at].rows[0]).collect();
    rows.sort_unstable();
    let rows: Vec<String> = rows.iter().map(u64::to_string).collect();
    let (last, others) =
        rows.split_last().map_or(("", [].as_slice()), |(last, others)| (last, others));
    let steps: Vec<String> =
        path.iter().map(|at| format!("{} to {}", moves[*at].from, moves[*at].to)).collect();
    format!(
        "rows {} and {last} exchange addresses in a circle ({}), and no order makes that possible; first give one of \
         these users an address that is free",
        others.join(", "),
        steps.join(", ")
    )
}

/// Why an address that no row frees is not free.
fn taken(one: &Move, directory: &Directory) -> Option<No> {
    let holder = |id: &AccountId| *id != one.account;
    let detail = match directory.people_by_mail(&one.shown) {
        FoundPerson::One(at) if holder(&directory.person(at).id) => {
            let person = directory.person(at);
            format!("the account {} of another user has the address {}", person.id, one.shown)
        }
        FoundPerson::Several(_) => format!("several accounts have the address {}", one.shown),
        FoundPerson::Nobody if directory.is_hidden(&one.shown) => {
            format!("the site finds a user for {} but hides the address", one.shown)
        }
        FoundPerson::One(_) | FoundPerson::Nobody => return None,
    };
    Some(No::new(Reason::AddressTaken, detail))
}

/// The rows in their order, but each after the row that frees its address.
fn in_order(rows: Vec<(u64, Resolved)>, moves: &[Move]) -> Vec<Placed> {
    let of_row: HashMap<u64, usize> = (moves.iter().enumerate())
        .flat_map(|(at, one)| one.rows.iter().map(move |row| (*row, at)))
        .collect();
    let order: Vec<u64> = rows.iter().map(|(row, _)| *row).collect();
    let mut left: BTreeMap<u64, Resolved> = rows.into_iter().collect();
    let mut placed = Vec::with_capacity(left.len());
    for row in order {
        let Some(&at) = of_row.get(&row) else {
            let resolved = left.remove(&row);
            placed.extend(resolved.map(|resolved| Placed { row, resolved, after: None }));
            continue;
        };
        let mut path = vec![at];
        while let Some(State::Free(Some(before))) = path.last().map(|at| &moves[*at].state) {
            path.push(*before);
        }
        for at in path.into_iter().rev() {
            let Some(resolved) = left.remove(&moves[at].rows[0]) else { continue };
            let (resolved, after) = match &moves[at].state {
                State::No(no) => (no.clone().into(), None),
                State::Free(before) => (resolved, before.map(|before| moves[before].rows[0])),
                State::Open => (resolved, None),
            };
            placed.push(Placed { row: moves[at].rows[0], resolved, after });
        }
        // A duplicate of an earlier row.
        if let Some(resolved) = left.remove(&row) {
            let resolved = match (&moves[at].state, resolved) {
                (State::No(no), _) => no.clone().into(),
                // Another spelling of the same address.
                (State::Free(_) | State::Open, Resolved::Step(mut step)) => {
                    step.wanted.email = Some(moves[at].shown.clone());
                    Resolved::Step(step)
                }
                (State::Free(_) | State::Open, other) => other,
            };
            placed.push(Placed { row, resolved, after: None });
        }
    }
    placed
}
