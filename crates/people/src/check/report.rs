//! What was found: values for the program, sentences for the reader.

use super::shape::Shape;
use headcount_atlassian::access::Address;
use headcount_atlassian::place::KeyKind;

/// Where people make an API token.
pub const TOKENS_PAGE: &str = "https://id.atlassian.com/manage-profile/security/api-tokens";
/// Where people make an organization API key.
pub const ORG_KEYS_PAGE: &str = "https://admin.atlassian.com under Settings > API keys";

/// All that was found.
#[derive(Debug)]
pub struct CheckUp {
    /// Of the API token, where there is one and a site.
    pub jira: Option<KeyReport>,
    /// Of the organization's key, where there is one.
    pub org: Option<KeyReport>,
    /// Which jobs work.
    pub abilities: Vec<Ability>,
}

impl CheckUp {
    /// Both reports, those that there are.
    pub fn reports(&self) -> impl Iterator<Item = &KeyReport> {
        self.jira.iter().chain(&self.org)
    }
}

/// Whether some jobs work with what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ability {
    /// The commands.
    pub what: &'static str,
    /// Whether they work.
    pub can: Can,
    /// Why, or with which key.
    pub why: String,
}

/// Whether something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Can {
    /// As far as can be seen without trying.
    Yes,
    /// It does not.
    No,
    /// The credentials do not show it.
    Unknown,
}

/// What was found of one key.
#[derive(Debug)]
pub struct KeyReport {
    /// Which.
    pub kind: KeyKind,
    /// Where it was sent.
    pub address: Address,
    /// Whether it is accepted.
    pub standing: Standing,
    /// Why, the likeliest first.
    pub why: Vec<Why>,
    /// What it may do and sees.
    pub finding: Finding,
}

/// Whether a credential is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is accepted.
    Accepted,
    /// It is accepted, and the profile does not name the organization it is for.
    Undecided,
    /// It is refused.
    Refused,
    /// There is no such site or API at the address.
    WrongAddress,
    /// Nothing can be said now: no answer, or the site is not well.
    Unreachable,
}

/// What a key may do and sees. `None` is “not said”.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// The account id of the API token's account.
    pub account: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whether it administers Jira.
    pub administers: Option<bool>,
    /// Whether it may look people and groups up in Jira.
    pub browses: Option<bool>,
    /// Whether it administers the organization.
    pub org_admin: Option<bool>,
    /// The organization's id, and its name.
    pub org: Option<(String, String)>,
    /// Whether the credential can read the organization's directory.
    pub directory: Option<bool>,
    /// How many accounts the organization manages.
    pub managed: Option<u64>,
    /// Whether the key may ask about the life of managed accounts.
    pub lifecycle: Option<bool>,
}

/// Why a credential is accepted or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It works at the gateway's address.
    NeedsGateway(Address),
    /// An API token is wanted, and the organization accepts it as its own key.
    IsOrgKey,
    /// An organization key is wanted, and the site accepts it as an API token.
    IsApiToken,
    /// What it looks like.
    Looks(KeyKind, Shape),
    /// Nobody in the organization has the email.
    NoAccount(String),
    /// The account is not active: how it is.
    NotActive(String, String),
    /// The account has no API token.
    NoToken(String),
    /// The account's newest token is over: its label, and the day.
    Expired(String, String),
    /// The account's tokens that are not over: its email, their labels.
    OtherTokens(String, Vec<String>),
    /// Atlassian does not say; the usual causes.
    Usual(KeyKind),
    /// The API token is good and lacks a scope.
    LacksScope,
    /// The site asks the account for a CAPTCHA.
    Captcha,
    /// Signed in, and not let in.
    NotLetIn,
    /// There is a site, without Jira.
    NoJira,
    /// There is no Atlassian site.
    NoSite,
    /// The gateway knows no site with Jira of this cloud id.
    NoCloud,
    /// Accepted, but the account does not administer Jira.
    NotAdmin,
    /// The admin APIs are not there.
    NoAdmin,
    /// The address sends elsewhere.
    Redirects(String),
    /// An answer that no site gives.
    Odd(String),
    /// No answer, or a bad one.
    NoAnswer(String),
    /// The key may not list its organizations.
    Scopes,
    /// The key shows no organization.
    NoOrg,
    /// The profile names another organization than the key shows.
    OtherOrg(String, Vec<String>),
    /// The key shows several, and the profile names none.
    SeveralOrgs(Vec<String>),
    /// The profile names another directory than the organization has.
    OtherDirectory(String, Vec<String>),
    /// The organization has several directories, and the profile names none.
    SeveralDirectories(Vec<String>),
}

