//! The table of all calls that the sandbox plays, and finding the call of a request.
//!
//! A new call is one row in one of the tables below and one function. docs/sandbox.md's table is
//! made from the rows; a test fails when one is missing there, another when no test reaches it.

mod admin;
mod jira;
mod lag;
mod manage;
mod matcher;
mod provenance;
mod retired;

use crate::http::{Call, Edit, Reply};
use crate::org::Org;

pub(crate) use lag::{Source, source};
pub(crate) use matcher::{Found, Matcher, chosen};

/// Which interface a call belongs to: they differ in credentials and in how they refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Jira,
    /// User management, `/users/{account_id}/manage…`.
    Manage,
    /// Organizations, `/admin/…`.
    Admin,
}

/// How a call is applied: one that only reads cannot change anything.
pub(crate) enum Handler {
    Read(fn(&Call<'_>, &Org) -> Result<Reply, Reply>),
    Write(fn(&Call<'_>, &mut Edit<'_>) -> Result<Reply, Reply>),
}

/// What the behavior of a call rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// The published description of the interface.
    Description,
    /// An article of Atlassian's knowledge base.
    Article,
    /// Atlassian's tracker, or a report in its community.
    Tracker,
    /// The interface's changelog.
    Changelog,
    /// Our guess, where nothing was found.
    Assumption,
}

pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) api: Api,
    pub(crate) handler: Handler,
    pub(crate) known: &'static [Known],
    /// What is known from where, where that is worth saying.
    pub(crate) note: &'static str,
    /// Whether it answers without credentials.
    pub(crate) anonymous: bool,
    /// The published limit, where there is one. [rate limits of the organizations API]
    pub(crate) a_minute: Option<u32>,
}

/// Rows, one a line: method, template, `Read` or `Write` with the function, what the behavior
/// rests on, a note for the docs, `anonymous` where no credentials are asked for, and the published
/// limit where there is one.
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
    /// Whether the call is meant to change something.
    pub(crate) fn changes(&self) -> bool {
        matches!(self.handler, Handler::Write(_))
    }
}

/// One row of the docs' table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// The address with `{…}` for what varies; Jira's covers versions 2 and 3.
    pub template: &'static str,
    /// What the behavior rests on, in words.
    pub known: Vec<&'static str>,
    /// What in particular is known from where, or assumed.
    pub note: &'static str,
    /// The published limit, requests a minute.
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

static TABLES: [&[Route]; 4] = [jira::ROUTES, manage::ROUTES, admin::ROUTES, retired::ROUTES];

/// All calls; a call's place in this order is its number.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// The published limit of each call, in the order of their numbers.
pub(crate) fn published_limits() -> impl Iterator<Item = Option<u32>> {
    all().map(|route| route.a_minute)
}

/// The call of a number.
pub(crate) fn route(number: u16) -> &'static Route {
    let mut number = usize::from(number);
    for table in TABLES {
        match table.get(number) {
            Some(route) => return route,
            None => number -= table.len(),
        }
    }
    // Numbers are made from the tables only.
    &jira::ROUTES[0]
}
