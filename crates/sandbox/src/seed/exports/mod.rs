//! Copies a real organization from Atlassian's exports.
//!
//! The folder may have `users.csv`, `groups.csv` and `managed.csv` (or `managed-accounts.csv`), and the API tokens of its
//! users in `tokens.csv` (the file of `headcount token list`). In the others, the headings decide what
//! a file is, not its name: a row with a user adds a user, a row with a group adds a group, and a row with both (the
//! pivot form) also adds a membership. Columns may be missing. Headings are compared without case, spaces, `-` and
//! `_`. The separator may be a comma, a semicolon or a tab; the text UTF-8, UTF-16 with a byte order mark, or
//! Latin-1.
//!
//! The exports do not contain everything. The rest is assumed, and docs/sandbox.md says so:
//! - Without the managed-accounts export, all users are managed except those with an email of a large public
//!   provider. With it, its users are managed, and a user in none of the other files is not on the site.
//! - No user is synced from an identity provider, no email is hidden, no app has a limit.
//! - Without a column for apps, all users of the site have Jira.

mod columns;
mod text;
mod tokens;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use csv::StringRecord;

use self::columns::{Columns, product_group as product_of_group};
use self::text::text;
use super::base::{create, group, product_group};
use crate::error::SandboxError;
use crate::org::{Change, GroupRecord, Lifecycle, Org, PersonRecord, Place, Product, is_mail};

const FILES: [&str; 5] =
    ["users.csv", "groups.csv", "all-groups.csv", "managed.csv", "managed-accounts.csv"];

/// Domains that no organization can claim.
const PUBLIC: [&str; 10] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "web.de",
    "proton.me",
];

pub(super) fn fill(org: &mut Org, folder: &Path) -> Result<(), SandboxError> {
    let mut managed = HashSet::new();
    let mut is_double = false;
    // The groups first: a user's app would otherwise get a group of its own next to the real one.
    for name in FILES {
        let path = folder.join(name);
        if let Some(bytes) = bytes_of(&path)? {
            read_file(org, &path, &text(&bytes), Read::Groups)?;
        }
    }
    for name in FILES {
        let path = folder.join(name);
        let Some(bytes) = bytes_of(&path)? else { continue };
        let is_managed = name.starts_with("managed");
        // If the users export exists, a user who is only among the managed accounts is not on the site.
        let newcomers = if is_managed && is_double { Place::Never } else { Place::Here };
        is_double = true;
        let listed = read_file(org, &path, &text(&bytes), Read::All { newcomers })?;
        if is_managed {
            managed.extend(listed);
        }
    }
    match is_double {
        true => {
            tokens::fill(org, folder)?;
            claim(org, &managed);
        }
        false => {
            return Err(SandboxError::NoSeed { path: folder.to_owned() });
        }
    }
    Ok(())
}

/// The content of a file, if it exists.
fn bytes_of(path: &Path) -> Result<Option<Vec<u8>>, SandboxError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SandboxError::Read { path: path.to_owned(), source }),
    }
}

/// What of a file is read.
#[derive(Clone, Copy)]
enum Read {
    /// The groups alone.
    Groups,
    /// Users, groups and memberships.
    All {
        /// The place of users that no earlier file has.
        newcomers: Place,
    },
}

/// Reads one file into the organization. Returns the account ids in it.
fn read_file(
    org: &mut Org,
    path: &Path,
    text: &str,
    read: Read,
) -> Result<Vec<Box<str>>, SandboxError> {
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|sign| first.bytes().filter(|byte| byte == sign).count())
        .unwrap_or(b',');
    let mut rows =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let wrong = |line: u64, why: String| SandboxError::Seed { path: path.to_owned(), line, why };
    let headings = rows.headers().map_err(|error| wrong(1, error.to_string()))?;
    let columns = Columns::read(headings);
    if !columns.has_people() && columns.group_name.is_none() {
        let found: Vec<_> = headings.iter().collect();
        let why = format!(
            "none of the headings User id, email, Group name is there; found: {}",
            found.join(", ")
        );
        return Err(wrong(1, why));
    }
    if columns.has_people()
        && columns.group_name.is_some()
        && columns.group_id.is_none()
        && !columns.is_old
    {
        let why = "Group name without Group id: a cell may hold several groups; export again with \"Pivot to column\"";
        return Err(wrong(1, why.to_owned()));
    }
    let mut listed = Vec::new();
    let mut by_mail = HashMap::new();
    let mut row = StringRecord::new();
    loop {
        let line = rows.position().line();
        if !rows.read_record(&mut row).map_err(|error| wrong(line, error.to_string()))? {
            return Ok(listed);
        }
        let Read::All { newcomers } = read else {
            add_group(org, &columns, &row);
            continue;
        };
        let person = add_person(org, &columns, &row, &mut by_mail, newcomers);
        let group = add_group(org, &columns, &row);
        if let (Some(account), Some(group)) = (&person, group) {
            org.apply(&Change::AddedMember { account: account.clone(), group });
        }
        listed.extend(person);
    }
}

fn cell(row: &StringRecord, column: Option<usize>) -> &str {
    plain(column.and_then(|at| row.get(at)).unwrap_or_default().trim())
}

/// A `'` before text that a spreadsheet would run is not part of the cell.
fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t']) => rest,
        _ => cell,
    }
}

