//! Finds the names that a script declares, and the ends of brackets.

use std::collections::BTreeSet;

use super::tokens::{Placed, Token};

/// The position at which the bracket that is opened at a token closes.
pub fn closing(tokens: &[Placed], open: usize, (opens, closes): (char, char)) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is(opens) {
            depth += 1;
        } else if token.is(closes) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
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

/// The names in `var a = 1, {b, c: d} = x`: every name of the first list. A name too many is harmless only if a
/// declaration mentions it, so values are left out.
fn declarators(tokens: &[Placed], names: &mut BTreeSet<String>) {
    let mut depth = 0usize;
    let mut is_value = false;
    for (at, token) in tokens.iter().enumerate() {
        match &token.token {
            Token::Sign('{' | '[' | '(') => depth += 1,
            Token::Sign('}' | ']' | ')') if depth == 0 => return,
            Token::Sign('}' | ']' | ')') => depth -= 1,
            Token::Sign('=') if depth == 0 => is_value = true,
            Token::Sign(';') if depth == 0 => return,
            Token::Sign(',') if depth == 0 => is_value = false,
            Token::Name(name) if !is_value => {
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
