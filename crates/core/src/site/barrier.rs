//! Why there is no connection, in words for people: name, TCP, TLS or certificate. The libraries'
//! own words (`received corrupt message of type InvalidContentType`) tell an administrator nothing.

use std::error::Error as StdError;
use std::io;

use rustls::{CertificateError, Error as Tls};

use super::transport::{NoAnswer, innermost};

/// There is nothing on this machine to check certificates with.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "this machine has no certificates to check the site's with ({0}); on Linux they are the package ca-certificates"
)]
pub(super) struct NoVerifier(pub(super) String);

/// What stood in the way of a connection.
pub(super) fn no_connection(error: &(dyn StdError + 'static)) -> NoAnswer {
    let mut cause = Some(error);
    let mut name = false;
    while let Some(error) = cause {
        if let Some(tls) = tls(error) {
            return NoAnswer::Untrusted(of_tls(tls));
        }
        if error.is::<NoVerifier>() {
            return NoAnswer::Untrusted(error.to_string());
        }
        // hyper-util gives no type for it.
        name |= error.to_string() == "dns error";
        cause = error.source();
    }
    let why = innermost(error);
    NoAnswer::Unreachable(match (name, io_kind(error)) {
        (true, _) => format!("no address is known for this name ({why}); is it spelt rightly?"),
        (_, Some(io::ErrorKind::ConnectionRefused)) => {
            format!("nothing listens there ({why}); are address and port right?")
        }
        _ => why,
    })
}

/// The TLS error inside; an [`io::Error`] hides what it wraps from `source`.
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

/// `DnsName("a.example")` as rustls names it: a.example.
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
            UnknownIssuer => "its certificate comes from nobody whom this machine trusts".into(),
            NotValidForName => "its certificate is another site's".into(),
            NotValidForNameContext { expected, presented } => format!(
                "its certificate is another site's: not {}'s, but {}",
                expected.to_str(),
                match presented.is_empty() {
                    true => "nobody's".to_owned(),
                    false => named(presented),
                }
            ),
            Expired | ExpiredContext { .. } => {
                "its certificate has expired (or this machine's clock is wrong)".into()
            }
            NotValidYet | NotValidYetContext { .. } => {
                "its certificate is not valid yet (or this machine's clock is wrong)".into()
            }
            Revoked => "its certificate has been revoked".into(),
            other => format!("its certificate cannot be checked: {other}"),
        },
        Tls::InvalidMessage(_) => "what answers there does not speak TLS".into(),
        other => format!("TLS failed: {other}"),
    }
}
