//! Finds names of Postman that headcount does not support; they are refused before anything is sent.

use std::collections::BTreeSet;

use crate::model::{RequestItem, Script};
use crate::script::{Modules, PACKAGES};

use super::tokens::{Placed, tokens};

/// An unsupported name that a script uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unsupported {
    /// The collection, folder or request that the script belongs to.
    pub owner: String,
    /// `prerequest` or `test`.
    pub listen: &'static str,
    /// The line of the script, from 1.
    pub line: usize,
    /// What is used.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { owner, listen, line, what, remedy } = self;
        write!(f, "\"{owner}\", {listen} script, line {line}: {what} is not supported; {remedy}")
    }
}

const PM: [&str; 14] = [
    "test",
    "expect",
    "response",
    "request",
    "environment",
    "globals",
    "variables",
    "collectionVariables",
    "iterationData",
    "info",
    "cookies",
    "sendRequest",
    "execution",
    "visualizer",
];
const EXECUTION: [&str; 3] = ["setNextRequest", "skipRequest", "location"];
const POSTMAN: [&str; 11] = [
    "setEnvironmentVariable",
    "getEnvironmentVariable",
    "clearEnvironmentVariable",
    "clearEnvironmentVariables",
    "setGlobalVariable",
    "getGlobalVariable",
    "clearGlobalVariable",
    "clearGlobalVariables",
    "setNextRequest",
    "getResponseCookie",
    "getResponseHeader",
];
const BUILT_IN: [&str; 17] = [
    "uuid",
    "chai",
    "atob",
    "btoa",
    "fs",
    "path",
    "http",
    "https",
    "zlib",
    "events",
    "util",
    "buffer",
    "stream",
    "string_decoder",
    "timers",
    "querystring",
    "punycode",
];
/// Global names that are packages.
const GLOBALS: [(&str, &str); 6] = [
    ("Backbone", "backbone"),
    ("_", "lodash"),
    ("CryptoJS", "crypto-js"),
    ("tv4", "tv4"),
    ("cheerio", "cheerio"),
    ("xml2Json", "xml2js"),
];

/// Everything that the scripts of these requests use and that is not supported.
pub fn unsupported(items: &[impl AsRef<RequestItem>], modules: &Modules) -> Vec<Unsupported> {
    let mut found = BTreeSet::new();
    let scripts: BTreeSet<_> = items
        .iter()
        .flat_map(|item| &item.as_ref().scripts)
        .map(|script| (&script.owner, script.listen.word(), &script.source))
        .collect();
    let all = items.iter().flat_map(|item| &item.as_ref().scripts);
    let own: BTreeSet<String> = all.clone().flat_map(own_members).collect();
    let mut seen = BTreeSet::new();
    for script in all {
        let key = (&script.owner, script.listen.word(), &script.source);
        if scripts.contains(&key) && seen.insert(key) {
            found.extend(in_script(script, modules, &own));
        }
    }
    found.into_iter().collect()
}

/// Members that a script adds to `pm` itself: `pm.name = …`.
fn own_members(script: &Script) -> Vec<String> {
    let tokens = tokens(&script.source);
    let own = tokens.windows(5).filter(|it| {
        it[0].name() == Some("pm") && it[1].is('.') && it[3].is('=') && !it[4].is('=')
    });
    own.filter_map(|it| it[2].name().map(str::to_owned)).collect()
}

fn in_script(script: &Script, modules: &Modules, own: &BTreeSet<String>) -> Vec<Unsupported> {
    let tokens = tokens(&script.source);
    let mut found = Vec::new();
    let mut add = |line, what: String, remedy: String| {
        let owner = script.owner.clone();
        found.push(Unsupported { owner, listen: script.listen.word(), line, what, remedy });
    };
    let remove = || "remove it from the script".to_owned();
    for (at, token) in tokens.iter().enumerate() {
        let Some(name) = token.name() else { continue };
        let line = token.line;
        if at > 0 && tokens[at - 1].is('.') {
            continue;
        }
        let member = member(&tokens, at);
        match (name, member) {
            ("pm", Some("cookies")) if path(&tokens, at, &["cookies", "jar"]) => {
                add(line, "pm.cookies.jar".to_owned(), remove());
            }
            ("pm", Some("execution")) => {
                let inner = self::member(&tokens, at + 2);
                if let Some(inner) = inner.filter(|inner| !EXECUTION.contains(inner)) {
                    add(line, format!("pm.execution.{inner}"), remove());
                }
            }
            ("pm", Some(member)) if !PM.contains(&member) && !own.contains(member) => {
                add(line, format!("pm.{member}"), remove());
            }
            ("postman", Some(member)) if !POSTMAN.contains(&member) => {
                add(line, format!("postman.{member}"), remove());
            }
            ("require", _) => {
                if let Some((what, remedy)) = required(&tokens, at, modules) {
                    add(line, what, remedy);
                }
            }
            _ => {
                let package = GLOBALS.iter().find(|(global, _)| *global == name);
                if let Some((_, package)) = package
                    && !modules.has(package)
                    && is_free(&tokens, at, name)
                {
                    add(line, format!("{name} without the package {package}"), install(package));
                }
            }
        }
    }
    found
}

fn install(package: &str) -> String {
    let version = PACKAGES.iter().find(|(name, _)| *name == package);
    let version = version.map(|(_, version)| format!("@{version}")).unwrap_or_default();
    format!("run `npm install {package}{version}` and name its node_modules folder with --modules")
}

/// The member that follows a name.
fn member(tokens: &[Placed], at: usize) -> Option<&str> {
    let skip = usize::from(tokens.get(at + 1).is_some_and(|token| token.is('?')));
    let dot = tokens.get(at + 1 + skip)?;
    if dot.is('.') {
        return tokens.get(at + 2 + skip)?.name();
    }
    if dot.is('[') && tokens.get(at + 3 + skip)?.is(']') {
        return tokens.get(at + 2 + skip)?.text();
    }
    None
}

fn path(tokens: &[Placed], at: usize, members: &[&str]) -> bool {
    members.iter().enumerate().all(|(step, name)| member(tokens, at + 2 * step) == Some(name))
}

fn required(tokens: &[Placed], at: usize, modules: &Modules) -> Option<(String, String)> {
    if !tokens.get(at + 1)?.is('(') {
        return None;
    }
    let name = tokens.get(at + 2)?.text()?;
    let plain = name.strip_prefix("node:").unwrap_or(name);
    let package = plain.split('/').next().unwrap_or(plain);
    if BUILT_IN.contains(&plain) || modules.has(package) {
        return None;
    }
    let what = format!("require(\"{name}\")");
    if PACKAGES.iter().any(|(known, _)| *known == package) {
        return Some((what, install(package)));
    }
    let remedy = "headcount has no such package; install it and name its node_modules folder with \
                  --modules, or remove it from the script";
    Some((what, remedy.to_owned()))
}

/// Whether a name is not declared in the script, and is neither a member nor a key of an object.
fn is_free(tokens: &[Placed], at: usize, name: &str) -> bool {
    let is_key = tokens.get(at + 1).is_some_and(|token| token.is(':'))
        && at > 0
        && (tokens[at - 1].is('{') || tokens[at - 1].is(','));
    !is_key && !super::declared::declared(tokens).contains(name)
}
