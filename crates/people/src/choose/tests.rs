//! The decision equals that of a predicate that is written another way, over every filter.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use headcount_model::user::{AccountType, Standing};

const NOW: &str = "2026-11-29T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn before(hours: i64) -> Timestamp {
    now() - SignedDuration::from_hours(hours)
}

fn standings() -> impl Strategy<Value = Standing> {
    use Standing as S;
    prop::sample::select(vec![S::Active, S::Suspended, S::NotInvited, S::Deactivated, S::Deleted])
}

fn kinds() -> impl Strategy<Value = AccountType> {
    use AccountType as T;
    prop::sample::select(vec![T::Person, T::Person, T::Person, T::App, T::Customer])
}

fn uses() -> impl Strategy<Value = LastUse> {
    prop_oneof![
        2 => Just(LastUse::Never),
        1 => Just(LastUse::Unknown),
        // Around the border of 0, 1, 30 and 90 days.
        4 => (prop::sample::select(vec![0_i64, 24, 48, 720, 744, 2160, 2184]), -2..3_i64)
            .prop_map(|(hours, more)| LastUse::At(before(hours + more))),
    ]
}

fn app_facts() -> impl Strategy<Value = AppFacts> {
    (prop::option::weighted(0.9, 0..3_usize), prop::option::of(any::<bool>()), uses())
        .prop_map(|(app, has, last)| AppFacts { app, has, last })
}

fn added() -> impl Strategy<Value = Added> {
    (0..100_i64 * 24).prop_map(|hours| Moment::from(before(hours)).into())
}

fn facts() -> impl Strategy<Value = Facts<'static>> {
    let status = prop_oneof![
        5 => standings().prop_map(Status::Is),
        1 => Just(Status::NotActive),
    ];
    let email =
        prop::sample::select(vec!["a@banc.ly", "b@BANC.ly", "c@eu.banc.ly", "d@other.example"]);
    let role = prop::sample::select(vec!["org-admin", "site-admin"]).prop_map(str::to_owned);
    (
        prop::option::weighted(0.95, kinds()),
        prop::option::weighted(0.9, status),
        prop::option::weighted(0.9, email),
        prop::option::weighted(0.9, added()),
        prop::option::weighted(0.9, any::<bool>()),
        prop::option::weighted(0.9, any::<bool>()),
        prop::option::weighted(0.9, prop::collection::vec(role, 0..2)),
        (prop::option::weighted(0.9, any::<bool>()), prop::option::weighted(0.9, any::<bool>())),
        prop::option::weighted(0.9, prop::collection::vec(app_facts(), 0..4)),
    )
        .prop_map(|(kind, status, email, added, managed, synced, roles, groups, apps)| {
            let (in_group, in_excluded_group) = groups;
            Facts {
                kind,
                status,
                email,
                added,
                managed,
                synced,
                roles,
                in_group,
                in_excluded_group,
                apps,
            }
        })
}

fn filters() -> impl Strategy<Value = (Filters, Option<Vec<usize>>)> {
    use Accounts as A;
    let status = prop_oneof![
        4 => standings().prop_map(StatusFilter::Is),
        1 => Just(StatusFilter::NotActive),
    ];
    let words = |words: Vec<&'static str>| {
        let word = prop::sample::select(words).prop_map(str::to_owned);
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(word, 1..3)]
    };
    let kinds = prop::sample::select(vec![A::People, A::People, A::Apps, A::Customers, A::All]);
    let days = prop::option::of(prop::sample::select(vec![0_u32, 1, 30, 90]));
    let rare = |share| prop::option::weighted(share, any::<bool>());
    (
        (kinds, days, any::<bool>(), prop::option::weighted(0.2, added())),
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(status, 1..3)],
        (words(vec!["banc.ly", "@Banc.ly"]), words(vec!["g"]), words(vec!["h"])),
        (words(vec!["p"]), prop::collection::btree_set(0..3_usize, 1..3)),
        (rare(0.2), rare(0.2), words(vec!["Organization admin", "atlassian/site-admin"])),
    )
        .prop_map(|(first, statuses, lists, (products, chosen), last)| {
            let (accounts, inactive_days, never_seen, added_before) = first;
            let (domains, groups, not_groups) = lists;
            let (managed, synced, roles) = last;
            let chosen: BTreeSet<usize> = chosen;
            let apps = (!products.is_empty()).then(|| chosen.into_iter().collect());
            let added_before = added_before.map(|added| added.day);
            let filters = Filters {
                accounts,
                inactive_days,
                never_seen,
                added_before,
                statuses,
                domains,
                groups,
                not_groups,
                products,
                managed,
                synced,
                roles,
            };
            (filters, apps)
        })
}

