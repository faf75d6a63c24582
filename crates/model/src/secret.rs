//! Keys: values that do not show themselves, and a mask for texts that might hold one.
//!
//! A key is a [`SecretString`]: its `Debug` is redacted, it has no `Display`, and its memory is
//! cleared when it is dropped. Texts that come back from a server (an error body that echoes a
//! header, say) pass a [`Redactor`] before they reach the journal, a log, a report or a page.

pub use secrecy::{ExposeSecret, SecretString};

/// Replaces a credential in a text.
pub const MASK: &str = "[key]";

/// Knows every key in use and takes each of them out of a text.
#[derive(Clone, Default)]
pub struct Redactor {
    keys: Vec<SecretString>,
}

impl Redactor {
    /// A redactor that knows these texts. Those shorter than 6 bytes are left out: masking them
    /// would only garble ordinary words, and no key is that short.
    pub fn new(keys: impl IntoIterator<Item = SecretString>) -> Self {
        let mut keys: Vec<_> =
            keys.into_iter().filter(|key| key.expose_secret().len() >= 6).collect();
        // The longest first: one key may stand inside another (a token inside `email:token`).
        keys.sort_by_key(|key| std::cmp::Reverse(key.expose_secret().len()));
        Self { keys }
    }

    /// The text with every known key masked.
    pub fn clean(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for key in &self.keys {
            if clean.contains(key.expose_secret()) {
                clean = clean.replace(key.expose_secret(), MASK);
            }
        }
        clean
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} keys)", self.keys.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_show_in_text_or_debug() {
        let redactor =
            Redactor::new(["s3cret-token".to_owned().into(), "a:s3cret-token".to_owned().into()]);
        assert_eq!(redactor.clean("got a:s3cret-token and s3cret-token"), "got [key] and [key]");
        assert!(!format!("{redactor:?}").contains("s3cret"));
        let key: SecretString = "s3cret-token".to_owned().into();
        assert!(!format!("{key:?}").contains("s3cret"));
    }
}
