//! The site of a page: in the header of every page, and in the addresses of its links. The choice is part of the
//! address, so each tab of the browser has its own.

use headcount_app::collections::is_collection;
use headcount_app::configuration::choose::{ENVIRONMENT, SANDBOX};
use headcount_journal::Run;
use maud::{Markup, html};

use crate::parts::text::{encoded, foreign};
use crate::state::sites::{OF_ENVIRONMENT, SiteChoice};

/// The site of a page.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its profile; `None` if the page belongs to no site.
    profile: Option<String>,
    /// Its title.
    title: String,
    /// Its address, if known.
    address: Option<String>,
    is_sandbox: bool,
}

impl Place {
    /// No site.
    pub fn none() -> Self {
        Self::default()
    }

    /// A site that can be chosen.
    pub fn of(site: &SiteChoice) -> Self {
        Self {
            profile: Some(site.name.clone()),
            title: site.title.clone(),
            address: site.address.clone(),
            is_sandbox: site.is_sandbox,
        }
    }

    /// The site of a profile.
    pub fn of_profile(name: &str) -> Self {
        let title = match name {
            SANDBOX => "Sandbox",
            ENVIRONMENT => OF_ENVIRONMENT,
            name => name,
        };
        Self {
            profile: Some(name.to_owned()),
            title: title.to_owned(),
            address: None,
            is_sandbox: name == SANDBOX,
        }
    }

    /// The site of a run.
    pub fn of_run(run: &Run) -> Self {
        if is_collection(run) {
            return Self::of_collection(run);
        }
        let is_sandbox = run.site == SANDBOX;
        let address = (!is_sandbox).then(|| run.site.clone());
        Self { address, is_sandbox, ..Self::of_profile(&run.profile) }
    }

    /// The addresses to which a collection's requests go; such a run has no site of the page.
    fn of_collection(run: &Run) -> Self {
        let title: String = run.site.chars().take(120).collect();
        Self { profile: Some(String::new()), title, address: None, is_sandbox: false }
    }

    /// A link to a page with this site chosen.
    pub fn link(&self, path: &str) -> String {
        match &self.profile {
            Some(profile) if !profile.is_empty() => format!("{path}?site={}", encoded(profile)),
            _ => path.to_owned(),
        }
    }

    /// Whether this is a sandbox; then the header has another color.
    pub fn is_sandbox(&self) -> bool {
        self.is_sandbox
    }

    /// The site's name and address, as the header shows them.
    pub fn shown(&self) -> Markup {
        html! {
            @if let Some(profile) = &self.profile {
                a.where href={ "/?site=" (encoded(profile)) } title="Choose another site" {
                    span.hidden { "Site: " }
                    strong { (foreign(&self.title)) }
                    @if self.is_sandbox { span { "nothing real is changed" } }
                    @else if let Some(address) = &self.address { span { (foreign(host(address))) } }
                }
            }
        }
    }

    /// The site's name, with its address as a tooltip.
    pub fn name(&self) -> Markup {
        html! {
            span title=[self.address.as_deref().map(headcount_app::words::clean)] { (foreign(&self.title)) }
        }
    }
}

/// An address without its scheme.
fn host(address: &str) -> &str {
    address.split_once("://").map_or(address, |(_, host)| host).trim_end_matches('/')
}
