//! `protocolProfileBehavior`: settings for sending a request. A folder's settings apply to its content.

use crate::document::{Kind, LoadError, Node, Problem};

/// Settings for sending; `None` means not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behavior {
    /// Whether redirects are followed.
    pub follow_redirects: Option<bool>,
    /// The most redirects that are followed; 10 if it is not set.
    pub max_redirects: Option<usize>,
    /// Whether GET and HEAD keep their body.
    pub disable_body_pruning: Option<bool>,
    /// Whether a redirected POST stays a POST.
    pub follow_original_method: Option<bool>,
    /// Whether `Authorization` is sent to another host after a redirect.
    pub follow_authorization: Option<bool>,
    /// Whether a redirect sends no `Referer`.
    pub remove_referer: Option<bool>,
    /// Whether the URL is sent unchanged.
    pub disable_url_encoding: Option<bool>,
    /// Whether no cookies are kept and sent.
    pub disable_cookies: Option<bool>,
    /// Whether certificates are verified.
    pub strict_ssl: Option<bool>,
    /// Headers of the runner that are not sent, in lower case.
    pub disabled_headers: Option<Vec<String>>,
}

impl Behavior {
    /// Reads it.
    ///
    /// # Errors
    /// It needs a feature of TLS or HTTP that is not supported.
    pub fn read(node: &Node<'_>) -> Result<Self, LoadError> {
        let mut behavior = Self::default();
        if node.kind() == Kind::Null {
            return Ok(behavior);
        }
        for (name, value) in node.object("protocolProfileBehavior")?.members() {
            let yes = (value.kind() == Kind::Bool).then(|| value.is_true());
            match name.as_str() {
                "followRedirects" => behavior.follow_redirects = yes,
                "maxRedirects" => {
                    behavior.max_redirects = value.as_scalar().and_then(|it| it.parse().ok());
                }
                "disableBodyPruning" => behavior.disable_body_pruning = yes,
                "followOriginalHttpMethod" => behavior.follow_original_method = yes,
                "followAuthorizationHeader" => behavior.follow_authorization = yes,
                "removeRefererHeaderOnRedirect" => behavior.remove_referer = yes,
                "disableUrlEncoding" => behavior.disable_url_encoding = yes,
                "disableCookies" => behavior.disable_cookies = yes,
                "strictSSL" => behavior.strict_ssl = yes,
                "disabledSystemHeaders" => {
                    behavior.disabled_headers = Some(switched_on(value)?);
                }
                "insecureHTTPParser"
                | "tlsPreferServerCiphers"
                | "tlsDisabledProtocols"
                | "tlsCipherSelection" => refuse(name, value)?,
                // Settings that a later version of Postman adds have no effect on Newman either.
                _ => {}
            }
        }
        Ok(behavior)
    }

    /// These settings; those that are not set come from the enclosing folder.
    #[must_use]
    pub fn within(&self, folder: &Self) -> Self {
        Self {
            follow_redirects: self.follow_redirects.or(folder.follow_redirects),
            max_redirects: self.max_redirects.or(folder.max_redirects),
            disable_body_pruning: self.disable_body_pruning.or(folder.disable_body_pruning),
            follow_original_method: self.follow_original_method.or(folder.follow_original_method),
            follow_authorization: self.follow_authorization.or(folder.follow_authorization),
            remove_referer: self.remove_referer.or(folder.remove_referer),
            disable_url_encoding: self.disable_url_encoding.or(folder.disable_url_encoding),
            disable_cookies: self.disable_cookies.or(folder.disable_cookies),
            strict_ssl: self.strict_ssl.or(folder.strict_ssl),
            disabled_headers: self
                .disabled_headers
                .clone()
                .or_else(|| folder.disabled_headers.clone()),
        }
    }
}

fn switched_on(node: &Node<'_>) -> Result<Vec<String>, LoadError> {
    if node.kind() == Kind::Null {
        return Ok(Vec::new());
    }
    let object = node.object("disabledSystemHeaders")?;
    let on = object.members().iter().filter(|(_, value)| value.is_true());
    Ok(on.map(|(name, _)| name.to_lowercase()).collect())
}

/// `false` and empty lists are Postman's defaults.
fn refuse(name: &str, value: &Node<'_>) -> Result<(), LoadError> {
    let is_off = match value.kind() {
        Kind::List => value.list(name)?.is_empty(),
        Kind::Null | Kind::Bool | Kind::Number | Kind::Text | Kind::Object => !value.is_true(),
    };
    if is_off {
        return Ok(());
    }
    let what = format!("protocolProfileBehavior.{name}");
    Err(value.error(Problem::Unsupported { what, remedy: "remove the setting from the request" }))
}
