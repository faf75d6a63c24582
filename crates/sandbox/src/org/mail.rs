//! Checks email addresses.

/// Whether a text has one `@` with something on both sides, a dot in the domain, and no character that emails
/// never have. This is not the full grammar: it refuses what a template or a shifted column puts there.
pub(crate) fn is_mail(text: &str) -> bool {
    let odd = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | '{' | '}')
    };
    match text.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && local.chars().count() <= 255
                && domain.split('.').all(|part| !part.is_empty())
                && domain.contains('.')
                && !domain.contains('@')
                && !text.chars().any(odd)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_mail;

    #[test]
    fn mails() {
        for good in ["a@b.c", "jörg.groß@banc.ly", "x+y@sub.example.org"] {
            assert!(is_mail(good), "{good}");
        }
        let bad = ["", "a", "@b.c", "a@", "a@b", "a@@b.c", "a b@c.d", "{{emailAddress}}", "a@b..c"];
        for bad in bad {
            assert!(!is_mail(bad), "{bad}");
        }
    }
}
