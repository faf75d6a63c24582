//! A small HTTP server that records each request. `/status/N` answers N; `/slow-down` answers 429 once.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request: its line without the version, its headers, its body.
pub type Noted = (String, Vec<String>, String);

pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Noted>>>,
}

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&noted)));
            }
        });
        Self { address, log }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The lines of all requests, each with its body after two spaces.
    pub fn lines(&self) -> Vec<String> {
        let log = self.log.lock().unwrap();
        let line = |(line, _, body): &Noted| match body.is_empty() {
            true => line.clone(),
            false => format!("{line}  {body}"),
        };
        log.iter().map(line).collect()
    }

    /// A header of a request.
    pub fn header(&self, request: usize, name: &str) -> Option<String> {
        let log = self.log.lock().unwrap();
        let prefix = format!("{name}: ");
        let header = log[request].1.iter().find(|it| it.to_lowercase().starts_with(&prefix));
        header.map(|header| header[prefix.len()..].to_owned())
    }
}

async fn serve(stream: TcpStream, log: Arc<Mutex<Vec<Noted>>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end().to_owned();
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let length = lines.iter().find_map(|line| {
            line.to_lowercase().strip_prefix("content-length: ").map(|it| it.parse().unwrap())
        });
        let mut body = vec![0; length.unwrap_or(0)];
        stream.read_exact(&mut body).await.unwrap();
        let line = lines.remove(0).replace(" HTTP/1.1", "");
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let is_first = {
            let mut log = log.lock().unwrap();
            let is_first = !log.iter().any(|(known, ..)| *known == line);
            log.push((line, lines, String::from_utf8_lossy(&body).into_owned()));
            is_first
        };
        let (status, more) = match path.strip_prefix("/status/") {
            Some(status) => (format!("{status} Said"), ""),
            None if path == "/slow-down" && is_first => {
                ("429 Too Many Requests".to_owned(), "Retry-After: 0.5\r\n")
            }
            None if path == "/move" => ("302 Found".to_owned(), "Location: /moved\r\n"),
            None => ("200 OK".to_owned(), "Set-Cookie: sid=7\r\n"),
        };
        let answer = format!("{{\"path\":\"{path}\",\"id\":7}}");
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}Content-Length: {}\r\n\r\n{answer}",
            answer.len()
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
