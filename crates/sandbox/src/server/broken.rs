//! Broken answers: bodies that end in an error, after which the server closes the connection.
//!
//! If a body fails before its first byte, its head is lost too, because both are flushed together: the client sees
//! a connection that closes without an answer. If it fails after a pause, the client gets the part that was sent.
//! This works with any transport of the router.

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

/// No answer.
pub(super) fn dropped() -> Response<Body> {
    Response::new(Body::new(Broken { part: None, paused: true }))
}

/// Sends the head of the answer with its length and half of the body, then closes the connection.
pub(super) fn half(mut response: Response<Body>, body: &Bytes) -> Response<Body> {
    let part = body.slice(..body.len() / 2);
    let length = HeaderValue::from(body.len().max(2));
    response.headers_mut().insert(header::CONTENT_LENGTH, length);
    *response.body_mut() = Body::new(Broken { part: Some(part), paused: false });
    response
}
