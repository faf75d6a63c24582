//! A request that is ready to be sent.

use std::path::Path;

use bytes::Bytes;

use crate::model::{Auth, Behavior, Request};
use crate::variables::{Mode, Scopes};

use super::error::NotPrepared;
use super::target::Target;
use super::{auth, body, headers, resolve};

/// The data for preparing a request.
#[derive(Clone, Copy, Debug)]
pub struct Preparing<'p> {
    /// The values of all names.
    pub scopes: &'p Scopes,
    /// The authentication that applies.
    pub auth: Option<&'p Auth>,
    /// The settings for sending.
    pub behavior: &'p Behavior,
    /// The folder of relative file paths.
    pub folder: Option<&'p Path>,
}

/// A request ready to be sent.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The method.
    pub method: String,
    /// Its destination.
    pub target: Target,
    /// The headers on the wire.
    pub wire: Vec<(String, String)>,
    /// The body.
    pub body: Option<Bytes>,
    /// The resolved request with all headers, for scripts and reports.
    pub request: Request,
    /// The settings for sending.
    pub behavior: Behavior,
}

impl Prepared {
    /// Resolves, encodes, signs and checks a request.
    ///
    /// # Errors
    /// Something required is missing, or the request can't be sent.
    pub fn new(request: &Request, with: Preparing<'_>) -> Result<Self, NotPrepared> {
        let mode = with.scopes.mode;
        let (mut resolved, _) = resolve::request(request, with.scopes)?;
        if mode == Mode::AsNewman && request.url.raw_only.is_some() {
            return Err(NotPrepared::Address("http:///".to_owned()));
        }
        if let Some(given) = with.auth {
            let given = resolve::auth(given, with.scopes)?;
            auth::sign(&given, &mut resolved.url, &mut resolved.headers);
            resolved.auth = Some(given);
        }
        let is_encoded = with.behavior.disable_url_encoding == Some(true);
        let target = Target::of(&resolved.url, is_encoded)?;
        if let Some((user, password)) = &target.user {
            headers::add(&mut resolved.headers, "Authorization", &auth::basic(user, password));
        }
        let body = body::bytes(&mut resolved, with.behavior, with.folder, mode)?;
        headers::drop_disabled(&mut resolved.headers, "content-type", with.behavior);
        headers::add_system(&mut resolved.headers, &target, with.behavior, mode);
        let wire = headers::on_the_wire(&resolved.headers)?;
        http::Method::from_bytes(resolved.method.as_bytes())
            .map_err(|_| NotPrepared::Method(resolved.method.clone()))?;
        let behavior = with.behavior.clone();
        // Scripts and reports see the address as it is sent.
        resolved.url = target.shown(&resolved.url);
        Ok(Self {
            method: resolved.method.clone(),
            target,
            wire,
            body,
            request: resolved,
            behavior,
        })
    }
}
