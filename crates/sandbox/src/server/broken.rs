//! Answers that break: bodies that end in an error, at which the server closes the connection.
//!
//! A body that fails before its first byte takes the head with it, because both are flushed
//! together: the client sees a connection closed without an answer. One that fails after a pause
//! leaves the client with the part that was sent. This works over any transport the router is
//! served on.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Response, header};

struct Broken {
    part: Option<Bytes>,
    paused: bool,
}

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, io::Error>>> {
        if let Some(part) = self.part.take() {
            return Poll::Ready(Some(Ok(http_body::Frame::data(part))));
        }
        if !self.paused {
            self.paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::other("a fault"))))
    }
}

/// No answer at all.
pub(super) fn dropped() -> Response<Body> {
    Response::new(Body::new(Broken { part: None, paused: true }))
}

/// The head of the answer with its length, half of the body, and the end of the connection.
pub(super) fn half(mut response: Response<Body>, body: &Bytes) -> Response<Body> {
    let part = body.slice(..body.len() / 2);
    let length = HeaderValue::from(body.len().max(2));
    response.headers_mut().insert(header::CONTENT_LENGTH, length);
    *response.body_mut() = Body::new(Broken { part: Some(part), paused: false });
    response
}
