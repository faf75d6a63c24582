//! Which kinds of sign-in a proxy accepts. The library that opens tunnels drops the proxy's headers, so after a refusal
//! headcount asks once more, without a credential, and reads them.

use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::connection::{BoxError, Stream};

/// The longest answer that is read, in bytes.
const LONGEST: u64 = 16 * 1024;

/// Asks a proxy for a tunnel, and returns the kinds of sign-in that its refusal names (RFC 9110, 11.7.1).
pub(super) async fn accepted(
    stream: Stream,
    host: &str,
    port: u16,
) -> Result<Vec<String>, BoxError> {
    let mut stream = TokioIo::new(stream);
    let request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut head = Vec::new();
    let mut stream = stream.take(LONGEST);
    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await? > 0 {}
    Ok(kinds(String::from_utf8_lossy(&head).lines()))
}

/// The kinds of sign-in in the header lines of a refusal.
fn kinds<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let values = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("proxy-authenticate").then_some(value)
    });
    values.filter_map(kind).collect()
}

/// The kind of sign-in in the value of a `Proxy-Authenticate` header.
fn kind(value: &str) -> Option<String> {
    let word = value.split_whitespace().next()?.trim_end_matches(',');
    let is_word = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_word && word.len() <= 20).then(|| word.to_owned())
}

/// The message for a proxy that accepts no name and password; `None` if it does, or names nothing.
pub(super) fn unsupported<'a>(values: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut kinds: Vec<String> = values.filter_map(kind).collect();
    let is_basic = |one: &String| one.eq_ignore_ascii_case("basic");
    kinds.dedup();
    if kinds.is_empty() || kinds.iter().any(is_basic) {
        return None;
    }
    let named = kinds.iter().map(|one| match one.to_ascii_lowercase().as_str() {
        "negotiate" => "Negotiate (Kerberos)".to_owned(),
        "ntlm" => "NTLM".to_owned(),
        _ => one.clone(),
    });
    Some(format!(
        "accepts only {}, which headcount does not support: run a relay on this computer that signs in to it, such as \
         Px or Cntlm, and set HTTPS_PROXY to the relay",
        named.collect::<Vec<_>>().join(" and ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_without_basic_sign_in_is_named() {
        for (head, wanted) in [
            ("Proxy-Authenticate: NTLM\r\n", Some("only NTLM,")),
            (
                "proxy-authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n",
                Some("Negotiate (Kerberos) and NTLM,"),
            ),
            ("Proxy-Authenticate: Kerberos\r\n", Some("only Kerberos,")),
            ("Proxy-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n", Some("only Digest,")),
            ("Proxy-Authenticate: Basic realm=\"a\"\r\n", None),
            ("Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=\"a\"\r\n", None),
            ("Content-Length: 0\r\n", None),
            ("Proxy-Authenticate: \u{1b}[31m\r\n", None),
        ] {
            let found = unsupported(kinds(head.lines()).iter().map(String::as_str));
            assert_eq!(found.is_some(), wanted.is_some(), "{head}: {found:?}");
            assert!(found.unwrap_or_default().contains(wanted.unwrap_or_default()), "{head}");
        }
    }
}
