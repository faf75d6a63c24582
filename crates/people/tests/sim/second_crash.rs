//! A second crash in what follows the first: crash, resume, crash again, resume.

use std::collections::BTreeSet;

use fastrand::Rng;
use headcount_model::job::Job;

use super::crash::{calm, ends_alike, live};
use super::scene::{Way, Work};

/// A second crash in what follows the first: at one point drawn for each first, or, with
/// `HEADCOUNT_CRASH_PAIRS=all`, at each.
fn two_crashes(work: impl Into<Work>) {
    let work = work.into();
    let calm = calm(work, Some(1));
    let all = std::env::var("HEADCOUNT_CRASH_PAIRS").is_ok_and(|pairs| pairs == "all");
    let mut rng = Rng::with_seed(7);
    let (mut lives, mut parts) = (0, BTreeSet::new());
    let firsts = (0..calm.points.seen().len()).step_by(if all { 1 } else { 3 });
    for first in firsts {
        let after = live(work, Some(1), &[first], None).points.seen().len();
        // Nothing follows a death at the very end.
        let seconds = match (first + 1..after).len() {
            0 => continue,
            _ if all => first + 1..after,
            many => one(first + 1 + rng.usize(..many)),
        };
        for second in seconds {
            let told = live(work, Some(1), &[first, second], None);
            ends_alike(&told, &calm, &[first, second]);
            parts.extend(told.points.died().into_iter().skip(1).map(|(phase, _)| phase.part));
            lives += 1;
        }
    }
    assert_eq!(parts.len(), 4, "no second crash in some part: {parts:?}");
    println!("{work:?}: {lives} pairs of points");
}

fn one(at: usize) -> std::ops::Range<usize> {
    at..at + 1
}

#[test]
fn creating_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::CreateUsers);
}

#[test]
fn removing_members_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::RemoveMembers);
}

#[test]
fn changing_addresses_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::ChangeEmails);
}

#[test]
fn deleting_accounts_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::DeleteUsers);
}

#[test]
fn canceling_deletions_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::CancelDeleteUsers);
}

#[test]
fn granting_access_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::GrantAccess);
}

#[test]
fn revoking_access_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::RevokeAccess);
}

#[test]
fn granting_access_to_groups_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Work { way: Way::OfGroups, ..Job::GrantAccess.into() });
}

#[test]
fn revoking_access_from_groups_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Work { way: Way::OfGroups, ..Job::RevokeAccess.into() });
}

#[test]
fn revoking_tokens_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::RevokeTokens);
}

#[test]
fn deactivating_with_tokens_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Work { way: Way::WithTokens, ..Job::DeactivateUsers.into() });
}

#[test]
fn deleting_groups_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Job::RemoveGroups);
}

#[test]
fn deleting_groups_with_members_survives_a_second_crash_in_what_follows_the_first() {
    two_crashes(Work { way: Way::WithMembers, ..Job::RemoveGroups.into() });
}
