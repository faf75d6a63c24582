//! Finds the variables that a script reads and writes, as far as its text shows them.

use std::collections::BTreeSet;

use crate::model::Script;

use super::certain::certain;
use super::declared::{closing, declared};
use super::shared::shared;
use super::tokens::{Placed, tokens};

/// What a script does with variables.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// Names that it reads, in order, each with whether the script has certainly written it before.
    pub reads: Vec<(String, bool)>,
    /// A line that reads a name which is not in the script.
    pub reads_any: Option<usize>,
    /// Names that it may write.
    pub writes: BTreeSet<String>,
    /// The names among them that it writes in every run.
    pub certain: BTreeSet<String>,
    /// A line with a write whose name is computed, or that removes variables.
    pub unclear: Option<usize>,
    /// Names that it assigns without declaring them, with the line.
    pub undeclared: Option<(String, usize)>,
    /// Anything else that makes rows depend on each other, in words, with the line.
    pub shared: Option<(String, usize)>,
}

const SCOPES: [&str; 4] = ["environment", "globals", "collectionVariables", "variables"];
const SETTERS: [&str; 2] = ["setEnvironmentVariable", "setGlobalVariable"];
const GETTERS: [&str; 2] = ["getEnvironmentVariable", "getGlobalVariable"];
const CLEARERS: [&str; 4] = [
    "clearEnvironmentVariables",
    "clearGlobalVariables",
    "clearEnvironmentVariable",
    "clearGlobalVariable",
];

/// What a script does.
pub fn usage(script: &Script) -> Usage {
    let tokens = tokens(&script.source);
    let mut reading = Reading {
        tokens: &tokens,
        certain: certain(&tokens),
        is_handed_on: handed_on(&tokens),
        usage: Usage::default(),
        done: Vec::new(),
    };
    for at in 0..tokens.len() {
        if at > 0 && tokens[at - 1].is('.') {
            reading.member(at);
        } else {
            reading.legacy(at);
        }
    }
    let mut usage = reading.usage;
    usage.undeclared = undeclared(&tokens);
    usage.shared = shared(&tokens);
    usage
}

/// Whether a scope, `pm` or `postman` gets another name or is passed as an argument: then any name may be a
/// variable. Code that is evaluated from a text may set anything.
fn handed_on(tokens: &[Placed]) -> bool {
    let goes_on = |at: usize| {
        let skip = usize::from(tokens.get(at + 1).is_some_and(|token| token.is('?')));
        tokens.get(at + 1 + skip).is_some_and(|token| token.is('.'))
    };
    tokens.iter().enumerate().any(|(at, token)| {
        let is_member = at > 0 && tokens[at - 1].is('.');
        let of_pm = at > 1 && is_member && tokens[at - 2].name() == Some("pm");
        match token.name() {
            Some("pm" | "postman") => !is_member && !goes_on(at),
            Some("eval" | "Function") => !is_member,
            Some(name) => of_pm && SCOPES.contains(&name) && !goes_on(at),
            None => false,
        }
    })
}

struct Reading<'t> {
    tokens: &'t [Placed],
    certain: Vec<bool>,
    is_handed_on: bool,
    usage: Usage,
    /// Names that are certainly written, each with the token at which its call ends, because what the call itself
    /// reads is read before.
    done: Vec<(String, usize)>,
}