impl Why {
    /// The cause, as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::NeedsGateway(_) => "This is a token with scopes, or of a service account. The \
                 site's own address refuses such tokens."
                .into(),
            Self::IsOrgKey => {
                "This is an organization API key, not an API token: the organization \
                 accepts it."
                    .into()
            }
            Self::IsApiToken => "This is an API token, not an organization API key: the site \
                 accepts it."
                .into(),
            Self::Looks(wanted, shape) => looks(*wanted, *shape).into(),
            Self::NoAccount(mail) => format!("No user of the organization has the email {mail}."),
            Self::NotActive(mail, how) => format!("The account {mail} is {how}."),
            Self::NoToken(mail) => {
                format!("The account {mail} has no API token: it was revoked, or never created.")
            }
            Self::Expired(label, day) => format!(
                "The account's newest token, “{label}”, expired on {day}. Tokens last 365 days at \
                 most."
            ),
            Self::OtherTokens(mail, labels) => format!(
                "The account {mail} has valid tokens ({}). This token is not one of them: it belongs \
                 to a different account, was revoked, or was copied incorrectly.",
                labels.join(", ")
            ),
            Self::Usual(KeyKind::ApiToken) => "Atlassian does not say why. The usual causes: the \
                 email belongs to a different account than the token; the token has expired \
                 (after 365 days at most) or was revoked; a part was lost when copying it."
                .into(),
            Self::Usual(KeyKind::OrgApiKey) => "Atlassian does not say why. The usual causes: the \
                 key has expired (after a year at most, and a week by default) \
                 or was revoked; a part was lost when copying it."
                .into(),
            Self::LacksScope => "The API token is valid, but lacks a scope: Atlassian answers \
                 “scope does not match”. Changing users or groups needs \
                 manage:jira-configuration; looking them up needs read:jira-user."
                .into(),
            Self::Captcha => {
                "The site asks this account for a CAPTCHA after failed sign-ins.".into()
            }
            Self::NotLetIn => "The account exists but has no access: it cannot use Jira \
                 on this site, or the site blocks this network."
                .into(),
            Self::NoJira => "There is an Atlassian site at this address, but no Jira.".into(),
            Self::NoSite => "There is no Atlassian site at this address.".into(),
            Self::NoCloud => "No site with Jira has the cloud id in this address.".into(),
            Self::NotAdmin => "The account is not an administrator: this token cannot change \
                 anything."
                .into(),
            Self::NoAdmin => "Atlassian's admin APIs are not at this address.".into(),
            Self::Redirects(to) => format!("The address redirects to {to}."),
            Self::Odd(what) => format!("There is no Atlassian site at this address: {what}."),
            Self::NoAnswer(why) => no_answer(why),
            Self::Scopes => "The key exists but cannot list its organizations: it was \
                 created with scopes."
                .into(),
            Self::NoOrg => "Atlassian lists no organization for this key.".into(),
            Self::OtherOrg(wanted, shown) => {
                format!("The profile names the organization {wanted}; the key is for {}.", {
                    shown.join(", ")
                })
            }
            Self::SeveralOrgs(shown) => {
                format!("The key is for several organizations: {}.", shown.join(", "))
            }
            Self::OtherDirectory(wanted, shown) => format!(
                "The profile names the directory {wanted}; the organization has {}.",
                shown.join(", ")
            ),
            Self::SeveralDirectories(shown) => {
                format!("The organization has {} directories: {}.", shown.len(), shown.join(", "))
            }
        }
    }

    /// What to do next; empty where the sentence says it.
    pub fn advice(&self) -> String {
        match self {
            Self::NeedsGateway(address) => {
                format!("It works with cloud_url = \"{address}\": set this in the profile.")
            }
            Self::Looks(_, Shape::WithScheme | Shape::WithMail | Shape::Variable) => String::new(),
            Self::IsOrgKey | Self::Looks(KeyKind::ApiToken, _) => {
                format!("Create an API token of your own account at {TOKENS_PAGE}")
            }
            Self::IsApiToken | Self::Looks(KeyKind::OrgApiKey, _) => {
                format!(
                    "An organization administrator creates the key at {ORG_KEYS_PAGE}, without scopes"
                )
            }
            Self::NoAccount(_) => "Use the email that you sign in to Atlassian with; it is \
                 at https://id.atlassian.com/manage-profile/email"
                .into(),
            Self::NotActive(..) => "Use an active account.".into(),
            Self::NoToken(_) | Self::Expired(..) | Self::OtherTokens(..) => {
                format!("Create a new one at {TOKENS_PAGE}")
            }
            Self::Usual(KeyKind::ApiToken) => {
                format!("List the account's tokens, or create a new one, at {TOKENS_PAGE}")
            }
            Self::Usual(KeyKind::OrgApiKey) => {
                format!("List the keys, or create a new one, at {ORG_KEYS_PAGE}")
            }
            Self::LacksScope => {
                format!(
                    "Create one without scopes, or with manage:jira-configuration and \
                     read:jira-user, at {TOKENS_PAGE}"
                )
            }
            Self::Captcha => {
                "Sign in once in a browser with this account, solve the CAPTCHA, and try \
                 again."
                    .into()
            }
            Self::NotLetIn => "An administrator of the site can give it access to Jira.".into(),
            Self::NoJira | Self::NoSite | Self::Odd(_) | Self::Redirects(_) => {
                "Use the address that the browser shows when you use Jira, such as \
                 https://acme.atlassian.net"
                    .into()
            }
            Self::NoCloud => "Look up the cloud id at your site's own address, \
                 https://acme.atlassian.net/_edge/tenant_info"
                .into(),
            Self::NotAdmin => "Use the token of an organization administrator, or ask one to make \
                 this account an administrator at https://admin.atlassian.com"
                .into(),
            Self::NoAdmin => "Remove admin_url; the usual one is https://api.atlassian.com".into(),
            Self::NoAnswer(_) => "Try again later, or check the address.".into(),
            Self::Scopes => format!("Create one without scopes at {ORG_KEYS_PAGE}"),
            Self::NoOrg => format!("Create a key at {ORG_KEYS_PAGE}"),
            Self::OtherOrg(..) | Self::SeveralOrgs(_) => {
                "Choose one with org_id in the profile.".into()
            }
            Self::OtherDirectory(..) | Self::SeveralDirectories(_) => {
                "Choose one with directory_id in the profile.".into()
            }
        }
    }
}