/// The same question, as plainly as it can be asked: each filter that is given must hold for certain.
fn naive(filters: &Filters, apps: Option<&[usize]>, facts: &Facts<'_>) -> bool {
    let kind_fits = match filters.accounts {
        Accounts::All => true,
        Accounts::People => facts.kind == Some(AccountType::Person),
        Accounts::Apps => facts.kind == Some(AccountType::App),
        Accounts::Customers => facts.kind == Some(AccountType::Customer),
    };
    let status_fits = filters.statuses.is_empty()
        || filters.statuses.iter().any(|wanted| match (wanted, facts.status) {
            (StatusFilter::Is(wanted), Some(Status::Is(is))) => *wanted == is,
            (StatusFilter::NotActive, Some(Status::Is(is))) => is != Standing::Active,
            (StatusFilter::NotActive, Some(Status::NotActive)) => true,
            _ => false,
        });
    let domain = facts.email.map(|email| email[email.find('@').unwrap() + 1..].to_lowercase());
    let domain_fits = filters.domains.is_empty() || domain.as_deref() == Some("banc.ly");
    let role_fits = filters.roles.is_empty()
        || facts.roles.iter().flatten().any(|role| match role.as_str() {
            "org-admin" => filters.roles.iter().any(|wanted| wanted == "Organization admin"),
            _ => filters.roles.iter().any(|wanted| wanted == "atlassian/site-admin"),
        });
    let group_fits = filters.groups.is_empty() || facts.in_group == Some(true);
    let no_group_fits = filters.not_groups.is_empty() || facts.in_excluded_group == Some(false);
    let added_fits =
        filters.added_before.is_none_or(|day| facts.added.is_some_and(|a| a.day < day));
    let managed_fits = filters.managed.is_none_or(|wanted| facts.managed == Some(wanted));
    let synced_fits = filters.synced.is_none_or(|wanted| facts.synced == Some(wanted));
    kind_fits
        && status_fits
        && domain_fits
        && role_fits
        && group_fits
        && no_group_fits
        && added_fits
        && managed_fits
        && synced_fits
        && use_fits(filters, apps, facts)
}

fn use_fits(filters: &Filters, apps: Option<&[usize]>, facts: &Facts<'_>) -> bool {
    let asks = filters.inactive_days.is_some() || filters.never_seen;
    let Some(all) = &facts.apps else { return !asks && filters.products.is_empty() };
    let of: Vec<_> = (all.iter())
        .filter(|one| apps.is_none_or(|apps| one.app.is_some_and(|app| apps.contains(&app))))
        .filter(|one| one.has != Some(false))
        .collect();
    let has = of.iter().any(|one| one.has == Some(true));
    let may = has || (asks && !of.is_empty());
    if !filters.products.is_empty() && !may {
        return false;
    }
    if !asks {
        return true;
    }
    let days = i64::from(filters.inactive_days.unwrap_or(0)) + 1;
    let border = now() - SignedDuration::from_hours(days * 24);
    let dates: Vec<_> = (of.iter())
        .filter_map(|one| match one.last {
            LastUse::At(at) => Some(at),
            LastUse::Never | LastUse::Unknown => None,
        })
        .collect();
    if of.is_empty() || of.iter().any(|one| one.last == LastUse::Unknown) {
        return false;
    }
    match dates.iter().max() {
        Some(latest) => filters.inactive_days.is_some() && *latest <= border,
        None => filters.never_seen && facts.added.is_some_and(|added| added.at_most <= border),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn a_list_is_what_a_plain_predicate_says((filters, apps) in filters(), facts in facts()) {
        let listed = judge(&filters, apps.as_deref(), &facts, now()) == Verdict::Listed;
        prop_assert_eq!(listed, naive(&filters, apps.as_deref(), &facts));
    }

    #[test]
    fn a_fact_that_is_taken_away_lists_no_user((filters, apps) in filters(), facts in facts(), at in 0..10_usize) {
        let mut less = facts.clone();
        match at {
            0 => less.kind = None,
            1 => less.status = None,
            2 => less.email = None,
            3 => less.added = None,
            4 => less.managed = None,
            5 => less.synced = None,
            6 => less.roles = None,
            7 => less.in_group = None,
            8 => less.in_excluded_group = None,
            _ => less.apps = None,
        }
        let before = judge(&filters, apps.as_deref(), &facts, now());
        let after = judge(&filters, apps.as_deref(), &less, now());
        prop_assert!(after != Verdict::Listed || before == Verdict::Listed, "{:?} {:?}", before, after);
    }
}

#[test]
fn days_are_read_as_late_as_they_can_mean() {
    for (text, day, at_most) in [
        ("3 Jan 2024", "2024-01-03", "2024-01-04T00:00:00Z"),
        ("03 January 2024", "2024-01-03", "2024-01-04T00:00:00Z"),
        ("2024-01-03", "2024-01-03", "2024-01-04T00:00:00Z"),
        ("2024-01-03T23:59:59.5Z", "2024-01-03", "2024-01-03T23:59:59.5Z"),
        ("2024-01-03T23:00:00-02:00", "2024-01-04", "2024-01-04T01:00:00Z"),
        ("2024-01-03 10:00:00", "2024-01-03", "2024-01-03T22:00:00Z"),
    ] {
        let moment = moment(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(
            (moment.day.to_string(), moment.at_most),
            (day.into(), at_most.parse().unwrap())
        );
    }
    for no_day in ["", "03/01/2024", "yesterday", "45294", "Never accessed"] {
        assert_eq!(moment(no_day), None, "{no_day}");
    }
}

#[test]
fn a_missing_date_is_never_and_an_unreadable_one_is_unknown() {
    assert_eq!(LastUse::of_stamp(None), LastUse::Never);
    assert_eq!(LastUse::of_stamp(Some("")), LastUse::Never);
    assert_eq!(LastUse::of_stamp(Some("1970-01-01T00:00:00Z")), LastUse::Never);
    assert_eq!(LastUse::of_stamp(Some("soon")), LastUse::Unknown);
    assert_eq!(LastUse::of_cell("Never accessed"), LastUse::Never);
    assert_eq!(LastUse::of_cell(""), LastUse::Unknown);
    assert_eq!(LastUse::of_cell("13/14/2024"), LastUse::Unknown);
}
