//! Finds out whether a script changes what all scripts of a run share, or asks about its place in the run. Rows of
//! such scripts run one after another.

use super::declared::{closing, declared};
use super::tokens::{Placed, Token};

/// Objects that are created again for each script, so that changes to them do not last.
const OWN: [&str; 16] = [
    "pm",
    "postman",
    "console",
    "tests",
    "data",
    "globals",
    "environment",
    "request",
    "responseCode",
    "responseHeaders",
    "responseCookies",
    "responseBody",
    "responseTime",
    "this",
    "module",
    "exports",
];

/// The first thing that makes a row depend on its place, in words that follow "the script", with its line.
pub fn shared(tokens: &[Placed]) -> Option<(String, usize)> {
    let declared = declared(tokens);
    let has_classes = tokens.iter().any(|it| matches!(it.name(), Some("class" | "new")));
    let takes_info = tokens.iter().any(|it| it.name() == Some("info"));
    for (at, token) in tokens.iter().enumerate() {
        let Some(name) = token.name() else { continue };
        let line = token.line;
        let is_member = at > 0 && tokens[at - 1].is('.');
        let is_call = tokens.get(at + 1).is_some_and(|next| next.is('('));
        let is_own = declared.contains(name);
        match name {
            "iteration" | "iterationCount" if is_member || !is_own || takes_info => {
                return Some((format!("asks for the {name}"), line));
            }
            "cookies" if is_member => return Some(("reads cookies".to_owned(), line)),
            "responseCookies" | "getResponseCookie" => {
                return Some(("reads cookies".to_owned(), line));
            }
            "prototype" | "__proto__" | "setPrototypeOf" => {
                return Some(("changes what all scripts share".to_owned(), line));
            }
            "eval" | "Function" if is_call && !is_member && !is_own => {
                return Some(("runs a text as a script".to_owned(), line));
            }
            "locale" | "updateLocale" | "defineLocale" | "mixin" | "addFormat" | "addSchema"
                if is_member && is_call =>
            {
                return Some((format!("changes a package with {name}"), line));
            }
            "use" if is_member && is_call && at > 1 && tokens[at - 2].name() == Some("chai") => {
                return Some(("changes a package with use".to_owned(), line));
            }
            _ => {}
        }
        let is_fresh = is_own || OWN.contains(&name) && (name != "this" || has_classes);
        if !is_member && !is_fresh && assigns_member(tokens, at) {
            return Some((format!("assigns a member of {name}"), line));
        }
    }
    None
}

/// Whether `name.a.b = …` or `name[…] = …` begins here.
fn assigns_member(tokens: &[Placed], at: usize) -> bool {
    let mut next = at + 1;
    loop {
        let Some(token) = tokens.get(next) else { return false };
        match &token.token {
            Token::Sign('.') => next += 2,
            Token::Sign('[') => next = closing(tokens, next, ('[', ']')) + 1,
            Token::Sign('=') => {
                let after = tokens.get(next + 1);
                return next > at + 1 && !after.is_some_and(|it| it.is('=') || it.is('>'));
            }
            Token::Sign(_) | Token::Name(_) | Token::Text(_) | Token::Other => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shared;
    use crate::check::tokens::tokens;

    #[test]
    fn what_outlives_a_row_or_depends_on_its_place_is_found() {
        let found = [
            "if (pm.info.iteration === 0) a()",
            "const { iteration } = pm.info",
            "if (iteration == 1) {}",
            "pm.cookies.get('a')",
            "postman.getResponseCookie('a')",
            "Object.prototype.f = function () {}",
            "Array.prototype['last'] = 1",
            "Math.x = 1",
            "JSON.a.b = 1",
            "_.templateSettings.x = 1",
            "eval(pm.globals.get('utils'))",
            "new Function('a')",
            "moment.locale('de')",
            "require('chai'); chai.use(x)",
            "function f() { this.token = 1 }",
        ];
        for script in found {
            assert!(shared(&tokens(script)).is_some(), "{script}");
        }
    }

    #[test]
    fn what_ends_with_its_script_is_not() {
        let not = [
            "const o = {}; o.a = 1; o['b'] = 2",
            "let iterations = 5; retry.iterations",
            "tests['a'] = true; data.x = 1",
            "pm.request.url.path = []",
            "console.x = 1",
            "function f(o) { o.a = 1 }",
            "list.forEach((it) => { it.a = 1 })",
            "class A { constructor() { this.a = 1 } }",
            "a.b == 1; a.b === 1; a.b => 1",
            "for (const x of y) { x.a = 1 }",
            "pm.iterationData.get('iteration name')",
        ];
        for script in not {
            assert_eq!(shared(&tokens(script)), None, "{script}");
        }
    }
}