/// The account of the row's user, who is added if new.
fn add_person(
    org: &mut Org,
    columns: &Columns,
    row: &StringRecord,
    by_mail: &mut HashMap<String, Box<str>>,
    newcomers: Place,
) -> Option<Box<str>> {
    let (id, email) = (cell(row, columns.id), cell(row, columns.email));
    if id.is_empty() && !is_mail(email) {
        return None;
    }
    if id.is_empty() {
        if let Some(account) = by_mail.get(email) {
            return Some(account.clone());
        }
        if let Some(at) = org.find_email(email) {
            return Some(org.person(at).record.account_id.clone());
        }
    } else if org.find(id).is_some() {
        return Some(id.into());
    }
    // If two accounts have the same email, the second has none.
    let email = if org.find_email(email).is_some() { "" } else { email };
    let name = match cell(row, columns.name) {
        "" => email,
        name => name,
    };
    let account: Box<str> = if id.is_empty() { org.next_account_id() } else { id.into() };
    let mut person = PersonRecord::new(&account, email, name);
    person.place = newcomers;
    let status = cell(row, columns.status).to_lowercase();
    if status.contains("suspend") && newcomers == Place::Here {
        person.place = Place::Suspended;
    } else if ["deactiv", "inactive", "disabled"].iter().any(|word| status.contains(word))
        || status == "no"
    {
        person.lifecycle = Lifecycle::Inactive;
    } else if status == "not invited" {
        // A managed account in no directory.
        person.place = Place::Never;
    } else if status == "deleted" {
        person.lifecycle = Lifecycle::ForDeletion;
    }
    let is_here = person.place != Place::Never;
    person.org_admin = cell(row, columns.role).to_lowercase().contains("org");
    person.added_ms = day(cell(row, columns.added));
    let seen = columns.seen.iter().map(|(at, product)| (*product, day(cell(row, Some(*at)))));
    person.seen = seen.filter(|(_, day)| *day > 0).collect();
    create(org, person);
    by_mail.insert(email.to_owned(), account.clone());
    if is_here {
        give_products(org, columns, row, &account);
    }
    Some(account)
}

/// Reads `3 Jan 2024` as milliseconds since 1970; 0 for anything else.
fn day(text: &str) -> i64 {
    let date = jiff::civil::Date::strptime("%d %b %Y", text).ok();
    let start = date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok());
    start.map_or(0, |start| start.timestamp().as_millisecond())
}

/// Adds the user to the groups of the apps that the row's cells name. These groups are created at once, because it
/// is not known yet which of the organization's groups gives access to the app.
fn give_products(org: &mut Org, columns: &Columns, row: &StringRecord, account: &str) {
    let mut products: Vec<_> = columns
        .products
        .iter()
        .filter(|(at, _)| {
            !matches!(
                cell(row, Some(*at)).to_lowercase().as_str(),
                "" | "none" | "no" | "no access"
            )
        })
        .map(|(_, product)| *product)
        .collect();
    if columns.products.is_empty() {
        products.push(Product::JiraSoftware);
    }
    for product in products {
        if org.default_group(product).is_none() {
            product_group(org, product);
        }
        if let Some(at) = org.default_group(product) {
            let group = org.group(at).record.id.clone();
            org.apply(&Change::AddedMember { account: account.into(), group });
        }
    }
}

/// The id of the row's group, which is added if new.
fn add_group(org: &mut Org, columns: &Columns, row: &StringRecord) -> Option<Box<str>> {
    // Names are not trimmed: a space at the end is part of them.
    let name = plain(columns.group_name.and_then(|at| row.get(at)).unwrap_or_default());
    let id = cell(row, columns.group_id);
    let known = match (id, name) {
        ("", "") => return None,
        ("", name) => org.find_group_name(name),
        (id, _) => org.find_group(id),
    };
    if let Some(at) = known {
        return Some(org.group(at).record.id.clone());
    }
    let id: Box<str> = if id.is_empty() { org.next_group_id() } else { id.into() };
    let mut record = GroupRecord::new(&id, if name.is_empty() { &id } else { name });
    record.grants = product_of_group(name);
    group(org, record);
    Some(id)
}

/// Marks the managed users, and claims the domains that this requires.
fn claim(org: &mut Org, managed: &HashSet<Box<str>>) {
    let is_public = |domain: &str| PUBLIC.contains(&domain);
    let mut domains = HashSet::new();
    let mut unmanaged = Vec::new();
    for (_, person) in org.people() {
        let record = &person.record;
        let domain = record.email.rsplit('@').next().unwrap_or_default().to_lowercase();
        let ours = match managed.is_empty() {
            true => !is_public(&domain),
            false => managed.contains(&record.account_id),
        };
        if ours && !domain.is_empty() && !is_public(&domain) {
            domains.insert(domain);
        }
        if !ours {
            unmanaged.push(record.account_id.clone());
        }
    }
    for account in unmanaged {
        org.apply(&Change::ChangedClaim { account, managed: false });
    }
    let mut domains: Vec<_> = domains.into_iter().collect();
    domains.sort_unstable();
    for domain in domains {
        org.apply(&Change::ClaimedDomain { domain: domain.into() });
    }
}

#[cfg(test)]
mod tests;
