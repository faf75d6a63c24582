//! Facts and filters → listed, or left out and why.

use jiff::{SignedDuration, Timestamp};

use super::facts::{AppFacts, Facts, LastUse, Status};
use super::filters::{Accounts, Filters, StatusFilter};
use headcount_model::spelling::domain_key;
use headcount_model::user::{AccountType, Standing};
use headcount_sheet::normalized;

/// How late a date of last use can be.
pub const LATE: SignedDuration = SignedDuration::from_hours(24);

/// Whether a list names a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Listed,
    /// It does not.
    LeftOut(LeftOut),
}

/// Why a list does not name a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// An app, a bot, a customer of a help desk, or a person where those are asked for.
    AnotherKind,
    /// In another state.
    Status,
    /// With an email address of another domain.
    Domain,
    /// Managed, or not.
    Managed,
    /// Invited, or synced.
    Source,
    /// In another role.
    Role,
    /// In none of the groups.
    NotInGroup,
    /// In a group of `--not-group`.
    InExcludedGroup,
    /// Added on the day or later.
    AddedLater,
    /// Without access to an app that is meant.
    NoApp,
    /// Used an app in the days that are asked about.
    UsedRecently,
    /// Used an app at some time, where only users who never did are asked for.
    Used,
    /// Never used an app, where only a last use is asked about.
    NeverSeen,
    /// Never used an app, and was added too recently to tell.
    AddedRecently,
    /// It is not known.
    Unknown(Fact),
}

/// A fact that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// What the account is.
    Kind,
    /// The state.
    Status,
    /// The email address.
    Email,
    /// Whether the organization manages it.
    Managed,
    /// Whether an identity provider owns it.
    Source,
    /// The roles.
    Role,
    /// The groups.
    Group,
    /// The day the user was added.
    Added,
    /// Which apps the user has.
    Access,
    /// When an app was last used.
    LastUse,
}

/// `Ok` lets pass; `Err` leaves out.
type Check = Result<(), LeftOut>;

/// Decides about a user. `apps` are the apps that count; `None` is all of them.
///
/// A filter that a known fact fails wins over facts that are not known, so that only users who might
/// be meant count as unknown.
pub fn judge(
    filters: &Filters,
    apps: Option<&[usize]>,
    facts: &Facts<'_>,
    now: Timestamp,
) -> Verdict {
    let checks = [
        kind(filters, facts),
        status(filters, facts),
        domain(filters, facts),
        exactly(filters.managed, facts.managed, LeftOut::Managed, Fact::Managed),
        exactly(filters.synced, facts.synced, LeftOut::Source, Fact::Source),
        role(filters, facts),
        groups(filters, facts),
        added(filters, facts),
        access(filters, apps, facts),
        last_use(filters, apps, facts, now),
    ];
    let failed = || checks.iter().filter_map(|check| check.err());
    let known = failed().find(|why| !matches!(why, LeftOut::Unknown(_)));
    known.or_else(|| failed().next()).map_or(Verdict::Listed, Verdict::LeftOut)
}

fn decided(answer: Option<bool>, no: LeftOut, unknown: Fact) -> Check {
    match answer {
        Some(true) => Ok(()),
        Some(false) => Err(no),
        None => Err(LeftOut::Unknown(unknown)),
    }
}

fn exactly(wanted: Option<bool>, fact: Option<bool>, no: LeftOut, unknown: Fact) -> Check {
    match wanted {
        None => Ok(()),
        Some(wanted) => decided(fact.map(|fact| fact == wanted), no, unknown),
    }
}

