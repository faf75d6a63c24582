//! A browser: Chromium, controlled through WebDriver (W3C), over plain HTTP to `chromedriver`.
//!
//! A client library would add an asynchronous runtime and a hundred crates for the dozen calls that are used here.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The longest time that a test waits for something, on the slowest computer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The key of an element's id in WebDriver.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How many tests may have a browser at the same time; two cores are not enough for more.
const AT_ONCE: usize = 2;

/// The browsers of this process.
static BROWSERS: Mutex<Browsers> = Mutex::new(Browsers { idle: Vec::new(), taken: 0 });

/// Notified when a browser is free.
static FREE: Condvar = Condvar::new();

/// Runs the driver until standard input ends. That happens when the test process ends, for any reason. The browser
/// ends with its driver, because they communicate through a pipe.
const UNTIL_WE_END: &str =
    r#""$1" --port=0 </dev/null & driver=$!; exec >&-; read -r _; kill "$driver""#;

/// Marks a document in which something was clicked.
const MARK: &str = "clickedByTest";

/// Returns as soon as the page contains the text. The page itself reports it, so no polling is needed.
const SAYS: &str = "const [words, done] = arguments;
    const holds = () => document.body?.innerText.includes(words);
    if (holds()) return done(true);
    const look = new MutationObserver(() => {
        if (holds()) { look.disconnect(); done(true); }
    });
    look.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    addEventListener('load', () => holds() && done(true));";

static DRIVER: LazyLock<&'static str> = LazyLock::new(|| {
    ["chromedriver", "/usr/lib/chromium/chromedriver", "/usr/bin/chromedriver"]
        .into_iter()
        .find(|name| {
            let asked = Command::new(name).arg("--version").stdout(Stdio::null()).status();
            asked.is_ok_and(|status| status.success())
        })
        .expect("no chromedriver; install it: apt-get install chromium chromium-driver")
});

/// Browsers are kept for the next test, because starting one takes longer than many tests.
struct Browsers {
    idle: Vec<Chromium>,
    taken: usize,
}

/// The right to use a browser, until it is dropped.
struct Place;

/// Chromium with its driver.
struct Chromium {
    /// The shell that ends the driver.
    shell: Child,
    port: u16,
    session: String,
}

/// A browser with one window and without data of earlier tests.
pub struct Browser {
    /// `None` after it was returned.
    chromium: Option<Chromium>,
    _place: Place,
}

/// WebDriver's error code.
#[derive(Debug)]
pub struct Refused {
    error: String,
    message: String,
}

impl Browser {
    /// Takes a free browser, or starts one.
    pub fn start() -> Self {
        let (place, idle) = Place::take();
        Self { chromium: Some(idle.unwrap_or_else(Chromium::start)), _place: place }
    }

