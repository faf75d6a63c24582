//! A few lines of HTTP, to ask the sandbox's `/_sandbox/` calls: the tests need no client library
//! for that, and no runtime.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// Sends one request to `http://HOST:PORT` and gives the answer's JSON (null for none).
pub fn call(url: &str, method: &str, path: &str, body: Option<&Value>) -> Value {
    let host = url.strip_prefix("http://").expect("the sandbox speaks plain HTTP");
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = TcpStream::connect(host).expect("the sandbox is up");
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
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
