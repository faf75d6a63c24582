//! Keeps the spelling of header names on the wire. `http` converts them to lower case, and some servers and
//! scripts (`responseHeaders["X-RateLimit-Limit"]`) compare them with capitals.
//!
//! A request carries its spelling in the header [`MARK`], which is never sent: the connection replaces the names
//! in the head and removes it. For an answer, the connection keeps the names.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use http::Uri;
use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use tower_service::Service;

/// The header with the names, separated by commas.
pub const MARK: &str = "x-headcount-spelling";

/// A head that is longer than this, in bytes, is passed on unchanged.
const LONGEST: usize = 1024 * 1024;

/// The longest body, in bytes, that is written together with its head.
const SHORT: u64 = 64 * 1024;

/// The header names of the last answer of a connection.
#[derive(Clone, Debug, Default)]
pub struct Names(Arc<Mutex<Vec<String>>>);

impl Names {
    /// The name as the server wrote it.
    pub fn spelled(&self, name: &str) -> Option<String> {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.iter().find(|it| it.eq_ignore_ascii_case(name)).cloned()
    }

    fn set(&self, names: Vec<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = names;
    }
}

/// Makes connections that keep the spelling.
#[derive(Clone, Debug)]
pub struct Spelling<C>(pub C);

impl<C> Service<Uri> for Spelling<C>
where
    C: Service<Uri>,
    C::Future: Send + 'static,
{
    type Response = Spelled<C::Response>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, C::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        Box::pin(async move { Ok(Spelled::over(connecting.await?)) })
    }
}

/// A connection.
#[derive(Debug)]
pub struct Spelled<T> {
    inner: T,
    names: Names,
    /// The head of a request, as far as it was written.
    head: Vec<u8>,
    /// How many bytes of the request's body are still to come.
    body: u64,
    /// The bytes that are still to be written.
    out: Vec<u8>,
    /// The head of an answer, as far as it was read; `None` after it is complete.
    answer: Option<Vec<u8>>,
}

impl<T> Spelled<T> {
    fn over(inner: T) -> Self {
        let (head, out) = (Vec::new(), Vec::new());
        Self { inner, names: Names::default(), head, body: 0, out, answer: None }
    }

    /// Takes the available bytes of a request's head.
    fn take_head(&mut self, bytes: &[u8]) -> usize {
        let before = self.head.len();
        self.answer = Some(Vec::new());
        self.head.extend_from_slice(bytes);
        let end = end_of_head(&self.head, before);
        let Some(end) = end.or((self.head.len() > LONGEST).then_some(self.head.len())) else {
            return bytes.len();
        };
        self.head.truncate(end);
        (self.out, self.body) = respelled(&self.head);
        self.head.clear();
        end - before
    }

    /// Takes a short body's bytes together with the head, so that both are one packet.
    fn take_body(&mut self, bytes: &[u8]) -> usize {
        if self.out.is_empty() || self.body > SHORT {
            return 0;
        }
        let part = bytes.len().min(usize::try_from(self.body).unwrap_or(usize::MAX));
        self.out.extend_from_slice(&bytes[..part]);
        self.body -= part as u64;
        part
    }

    fn note(&mut self, bytes: &[u8]) {
        let Some(answer) = &mut self.answer else { return };
        let before = answer.len();
        answer.extend_from_slice(bytes);
        // After an interim answer (1xx), the final one follows.
        while let Some(end) = end_of_head(answer, before.min(answer.len())) {
            let is_interim = answer.get(9) == Some(&b'1');
            if !is_interim {
                self.names.set(names(&answer[..end]));
                self.answer = None;
                return;
            }
            answer.drain(..end);
        }
        if answer.len() > LONGEST {
            self.answer = None;
        }
    }
}

/// The end of the blank line that ends a head. Bytes before `known` were searched before.
fn end_of_head(head: &[u8], known: usize) -> Option<usize> {
    let from = known.saturating_sub(3);
    let found = head[from..].windows(4).position(|four| four == b"\r\n\r\n");
    found.map(|at| from + at + 4)
}

fn names(head: &[u8]) -> Vec<String> {
    let lines = head.split(|byte| *byte == b'\n').skip(1);
    let name = |line: &[u8]| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        Some(String::from_utf8_lossy(&line[..colon]).into_owned())
    };
    lines.filter_map(name).collect()
}

