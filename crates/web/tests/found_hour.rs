//! *Find people* over HTTP, while this computer's clock goes on: users that were read more than an hour ago become no
//! plan.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use headcount_app::built_in::BuiltIn;
use headcount_app::configuration::choose::Environment;
use headcount_app::context::{Context, Notices};
use headcount_atlassian::proxy::Proxies;
use headcount_model::clock::Clock;
use headcount_web::serve;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// By how much the computer's clock is ahead, in milliseconds.
static AHEAD: AtomicI64 = AtomicI64::new(0);

const HOUR: i64 = 60 * 60 * 1000;

fn context(folder: &Path) -> Context {
    Context {
        profile: None,
        environment: Environment::default(),
        config: folder.join("config.toml"),
        config_named: false,
        journal: folder.join("journal.db"),
        journal_server: None,
        held: None,
        sandbox_state: folder.join("sandbox.db"),
        sandbox: BuiltIn::default(),
        record: None,
        clock: Clock::adjusted(Timestamp::now(), &AHEAD),
        proxies: Ok(Proxies::none()),
        notices: Notices::dropped(),
    }
}

/// A browser without a script.
struct Browser {
    host: String,
    cookie: String,
}

/// An answer: its head and its body.
struct Answer {
    head: String,
    body: String,
}

impl Answer {
    /// The value of a header.
    fn header(&self, name: &str) -> String {
        let line = |line: &str| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned);
        self.head.lines().find_map(line).unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    fn has(&self, words: &str) -> bool {
        self.body.contains(words)
    }
}

impl Browser {
    /// Opens the printed address.
    async fn enter(address: &str) -> Self {
        let rest = address.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        let mut browser = Self { host: host.to_owned(), cookie: String::new() };
        let answer = browser.get(&format!("/{path}")).await;
        browser.cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        browser
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await
    }

    /// Sends a form. Returns the answer after the redirect, and after the task that the form began.
    async fn post(&self, path: &str, form: &str) -> (String, Answer) {
        let answer = self.send("POST", path, form).await;
        if !answer.head.contains(" 303 ") {
            return (String::new(), answer);
        }
        let mut to = answer.header("location");
        if to.starts_with("/tasks/") {
            // The events end with the task.
            self.get(&format!("{to}/events")).await;
            let ended = self.get(&to).await;
            if !ended.head.contains(" 303 ") {
                return (to, ended);
            }
            to = ended.header("location");
        }
        let answer = self.get(&to).await;
        (to, answer)
    }

    async fn send(&self, method: &str, path: &str, form: &str) -> Answer {
        let path = path.split('#').next().unwrap_or_default();
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {cookie}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{form}",
            host = self.host,
            cookie = self.cookie,
            length = form.len(),
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Answer { head: head.to_owned(), body: body.to_owned() }
    }
}

#[tokio::test]
async fn users_that_were_read_more_than_an_hour_ago_become_no_plan() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(context(folder.path()), 0).await.unwrap();
    let browser = Browser::enter(served.address()).await;
    let (found, list) = browser.post("/finds", "site=sandbox&status=active").await;
    assert!(list.has("Use them as the spreadsheet of a job"), "{}", list.body);
    let (id, filters) = found.strip_prefix("/finds/").unwrap().split_once('?').unwrap();
    let to_sheet = format!("/finds/{id}/sheet?{filters}");
    let suspend = "job=suspend&who=all";

    // One hour later, the users still become a spreadsheet, and the spreadsheet a plan.
    AHEAD.store(HOUR - 60_000, Ordering::SeqCst);
    let (early, sheet) = browser.post(&to_sheet, suspend).await;
    assert!(
        early.starts_with("/sheets/") && sheet.has("How the spreadsheet was read"),
        "{}",
        sheet.body
    );
    let (plan, shown) = browser.post(&format!("{early}/plan"), "").await;
    assert!(plan.starts_with("/runs/") && shown.has("Nothing has been sent yet"), "{}", shown.body);
    let (late, sheet) = browser.post(&to_sheet, suspend).await;
    assert!(sheet.has("How the spreadsheet was read"), "{}", sheet.body);

    // After more than an hour neither; and not if the clock was set back, because the age is unknown.
    for ahead in [HOUR + 60_000, 90 * HOUR, -HOUR] {
        AHEAD.store(ahead, Ordering::SeqCst);
        let list = browser.get(&found).await;
        assert!(list.has("These users were read more than an hour ago"), "{}", list.body);
        assert!(
            list.has("Read again") && !list.has("Use them as the spreadsheet"),
            "{}",
            list.body
        );
        let (none, refused) = browser.post(&to_sheet, suspend).await;
        assert!(none.is_empty() && refused.has("more than an hour ago"), "{}", refused.body);
        assert!(refused.has("read them again with"), "{}", refused.body);
        let (task, refused) = browser.post(&format!("{late}/plan"), "").await;
        assert!(
            task.starts_with("/tasks/") && refused.has("There is no plan"),
            "{task}\n{}",
            refused.body
        );
        assert!(refused.has("more than an hour ago"), "{}", refused.body);
    }
    // The plan of the first hour is the only run.
    let history = browser.get("/history").await;
    assert_eq!(history.body.matches("href=\"/runs/").count(), 1, "{}", history.body);
    served.stop(false).await;
}
