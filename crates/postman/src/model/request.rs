//! A request in the collection.

use crate::document::{Kind, LoadError, Node};

use super::auth::Auth;
use super::body::Body;
use super::headers::Header;
use super::url::Url;

/// A request. Every text except the method may contain `{{variables}}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The address.
    pub url: Url,
    /// The headers in their order.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Option<Body>,
    /// Its own credentials; `None` takes the folder's.
    pub auth: Option<Auth>,
}

impl Request {
    /// Reads a request, or the text of an address that is requested with GET.
    ///
    /// # Errors
    /// A part has the wrong kind or is not supported.
    pub fn read(node: &Node<'_>) -> Result<Self, LoadError> {
        if node.kind() == Kind::Text {
            let url = Url::read(node)?;
            return Ok(Self { method: "GET".to_owned(), url, ..Self::default() });
        }
        let object = node.object("the request")?;
        let method = object.get("method").and_then(|method| method.as_scalar());
        let headers = object.get("header").or_else(|| object.get("headers"));
        Ok(Self {
            // The SDK writes every method in capitals, including a variable's name in it.
            method: method
                .filter(|it| !it.is_empty())
                .map_or("GET".to_owned(), |it| it.to_uppercase()),
            url: object.get("url").map(|url| Url::read(&url)).transpose()?.unwrap_or_default(),
            headers: headers.map(|it| Header::read_all(&it)).transpose()?.unwrap_or_default(),
            body: object.get("body").map(|body| Body::read(&body)).transpose()?.flatten(),
            auth: object.get("auth").map(|auth| Auth::read(&auth)).transpose()?.flatten(),
        })
    }
}
