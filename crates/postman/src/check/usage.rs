//! Which variables a script reads and writes, as far as its words show.

use std::collections::BTreeSet;

use crate::model::Script;

use super::tokens::{Placed, tokens};

/// What a script does with variables.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// Names that it reads, in order, each with whether the script has written it before.
    pub reads: Vec<(String, bool)>,
    /// Names that it writes.
    pub writes: BTreeSet<String>,
    /// A line with a write whose name is computed, or that removes variables.
    pub unclear: Option<usize>,
    /// Names that it assigns without declaring them, with the line.
    pub undeclared: Option<(String, usize)>,
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
    let mut reading = Reading { tokens: &tokens, usage: Usage::default(), done: Vec::new() };
    for at in 1..tokens.len() {
        if tokens[at - 1].is('.') {
            reading.member(at);
        }
    }
    let mut usage = reading.usage;
    usage.undeclared = undeclared(&tokens);
    usage
}

struct Reading<'t> {
    tokens: &'t [Placed],
    usage: Usage,
    /// Names that are written, each with the token at which its call ends: what is read inside of the
    /// call is read before.
    done: Vec<(String, usize)>,
}

impl Reading<'_> {
    fn member(&mut self, at: usize) {
        let tokens = self.tokens;
        let Some(name) = tokens[at].name() else { return };
        let line = tokens[at].line;
        let owner = at.checked_sub(2).and_then(|at| tokens[at].name()).unwrap_or_default();
        let of_scope = SCOPES.contains(&owner);
        let is_call = tokens.get(at + 1).is_some_and(|token| token.is('('));
        let ends = tokens.get(at + 3).is_some_and(|it| it.is(',') || it.is(')'));
        let argument = tokens.get(at + 2).and_then(Placed::text).filter(|_| is_call && ends);
        let is_other = is_of_request(tokens, at);
        match (name, argument) {
            ("set", Some(argument)) if !is_other => self.write(argument, at),
            ("set", None) if is_call && of_scope => self.usage.unclear = Some(line),
            ("get" | "has", Some(argument)) if !is_other => self.read(argument, at),
            // An unset name is as good as written: the next row starts from the files.
            ("unset", Some(argument)) if of_scope => self.write(argument, at),
            ("unset" | "clear", _) if is_call && of_scope => self.usage.unclear = Some(line),
            ("toObject", _) if of_scope && owner != "variables" => self.usage.unclear = Some(line),
            (name, Some(argument)) if SETTERS.contains(&name) => self.write(argument, at),
            (name, None) if SETTERS.contains(&name) => self.usage.unclear = Some(line),
            (name, Some(argument)) if GETTERS.contains(&name) => self.read(argument, at),
            (name, _) if CLEARERS.contains(&name) => self.usage.unclear = Some(line),
            (name, _) if matches!(owner, "environment" | "globals") => self.read(name, at),
            _ => {}
        }
    }

    fn write(&mut self, name: &str, at: usize) {
        self.usage.writes.insert(name.to_owned());
        self.done.push((name.to_owned(), closing(self.tokens, at + 1)));
    }

    fn read(&mut self, name: &str, at: usize) {
        let is_own = self.done.iter().any(|(written, end)| written == name && *end < at);
        self.usage.reads.push((name.to_owned(), is_own));
    }
}

/// Where the parenthesis closes that is opened at a token.
fn closing(tokens: &[Placed], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is('(') {
            depth += 1;
        } else if token.is(')') {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}

/// `pm.response.headers.get`, `Map.get` and the like are no variables; a scope is reached by its name.
fn is_of_request(tokens: &[Placed], at: usize) -> bool {
    let owner = at.checked_sub(2).and_then(|at| tokens[at].name()).unwrap_or_default();
    matches!(owner, "headers" | "cookies" | "query" | "searchParams" | "iterationData")
}

/// Names that the script declares anywhere.
pub fn declared(tokens: &[Placed]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = |ahead: usize| tokens.get(at + ahead);
        match token.name() {
            Some("var" | "let" | "const") => declarators(&tokens[at + 1..], &mut names),
            Some("function" | "class") => {
                if let Some(name) = next(1).and_then(Placed::name) {
                    names.insert(name.to_owned());
                }
                parameters(tokens, at, &mut names);
            }
            Some("catch") => parameters(tokens, at, &mut names),
            Some(name)
                if next(1).is_some_and(|it| it.is('=')) && next(2).is_some_and(|it| it.is('>')) =>
            {
                names.insert(name.to_owned());
            }
            _ => {}
        }
        if token.is(')')
            && next(1).is_some_and(|it| it.is('='))
            && next(2).is_some_and(|it| it.is('>'))
        {
            let open = opening(tokens, at);
            let inner = tokens[open..at].iter().filter_map(Placed::name);
            names.extend(inner.map(str::to_owned));
        }
    }
    names
}

/// The names of `var a = 1, {b, c: d} = x`: every name of the first list up to its end. A name too
/// many is harmless only for names that a declaration mentions, so values are left out.
fn declarators(tokens: &[Placed], names: &mut BTreeSet<String>) {
    let mut depth = 0usize;
    let mut is_value = false;
    for (at, token) in tokens.iter().enumerate() {
        match &token.token {
            super::tokens::Token::Sign('{' | '[' | '(') => depth += 1,
            super::tokens::Token::Sign('}' | ']' | ')') if depth == 0 => return,
            super::tokens::Token::Sign('}' | ']' | ')') => depth -= 1,
            super::tokens::Token::Sign('=') if depth == 0 => is_value = true,
            super::tokens::Token::Sign(';') if depth == 0 => return,
            super::tokens::Token::Sign(',') if depth == 0 => is_value = false,
            super::tokens::Token::Name(name) if !is_value => {
                if matches!(name.as_str(), "of" | "in") && depth == 0 {
                    return;
                }
                // Without a semicolon a declaration ends with its line.
                if depth == 0
                    && at > 0
                    && token.line > tokens[at - 1].line
                    && !tokens[at - 1].is(',')
                {
                    return;
                }
                names.insert(name.clone());
            }
            _ => {}
        }
        let next_line = tokens.get(at + 1).is_some_and(|next| next.line > token.line);
        if is_value && depth == 0 && next_line && !token.is('=') && !token.is(',') {
            let goes_on = tokens.get(at + 1).is_some_and(|next| {
                next.is('.') || next.is(',') || next.is('?') || next.is(':') || next.is('+')
            });
            if !goes_on {
                return;
            }
        }
    }
}

fn parameters(tokens: &[Placed], at: usize, names: &mut BTreeSet<String>) {
    let Some(open) = (at..(at + 3).min(tokens.len())).find(|at| tokens[*at].is('(')) else {
        return;
    };
    let mut depth = 0;
    for token in &tokens[open..] {
        if token.is('(') {
            depth += 1;
        } else if token.is(')') {
            depth -= 1;
            if depth == 0 {
                return;
            }
        } else if let Some(name) = token.name() {
            names.insert(name.to_owned());
        }
    }
}

fn opening(tokens: &[Placed], close: usize) -> usize {
    let mut depth = 0usize;
    for at in (0..=close).rev() {
        if tokens[at].is(')') {
            depth += 1;
        } else if tokens[at].is('(') {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    0
}

/// The first name that is assigned and nowhere declared.
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
