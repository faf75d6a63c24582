//! Finds the call of a request.

use std::collections::HashMap;

use super::{all, route};
use crate::http::decode;

/// The result for an address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Call {
        route: u16,
        params: Vec<String>,
        /// Jira's version in the path; 3 for other APIs.
        version: u8,
    },
    /// The address is known, but only with other methods: these.
    WrongMethod(Vec<&'static str>),
    Nothing,
}

/// Finds calls by the number of segments of an address.
pub(crate) struct Matcher {
    by_parts: HashMap<usize, Vec<(u16, Vec<&'static str>)>>,
}

impl Matcher {
    pub(crate) fn new() -> Self {
        let mut by_parts: HashMap<_, Vec<_>> = HashMap::new();
        for (at, route) in (0_u16..).zip(all()) {
            let parts: Vec<_> = route.template.split('/').skip(1).collect();
            by_parts.entry(parts.len()).or_default().push((at, parts));
        }
        // If two templates match, the one with fewer placeholders wins.
        for routes in by_parts.values_mut() {
            routes.sort_by_key(|(_, parts)| parts.iter().filter(|part| is_gap(part)).count());
        }
        Self { by_parts }
    }

    /// Finds the call of an address. `HEAD` is answered as `GET`; the server leaves out the body.
    pub(crate) fn find(&self, method: &str, path: &str) -> Found {
        let method = if method == "HEAD" { "GET" } else { method };
        let mut parts: Vec<_> = path.split('/').skip(1).collect();
        if parts.last() == Some(&"") {
            parts.pop();
        }
        let mut version = 3;
        if parts.len() > 2 && parts[0] == "rest" && parts[1] == "api" {
            match parts[2] {
                "3" => {}
                "2" | "latest" => version = 2,
                _ => return Found::Nothing,
            }
            parts[2] = "3";
        }
        let mut known = Vec::new();
        for (at, wanted) in self.by_parts.get(&parts.len()).into_iter().flatten() {
            let fits = wanted
                .iter()
                .zip(&parts)
                .all(|(wanted, part)| is_gap(wanted) && !part.is_empty() || wanted == part);
            if !fits {
                continue;
            }
            if route(*at).method == method {
                let gaps = wanted.iter().zip(&parts).filter(|(wanted, _)| is_gap(wanted));
                let params = gaps.map(|(_, part)| decode(part)).collect();
                return Found::Call { route: *at, params, version };
            }
            known.push(route(*at).method);
        }
        if known.is_empty() { Found::Nothing } else { Found::WrongMethod(known) }
    }
}

fn is_gap(part: &&str) -> bool {
    part.starts_with('{')
}

/// The routes that a method and a template or path select; all routes if neither is given.
pub(crate) fn chosen(method: Option<&str>, path: Option<&str>) -> impl Iterator<Item = usize> {
    let matcher = Matcher::new();
    all().enumerate().filter_map(move |(at, route)| {
        let same_method = method.is_none_or(|wanted| wanted.eq_ignore_ascii_case(route.method));
        let leads_here = |path: &str| match matcher.find(route.method, path) {
            Found::Call { route, .. } => usize::from(route) == at,
            _ => false,
        };
        let same_path = path.is_none_or(|wanted| wanted == route.template || leads_here(wanted));
        (same_method && same_path).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_call_is_there_twice() {
        let mut seen = HashSet::new();
        for route in all() {
            assert!(seen.insert((route.method, route.template)), "{}", route.template);
            assert!(!route.known.is_empty(), "{} rests on nothing", route.template);
        }
    }

    #[test]
    fn every_template_finds_itself() {
        let matcher = Matcher::new();
        for (at, route) in (0_u16..).zip(all()) {
            let Found::Call { route: found, .. } = matcher.find(route.method, route.template)
            else {
                panic!("{} {} is not found", route.method, route.template);
            };
            assert_eq!(found, at, "{} {}", route.method, route.template);
        }
    }

    #[test]
    fn versions_methods_and_gaps() {
        let matcher = Matcher::new();
        let Found::Call { version, .. } = matcher.find("GET", "/rest/api/2/myself") else {
            panic!("version 2 is the same");
        };
        assert_eq!(version, 2);
        assert_eq!(matcher.find("GET", "/rest/api/1/myself"), Found::Nothing);
        assert_eq!(matcher.find("PUT", "/rest/api/3/myself"), Found::WrongMethod(vec!["GET"]));
        assert!(matches!(matcher.find("HEAD", "/rest/api/3/myself"), Found::Call { .. }));
        assert_eq!(matcher.find("GET", "/users//manage"), Found::Nothing);
        let Found::Call { params, .. } =
            matcher.find("POST", "/users/712020%3Aab/manage/lifecycle/disable")
        else {
            panic!("an id may be encoded");
        };
        assert_eq!(params, ["712020:ab"]);
    }

    #[test]
    fn limits_choose_routes_by_path_or_template() {
        assert_eq!(chosen(None, None).count(), all().count());
        assert_eq!(chosen(Some("post"), Some("/rest/api/2/group/user")).count(), 1);
        assert_eq!(chosen(None, Some("/users/{account_id}/manage")).count(), 1);
        assert_eq!(chosen(None, Some("/nowhere")).count(), 0);
    }
}