/// The head with the names as they are written, and the length of the body that follows.
fn respelled(head: &[u8]) -> (Vec<u8>, u64) {
    let mut length = 0;
    let mut written = Vec::with_capacity(head.len());
    let lines: Vec<&[u8]> = head.split_inclusive(|byte| *byte == b'\n').collect();
    let value = |name: &str| {
        let is_it = |line: &&&[u8]| {
            line.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()))
                && line.get(name.len()) == Some(&b':')
        };
        let line = lines.iter().skip(1).find(is_it)?;
        Some(String::from_utf8_lossy(&line[name.len() + 1..]).trim().to_owned())
    };
    if let Some(text) = value("content-length") {
        length = text.parse().unwrap_or_default();
    }
    let marked = value(MARK).unwrap_or_default();
    for (at, line) in lines.iter().enumerate() {
        let colon = line.iter().position(|byte| *byte == b':').filter(|_| at > 0);
        let name = colon.map(|colon| String::from_utf8_lossy(&line[..colon]));
        let Some((name, colon)) = name.zip(colon) else {
            written.extend_from_slice(line);
            continue;
        };
        if name.eq_ignore_ascii_case(MARK) {
            continue;
        }
        let own = marked.split(',').find(|it| it.eq_ignore_ascii_case(&name));
        match own {
            Some(own) => written.extend_from_slice(own.as_bytes()),
            None => written.extend_from_slice(usual(&name).as_bytes()),
        }
        written.extend_from_slice(&line[colon..]);
    }
    (written, length)
}

/// The usual spelling, as Node's for headers that it adds itself.
fn usual(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

impl<T: Write + Unpin> Spelled<T> {
    fn poll_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.out.is_empty() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.out))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.out.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: Write + Unpin> Write for Spelled<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_out(cx))?;
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        if self.body == 0 {
            let taken = self.take_head(bytes);
            return Poll::Ready(Ok(taken + self.take_body(&bytes[taken..])));
        }
        let part = bytes.len().min(usize::try_from(self.body).unwrap_or(usize::MAX));
        let written = ready!(Pin::new(&mut self.inner).poll_write(cx, &bytes[..part]))?;
        self.body -= written as u64;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_out(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_out(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

impl<T: Read + Unpin> Read for Spelled<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut cursor: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.answer.is_none() {
            return Pin::new(&mut self.inner).poll_read(cx, cursor);
        }
        let mut space = [0; 8192];
        let part = cursor.remaining().min(space.len());
        let mut read = ReadBuf::new(&mut space[..part]);
        ready!(Pin::new(&mut self.inner).poll_read(cx, read.unfilled()))?;
        self.note(read.filled());
        cursor.put_slice(read.filled());
        Poll::Ready(Ok(()))
    }
}

impl<T: Connection> Connection for Spelled<T> {
    fn connected(&self) -> Connected {
        self.inner.connected().extra(self.names.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::{Spelled, respelled};

    #[test]
    fn a_head_gets_its_names_back_and_loses_the_mark() {
        let head = b"POST /a:b HTTP/1.1\r\nx-key: 1\r\nX-KEY: 2\r\nx-headcount-spelling: X-kEy,ETAG\r\netag: a:b\r\ncontent-length: 3\r\n\r\n";
        let (written, length) = respelled(head);
        let wanted =
            "POST /a:b HTTP/1.1\r\nX-kEy: 1\r\nX-kEy: 2\r\nETAG: a:b\r\nContent-Length: 3\r\n\r\n";
        assert_eq!((String::from_utf8_lossy(&written).as_ref(), length), (wanted, 3));
    }

    #[test]
    fn a_head_is_found_wherever_it_is_cut() {
        let head = b"GET / HTTP/1.1\r\na: 1\r\n\r\n";
        for cut in 1..head.len() {
            let mut one = Spelled::over(());
            let taken = one.take_head(&head[..cut]);
            assert_eq!(taken, cut);
            assert!(one.out.is_empty(), "{cut}");
            let rest = [&head[cut..], b"GET"].concat();
            assert_eq!(one.take_head(&rest), head.len() - cut, "{cut}");
            assert_eq!(one.out, b"GET / HTTP/1.1\r\nA: 1\r\n\r\n", "{cut}");
        }
    }

    #[test]
    fn a_short_body_is_written_with_its_head() {
        let request = b"POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\nbodyGET";
        let mut one = Spelled::over(());
        let head = one.take_head(request);
        assert_eq!(one.take_body(&request[head..]), 4, "and nothing of the next request");
        assert_eq!(one.out, b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody");
        assert_eq!(one.body, 0);
        let mut part = Spelled::over(());
        let head = part.take_head(&request[..request.len() - 5]);
        assert_eq!(part.take_body(&request[head..request.len() - 5]), 2);
        assert_eq!(part.body, 2, "the rest follows");
        let mut long = Spelled::over(());
        let head = long.take_head(b"POST / HTTP/1.1\r\ncontent-length: 99999\r\n\r\nbody");
        assert_eq!((long.take_body(b"body"), long.body), (0, 99_999), "{head}");
    }

    #[test]
    fn the_names_of_the_final_answer_are_kept() {
        let answer = b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nX-RateLimit-Limit: 1\r\n\r\nbody: x\r\n\r\n";
        for cut in 1..answer.len() {
            let mut one = Spelled::over(());
            one.answer = Some(Vec::new());
            one.note(&answer[..cut]);
            one.note(&answer[cut..]);
            let spelled = |name| one.names.spelled(name);
            assert_eq!(spelled("x-ratelimit-limit").as_deref(), Some("X-RateLimit-Limit"), "{cut}");
            assert_eq!((spelled("link"), spelled("body")), (None, None), "{cut}");
        }
    }
}
