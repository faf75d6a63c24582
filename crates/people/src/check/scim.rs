//! Checks the key of an identity provider's directory, and finds out why it is not accepted.

use super::acceptance;
use super::probe::{As, Probe, Said, escaped};
use super::report::{Finding, KeyReport, Standing};
use super::why::Why;
use headcount_atlassian::access::{Access, ScimKey};
use headcount_atlassian::place::KeyKind;

/// Checks the key by one user of the directory (user provisioning description, `GET Users`): the call that every job
/// starts with.
pub async fn check(probe: &Probe, access: &Access, key: &ScimKey) -> KeyReport {
    let report = |standing, why| KeyReport {
        kind: KeyKind::ScimApiKey,
        address: access.admin_url.clone(),
        standing,
        why,
        finding: Finding::default(),
    };
    let path = format!("/scim/directory/{}/Users?startIndex=1&count=1", escaped(&key.directory_id));
    match probe.get(As::Scim(&key.key), &access.admin_url, &path).await {
        Said::Yes(body) if body["totalResults"].is_u64() => report(Standing::Accepted, Vec::new()),
        Said::Yes(_) => {
            let what = "it does not list the identity provider's users";
            report(Standing::WrongAddress, vec![Why::odd(what), Why::no_admin()])
        }
        Said::NotFound => report(Standing::Undecided, vec![Why::no_scim(&key.directory_id)]),
        Said::Address => report(Standing::Unreachable, vec![Why::address_not_allowed()]),
        Said::Refused | Said::NoScope | Said::Captcha | Said::Forbidden => {
            match acceptance::by_organization(probe, &access.admin_url, &key.key).await {
                true => report(Standing::Refused, vec![Why::is_no_scim_key()]),
                false => report(Standing::Refused, vec![Why::usual(KeyKind::ScimApiKey)]),
            }
        }
        Said::Elsewhere(to) => {
            report(Standing::WrongAddress, vec![Why::redirects(&to), Why::no_admin()])
        }
        Said::Odd(what) => report(Standing::WrongAddress, vec![Why::odd(&what), Why::no_admin()]),
        Said::Later(status) => {
            let why = Why::no_answer(&format!("the user provisioning API answers {status}"));
            report(Standing::Unreachable, vec![why])
        }
        Said::Nothing(why) => report(Standing::Unreachable, vec![Why::no_answer(&why)]),
    }
}
