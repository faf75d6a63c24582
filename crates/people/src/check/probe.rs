//! Sends one request and returns any answer. (The client stops at a 401 and expects described answers.)

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use jiff::Timestamp;
use serde_json::Value;

use headcount_atlassian::access::{Access, Address, JiraKey};
use headcount_atlassian::answer::Answer;
use headcount_atlassian::answer::NoAnswer;
use headcount_atlassian::json;
use headcount_atlassian::judge::{says_address_not_allowed, says_scope};
use headcount_atlassian::page_words;
use headcount_atlassian::transport::Transport;
use headcount_model::harmful::harmless;
use headcount_model::secret::{ExposeSecret, Redactor, SecretString};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// How often a refusal for rate is waited for, and how long at most each time.
const PATIENCE: (u32, Duration) = (3, Duration::from_secs(20));

/// How many characters of a name or a message are kept.
const KEPT: usize = 120;

/// Sends single requests.
pub struct Probe {
    transport: Transport,
    redactor: Redactor,
}

/// An answer.
#[derive(Debug)]
pub enum Said {
    /// A 2xx with JSON.
    Yes(Value),
    /// A 401, or the header that says that no user is signed in.
    Refused,
    /// A 401: the credential is good, but lacks the scope of the call.
    NoScope,
    /// The site asks the account for a CAPTCHA.
    Captcha,
    /// A 401 or 403: the site refuses the computer's IP address.
    Address,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// A redirect, with its target.
    Elsewhere(String),
    /// A 429 or 5xx, with its status.
    Later(u16),
    /// Any other answer, described.
    Odd(String),
    /// No answer, with the reason.
    Nothing(String),
}

/// The credential of a request.
#[derive(Clone, Copy)]
pub enum As<'a> {
    Nobody,
    Jira(&'a JiraKey),
    Org(&'a SecretString),
    Scim(&'a SecretString),
}

impl Probe {
    pub fn new(transport: Transport, access: &Access) -> Self {
        Self { transport, redactor: access.redactor() }
    }

    pub async fn get(&self, who: As<'_>, base: &Address, path: &str) -> Said {
        self.ask(who, Method::GET, base, path, None).await
    }

    /// A search: a `POST` that changes nothing.
    pub async fn search(&self, who: As<'_>, base: &Address, path: &str, body: &Value) -> Said {
        self.ask(who, Method::POST, base, path, Some(body)).await
    }

    async fn ask(
        &self,
        who: As<'_>,
        method: Method,
        base: &Address,
        path: &str,
        body: Option<&Value>,
    ) -> Said {
        let mut tries = 1;
        loop {
            let Some(request) = request(who, &method, base, path, body) else {
                return Said::Odd(
                    "the credential or the address has a character that cannot be sent".into(),
                );
            };
            let answer = match self.transport.send(request).await {
                Ok(answer) => answer,
                Err(none) => return Said::Nothing(self.clean(&nothing(none))),
            };
            let wait = answer.retry_after(Timestamp::now()).unwrap_or(Duration::from_secs(1));
            if answer.status == StatusCode::TOO_MANY_REQUESTS
                && tries < PATIENCE.0
                && wait <= PATIENCE.1
            {
                tries += 1;
                tokio::time::sleep(wait).await;
                continue;
            }
            return self.read(&answer);
        }
    }

    fn read(&self, answer: &Answer) -> Said {
        let status = answer.status;
        if answer.asks_for_captcha() && status.is_client_error() {
            return Said::Captcha;
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            && says_address_not_allowed(&self.said(answer))
        {
            return Said::Address;
        }
        if status == StatusCode::UNAUTHORIZED && says_scope(&String::from_utf8_lossy(&answer.body))
        {
            return Said::NoScope;
        }
        if status == StatusCode::UNAUTHORIZED
            || (answer.says_signed_out() && !status.is_server_error())
        {
            return Said::Refused;
        }
        match status {
            StatusCode::FORBIDDEN => Said::Forbidden,
            StatusCode::NOT_FOUND => Said::NotFound,
            status if status.is_redirection() => {
                Said::Elsewhere(self.clean(answer.header("location").unwrap_or("nowhere")))
            }
            StatusCode::TOO_MANY_REQUESTS => Said::Later(status.as_u16()),
            status if status.is_server_error() => Said::Later(status.as_u16()),
            status if status.is_success() => match json::read(&answer.body) {
                Ok(body) => Said::Yes(body),
                Err(_) => {
                    let text = String::from_utf8_lossy(&answer.body);
                    let is_page = text.trim_start().starts_with('<');
                    Said::Odd(match is_page {
                        true => self.clean(&format!("it answers with {}", page_words(&text))),
                        false => "its answer is not JSON".into(),
                    })
                }
            },
            status => Said::Odd(format!("it answers {}", status.as_u16())),
        }
    }

    /// The text of an answer; for a web page, its title.
    fn said(&self, answer: &Answer) -> String {
        let text = String::from_utf8_lossy(&answer.body);
        match text.trim_start().starts_with('<') {
            true => page_words(&text),
            false => text.into_owned(),
        }
    }

    /// A text from the server, safe to show: without credentials, on one line, shortened.
    pub fn clean(&self, text: &str) -> String {
        let text = self.redactor.clean(text);
        let line = harmless(&text, ' ');
        match line.char_indices().nth(KEPT) {
            Some((at, _)) => format!("{}…", &line[..at]),
            None => line,
        }
    }

    /// The same for a field.
    pub fn text(&self, value: &Value) -> Option<String> {
        value.as_str().filter(|text| !text.is_empty()).map(|text| self.clean(text))
    }
}

fn request(
    who: As<'_>,
    method: &Method,
    base: &Address,
    path: &str,
    body: Option<&Value>,
) -> Option<Request<Full<Bytes>>> {
    let mut request = Request::builder()
        .method(method)
        .uri(base.join(path).ok()?)
        .header(ACCEPT, HeaderValue::from_static("application/json"))
        .header(
            USER_AGENT,
            HeaderValue::from_static(concat!("headcount/", env!("CARGO_PKG_VERSION"))),
        );
    let credential = match who {
        As::Nobody => None,
        As::Jira(key) => Some(format!("Basic {}", key.basic().expose_secret())),
        As::Org(key) | As::Scim(key) => Some(format!("Bearer {}", key.expose_secret().trim())),
    };
    if let Some(credential) = credential {
        let mut value = HeaderValue::from_str(&credential).ok()?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    let body = match body {
        Some(body) => {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Bytes::from(body.to_string())
        }
        None => Bytes::new(),
    };
    request.body(Full::new(body)).ok()
}

fn nothing(none: NoAnswer) -> String {
    match none {
        NoAnswer::Unreachable(why) | NoAnswer::Untrusted(why) => why,
        NoAnswer::Lost(why) => format!("the connection broke: {why}"),
        NoAnswer::Late => "it did not answer in time".into(),
        NoAnswer::Malformed(why) => format!("it does not speak HTTP: {why}"),
    }
}

/// A value as a path segment.
pub fn escaped(value: &str) -> String {
    utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
}