/// Yes if one is yes, no if all are no.
fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut is_known = true;
    for answer in answers {
        match answer {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(false)
}

fn kind(filters: &Filters, facts: &Facts<'_>) -> Check {
    if filters.accounts == Accounts::All {
        return Ok(());
    }
    let lists = |kind: AccountType| filters.accounts.lists(kind);
    decided(facts.kind.map(lists), LeftOut::AnotherKind, Fact::Kind)
}

fn status(filters: &Filters, facts: &Facts<'_>) -> Check {
    if filters.statuses.is_empty() {
        return Ok(());
    }
    let Some(status) = facts.status else { return Err(LeftOut::Unknown(Fact::Status)) };
    let is = |wanted: &StatusFilter| match (wanted, status) {
        (StatusFilter::Is(wanted), Status::Is(standing)) => Some(*wanted == standing),
        (StatusFilter::Is(wanted), Status::NotActive) => {
            if *wanted == Standing::Active {
                Some(false)
            } else {
                None
            }
        }
        (StatusFilter::NotActive, Status::Is(standing)) => Some(standing != Standing::Active),
        (StatusFilter::NotActive, Status::NotActive) => Some(true),
    };
    decided(any(filters.statuses.iter().map(is)), LeftOut::Status, Fact::Status)
}

fn domain(filters: &Filters, facts: &Facts<'_>) -> Check {
    if filters.domains.is_empty() {
        return Ok(());
    }
    let domain = facts.email.and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
    let is_one = |domain: &str| {
        let key = domain_key(domain);
        filters.domains.iter().any(|wanted| domain_key(wanted.trim_start_matches('@')) == key)
    };
    decided(domain.map(is_one), LeftOut::Domain, Fact::Email)
}

fn role(filters: &Filters, facts: &Facts<'_>) -> Check {
    if filters.roles.is_empty() {
        return Ok(());
    }
    let wanted: Vec<_> = filters.roles.iter().map(|role| role_key(role)).collect();
    let has = |roles: &Vec<String>| roles.iter().any(|role| wanted.contains(&role_key(role)));
    decided(facts.roles.as_ref().map(has), LeftOut::Role, Fact::Role)
}

/// `atlassian/org-admin`, `org-admin` and `Organization admin` are one role, and so are `site-admin` and
/// `Site administrator`.
pub(super) fn role_key(role: &str) -> String {
    let key = normalized(role.trim_start_matches("atlassian/"));
    let key = key.strip_suffix("istrator").map_or(key.clone(), str::to_owned);
    match key.strip_prefix("organi").and_then(|rest| rest.strip_prefix(['z', 's'])) {
        Some("ationadmin") => "orgadmin".to_owned(),
        _ => key,
    }
}

fn groups(filters: &Filters, facts: &Facts<'_>) -> Check {
    let inside = match filters.groups.is_empty() {
        true => Ok(()),
        false => decided(facts.in_group, LeftOut::NotInGroup, Fact::Group),
    };
    let outside = match filters.not_groups.is_empty() {
        true => Ok(()),
        false => {
            let is_outside = facts.in_excluded_group.map(|inside| !inside);
            decided(is_outside, LeftOut::InExcludedGroup, Fact::Group)
        }
    };
    match (inside, outside) {
        (Err(LeftOut::Unknown(_)), Err(known)) => Err(known),
        (inside, outside) => inside.and(outside),
    }
}

fn added(filters: &Filters, facts: &Facts<'_>) -> Check {
    let Some(before) = filters.added_before else { return Ok(()) };
    let is_before = facts.added.map(|added| added.day < before);
    decided(is_before, LeftOut::AddedLater, Fact::Added)
}

/// The apps that count for a user: chosen, and not known to be closed to the user.
fn counted<'f>(
    apps: Option<&'f [usize]>,
    facts: &'f [AppFacts],
) -> impl Iterator<Item = &'f AppFacts> {
    let is_chosen = move |one: &AppFacts| match (apps, one.app) {
        (None, _) => true,
        (Some(chosen), Some(app)) => chosen.contains(&app),
        (Some(_), None) => false,
    };
    facts.iter().filter(move |one| is_chosen(one) && one.has != Some(false))
}

fn access(filters: &Filters, apps: Option<&[usize]>, facts: &Facts<'_>) -> Check {
    if filters.products.is_empty() {
        return Ok(());
    }
    let Some(of) = &facts.apps else { return Err(LeftOut::Unknown(Fact::Access)) };
    // With the use of an app, the last use is asked about: access need not be shown.
    let has = |one: &AppFacts| one.has.or(filters.uses_activity().then_some(true));
    decided(any(counted(apps, of).map(has)), LeftOut::NoApp, Fact::Access)
}

fn last_use(filters: &Filters, apps: Option<&[usize]>, facts: &Facts<'_>, now: Timestamp) -> Check {
    if !filters.uses_activity() {
        return Ok(());
    }
    let Some(of) = &facts.apps else { return Err(LeftOut::Unknown(Fact::Access)) };
    if counted(apps, of).next().is_none() {
        return Err(LeftOut::NoApp);
    }
    let days = SignedDuration::from_hours(24 * i64::from(filters.inactive_days.unwrap_or(0)));
    let is_old = |at: Timestamp| now.duration_since(at) >= days + LATE;
    let (mut is_used, mut is_unknown) = (false, false);
    for one in counted(apps, of) {
        match one.last {
            LastUse::At(at) if filters.inactive_days.is_some() && !is_old(at) => {
                return Err(LeftOut::UsedRecently);
            }
            LastUse::At(_) => is_used = true,
            LastUse::Unknown => is_unknown = true,
            LastUse::Never => {}
        }
    }
    match (is_used, is_unknown) {
        (true, _) if filters.inactive_days.is_none() => Err(LeftOut::Used),
        (_, true) => Err(LeftOut::Unknown(Fact::LastUse)),
        (true, false) => Ok(()),
        (false, false) if !filters.never_seen => Err(LeftOut::NeverSeen),
        (false, false) => {
            let is_long_ago = facts.added.map(|added| is_old(added.at_most));
            decided(is_long_ago, LeftOut::AddedRecently, Fact::Added)
        }
    }
}