impl Reading<'_> {
    fn member(&mut self, at: usize) {
        let tokens = self.tokens;
        let Some(name) = tokens[at].name() else { return };
        let line = tokens[at].line;
        let owner = at.checked_sub(2).and_then(|at| tokens[at].name()).unwrap_or_default();
        let of_scope = SCOPES.contains(&owner);
        let may_be_scope = of_scope || self.is_handed_on;
        let is_call = tokens.get(at + 1).is_some_and(|token| token.is('('));
        let ends = tokens.get(at + 3).is_some_and(|it| it.is(',') || it.is(')'));
        let argument = tokens.get(at + 2).and_then(Placed::text).filter(|_| is_call && ends);
        let is_other = is_of_request(tokens, at);
        match (name, argument) {
            ("set", Some(argument)) if !is_other => self.write(argument, at),
            ("set" | "unset" | "clear", None) if is_call && may_be_scope && !is_other => {
                self.usage.unclear = Some(line);
            }
            ("get" | "has", Some(argument)) if !is_other => self.read(argument, at),
            ("get" | "has", None) if is_call && may_be_scope && !is_other => {
                self.usage.reads_any = Some(line);
            }
            ("replaceIn", Some(template)) => {
                for name in super::braced::names_in(template) {
                    self.read(&name, at);
                }
            }
            ("replaceIn", None) => self.usage.reads_any = Some(line),
            // An unset name counts as written, because the next row starts from the files.
            ("unset", Some(argument)) if of_scope => self.write(argument, at),
            ("toObject" | "values", _) if of_scope && owner != "variables" => {
                self.usage.unclear = Some(line);
            }
            (name, Some(argument)) if SETTERS.contains(&name) => self.write(argument, at),
            (name, None) if SETTERS.contains(&name) => self.usage.unclear = Some(line),
            (name, Some(argument)) if GETTERS.contains(&name) => self.read(argument, at),
            (name, None) if GETTERS.contains(&name) => self.usage.reads_any = Some(line),
            (name, _) if CLEARERS.contains(&name) => self.usage.unclear = Some(line),
            (name, _) if matches!(owner, "environment" | "globals") => self.read(name, at),
            _ => {}
        }
    }

    /// `environment["name"]`, the form before `pm`.
    fn legacy(&mut self, at: usize) {
        let is_scope = matches!(self.tokens[at].name(), Some("environment" | "globals"));
        if !is_scope || !self.tokens.get(at + 1).is_some_and(|token| token.is('[')) {
            return;
        }
        let is_one = self.tokens.get(at + 3).is_some_and(|token| token.is(']'));
        match self.tokens.get(at + 2).and_then(Placed::text).filter(|_| is_one) {
            Some(name) => self.read(name, at),
            None => self.usage.reads_any = Some(self.tokens[at].line),
        }
    }

    fn write(&mut self, name: &str, at: usize) {
        self.usage.writes.insert(name.to_owned());
        if self.certain[at] {
            self.usage.certain.insert(name.to_owned());
            self.done.push((name.to_owned(), closing(self.tokens, at + 1, ('(', ')'))));
        }
    }

    fn read(&mut self, name: &str, at: usize) {
        let is_own = self.done.iter().any(|(written, end)| written == name && *end < at);
        self.usage.reads.push((name.to_owned(), is_own));
    }
}

/// `pm.response.headers.get`, `Map.get` and similar calls do not concern variables; a scope is recognized by its
/// name.
fn is_of_request(tokens: &[Placed], at: usize) -> bool {
    let owner = at.checked_sub(2).and_then(|at| tokens[at].name()).unwrap_or_default();
    let made = ["Map", "Set", "WeakMap", "Headers"];
    let is_made = tokens.windows(4).any(|it| {
        it[0].name() == Some(owner)
            && it[1].is('=')
            && it[2].name() == Some("new")
            && it[3].name().is_some_and(|class| made.contains(&class))
    });
    let others = ["headers", "cookies", "query", "searchParams", "iterationData", "_", "lodash"];
    is_made || others.contains(&owner)
}

/// The first name that is assigned and declared nowhere.
fn undeclared(tokens: &[Placed]) -> Option<(String, usize)> {
    let declared = declared(tokens);
    for (at, token) in tokens.iter().enumerate() {
        let Some(name) = token.name() else { continue };
        let sign = |ahead: usize| match tokens.get(at + ahead).map(|it| &it.token) {
            Some(super::tokens::Token::Sign(sign)) => *sign,
            _ => ' ',
        };
        let assigns = match (sign(1), sign(2), sign(3)) {
            ('=', '=' | '>', _) => false,
            ('=', ..) | ('+', '=' | '+', _) | ('-', '=' | '-', _) => true,
            ('*' | '/' | '%' | '|' | '&' | '^', '=', _) => true,
            ('|', '|', '=') | ('&', '&', '=') | ('?', '?', '=') | ('*', '*', '=') => true,
            _ => false,
        };
        let is_member = at > 0 && tokens[at - 1].is('.');
        if assigns && !is_member && !declared.contains(name) {
            return Some((name.to_owned(), token.line));
        }
    }
    None
}
