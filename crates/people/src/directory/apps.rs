//! The organization's apps, and which of them a name means.

use headcount_atlassian::records::AppRecord;
use headcount_sheet::{nearest, normalized};

/// An app on one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// `<Product> - <site>`, as the exports head its column; no other app has the same.
    pub heading: String,
    /// The app's name, such as `Confluence`.
    pub title: String,
    /// The site.
    pub site: String,
    /// What kind it is, such as `confluence`; empty where a file does not show it.
    pub key: String,
    /// Its id; empty where a file does not show it.
    pub id: String,
    /// Seats, where the site shows a limit.
    pub capacity: Option<u64>,
}

/// The apps of an organization, or of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apps(pub Vec<App>);

/// No app has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no app is called “{name}”{}; there {}", nearest_of(.name, .apps), listed(.apps))]
pub struct UnknownApp {
    /// The name that was given.
    pub name: String,
    /// The names there are.
    pub apps: Vec<String>,
}

/// The app whose name or heading is most similar.
fn nearest_of(name: &str, apps: &[String]) -> String {
    let title = |heading: &'_ String| heading.rsplit_once(" - ").map(|(title, _)| title.to_owned());
    let titles: Vec<String> = apps.iter().filter_map(title).collect();
    let names = titles.iter().chain(apps).map(String::as_str);
    let nearest = nearest(name, names, 1);
    nearest.first().map_or_else(String::new, |nearest| format!("; nearest: {nearest}"))
}

fn listed(apps: &[String]) -> String {
    match apps {
        [] => "are none".to_owned(),
        [only] => format!("is {only}"),
        apps => format!("are {}", apps.join(", ")),
    }
}

impl Apps {
    /// The apps that the organization lists, in its order.
    pub fn of(records: Vec<AppRecord>) -> Self {
        let mut apps: Vec<App> = Vec::with_capacity(records.len());
        for record in records {
            let site = site(&record);
            let mut heading = format!("{} - {site}", record.title);
            if apps.iter().any(|app| normalized(&app.heading) == normalized(&heading)) {
                heading = format!("{heading} ({})", record.id);
            }
            let AppRecord { id, key, title, capacity, .. } = record;
            apps.push(App { heading, title, site, key, id, capacity });
        }
        Self(apps)
    }

    /// Whether two ids name the same app.
    pub fn same_id(one: &str, other: &str) -> bool {
        plain_id(one) == plain_id(other)
    }

    /// The place of the app with this id.
    pub fn by_id(&self, id: &str) -> Option<usize> {
        let id = plain_id(id);
        self.0.iter().position(|app| plain_id(&app.id) == id)
    }

    /// Which apps these names mean: an app's name on all sites, `<Product> - <site>`, or a key.
    /// `None` for no names, which means all apps.
    ///
    /// # Errors
    /// A name means no app.
    pub fn named(&self, names: &[String]) -> Result<Option<Vec<usize>>, UnknownApp> {
        if names.is_empty() {
            return Ok(None);
        }
        let mut chosen = Vec::new();
        for name in names {
            let found: Vec<_> =
                (0..self.0.len()).filter(|&at| self.0[at].is_called(name)).collect();
            if found.is_empty() {
                let apps = self.0.iter().map(|app| app.heading.clone()).collect();
                return Err(UnknownApp { name: name.clone(), apps });
            }
            chosen.extend(found);
        }
        chosen.sort_unstable();
        chosen.dedup();
        Ok(Some(chosen))
    }
}

impl App {
    fn is_called(&self, name: &str) -> bool {
        let name = without_software(&normalized(name));
        let names = [&self.heading, &self.title, &self.key, &self.id];
        names.iter().any(|own| !own.is_empty() && without_software(&normalized(own)) == name)
    }
}

/// Jira is called `Jira` and `Jira Software`, and its key `jira` and `jira-software`.
fn without_software(normalized: &str) -> String {
    match normalized.strip_prefix("jirasoftware") {
        Some(rest) => format!("jira{rest}"),
        None => normalized.to_owned(),
    }
}

/// Whether it is Jira's, and the rest: some answers name Jira's app `ari:cloud:jira::site/…`.
fn plain_id(id: &str) -> (bool, &str) {
    let jira = ["ari:cloud:jira-software::", "ari:cloud:jira::"];
    match jira.iter().find_map(|start| id.strip_prefix(start)) {
        Some(rest) => (true, rest),
        None => (false, id),
    }
}

/// The site as Atlassian's exports name it: the first part of its address. One that is not on
/// Atlassian's own domain is named by the workspace's name without the app's, or by its address.
fn site(record: &AppRecord) -> String {
    let host = record.host.as_deref().unwrap_or_default();
    let host = host.split_once("://").map_or(host, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    for domain in [".atlassian.net", ".jira.com", ".atlassian.com"] {
        if let Some(site) = host.strip_suffix(domain) {
            return site.to_owned();
        }
    }
    let own = record.name.strip_prefix(&record.title).unwrap_or(&record.name);
    let own = own.trim_start_matches([' ', '-']);
    if own.is_empty() { host.to_owned() } else { own.to_owned() }
}
