//! The table of all calls that the sandbox plays.
//!
//! A new call is one row in one of the tables below and one function. The table of docs/sandbox.md is generated
//! from the rows. A test fails if a row is missing there, another if no test uses the call.

mod admin;
mod jira;
mod lag;
mod manage;
mod matcher;
mod provenance;
mod retired;
mod scim;

use crate::http::{Call, Edit, Reply};
use crate::org::Org;

pub(crate) use lag::{Source, source};
pub(crate) use matcher::{Found, Matcher, chosen};

/// The API that a call belongs to: APIs differ in credentials and in their refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Jira,
    /// User management, `/users/{account_id}/manage…`.
    Manage,
    /// Organizations, `/admin/…`.
    Admin,
    /// User provisioning, `/scim/…`.
    Scim,
}

/// The call's function. A reading one cannot change anything.
pub(crate) enum Handler {
    Read(fn(&Call<'_>, &Org) -> Result<Reply, Reply>),
    Write(fn(&Call<'_>, &mut Edit<'_>) -> Result<Reply, Reply>),
}

/// The source of a call's behavior.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// The published description of the interface.
    Description,
    /// An article of Atlassian's knowledge base.
    Article,
    /// Atlassian's issue tracker, or a report in its community.
    Tracker,
    /// The interface's changelog.
    Changelog,
    /// A guess, because no source was found.
    Assumption,
}

pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) api: Api,
    pub(crate) handler: Handler,
    pub(crate) known: &'static [Known],
    /// What comes from which source, if it is worth a note.
    pub(crate) note: &'static str,
    /// Whether the call works without credentials.
    pub(crate) anonymous: bool,
    /// The published limit per minute, if there is one. [rate limits of the organizations API]
    pub(crate) a_minute: Option<u32>,
}

/// One row per line: method, template, `Read` or `Write` with the function, the source of the behavior, a note for
/// the docs, `anonymous` if no credentials are required, and the published limit if there is one.
macro_rules! table {
    ($api:ident $($method:ident $template:literal $kind:ident $handler:path, $known:ident $note:literal $($anonymous:ident)? $([$a_minute:literal a minute])?;)*) => {
        pub(super) static ROUTES: &[super::Route] = &[$(super::Route {
            method: stringify!($method),
            template: $template,
            api: super::Api::$api,
            handler: super::Handler::$kind($handler),
            known: $known,
            note: $note,
            anonymous: table!(@ $($anonymous)?),
            a_minute: table!(@@ $($a_minute)?),
        }),*];
    };
    (@ anonymous) => { true };
    (@) => { false };
    (@@ $a_minute:literal) => { Some($a_minute) };
    (@@) => { None };
}
use table;

impl Route {
    /// Whether the call can change something.
    pub(crate) fn changes(&self) -> bool {
        matches!(self.handler, Handler::Write(_))
    }
}

/// One row of the docs' table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// The address, with `{…}` for its variable parts; Jira's covers versions 2 and 3.
    pub template: &'static str,
    /// The sources of the behavior, in words.
    pub known: Vec<&'static str>,
    /// What comes from which source, or is assumed.
    pub note: &'static str,
    /// The published limit, in requests per minute.
    pub a_minute: Option<u32>,
}

/// The whole table, for the docs and for tests.
#[must_use]
pub fn rows() -> Vec<Row> {
    let word = |known: &Known| match known {
        Known::Description => "description",
        Known::Article => "article",
        Known::Tracker => "tracker",
        Known::Changelog => "changelog",
        Known::Assumption => "assumption",
    };
    let rows = all().map(|route| Row {
        method: route.method,
        template: route.template,
        known: route.known.iter().map(word).collect(),
        note: route.note,
        a_minute: route.a_minute,
    });
    rows.collect()
}

static TABLES: [&[Route]; 5] =
    [jira::ROUTES, manage::ROUTES, admin::ROUTES, scim::ROUTES, retired::ROUTES];

/// All calls; a call's position is its number.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// The published limit of each call, in the order of their numbers.
pub(crate) fn published_limits() -> impl Iterator<Item = Option<u32>> {
    all().map(|route| route.a_minute)
}

/// The call with this number.
pub(crate) fn route(number: u16) -> &'static Route {
    let mut number = usize::from(number);
    for table in TABLES {
        match table.get(number) {
            Some(route) => return route,
            None => number -= table.len(),
        }
    }
    // All numbers come from the tables, so this is never used.
    &jira::ROUTES[0]
}
