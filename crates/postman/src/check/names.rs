//! Finds names without a value.

use std::collections::BTreeSet;

use crate::model::{Body, BodyMode, RequestItem};
use crate::run::Run;

use super::braced::names_in;
use super::usage::usage;

/// A name without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first request that uses it.
    pub item: String,
    /// How many other requests use it.
    pub others: usize,
    /// The name.
    pub name: String,
    /// The most similar name with a value.
    pub nearest: Option<String>,
    /// Whether that name differs only in case, as a heading that Postman does not accept.
    pub differs_in_case: bool,
}

impl std::fmt::Display for Gap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.item)?;
        match self.others {
            0 => {}
            1 => write!(f, " and 1 more request")?,
            others => write!(f, " and {others} more requests")?,
        }
        write!(f, ": no value for {{{{{}}}}}", self.name)?;
        match &self.nearest {
            Some(nearest) if self.differs_in_case => {
                write!(
                    f,
                    "; \"{nearest}\" differs only in case, and Postman takes case into account"
                )
            }
            Some(nearest) => write!(f, "; did you mean \"{nearest}\"?"),
            None => Ok(()),
        }
    }
}

/// Every name in the requests for which no file, column or script can have a value.
pub fn gaps(run: &Run) -> Vec<Gap> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for scope in [&run.scopes.globals, &run.scopes.collection, &run.scopes.environment] {
        known.extend(scope.variables().iter().filter(|it| !it.disabled).map(|it| it.key.clone()));
    }
    known.extend(run.rows.columns().map(str::to_owned));
    for script in run.items.iter().flat_map(|item| &item.scripts) {
        let usage = usage(script);
        // A script that sets computed names may set any name.
        if usage.unclear.is_some() {
            return Vec::new();
        }
        known.extend(usage.writes);
    }
    let mut gaps: Vec<Gap> = Vec::new();
    for item in &run.items {
        for name in names_of(item) {
            if known.contains(&name) || crate::dynamic::generate(&name).is_some() {
                continue;
            }
            match gaps.iter_mut().find(|gap| gap.name == name) {
                Some(gap) => gap.others += 1,
                None => gaps.push(gap(item, name, &known)),
            }
        }
    }
    gaps
}

fn gap(item: &RequestItem, name: String, known: &BTreeSet<String>) -> Gap {
    let plain = |text: &str| text.trim().to_lowercase();
    let same = known.iter().find(|it| plain(it) == plain(&name));
    let near = || {
        let scored = known.iter().map(|it| (strsim::jaro_winkler(&plain(it), &plain(&name)), it));
        let best = scored.max_by(|one, other| one.0.total_cmp(&other.0));
        best.filter(|(score, _)| *score > 0.85).map(|(_, name)| name)
    };
    let nearest = same.or_else(near).cloned();
    Gap { item: item.name.clone(), others: 0, name, differs_in_case: same.is_some(), nearest }
}

/// The names in all parts of a request that are sent.
pub fn names_of(item: &RequestItem) -> BTreeSet<String> {
    let mut texts = vec![item.request.url.text()];
    texts.extend(item.request.url.raw_only.clone());
    for header in item.request.headers.iter().filter(|header| !header.disabled) {
        texts.extend([header.key.clone(), header.value.clone()]);
    }
    if let Some(body) = item.request.body.as_ref().filter(|body| !body.disabled) {
        texts.extend(texts_of(body));
    }
    if let Some(auth) = &item.auth {
        texts.extend(auth.params.iter().map(|(_, value)| value.clone()));
    }
    texts.iter().flat_map(|text| names_in(text)).collect()
}

fn texts_of(body: &Body) -> Vec<String> {
    match body.mode {
        BodyMode::Raw => vec![body.raw.clone()],
        BodyMode::File => body.file.iter().cloned().collect(),
        BodyMode::UrlEncoded => {
            let enabled = body.urlencoded.iter().filter(|param| !param.disabled);
            enabled.flat_map(|it| [it.key.clone(), it.value.clone()]).flatten().collect()
        }
        BodyMode::FormData => {
            let enabled = body.form.iter().filter(|param| !param.disabled);
            let texts = |it: &crate::model::FormParam| {
                [it.key.clone(), it.value.clone()]
                    .into_iter()
                    .chain(it.files.clone().unwrap_or_default())
            };
            enabled.flat_map(texts).collect()
        }
        BodyMode::GraphQl => {
            let graphql = &body.graphql;
            let variables = graphql
                .variables
                .as_ref()
                .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
            [graphql.query.clone(), graphql.operation.clone(), variables]
                .into_iter()
                .flatten()
                .collect()
        }
    }
}
