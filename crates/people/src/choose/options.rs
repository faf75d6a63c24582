//! The filters as users give them: the options of the command line and the fields of the page are made
//! from this one table.

use super::filters::{Accounts, Filters, StatusFilter};
use super::judge::role_key;
use super::moments::moment;
use headcount_sheet::nearest;

/// The most days of `--inactive-days`: a hundred years.
const MOST_DAYS: u32 = 36_500;

/// A filter as users give it.
pub struct FilterOption {
    /// The option without `--`, and the name of the field.
    pub name: &'static str,
    /// What it lists, for the command line.
    pub help: &'static str,
    /// The label of its field.
    pub label: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Adds one value to the filters; for a flag, an empty one.
    set: fn(&mut Filters, &str) -> Result<(), String>,
}

/// What a filter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Flag,
    /// A number.
    Number(&'static str),
    /// A day.
    Day(&'static str),
    /// One of these words, each with its label.
    Choice(&'static str, &'static [Choice]),
    /// Some of these words, with commas between them on the command line.
    Choices(&'static str, &'static [Choice]),
    /// Words with commas between them.
    Words(&'static str),
    /// Names, which may have commas: an option for each.
    Names(&'static str),
    /// Names of apps; one option takes several.
    Apps(&'static str),
}

/// A word and its label.
pub type Choice = (&'static str, &'static str);

/// A value that a filter does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct WrongFilter {
    /// The filter's name.
    pub name: &'static str,
    /// What is wrong with the value.
    pub why: String,
}

impl FilterOption {
    /// Adds a value to the filters.
    ///
    /// # Errors
    /// The filter does not take it; the text says what it takes.
    pub fn set(&self, filters: &mut Filters, value: &str) -> Result<(), String> {
        (self.set)(filters, value.trim())
    }

    /// The values in the text of a field.
    fn values<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let parts: Vec<&str> = match self.takes {
            Takes::Flag
            | Takes::Number(_)
            | Takes::Day(_)
            | Takes::Choice(..)
            | Takes::Choices(..)
            | Takes::Apps(_) => vec![text],
            Takes::Words(_) => text.split([',', '\n']).collect(),
            Takes::Names(_) => text.lines().collect(),
        };
        parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
    }
}

/// The filters that the fields of a form give. Other fields are ignored.
///
/// # Errors
/// A field has a value that its filter does not take.
pub fn of_fields<'f>(
    fields: impl Iterator<Item = (&'f str, &'f str)>,
) -> Result<Filters, WrongFilter> {
    let mut filters = Filters::default();
    for (name, text) in fields {
        let Some(option) = OPTIONS.iter().find(|option| option.name == name) else { continue };
        for value in option.values(text) {
            let set = option.set(&mut filters, value);
            set.map_err(|why| WrongFilter { name: option.name, why })?;
        }
    }
    Ok(filters)
}

/// All filters, in the order of help and form.
pub static OPTIONS: [FilterOption; 12] = [
    FilterOption {
        name: "inactive-days",
        help: "Users whose last use of an app is at least N days ago. Dates can be 24 hours late, so \
               headcount adds a day",
        label: "Days without use, at least",
        takes: Takes::Number("N"),
        set: |filters, value| {
            let days = value.parse().ok().filter(|days| *days <= MOST_DAYS);
            filters.inactive_days = Some(days.ok_or("write a number of days, at most 36500")?);
            Ok(())
        },
    },
    FilterOption {
        name: "never-seen",
        help: "Users who have an app, never used one, and were added at least a day ago. With \
               --inactive-days N: added at least N days ago; the list then has both kinds. This is the \
               nearest to invitations that were not accepted, which no call shows",
        label: "Users who never used an app",
        takes: Takes::Flag,
        set: |filters, _| {
            filters.never_seen = true;
            Ok(())
        },
    },
    FilterOption {
        name: "added-before",
        help: "Users added to the organization before this day (UTC), such as 2026-01-31",
        label: "Added before",
        takes: Takes::Day("DATE"),
        set: |filters, value| {
            let day = moment(value).ok_or("write the day as 2026-01-31")?.day;
            filters.added_before = Some(day);
            Ok(())
        },
    },
    FilterOption {
        name: "status",
        help: "Users in this state: active, suspended, deactivated, not-invited or deleted; inactive \
               means every state but active",
        label: "Status",
        takes: Takes::Choices(
            "STATUS",
            &[
                ("active", "active"),
                ("suspended", "suspended"),
                ("deactivated", "deactivated"),
                ("not-invited", "not invited"),
                ("deleted", "deleted"),
            ],
        ),
        set: |filters, value| {
            let status = value.parse::<StatusFilter>();
            filters.statuses.push(status.map_err(|()| not_one_of(value, &StatusFilter::WORDS))?);
            Ok(())
        },
    },
    FilterOption {
        name: "domain",
        help: "Users with an email address of this domain",
        label: "Email domains",
        takes: Takes::Words("DOMAIN"),
        set: |filters, value| {
            filters.domains.push(domain(value)?);
            Ok(())
        },
    },
    FilterOption {
        name: "group",
        help: "Users in this group, by name or id; several: in one of them",
        label: "In one of these groups",
        takes: Takes::Names("GROUP"),
        set: |filters, value| {
            filters.groups.push(value.to_owned());
            Ok(())
        },
    },
    FilterOption {
        name: "not-group",
        help: "Users who are not in this group; several: in none of them",
        label: "In none of these groups",
        takes: Takes::Names("GROUP"),
        set: |filters, value| {
            filters.not_groups.push(value.to_owned());
            Ok(())
        },
    },
    FilterOption {
        name: "product",
        help: "Users with access to this app, such as Jira, or \"Jira - acme\" for Jira on one site. \
               --inactive-days and --never-seen then count only the use of these apps",
        label: "With one of these apps",
        takes: Takes::Apps("NAME"),
        set: |filters, value| {
            filters.products.push(value.to_owned());
            Ok(())
        },
    },
    FilterOption {
        name: "managed",
        help: "Managed accounts, or all others",
        label: "Managed by the organization",
        takes: Takes::Choice("yes|no", &[("yes", "yes"), ("no", "no")]),
        set: |filters, value| {
            filters.managed = Some(one_of(value, [("yes", true), ("no", false)])?);
            Ok(())
        },
    },
    FilterOption {
        name: "source",
        help: "Users invited by an administrator, or synced by an identity provider",
        label: "Source",
        takes: Takes::Choice(
            "invited|synced",
            &[("invited", "invited"), ("synced", "synced by an identity provider")],
        ),
        set: |filters, value| {
            filters.synced = Some(one_of(value, [("invited", false), ("synced", true)])?);
            Ok(())
        },
    },
    FilterOption {
        name: "role",
        help: "Users with this role in the organization: org-admin, site-admin, user-access-admin or ai-access",
        label: "Roles in the organization",
        takes: Takes::Choices("ROLE", ROLES),
        set: |filters, value| {
            let same = |(word, _): &&Choice| role_key(word) == role_key(value);
            let (role, _) = ROLES.iter().find(same).ok_or_else(|| {
                not_one_of(value, &ROLES.iter().map(|(word, _)| *word).collect::<Vec<_>>())
            })?;
            filters.roles.push((*role).to_owned());
            Ok(())
        },
    },
    FilterOption {
        name: "accounts",
        help: "Kind of accounts: people, apps, customers (of help desks) or all [default: people]",
        label: "Kind of accounts",
        takes: Takes::Choice(
            "KIND",
            &[
                ("people", "people"),
                ("apps", "apps and service accounts"),
                ("customers", "customers of help desks"),
                ("all", "all"),
            ],
        ),
        set: |filters, value| {
            let kinds = [
                ("people", Accounts::People),
                ("apps", Accounts::Apps),
                ("customers", Accounts::Customers),
                ("all", Accounts::All),
            ];
            filters.accounts = one_of(value, kinds)?;
            Ok(())
        },
    },
];

/// A domain, perhaps after an `@`. Part of one, a pattern, or an address would list no user, as if all were gone.
fn domain(value: &str) -> Result<String, String> {
    let domain = value.strip_prefix('@').unwrap_or(value);
    let is_odd = |c: char| c.is_whitespace() || !(c.is_alphanumeric() || c == '-');
    let is_label = |label: &str| !label.is_empty() && !label.contains(is_odd);
    match domain.contains('.') && domain.split('.').all(is_label) {
        true => Ok(domain.to_owned()),
        false => Err("write a whole domain, such as example.com; its subdomains are others".into()),
    }
}

/// The roles in the organization (organizations description, `PlatformRole`, without `atlassian/`).
const ROLES: &[Choice] = &[
    ("org-admin", "organization admin"),
    ("site-admin", "site admin"),
    ("user-access-admin", "user access admin"),
    ("ai-access", "AI access"),
];

fn one_of<T: Copy, const N: usize>(value: &str, choices: [(&str, T); N]) -> Result<T, String> {
    let found = choices.iter().find(|(word, _)| word.eq_ignore_ascii_case(value));
    let words = choices.map(|(word, _)| word);
    found.map(|(_, choice)| *choice).ok_or_else(|| not_one_of(value, &words))
}

/// Why a value is refused: what the filter takes, and the nearest of it.
fn not_one_of(value: &str, words: &[&str]) -> String {
    let all = words.join(", ");
    match nearest(value, words.iter().copied(), 1).first() {
        Some(nearest) => format!("choose one of: {all} (nearest: {nearest})"),
        None => format!("choose one of: {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_options_give_the_same_filters() {
        let fields = [
            ("inactive-days", "90"),
            ("never-seen", "on"),
            ("status", "active"),
            ("status", "suspended"),
            ("domain", "a.example, b.example"),
            ("not-group", "Finance, Europe\r\nContractors\r\n"),
            ("managed", "yes"),
            ("accounts", ""),
            ("page", "3"),
        ];
        let filters = of_fields(fields.into_iter()).unwrap();
        assert_eq!(filters.inactive_days, Some(90));
        assert!(filters.never_seen && filters.managed == Some(true));
        assert_eq!(filters.statuses.len(), 2);
        assert_eq!(filters.domains, ["a.example", "b.example"]);
        for domain in ["@Acme.example", "bücher.example", "xn--bcher-kva.example", "a-b.co.uk"] {
            of_fields([("domain", domain)].into_iter()).unwrap();
        }
        assert_eq!(filters.not_groups, ["Finance, Europe", "Contractors"]);
        assert_eq!(filters.accounts, Accounts::People);
        for (name, value) in [
            ("inactive-days", "40000"),
            ("added-before", "3/4"),
            ("source", "x"),
            ("domain", "*.example.com"),
            ("domain", "example"),
            ("domain", "ann@example.com"),
            ("domain", "example..com"),
            ("domain", "a.example b.example"),
            ("domain", "@"),
        ] {
            let wrong = of_fields([(name, value)].into_iter()).unwrap_err();
            assert_eq!(wrong.name, name);
        }
    }

    /// A word that a closed list does not have is refused with the list and the nearest word.
    #[test]
    fn a_word_outside_a_closed_list_is_refused_with_the_nearest() {
        for (name, value, nearest, all) in [
            ("status", "suspendet", "suspended", "deactivated"),
            ("status", "aktiv", "active", "not-invited"),
            ("role", "org-adnin", "org-admin", "site-admin"),
            ("role", "nonsense", "", "user-access-admin"),
            ("source", "sync", "synced", "invited"),
            ("accounts", "app", "apps", "customers"),
            ("managed", "yess", "yes", "no"),
        ] {
            let wrong = of_fields([(name, value)].into_iter()).unwrap_err();
            assert_eq!(wrong.name, name);
            assert!(wrong.why.contains(all), "{}", wrong.why);
            let is_told = wrong.why.contains(&format!("nearest: {nearest}"));
            assert_eq!(is_told, !nearest.is_empty(), "{value}: {}", wrong.why);
        }
        let roles = [
            "Organization admin",
            "atlassian/site-admin",
            "User Access Admin",
            "site administrator",
        ];
        for role in roles {
            of_fields([("role", role)].into_iter()).unwrap();
        }
    }
}