fn looks(wanted: KeyKind, shape: Shape) -> &'static str {
    match (wanted, shape) {
        (_, Shape::WithScheme) => {
            "It starts with the word Basic or Bearer; use only the part after it."
        }
        (_, Shape::WithMail) => "It contains the email and the token; use only the token.",
        (_, Shape::Variable) => "It is a Postman variable without a value.",
        (_, Shape::Bitbucket) => "It looks like a Bitbucket app password.",
        (_, Shape::Short) => "It is too short; passwords are not accepted.",
        (KeyKind::ApiToken, _) => {
            "It looks like an organization API key (or a Bitbucket access token), not like an \
             API token."
        }
        (KeyKind::OrgApiKey, _) => {
            "It looks like an account's API token, not like an organization API key."
        }
    }
}

/// The resolver's words differ from system to system; what they mean does not.
fn no_answer(why: &str) -> String {
    let lower = why.to_lowercase();
    let no_name = ["lookup", "name or service", "nodename", "no such host", "name resolution"];
    if no_name.iter().any(|words| lower.contains(words)) {
        format!("No computer has this address: check its spelling and your network ({why}).")
    } else {
        let end = if why.ends_with(['.', '?']) { "" } else { "." };
        format!("There was no usable answer: {why}{end}")
    }
}
