//! Splits a script into tokens. It knows only as much of JavaScript as is needed to skip comments, texts and
//! regular expressions.

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name or a keyword.
    Name(String),
    /// A text; escapes stay as they are.
    Text(String),
    /// A template, a number or a regular expression.
    Other,
    /// One character of punctuation.
    Sign(char),
}

/// A token with its line, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The token.
    pub token: Token,
    /// Its line.
    pub line: usize,
}

impl Placed {
    /// Whether it is this sign.
    pub fn is(&self, sign: char) -> bool {
        self.token == Token::Sign(sign)
    }

    /// The name.
    pub fn name(&self) -> Option<&str> {
        match &self.token {
            Token::Name(name) => Some(name),
            Token::Text(_) | Token::Other | Token::Sign(_) => None,
        }
    }

    /// The text.
    pub fn text(&self) -> Option<&str> {
        match &self.token {
            Token::Text(text) => Some(text),
            Token::Name(_) | Token::Other | Token::Sign(_) => None,
        }
    }
}

/// The tokens of a script.
pub fn tokens(source: &str) -> Vec<Placed> {
    let mut reading = Reading { letters: source.chars().collect(), at: 0, line: 1, found: vec![] };
    reading.all();
    reading.found
}

struct Reading {
    letters: Vec<char>,
    at: usize,
    line: usize,
    found: Vec<Placed>,
}

impl Reading {
    fn peek(&self, ahead: usize) -> char {
        self.letters.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn step(&mut self) -> char {
        let letter = self.peek(0);
        self.line += usize::from(letter == '\n');
        self.at += 1;
        letter
    }

    fn is_over(&self) -> bool {
        self.at >= self.letters.len()
    }

    fn push(&mut self, token: Token) {
        self.found.push(Placed { token, line: self.line });
    }

    /// Reads to the end. Nested templates are read in one loop, so that no script can exhaust the stack.
    fn all(&mut self) {
        let mut braces: Vec<usize> = Vec::new();
        let mut depth = 0;
        while !self.is_over() {
            match self.peek(0) {
                '/' if self.peek(1) == '/' => {
                    while !self.is_over() && self.peek(0) != '\n' {
                        self.step();
                    }
                }
                '/' if self.peek(1) == '*' => self.comment(),
                '/' if self.may_be_regex() => self.regex(),
                quote @ ('"' | '\'') => self.text(quote),
                '`' => {
                    self.step();
                    if self.template() {
                        braces.push(depth);
                        depth = 0;
                    }
                }
                '}' if depth == 0 && !braces.is_empty() => {
                    depth = braces.pop().unwrap_or_default();
                    self.step();
                    if self.template() {
                        braces.push(depth);
                        depth = 0;
                    }
                }
                letter if letter.is_alphabetic() || letter == '_' || letter == '$' => self.name(),
                letter if letter.is_ascii_digit() => self.number(),
                letter => {
                    depth = match letter {
                        '{' => depth + 1,
                        '}' => depth.saturating_sub(1),
                        _ => depth,
                    };
                    if !letter.is_whitespace() {
                        self.push(Token::Sign(letter));
                    }
                    self.step();
                }
            }
        }
    }

    fn comment(&mut self) {
        self.at += 2;
        while !(self.is_over() || (self.peek(0) == '*' && self.peek(1) == '/')) {
            self.step();
        }
        self.at += 2;
    }

    fn text(&mut self, quote: char) {
        self.step();
        let mut text = String::new();
        while !self.is_over() && self.peek(0) != quote && self.peek(0) != '\n' {
            let letter = self.step();
            if letter == '\\' && !self.is_over() {
                let escaped = self.step();
                if !matches!(escaped, '\'' | '"' | '\\' | '\n') {
                    text.push('\\');
                }
                text.push(escaped);
            } else {
                text.push(letter);
            }
        }
        self.step();
        self.push(Token::Text(text));
    }

    /// Reads a template's text. Returns whether a `${` follows.
    fn template(&mut self) -> bool {
        let mut text = String::new();
        let starts = self.letters.get(self.at.wrapping_sub(1)) == Some(&'`');
        while !self.is_over() {
            match self.step() {
                '\\' => {
                    self.step();
                }
                '`' => {
                    self.push(if starts { Token::Text(text) } else { Token::Other });
                    return false;
                }
                '$' if self.peek(0) == '{' => {
                    self.step();
                    self.push(Token::Other);
                    return true;
                }
                letter => text.push(letter),
            }
        }
        false
    }

    fn may_be_regex(&self) -> bool {
        match self.found.last().map(|placed| &placed.token) {
            None => true,
            Some(Token::Sign(sign)) => !matches!(sign, ')' | ']' | '}'),
            Some(Token::Name(name)) => {
                matches!(name.as_str(), "return" | "typeof" | "case" | "in" | "of" | "delete")
            }
            Some(Token::Text(_) | Token::Other) => false,
        }
    }

    fn regex(&mut self) {
        self.step();
        let mut in_class = false;
        while !self.is_over() && self.peek(0) != '\n' {
            match self.step() {
                '\\' => {
                    self.step();
                }
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => break,
                _ => {}
            }
        }
        while self.peek(0).is_alphabetic() {
            self.step();
        }
        self.push(Token::Other);
    }

    fn name(&mut self) {
        let mut name = String::new();
        while self.peek(0).is_alphanumeric() || matches!(self.peek(0), '_' | '$') {
            name.push(self.step());
        }
        self.push(Token::Name(name));
    }

    fn number(&mut self) {
        while self.peek(0).is_alphanumeric() || matches!(self.peek(0), '.' | '_') {
            self.step();
        }
        self.push(Token::Other);
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn names_are_found_where_they_are_code() {
        let script =
            "a // no\n/* no */ b 'no' \"no\" `no ${c + `x ${d}`} no` e /no\\/[/]no/g f / g\n.h";
        let names: Vec<_> = tokens(script)
            .into_iter()
            .filter_map(
                |it| if let Token::Name(name) = it.token { Some((name, it.line)) } else { None },
            )
            .collect();
        let wanted = [("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 2)];
        // After a name, a slash means division.
        assert_eq!(names[..5], wanted.map(|(name, line)| (name.to_owned(), line)));
        assert_eq!(names.last(), Some(&("h".to_owned(), 3)));
    }

    #[test]
    fn what_never_ends_is_read_to_the_end() {
        for script in ["'", "`", "`${", "/*", "/", "a /", "\\", "`${`${`${"] {
            let _ = tokens(script);
        }
        let _ = tokens(&"`${".repeat(100_000));
    }
}
