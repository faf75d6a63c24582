//! The authentication of a request.

use crate::document::{Kind, LoadError, Node, Object, Problem};

/// The supported kinds of authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthKind {
    /// No credentials, not even inherited ones.
    NoAuth,
    /// `username` and `password`.
    Basic,
    /// `token`.
    Bearer,
    /// `key` and `value`, `in` the header or the query.
    ApiKey,
    /// An existing token: `accessToken`.
    OAuth2,
}

impl AuthKind {
    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoAuth => "noauth",
            Self::Basic => "basic",
            Self::Bearer => "bearer",
            Self::ApiKey => "apikey",
            Self::OAuth2 => "oauth2",
        }
    }

    fn of(word: &str) -> Option<Self> {
        let all = [Self::NoAuth, Self::Basic, Self::Bearer, Self::ApiKey, Self::OAuth2];
        all.into_iter().find(|kind| kind.word() == word)
    }
}

/// An authentication with its values, which may contain `{{variables}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// The kind.
    pub kind: AuthKind,
    /// The values by name.
    pub params: Vec<(String, String)>,
    /// Whether the values are one `{key, type, value}` object, as in the collections that Atlassian publishes.
    /// Newman doesn't understand them and sends no credentials.
    pub is_single: bool,
}

impl Auth {
    /// Reads it; `None` if it is not set, so that the folder's applies.
    ///
    /// # Errors
    /// The kind is not supported.
    pub fn read(node: &Node<'_>) -> Result<Option<Self>, LoadError> {
        if node.kind() == Kind::Null {
            return Ok(None);
        }
        let object = node.object("auth")?;
        let Some(word) = object.text("type").filter(|word| !word.is_empty()) else {
            return Ok(None);
        };
        let Some(kind) = AuthKind::of(&word) else {
            let what = format!("authentication of type \"{word}\"");
            let remedy = "use basic, bearer, apikey, oauth2 with a token, or noauth";
            let at = object.get("type").unwrap_or(*node);
            return Err(at.error(Problem::Unsupported { what, remedy }));
        };
        let (params, is_single) = match object.filled(&word) {
            Some(values) => read_params(&values, &word)?,
            None => (Vec::new(), false),
        };
        Ok(Some(Self { kind, params, is_single }))
    }

    /// A value; if two have the same name, the last one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Format 2.1 has a list of `{key, value}`, format 2.0 an object, and Atlassian one `{key, value}`.
fn read_params(node: &Node<'_>, word: &str) -> Result<(Vec<(String, String)>, bool), LoadError> {
    if node.kind() == Kind::List {
        let mut params = Vec::new();
        for entry in node.list(word)? {
            if entry.kind() != Kind::Null {
                params.extend(read_pair(&entry.object(word)?));
            }
        }
        return Ok((params, false));
    }
    let object = node.object(word)?;
    let is_pair = |name| object.get(name).is_some_and(|node| node.kind() == Kind::Text);
    // `apikey` in format 2.0 has a `key` and a `value` of its own.
    if is_pair("key") && is_pair("value") && word != "apikey" {
        return Ok((read_pair(&object).into_iter().collect(), true));
    }
    let scalars = object.members().iter();
    Ok((scalars.filter_map(|(key, it)| Some((key.clone(), it.as_scalar()?))).collect(), false))
}

fn read_pair(object: &Object<'_>) -> Option<(String, String)> {
    Some((object.text("key")?, object.get("value").and_then(|value| value.as_scalar())?))
}
