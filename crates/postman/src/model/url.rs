//! The address of a request, in all exported forms.

use std::fmt::Write;

use super::braces::inside_braces;
use super::param::Param;

/// A value for a `:name` segment of the path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathVariable {
    /// The name without its colon. Format 2.0 calls it `id`.
    pub key: String,
    /// The value; `None` leaves the segment as it is.
    pub value: Option<String>,
    /// Whether it is disabled.
    pub disabled: bool,
}

/// The parts of an address; each may contain `{{variables}}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// Without `://`.
    pub protocol: Option<String>,
    /// User and password.
    pub auth: Option<(Option<String>, Option<String>)>,
    /// The labels of the host.
    pub host: Option<Vec<String>>,
    /// The port.
    pub port: Option<String>,
    /// The segments of the path.
    pub path: Option<Vec<String>>,
    /// The query; empty means that there is no `?`.
    pub query: Vec<Param>,
    /// The fragment, which is never sent.
    pub hash: Option<String>,
    /// Values for the `:name` segments.
    pub variables: Vec<PathVariable>,
    /// The text of an object with neither host nor path. Newman can't send such a request.
    pub raw_only: Option<String>,
    /// The address as Newman reads it, if that differs: it leaves out values that are not texts.
    pub as_newman: Option<Box<Self>>,
}

impl Url {
    /// The address as one text, with the values of its path variables, as Postman shows it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Some(protocol) = self.protocol.as_deref().filter(|it| !it.is_empty()) {
            text += protocol;
            if !protocol.ends_with("://") {
                text += "://";
            }
        }
        if let Some((user, password)) = &self.auth {
            text += user.as_deref().unwrap_or_default();
            if let Some(password) = password {
                let _ = write!(text, ":{password}");
            }
            text += "@";
        }
        text += &self.host_text();
        if let Some(port) = &self.port {
            let _ = write!(text, ":{port}");
        }
        text += &self.path_text();
        if let Some(query) = self.query_text() {
            let _ = write!(text, "?{query}");
        }
        if let Some(hash) = &self.hash {
            let _ = write!(text, "#{hash}");
        }
        text
    }

    /// The host.
    pub fn host_text(&self) -> String {
        self.host.as_deref().map(|labels| labels.join(".")).unwrap_or_default()
    }

    /// The path with its leading slash, and with values for `:name` segments; empty if there is no path.
    pub fn path_text(&self) -> String {
        let Some(path) = &self.path else { return String::new() };
        let mut text = String::new();
        for segment in path {
            text.push('/');
            text += &self.segment(segment);
        }
        text
    }

    /// A segment with the value of its `:name`; text after a dot stays (`:id.json`).
    fn segment(&self, segment: &str) -> String {
        let Some(named) = segment.strip_prefix(':') else { return segment.to_owned() };
        let name = named.split('.').next().unwrap_or(named);
        let value = self.path_variable(name).and_then(|it| it.value.as_deref());
        match value.filter(|value| !value.is_empty()) {
            Some(value) => format!("{value}{}", &named[name.len()..]),
            None => segment.to_owned(),
        }
    }

    /// The enabled path variable with this name; if there are several, the last one.
    pub fn path_variable(&self, name: &str) -> Option<&PathVariable> {
        self.variables.iter().rev().find(|it| it.key == name && !it.disabled && !name.is_empty())
    }

    /// The query without its `?`; `None` if no parameter is enabled.
    pub fn query_text(&self) -> Option<String> {
        let enabled: Vec<&Param> = self.query.iter().filter(|param| !param.disabled).collect();
        if enabled.is_empty() {
            return None;
        }
        let mut text = String::new();
        for (at, param) in enabled.iter().enumerate() {
            if at > 0 {
                text.push('&');
            }
            if let Some(key) = &param.key {
                text += &reserved_encoded(key, true);
            }
            if let Some(value) = &param.value {
                text.push('=');
                text += &reserved_encoded(value, false);
            }
        }
        Some(text)
    }
}

/// Encodes characters that would end a parameter, outside of `{{variables}}`.
fn reserved_encoded(text: &str, and_equals: bool) -> String {
    if !text.contains(['&', '#', '=']) {
        return text.to_owned();
    }
    let opaque = inside_braces(text);
    let mut encoded = String::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '&' if !opaque[at] => encoded += "%26",
            '#' if !opaque[at] => encoded += "%23",
            '=' if and_equals && !opaque[at] => encoded += "%3D",
            _ => encoded.push(letter),
        }
    }
    encoded
}
