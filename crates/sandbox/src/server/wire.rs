//! Writes replies as HTTP.

use axum::body::{Body as AxumBody, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};

use crate::http::{Answer, Body, Reply, Strike};

/// The answer of a fault.
pub(super) fn planned(answer: &Answer) -> Reply {
    let mut reply = match &answer.body {
        None => Reply::empty(answer.status),
        Some(body) => match serde_json::from_str::<String>(body.get()) {
            Ok(text) if text.trim_start().starts_with('<') => {
                Reply::other(answer.status, "text/html", text)
            }
            Ok(text) => Reply::other(answer.status, "text/plain", text),
            Err(_) => Reply::json(answer.status, body),
        },
    };
    for (name, value) in &answer.headers {
        reply = reply.header(name, value.clone());
    }
    reply
}

/// The site's answer, with a fault's texts and headers in it.
pub(super) fn altered(mut reply: Reply, strike: &Strike) -> Reply {
    if let Body::Json(bytes) | Body::Other(_, bytes) = &mut reply.body
        && !strike.replace.is_empty()
    {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let text = strike.replace.iter().fold(text, |text, (from, to)| text.replace(from, to));
        *bytes = text.into();
    }
    for (name, value) in &strike.headers {
        reply.headers.retain(|(old, _)| !old.eq_ignore_ascii_case(name));
        reply = reply.header(name, value.clone());
    }
    reply
}

/// The HTTP answer.
pub(super) fn response(reply: &Reply) -> Response<AxumBody> {
    let (media, body) = match &reply.body {
        Body::Empty => (None, Bytes::new()),
        Body::Json(bytes) => (Some("application/json;charset=UTF-8"), bytes.clone()),
        Body::Other(media, bytes) => (Some(*media), bytes.clone()),
    };
    let mut response = Response::new(AxumBody::from(body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Some(media) = media {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    }
    for (name, value) in &reply.headers {
        // A fault may name an invalid header; it is left out.
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planned_answer_has_the_type_of_its_body() {
        let answer = |json: &str| planned(&serde_json::from_str(json).unwrap());
        let html = answer(r#"{"status":502,"body":"<html>","headers":{"Retry-After":"0"}}"#);
        assert!(matches!(html.body, Body::Other("text/html", _)));
        assert_eq!(html.headers, [("Retry-After".to_owned(), "0".to_owned())]);
        assert!(matches!(answer(r#"{"status":500,"body":{"a":1}}"#).body, Body::Json(_)));
        assert!(matches!(answer(r#"{"status":500}"#).body, Body::Empty));
    }
}
