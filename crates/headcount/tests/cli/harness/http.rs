//! A few lines of HTTP, to ask the sandbox's `/_sandbox/` calls: the tests need no client library
//! for that, and no runtime.

use std::io::{Read, Write};
use std::net::TcpStream;

use headcount_sandbox::Card;
use serde_json::Value;

/// Sends one request to `http://HOST:PORT` and gives the answer's JSON (null for none).
pub fn call(url: &str, method: &str, path: &str, body: Option<&Value>) -> Value {
    send(url, "", method, path, body)
}

/// The same with the keys of the sandbox's administrator.
pub fn call_as_admin(card: &Card, method: &str, path: &str, body: Option<&Value>) -> Value {
    let key = match path.starts_with("/rest/") {
        true => {
            format!("Basic {}", basic(&card.email, &card.api_token))
        }
        false => format!("Bearer {}", card.org_api_key),
    };
    send(&card.url, &format!("authorization: {key}\r\n"), method, path, body)
}

/// What is in a header of Basic authentication.
pub fn basic(email: &str, token: &str) -> String {
    base64(format!("{email}:{token}").as_bytes())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= three.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

fn send(url: &str, head: &str, method: &str, path: &str, body: Option<&Value>) -> Value {
    let host = url.strip_prefix("http://").expect("the sandbox speaks plain HTTP");
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = TcpStream::connect(host).expect("the sandbox is up");
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{head}\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("the request is taken");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the answer comes whole");
    let answer = String::from_utf8(answer).expect("the answer is text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("the answer has a head");
    let status = head.split(' ').nth(1).expect("the answer has a status");
    assert!(status.starts_with('2'), "{method} {path}: {head}\n{body}");
    if body.is_empty() { Value::Null } else { serde_json::from_str(body).expect("JSON") }
}
