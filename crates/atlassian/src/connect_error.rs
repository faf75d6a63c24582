//! Explains a failed connection to people: name, TCP, TLS or certificate. The libraries' own texts (`received
//! corrupt message of type InvalidContentType`) do not help an administrator.

use std::error::Error as StdError;
use std::io;

use rustls::{CertificateError, Error as Tls};

use super::answer::NoAnswer;
use super::connection::{BoxError, innermost};
use super::proxy_sign_in::unsupported;

/// This computer has no certificates with which a site's certificate can be checked.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "this computer has no certificates to check the site's with ({0}); on Linux install the package ca-certificates"
)]
pub(super) struct NoVerifier(pub(super) String);

/// The error occurred at a proxy, or after it.
#[derive(Debug, thiserror::Error)]
#[error("by the proxy {proxy}")]
pub(super) struct ByProxy {
    /// The proxy's host and port.
    pub(super) proxy: String,
    /// The kinds of sign-in that the proxy names, if it wants one.
    pub(super) sign_in: Vec<String>,
    /// The error.
    #[source]
    pub(super) source: BoxError,
}

/// The words of hyper-util for a proxy that wants a sign-in.
const SIGN_IN: &str = "proxy authorization required";

/// Whether a tunnel was refused because the proxy wants a sign-in.
pub(super) fn wants_sign_in(error: &(dyn StdError + 'static)) -> bool {
    error.to_string().strip_prefix("tunnel error: ") == Some(SIGN_IN)
}

/// Explains why there is no connection.
pub(super) fn no_connection(error: &(dyn StdError + 'static)) -> NoAnswer {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(by) = error.downcast_ref::<ByProxy>() {
            return no_tunnel(&by.proxy, &by.sign_in, by.source.as_ref());
        }
        cause = error.source();
    }
    no_way(error)
}

/// Explains why a proxy opened no tunnel. The type of hyper-util's error is private, so its text is compared (a
/// test checks the text).
fn no_tunnel(proxy: &str, sign_in: &[String], error: &(dyn StdError + 'static)) -> NoAnswer {
    let words = error.to_string();
    let Some(what) = words.strip_prefix("tunnel error: ") else {
        // The tunnel was open, so the error is the site's.
        return match no_way(error) {
            NoAnswer::Untrusted(why) => {
                NoAnswer::Untrusted(format!("{why} (by the proxy {proxy})"))
            }
            NoAnswer::Unreachable(why) => {
                NoAnswer::Unreachable(format!("{why} (by the proxy {proxy})"))
            }
            other => other,
        };
    };
    if let (true, Some(cause)) = (what.starts_with("failed to create"), error.source()) {
        return match no_way(cause) {
            NoAnswer::Untrusted(why) => NoAnswer::Untrusted(format!(
                "the certificate of the proxy {proxy} is not accepted: {why}"
            )),
            NoAnswer::Unreachable(why) => {
                NoAnswer::Unreachable(format!("the proxy {proxy} cannot be reached: {why}"))
            }
            other => other,
        };
    }
    if let Some(why) = unsupported(sign_in.iter().map(String::as_str)) {
        return NoAnswer::Unreachable(format!("the proxy {proxy} {why}"));
    }
    NoAnswer::Unreachable(match what {
        SIGN_IN => format!(
            "the proxy {proxy} needs a different name and password \
             (HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT); if it accepts only NTLM or Kerberos, run \
             a relay on this machine, such as Px or Cntlm, and set HTTPS_PROXY to it"
        ),
        "unsuccessful" => {
            format!(
                "the proxy {proxy} does not let this through; ask its administrator to allow it"
            )
        }
        _ => format!("the proxy {proxy} broke off the connection"),
    })
}

fn no_way(error: &(dyn StdError + 'static)) -> NoAnswer {
    let mut cause = Some(error);
    let mut name = false;
    while let Some(error) = cause {
        if let Some(tls) = tls(error) {
            return NoAnswer::Untrusted(of_tls(tls));
        }
        if error.is::<NoVerifier>() {
            return NoAnswer::Untrusted(error.to_string());
        }
        // hyper-util has no type for this error.
        name |= error.to_string() == "dns error";
        cause = error.source();
    }
    let why = innermost(error);
    NoAnswer::Unreachable(match (name, io_kind(error)) {
        (true, _) => format!("this name has no address ({why}); check its spelling"),
        (_, Some(io::ErrorKind::ConnectionRefused)) => {
            format!("nothing answers there ({why}); check the address and the port")
        }
        _ => why,
    })
}

/// The TLS error inside an error. The `source` of an [`io::Error`] skips the error that it wraps.
fn tls<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Tls> {
    if let Some(tls) = error.downcast_ref::<Tls>() {
        return Some(tls);
    }
    let inner: &'a (dyn StdError + Send + Sync + 'static) =
        error.downcast_ref::<io::Error>()?.get_ref()?;
    tls(inner)
}

fn io_kind(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        cause = error.source();
    }
    None
}

/// Reads `DnsName("a.example")`, rustls's form of a name, as a.example.
fn named(presented: &[String]) -> String {
    let bare = |name: &String| name.split('"').nth(1).unwrap_or(name).to_owned();
    presented.iter().map(bare).collect::<Vec<_>>().join(", ")
}

fn of_tls(error: &Tls) -> String {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, Revoked, UnknownIssuer,
    };
    match error {
        Tls::InvalidCertificate(why) => match why {
            UnknownIssuer => "this computer does not trust the issuer of its certificate".into(),
            NotValidForName => "its certificate is another site's".into(),
            NotValidForNameContext { expected, presented } => format!(
                "its certificate is another site's: not {}'s, but {}",
                expected.to_str(),
                match presented.is_empty() {
                    true => "no site's".to_owned(),
                    false => named(presented),
                }
            ),
            Expired | ExpiredContext { .. } => {
                "its certificate has expired (or this computer's clock is wrong)".into()
            }
            NotValidYet | NotValidYetContext { .. } => {
                "its certificate is not valid yet (or this computer's clock is wrong)".into()
            }
            Revoked => "its certificate has been revoked".into(),
            other => format!("its certificate cannot be checked: {other}"),
        },
        Tls::InvalidMessage(_) => "the server there does not speak TLS".into(),
        other => format!("TLS failed: {other}"),
    }
}
