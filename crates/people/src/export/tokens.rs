//! `token list`: the API tokens of managed accounts, without their secrets, which no call shows.

use std::io::Write;

use jiff::{SignedDuration, Timestamp};

use super::columns::{Out, day};
use super::error::ExportError;
use super::{Far, Progress};
use headcount_atlassian::Site;
use headcount_atlassian::records::TokenRecord;
use headcount_model::user::mail_key;

/// The columns of `token list`. `token revoke` reads the first and those of the user.
pub const TOKEN_COLUMNS: [&str; 9] = [
    "Token id",
    "Label",
    "User id",
    "User name",
    "Email",
    "Status",
    "Created",
    "Expires",
    "Last used",
];

/// Which tokens are listed: all of these must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenFilters {
    /// Created at least this many days ago.
    pub age_days: Option<u32>,
    /// Not used for at least this many days; a token that was never used counts from its creation.
    pub unused_days: Option<u32>,
    /// The owner's email or account id.
    pub owner: Option<String>,
}

/// The result of listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListedTokens {
    /// How many tokens were looked at.
    pub looked_at: u64,
    /// How many are listed.
    pub listed: u64,
    /// Tokens that are left out because the site does not show a date that a filter needs.
    pub undated: u64,
}

/// Writes the tokens that the filters list, the oldest first.
///
/// # Errors
/// The site can't be read to its end; there is no organization API key.
pub async fn tokens(
    site: &Site,
    filters: &TokenFilters,
    out: impl Write + Send,
    progress: Progress<'_>,
) -> Result<ListedTokens, ExportError> {
    let Some(admin) = &site.admin else {
        let needs = "an organization API key";
        return Err(ExportError::NoWay { what: "API tokens", needs });
    };
    // The site's clock: a computer's clock that is set ahead would make tokens old.
    let now = site.clock.now().map_or_else(Timestamp::now, |time| time.at_least);
    let mut listed = ListedTokens::default();
    let mut tokens = Vec::new();
    let mut pages = admin.all_tokens();
    while let Some(page) = pages.next().await? {
        progress(Far::More(page.len() as u64));
        listed.looked_at += page.len() as u64;
        for token in page {
            match filters.lists(&token, now) {
                Some(true) => tokens.push(token),
                Some(false) => {}
                None => listed.undated += 1,
            }
        }
    }
    tokens.sort_by(|one, two| (at(&one.created), &one.id).cmp(&(at(&two.created), &two.id)));
    let mut out = Out::new(out);
    out.headings(&TOKEN_COLUMNS)?;
    for token in &tokens {
        out.cells(&cells(token))?;
    }
    listed.listed = out.end()?;
    Ok(listed)
}

fn at(text: &Option<Box<str>>) -> Option<Timestamp> {
    text.as_deref()?.parse().ok()
}

impl TokenFilters {
    /// Whether a token is listed; `None` if that depends on a date that the site does not show.
    fn lists(&self, token: &TokenRecord, now: Timestamp) -> Option<bool> {
        if let Some(owner) = &self.owner {
            let is_mail =
                token.owner_mail.as_deref().is_some_and(|mail| mail_key(mail) == mail_key(owner));
            let is_id = token.owner.as_ref().is_some_and(|id| id.as_str() == owner.trim());
            if !is_mail && !is_id {
                return Some(false);
            }
        }
        let is_older = |date: Option<Timestamp>, days: Option<u32>| match (date, days) {
            (_, None) => Some(true),
            (None, Some(_)) => None,
            (Some(date), Some(days)) => {
                Some(now.duration_since(date) >= SignedDuration::from_hours(24 * i64::from(days)))
            }
        };
        let is_old = is_older(at(&token.created), self.age_days)?;
        let used = match &token.used {
            Some(_) => at(&token.used),
            None => at(&token.created),
        };
        Some(is_older(used, self.unused_days)? && is_old)
    }
}

fn cells(token: &TokenRecord) -> Vec<String> {
    let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    // A time stamp that cannot be read stays as it is.
    let date = |stamp: &Option<Box<str>>| {
        let stamp = stamp.as_deref().unwrap_or_default();
        day(stamp).unwrap_or_else(|| stamp.to_owned())
    };
    let used = if token.used.is_none() { "Never used".to_owned() } else { date(&token.used) };
    vec![
        token.id.to_string(),
        token.label.to_string(),
        token.owner.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default(),
        text(&token.owner_name),
        text(&token.owner_mail),
        text(&token.status),
        date(&token.created),
        date(&token.expires),
        used,
    ]
}