    fn chromium(&self) -> &Chromium {
        self.chromium.as_ref().expect("a browser was started")
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Refused> {
        self.chromium().send(method, path, body)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Refused> {
        self.send("POST", &format!("{}{path}", self.chromium().session), Some(body))
    }

    /// Removes all data, as after a start.
    fn forget(&self) -> Result<(), Refused> {
        self.post("/url", &json!({ "url": "about:blank" }))?;
        for (name, params) in [
            ("Network.clearBrowserCookies", json!({})),
            ("Emulation.setEmulatedMedia", json!({ "features": [] })),
            ("Emulation.clearDeviceMetricsOverride", json!({})),
        ] {
            self.post("/goog/cdp/execute", &json!({ "cmd": name, "params": params }))?;
        }
        Ok(())
    }

    /// Opens an address.
    #[track_caller]
    pub fn go(&self, url: &str) {
        self.post("/url", &json!({ "url": url })).expect("the address is opened");
    }

    /// Loads the page again.
    #[track_caller]
    pub fn reload(&self) {
        self.post("/refresh", &json!({})).expect("the page is loaded again");
    }

    /// Runs a script in the page and gives what it returns.
    #[track_caller]
    pub fn script(&self, script: &str, args: &[Value]) -> Value {
        let body = json!({ "script": script, "args": args });
        self.post("/execute/sync", &body).unwrap_or_else(|refused| panic!("{script}: {refused:?}"))
    }

    /// The same with a script that calls its last argument with the result.
    #[track_caller]
    pub fn script_later(&self, script: &str) -> Value {
        let body = json!({ "script": script, "args": [] });
        self.post("/execute/async", &body).unwrap_or_else(|refused| panic!("{refused:?}"))
    }

    /// Sends a command of Chromium's own protocol.
    #[track_caller]
    pub fn command(&self, name: &str, params: &Value) -> Value {
        let body = json!({ "cmd": name, "params": params });
        self.post("/goog/cdp/execute", &body).expect("Chromium takes the command")
    }

    /// The HTML of the page now.
    pub fn html(&self) -> String {
        let html = self.script("return document.documentElement.outerHTML", &[]);
        html.as_str().unwrap_or_default().to_owned()
    }

    /// The page's address.
    pub fn url(&self) -> String {
        self.script("return location.href", &[]).as_str().expect("a text").to_owned()
    }

    /// The visible text of the page. (For messages only: after a click, it may be the old page's text. Tests use
    /// `says` and `lacks`.)
    fn text(&self) -> String {
        let text = self.script("return document.body ? document.body.innerText : ''", &[]);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Repeats until it succeeds, because the page may be about to change.
    #[track_caller]
    fn until<T>(&self, what: &str, attempt: impl Fn() -> Result<T, Refused>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            match attempt() {
                Ok(done) => return done,
                Err(refused) if Instant::now() > end => {
                    panic!("{what}: {refused:?}\non {}:\n{}", self.url(), self.text())
                }
                Err(refused) => match refused.error.as_str() {
                    "no such element"
                    | "stale element reference"
                    | "element not interactable"
                    | "element click intercepted"
                    | "no such execution context"
                    | "javascript error"
                    | "script timeout"
                    | "unknown error"
                    | "not yet" => std::thread::yield_now(),
                    _ => panic!("{what}: {refused:?}"),
                },
            }
        }
    }

    /// Marks the document before a click. The next document does not have the mark.
    fn mark(&self) -> Result<(), Refused> {
        let script = format!("window.{MARK} = true");
        self.post("/execute/sync", &json!({ "script": script, "args": [] })).map(drop)
    }

    /// Waits until the clicked page was replaced and the new one is complete.
    #[track_caller]
    fn arrives(&self) {
        let script = format!("return !window.{MARK} && document.readyState === 'complete'");
        let body = json!({ "script": script, "args": [] });
        let what = "the click leads to another page (where it does not, use `lacks_here`)";
        self.until(what, || match self.post("/execute/sync", &body)? {
            Value::Bool(true) => Ok(()),
            _ => Err(Refused { error: "not yet".into(), message: what.into() }),
        });
    }

    /// Asserts that the page does not contain this. After a click, it reads the new page; on the old one, the text
    /// may be there or missing for another reason.
    #[track_caller]
    pub fn lacks(&self, words: &str) {
        self.arrives();
        self.lacks_here(words);
    }

    /// Whether the page contains this, for steps that depend on it. After a click, it reads the new page.
    #[track_caller]
    pub fn shows(&self, words: &str) -> bool {
        self.arrives();
        self.text().contains(words)
    }

    /// The same after a click that changes part of the page: waits until the text is gone. A test must first wait
    /// for the text that replaces it.
    #[track_caller]
    pub fn lacks_here(&self, words: &str) {
        self.wait(&format!("the page does not say “{words}”"), || !self.text().contains(words));
    }

    fn find(&self, using: &str, what: &str) -> Result<String, Refused> {
        let found = self.post("/element", &json!({ "using": using, "value": what }))?;
        Ok(found[ELEMENT].as_str().expect("an element").to_owned())
    }

    fn click_on(&self, using: &str, what: &str) -> Result<(), Refused> {
        let element = self.find(using, what)?;
        // Scrolls as a user would, so that the element is not under the bar at the bottom of the window.
        let center = "arguments[0].scrollIntoView({ block: 'center' })";
        let args = json!([{ ELEMENT: element }]);
        self.post("/execute/sync", &json!({ "script": center, "args": args }))?;
        self.mark()?;
        self.post(&format!("/element/{element}/click"), &json!({})).map(drop)
    }

    /// Clicks the element of a CSS selector when it is there.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.until(css, || self.click_on("css selector", css));
    }

    /// Clicks the button or link with this text when it is there.
    #[track_caller]
    pub fn press(&self, words: &str) {
        let path =
            format!("//*[self::button or self::a or self::summary][normalize-space()='{words}']");
        self.until(words, || self.click_on("xpath", &path));
    }

    /// Types into a field when it is there. For a file, the text is its path.
    #[track_caller]
    pub fn write(&self, css: &str, text: &str) {
        self.until(css, || {
            let element = self.find("css selector", css)?;
            self.post(&format!("/element/{element}/value"), &json!({ "text": text })).map(drop)
        });
    }

    /// Presses keys one after another, in the focused element.
    #[track_caller]
    pub fn keys(&self, keys: &str) {
        let one = |key: char| {
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        };
        // A line end is the Enter key.
        let keys = keys.chars().map(|key| if key == '\n' { '\u{e007}' } else { key });
        let actions: Vec<_> = keys.flat_map(one).collect();
        self.mark().expect("the page can be marked");
        let board = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.post("/actions", &json!({ "actions": [board] })).expect("the keys are pressed");
    }

    /// Waits until the page contains this.
    #[track_caller]
    pub fn says(&self, words: &str) {
        let body = json!({ "script": SAYS, "args": [words] });
        self.until(&format!("the page says “{words}”"), || {
            self.post("/execute/async", &body).map(drop)
        });
    }

    /// Waits until something holds.
    #[track_caller]
    pub fn wait(&self, what: &str, holds: impl Fn() -> bool) {
        self.until(what, || {
            let not_yet = || Refused { error: "not yet".into(), message: what.into() };
            holds().then_some(()).ok_or_else(not_yet)
        });
    }
}

impl Browsers {
    fn lock() -> MutexGuard<'static, Self> {
        BROWSERS.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits for a free place. It comes with a browser if one is idle.
    fn take() -> (Self, Option<Chromium>) {
        let full = |browsers: &mut Browsers| browsers.taken == AT_ONCE;
        let mut browsers =
            FREE.wait_while(Browsers::lock(), full).unwrap_or_else(PoisonError::into_inner);
        browsers.taken += 1;
        (Self, browsers.idle.pop())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        Browsers::lock().taken -= 1;
        FREE.notify_one();
    }
}

impl Chromium {
    /// The driver's shell and port.
    fn driver() -> Option<(Child, u16)> {
        let mut shell = Command::new("sh")
            .args(["-c", UNTIL_WE_END, "sh", *DRIVER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let mut lines = BufReader::new(shell.stdout.take().expect("a pipe")).lines();
        let port = lines.find_map(|line| {
            line.ok()?.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok()
        });
        // Read continuously, so that the driver never waits.
        std::thread::spawn(move || lines.for_each(drop));
        let Some(port) = port else {
            shell.wait().expect("chromedriver is gone");
            return None;
        };
        Some((shell, port))
    }

    fn start() -> Self {
        // The driver chooses a port that is free on IPv4 and needs it on IPv6, too. If it is used there, the
        // driver ends.
        let driver = (0..20).find_map(|_| Self::driver());
        let (shell, port) = driver.expect("chromedriver says its port");
        let mut chromium = Self { shell, port, session: String::new() };
        let options = json!({ "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--hide-scrollbars", "--force-device-scale-factor=1", "--window-size=1280,900",
            "--lang=en-GB", "--remote-debugging-pipe"
        ] });
        let patience = PATIENCE.as_millis() as u64;
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "timeouts": { "implicit": patience, "script": patience }
        } } });
        let made = chromium.send("POST", "/session", Some(&wanted)).expect("a browser starts");
        let id = made["sessionId"].as_str().expect("a session");
        chromium.session = format!("/session/{id}");
        chromium
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Refused> {
        let answer = self.exchange(method, path, body).expect("chromedriver answers");
        let value = answer["value"].clone();
        match value["error"].as_str() {
            None => Ok(value),
            Some(error) => Err(Refused {
                error: error.to_owned(),
                message: value["message"].as_str().unwrap_or_default().to_owned(),
            }),
        }
    }

    fn exchange(&self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.is_empty() {
                break;
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.error, self.message)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // After a failed test, the browser's state is unknown.
        if !std::thread::panicking() && self.forget().is_ok() {
            Browsers::lock().idle.extend(self.chromium.take());
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The browser ends with its session, then the driver ends; both may have ended already.
        let _ = self.exchange("DELETE", &self.session, None);
        // Waiting closes the shell's input.
        let _ = self.shell.wait();
    }
}
