//! Finds the tokens of a script that run in every row. Code under a condition, or in a function that may never be
//! called, does not count.

use super::tokens::{Placed, Token};

/// For each token, whether it runs whenever the script runs to its end.
pub fn certain(tokens: &[Placed]) -> Vec<bool> {
    let mut reading = Reading { tokens, frames: vec![Frame::default()], has_returned: false };
    (0..tokens.len()).map(|at| reading.step(at)).collect()
}

/// A bracket and its state.
#[derive(Clone, Copy, Default)]
struct Frame {
    /// The bracket; a space for the script itself.
    open: char,
    /// Whether everything in it is under a condition.
    is_conditional: bool,
    /// Whether it is the body of a function.
    is_function: bool,
    /// Whether it holds the condition of an `if` or a loop.
    is_condition: bool,
    /// Whether the rest of the statement is under a condition: after `&&`, `||`, `?`, `if (…)`.
    rest: bool,
    /// Whether the next brace, or else the next statement, is under a condition.
    next: bool,
    /// Whether the next brace is a function's body, and whether that may never run.
    function: Option<bool>,
}

struct Reading<'t> {
    tokens: &'t [Placed],
    frames: Vec<Frame>,
    has_returned: bool,
}

impl Reading<'_> {
    fn step(&mut self, at: usize) -> bool {
        let token = &self.tokens[at];
        self.end_line(at);
        match &token.token {
            Token::Sign(open @ ('(' | '[' | '{')) => self.open(*open, at),
            Token::Sign(')' | ']' | '}') => self.close(),
            Token::Sign(';') => self.top().rest = false,
            Token::Sign(',') if self.top().open != ' ' && self.top().open != '{' => {
                self.top().rest = false;
            }
            Token::Sign(sign) => self.sign(*sign, at),
            Token::Name(name) => self.name(name, at),
            Token::Text(_) | Token::Other => self.statement(),
        }
        !self.has_returned && !self.frames.iter().any(|it| it.is_conditional || it.rest)
    }

    fn top(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    /// Without a semicolon a statement ends with its line, unless an operator continues it.
    fn end_line(&mut self, at: usize) {
        let Some(before) = at.checked_sub(1).map(|at| &self.tokens[at]) else { return };
        let goes_on = |token: &Placed| "&|?:+-*/,=.(".chars().any(|sign| token.is(sign));
        let token = &self.tokens[at];
        if token.line > before.line && !goes_on(before) && !goes_on(token) && !self.top().next {
            self.top().rest = false;
        }
    }

    fn open(&mut self, open: char, at: usize) {
        let top = *self.top();
        let mut frame = Frame { open, ..Frame::default() };
        match open {
            '{' => {
                if let Some(may_never_run) = top.function {
                    frame.is_function = true;
                    frame.is_conditional = may_never_run;
                }
                frame.is_conditional |= top.next;
                self.top().function = None;
                self.top().next = false;
            }
            '(' => {
                let before = at.checked_sub(1).and_then(|at| self.tokens[at].name());
                let words = ["if", "while", "for", "switch", "catch"];
                frame.is_condition = before.is_some_and(|word| words.contains(&word));
            }
            _ => self.statement(),
        }
        self.frames.push(frame);
    }

    fn close(&mut self) {
        let closed = if self.frames.len() > 1 { self.frames.pop() } else { None };
        let Some(closed) = closed else { return };
        if closed.is_condition {
            self.top().next = true;
        }
        if closed.open == '{' && self.top().open == ' ' {
            self.top().rest = false;
        }
    }

    fn sign(&mut self, sign: char, at: usize) {
        let next = |sign: char| self.tokens.get(at + 1).is_some_and(|it| it.is(sign));
        let is_arrow = sign == '=' && next('>');
        let is_logic = matches!(sign, '&' | '|') && next(sign) || (sign == '?' && !next('.'));
        if is_arrow {
            let is_argument = self.top().open == '(';
            self.top().function = Some(!is_argument);
            // A body without braces ends with the argument.
            let has_body = self.tokens.get(at + 2).is_some_and(|it| it.is('{'));
            self.top().rest |= !has_body && !is_argument;
        } else if is_logic {
            self.top().rest = true;
        } else {
            self.statement();
        }
    }

    fn name(&mut self, name: &str, at: usize) {
        match name {
            "else" | "do" => self.top().next = true,
            "function" => {
                let is_argument = self.top().open == '(';
                self.top().function = Some(!is_argument);
            }
            "return" | "throw" => {
                self.statement();
                let is_own = !self.frames.iter().any(|frame| frame.is_function);
                self.has_returned |= is_own && at + 1 < self.tokens.len();
            }
            _ => self.statement(),
        }
    }

    /// Handles a statement without braces after a condition.
    fn statement(&mut self) {
        if self.top().next {
            self.top().next = false;
            self.top().rest = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::certain;
    use crate::check::tokens::tokens;

    #[test]
    fn what_may_not_run_is_not_certain() {
        let cases = [
            ("HERE", true),
            ("if (a) { HERE }", false),
            ("if (a) HERE", false),
            ("if (a) b(); HERE", true),
            ("if (a) b()\nHERE", true),
            ("if (a) { b } HERE", true),
            ("if (a) { b } else { HERE }", false),
            ("if (a) { b } else HERE", false),
            ("if (a) { b } else if (c) { d }\nHERE", true),
            ("a && HERE", false),
            ("a ? HERE : b", false),
            ("a?.b(HERE)", true),
            ("const x = a || b;\nHERE", true),
            ("const x = a || b\nHERE", true),
            ("set('x', a || b); HERE", true),
            ("HERE(a || b)", true),
            ("for (const x of y) { HERE }", false),
            ("while (x) HERE", false),
            ("switch (x) { case 1: HERE }", false),
            ("try { HERE } catch (e) { b }", true),
            ("try { a } catch (e) { HERE }", false),
            ("pm.test('x', function () { HERE })", true),
            ("pm.test('x', () => { HERE })", true),
            ("pm.test('x', () => HERE)", true),
            ("pm.sendRequest(u, (e, r) => { if (e) { a } HERE })", true),
            ("function f() { HERE }", false),
            ("const f = () => { HERE }", false),
            ("const f = () => HERE", false),
            ("const o = { f() { a }, g: function () { HERE } }", false),
            ("(function () { HERE })()", true),
            ("if (a) { return }\nHERE", false),
            ("pm.test('x', () => { if (a) { return } }); HERE", true),
        ];
        for (script, wanted) in cases {
            let tokens = tokens(script);
            let at = tokens.iter().position(|it| it.name() == Some("HERE")).unwrap();
            assert_eq!(certain(&tokens)[at], wanted, "{script}");
        }
    }

    #[test]
    fn brackets_that_close_nothing_are_read_to_the_end() {
        for script in [")))", "}{", "if (", "else", "=>", "? ] {", "function"] {
            let _ = certain(&tokens(script));
        }
    }
}
