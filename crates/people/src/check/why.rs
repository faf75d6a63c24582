//! Why a credential is accepted or not: each reason has a sentence and advice.

use headcount_atlassian::access::Address;
use headcount_atlassian::place::KeyKind;

use super::shape::Shape;

/// Atlassian's page for creating an API token.
const TOKENS_PAGE: &str = "https://id.atlassian.com/manage-profile/security/api-tokens";
/// Atlassian's page for creating an organization API key.
const ORG_KEYS_PAGE: &str = "https://admin.atlassian.com under Settings > API keys";

/// Atlassian's page of an identity provider's directory.
const SCIM_PAGE: &str =
    "https://admin.atlassian.com under Security > Identity providers > Set up user provisioning";

/// Why a credential is accepted or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The reason, as a sentence.
    pub sentence: String,
    /// What to do next; empty if the sentence says it.
    pub advice: String,
    /// The address at which the credential works, if it differs.
    pub gateway: Option<Address>,
}

impl Why {
    fn new(sentence: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), advice: advice.into(), gateway: None }
    }
}

/// Reasons about an API token.
impl Why {
    /// It works at the gateway's address.
    pub(super) fn needs_gateway(address: Address) -> Self {
        let advice = format!("It works with cloud_url = \"{address}\": set this in the profile.");
        let sentence = "This is a token with scopes, or of a service account. The site's own address \
             refuses such tokens.";
        Self { gateway: Some(address), ..Self::new(sentence, advice) }
    }

    /// An API token was expected, and the organization accepts the text as its own key.
    pub(super) fn is_org_key() -> Self {
        Self::new(
            "This is an organization API key, not an API token: the organization accepts it.",
            own_token(),
        )
    }

    /// No user of the organization has the email.
    pub(super) fn no_account(mail: &str) -> Self {
        Self::new(
            format!("No user of the organization has the email {mail}."),
            "Use the email that you sign in to Atlassian with; it is at \
             https://id.atlassian.com/manage-profile/email",
        )
    }

    /// The account is not active; `how` is its state.
    pub(super) fn not_active(mail: &str, how: &str) -> Self {
        Self::new(format!("The account {mail} is {how}."), "Use an active account.")
    }

    /// The account has no API token.
    pub(super) fn no_token(mail: &str) -> Self {
        Self::new(
            format!("The account {mail} has no API token: it was revoked, or never created."),
            new_token(),
        )
    }

    /// The account's newest token has expired; with its label and the day.
    pub(super) fn expired(label: &str, day: &str) -> Self {
        Self::new(
            format!(
                "The account's newest token, “{label}”, expired on {day}. Tokens last 365 days at most."
            ),
            new_token(),
        )
    }

    /// The account has tokens that have not expired; with their labels.
    pub(super) fn other_tokens(mail: &str, labels: &[String]) -> Self {
        Self::new(
            format!(
                "The account {mail} has valid tokens ({}). This token is not one of them: it \
                 belongs to a different account, was revoked, or was copied incorrectly.",
                labels.join(", ")
            ),
            new_token(),
        )
    }

    /// The credential is good but lacks a scope.
    pub(super) fn lacks_scope() -> Self {
        Self::new(
            "The API token is valid, but lacks a scope: Atlassian answers “scope does not match”. \
             Changing users or groups needs manage:jira-configuration; looking them up needs \
             read:jira-user.",
            format!(
                "Create one without scopes, or with manage:jira-configuration and read:jira-user, at {TOKENS_PAGE}"
            ),
        )
    }

    /// The site asks the account for a CAPTCHA.
    pub(super) fn captcha() -> Self {
        Self::new(
            "The site asks this account for a CAPTCHA after failed sign-ins.",
            "Sign in once in a browser with this account, solve the CAPTCHA, and try again.",
        )
    }

    /// The credential is accepted, but the account has no access.
    pub(super) fn not_let_in() -> Self {
        Self::new(
            "The account exists but has no access: it cannot use Jira on this site, or the site blocks \
             this network.",
            "An administrator of the site can give it access to Jira.",
        )
    }

    /// Accepted, but the account does not administer Jira.
    pub(super) fn not_admin() -> Self {
        Self::new(
            "The account is not an administrator: this token cannot change anything.",
            "Use the token of an organization administrator, or ask one to make this account an \
             administrator at https://admin.atlassian.com",
        )
    }

    /// The site exists, but has no Jira.
    pub(super) fn no_jira() -> Self {
        Self::new("There is an Atlassian site at this address, but no Jira.", USUAL_ADDRESS)
    }

    /// There is no Atlassian site.
    pub(super) fn no_site() -> Self {
        Self::new("There is no Atlassian site at this address.", USUAL_ADDRESS)
    }

    /// The gateway knows no site with Jira for this cloud ID.
    pub(super) fn no_cloud() -> Self {
        Self::new(
            "No site with Jira has the cloud id in this address.",
            "Look up the cloud id at your site's own address, \
             https://acme.atlassian.net/_edge/tenant_info",
        )
    }
}

/// Reasons about an organization API key.
impl Why {
    /// An organization API key was expected, and the site accepts the text as an API token.
    pub(super) fn is_api_token() -> Self {
        Self::new(
            "This is an API token, not an organization API key: the site accepts it.",
            own_key(),
        )
    }

    /// The address has no admin APIs.
    pub(super) fn no_admin() -> Self {
        Self::new(
            "Atlassian's admin APIs are not at this address.",
            "Remove admin_url; the usual one is https://api.atlassian.com",
        )
    }

    /// The key may not list its organizations.
    pub(super) fn scopes() -> Self {
        Self::new(
            "The key exists but cannot list its organizations: it was created with scopes.",
            format!("Create one without scopes at {ORG_KEYS_PAGE}"),
        )
    }

    /// The key is good but lacks a scope.
    pub(super) fn key_lacks_scope() -> Self {
        Self::new(
            "The organization API key is valid, but lacks a scope: Atlassian answers “scope does \
             not match”.",
            format!("Create one without scopes at {ORG_KEYS_PAGE}"),
        )
    }

    /// Atlassian lists no organization for this key.
    pub(super) fn no_org() -> Self {
        Self::new("The key shows no organization.", format!("Create a key at {ORG_KEYS_PAGE}"))
    }

    /// The profile names another organization than the key's.
    pub(super) fn other_org(wanted: &str, shown: &[String]) -> Self {
        let shown = shown.join(", ");
        Self::new(
            format!("The profile names the organization {wanted}; the key is for {shown}."),
            CHOOSE_ORG,
        )
    }

    /// The key shows several organizations, and the profile names none.
    pub(super) fn several_orgs(shown: &[String]) -> Self {
        let shown = shown.join(", ");
        Self::new(format!("The key is for several organizations: {shown}."), CHOOSE_ORG)
    }

    /// The profile names a directory that the organization does not have.
    pub(super) fn other_directory(wanted: &str, shown: &[String]) -> Self {
        let shown = shown.join(", ");
        Self::new(
            format!("The profile names the directory {wanted}; the organization has {shown}."),
            CHOOSE_DIRECTORY,
        )
    }

    /// The organization has several directories, and the profile names none.
    pub(super) fn several_directories(shown: &[String]) -> Self {
        let (many, shown) = (shown.len(), shown.join(", "));
        Self::new(format!("The organization has {many} directories: {shown}."), CHOOSE_DIRECTORY)
    }
}

/// Reasons about the key of an identity provider's directory.
impl Why {
    /// The API has no such directory for this key.
    pub(super) fn no_scim(directory: &str) -> Self {
        Self::new(
            format!("The user provisioning API has no directory {directory} for this key."),
            "Set scim_directory_id to the id that was shown together with the key; it is not the id of the \
             organization's directory.",
        )
    }

    /// The text is an organization API key.
    pub(super) fn is_no_scim_key() -> Self {
        Self::new(
            "This is an organization API key, not the key of the identity provider's directory: the \
             organization accepts it.",
            format!("Use the key that was shown at {SCIM_PAGE}."),
        )
    }
}

/// Reasons about either credential.
impl Why {
    /// What the text looks like.
    pub(super) fn looks(wanted: KeyKind, shape: Shape) -> Self {
        let advice = match (wanted, shape) {
            (_, Shape::WithScheme | Shape::WithMail | Shape::Variable) => String::new(),
            (KeyKind::ApiToken, _) => own_token(),
            (KeyKind::OrgApiKey, _) => own_key(),
            (KeyKind::ScimApiKey, _) => format!("Use the key that was shown at {SCIM_PAGE}."),
        };
        Self::new(looks(wanted, shape), advice)
    }

    /// Atlassian gives no reason; these are the usual causes.
    pub(super) fn usual(kind: KeyKind) -> Self {
        match kind {
            KeyKind::ApiToken => Self::new(
                "Atlassian does not say why. The usual causes: the email belongs to a different \
                 account than the token; the token has expired (after 365 days at most) or was \
                 revoked; a part was lost when copying it.",
                format!("List the account's tokens, or create a new one, at {TOKENS_PAGE}"),
            ),
            KeyKind::OrgApiKey => Self::new(
                "Atlassian does not say why. The usual causes: the key has expired (after a year at \
                 most, and a week by default) or was revoked; a part was lost when copying it.",
                format!("List the keys, or create a new one, at {ORG_KEYS_PAGE}"),
            ),
            KeyKind::ScimApiKey => Self::new(
                "Atlassian does not say why. The usual causes: the key was generated again; it belongs to \
                 another directory; a part was lost when copying it.",
                format!(
                    "Generate it again at {SCIM_PAGE}; then your identity provider needs the new one, too"
                ),
            ),
        }
    }

    /// The address redirects.
    pub(super) fn redirects(to: &str) -> Self {
        Self::new(format!("The address redirects to {to}."), USUAL_ADDRESS)
    }

    /// An IP allowlist refuses the computer.
    pub(super) fn address_not_allowed() -> Self {
        Self::new(
            "The organization has an IP allowlist, and this computer's address is not on it.",
            "Run headcount from an allowed network, or have the address added in admin.atlassian.com > \
             Security. The credential itself could not be checked.",
        )
    }

    /// An answer that is not a site's.
    pub(super) fn odd(what: &str) -> Self {
        Self::new(format!("There is no Atlassian site at this address: {what}."), USUAL_ADDRESS)
    }

    /// No answer, or a bad one.
    pub(super) fn no_answer(why: &str) -> Self {
        Self::new(no_answer(why), "Try again later, or check the address.")
    }
}

const USUAL_ADDRESS: &str = "Use the address that the browser shows when you use Jira, such as \
     https://acme.atlassian.net";
const CHOOSE_ORG: &str = "Choose one with org_id in the profile.";
const CHOOSE_DIRECTORY: &str = "Choose one with directory_id in the profile.";

fn own_token() -> String {
    format!("Create an API token of your own account at {TOKENS_PAGE}")
}

fn new_token() -> String {
    format!("Create a new one at {TOKENS_PAGE}")
}

fn own_key() -> String {
    format!("An organization administrator creates the key at {ORG_KEYS_PAGE}, without scopes")
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
        (KeyKind::ScimApiKey, _) => "It is not the key of the identity provider's directory.",
        (KeyKind::OrgApiKey, _) => {
            "It looks like an account's API token, not like an organization API key."
        }
    }
}

/// The resolver's words differ between systems; their meaning does not.
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
