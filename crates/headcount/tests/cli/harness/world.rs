//! A world for one test: a home folder, a working folder with the sample files, a sandbox.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::LazyLock;

use headcount_sandbox::{Card, Config, Sandbox};
use headcount_testkit::sandbox;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::live::Live;
use super::normal;
use super::output::Output;
use super::terminal::Terminal;

/// One runtime for the sandboxes of all tests.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
});

/// The folder of the repository's sample files.
fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// A home folder, a working folder with the sample files, and a sandbox.
pub struct World {
    root: TempDir,
    sandbox: Option<Sandbox>,
    card: Card,
    /// Environment variables of commands, in addition to `HOME` and `PATH`.
    environment: BTreeMap<String, String>,
    /// Texts that must not appear anywhere.
    secrets: Vec<String>,
    /// Files that the test itself wrote; they may contain these texts.
    given: Vec<PathBuf>,
}

impl World {
    /// A world with the built-in organization and with both credentials in the environment.
    pub fn new() -> Self {
        Self::of(Config::default())
    }

    /// A world with another sandbox.
    pub fn of(config: Config) -> Self {
        let sandbox = RUNTIME.block_on(sandbox::start(config));
        let card = sandbox.card().clone();
        let root = TempDir::with_prefix("headcount-test-").expect("a temporary folder");
        fs::create_dir_all(root.path().join("home")).expect("a home folder");
        fs::create_dir_all(root.path().join("work/samples")).expect("a working folder");
        let mut world = Self {
            root,
            sandbox: Some(sandbox),
            environment: BTreeMap::new(),
            secrets: vec![
                card.api_token.clone(),
                card.org_api_key.clone(),
                sandbox::basic(&card.email, &card.api_token),
            ],
            given: Vec::new(),
            card,
        };
        for entry in fs::read_dir(samples()).expect("the sample files are there") {
            let entry = entry.expect("a sample file");
            let bytes = fs::read(entry.path()).expect("a sample file can be read");
            let name = format!("samples/{}", entry.file_name().to_string_lossy());
            world.file(&name, bytes);
        }
        world.with_both_keys();
        world
    }

    /// A generated organization of this many users, with the addresses `userN@…`.
    pub fn of_people(people: usize) -> Self {
        Self::of(Config { people: Some(people), ..Config::default() })
    }

    fn with_both_keys(&mut self) {
        let card = self.card.clone();
        for (name, value) in [
            ("HEADCOUNT_CLOUD_URL", &card.url),
            ("HEADCOUNT_ADMIN_URL", &card.url),
            ("HEADCOUNT_EMAIL", &card.email),
            ("HEADCOUNT_API_TOKEN", &card.api_token),
            ("HEADCOUNT_ORG_ID", &card.org_id),
            ("HEADCOUNT_DIRECTORY_ID", &card.directory_id),
            ("HEADCOUNT_ORG_API_KEY", &card.org_api_key),
        ] {
            self.set(name, value);
        }
    }

    /// Only the site's token, without an organization API key.
    pub fn token_alone(mut self) -> Self {
        for name in ["HEADCOUNT_ORG_ID", "HEADCOUNT_DIRECTORY_ID", "HEADCOUNT_ORG_API_KEY"] {
            self.unset(name);
        }
        self
    }

    /// Only the organization API key, and the account that runs it.
    pub fn key_alone(mut self) -> Self {
        for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_API_TOKEN"] {
            self.unset(name);
        }
        self
    }

    /// Sets a variable for all later commands.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Removes a variable.
    pub fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Removes every `HEADCOUNT_*`.
    pub fn unset_all(&mut self) {
        self.environment.clear();
    }

    /// A text that must never appear in an output or in a file that the program wrote.
    pub fn secret(&mut self, text: &str) {
        self.secrets.push(text.to_owned());
    }

    /// The sandbox's address and credentials.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Stops the sandbox. Its port refuses connections from now on.
    pub fn sandbox_ends(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            RUNTIME.block_on(sandbox.stop());
        }
    }

    /// Writes a file into the working folder.
    pub fn file(&mut self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(&path, content).expect("a file can be written");
        self.given.push(path);
    }

    /// Writes the profiles file.
    pub fn profiles(&mut self, toml: &str) {
        let path = self.root.path().join("home/config/headcount/config.toml");
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(&path, toml).expect("a file can be written");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&path, mode).expect("a file can be closed to others");
        self.given.push(path);
    }

    /// The content of the profiles file.
    pub fn config(&self) -> String {
        fs::read_to_string(self.root.path().join("home/config/headcount/config.toml"))
            .unwrap_or_default()
    }

    /// A file of the working folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join("work").join(name)
    }

    /// The content of a file in the working folder.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The default path of the journal.
    pub fn journal(&self) -> PathBuf {
        self.root.path().join("home/data/headcount/journal.db")
    }

    /// A command line of the binary that was not started yet.
    pub fn command(&self, line: &str) -> Command<'_> {
        let (environment, input, under) = (Vec::new(), Vec::new(), Vec::new());
        Command { world: self, words: words(line), environment, input, under }
    }

    /// Runs a command line of the binary to its end.
    pub fn run(&self, line: &str) -> Output {
        self.command(line).run()
    }

    // Reads a control route of the sandbox.

    /// Calls a control route of the sandbox.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let path = path.trim_start_matches("/_sandbox/");
        let body = body.cloned().unwrap_or_default();
        RUNTIME.block_on(sandbox::control(self.sandbox(), method, path, body))
    }

    /// Calls the site as its administrator, for changes that the program does not make itself.
    pub fn by_hand(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        RUNTIME.block_on(sandbox::by_hand(self.sandbox(), method, path, body))
    }

    /// Makes the account of [`headcount_sandbox::PLAIN_EMAIL`] an administrator, too.
    pub fn second_administrator(&self) {
        let org = &self.card().org_id;
        let account = self.person(headcount_sandbox::PLAIN_EMAIL)["account_id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let path = format!("/admin/v1/orgs/{org}/users/{account}/role-assignments/assign");
        self.by_hand("POST", &path, Some(&serde_json::json!({ "role": "atlassian/org-admin" })));
        self.clear_log();
    }

    fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("the sandbox is up")
    }

    /// Waits until a fault has met this many requests; they are open.
    pub fn struck(&self, many: u64) {
        while self.ask("GET", "/_sandbox/faults", None)["faults"][0]["struck"].as_u64() < Some(many)
        {
            std::thread::yield_now();
        }
    }

    /// Whether the first fault has met a request.
    pub(super) fn has_struck(&self) -> bool {
        self.ask("GET", "/_sandbox/faults", None)["faults"][0]["struck"].as_u64() > Some(0)
    }

    /// Waits until this many requests have changed the site.
    pub fn changed(&self, many: u64) {
        while self.log()["changed"].as_u64() < Some(many) {
            std::thread::yield_now();
        }
    }

    /// Sets faults.
    pub fn fault(&self, fault: Value) {
        self.ask("POST", "/_sandbox/faults", Some(&json!({ "faults": [fault] })));
    }

    /// Removes all faults.
    pub fn no_faults(&self) {
        self.ask("DELETE", "/_sandbox/faults", None);
    }

    /// Adds users, groups and memberships to the site.
    pub fn seed(&self, more: Value) {
        self.ask("POST", "/_sandbox/seed", Some(&more));
    }

    /// Deletes the log of requests.
    pub fn clear_log(&self) {
        self.ask("DELETE", "/_sandbox/log", None);
    }

    /// The sandbox's summary of its log.
    pub fn log(&self) -> Value {
        self.ask("GET", "/_sandbox/log/summary", None)
    }

    /// How many changing requests have arrived.
    pub fn changing(&self) -> u64 {
        self.log()["changing"].as_u64().expect("a number")
    }

    /// Asserts that no changing request has arrived.
    #[track_caller]
    pub fn nothing_sent(&self) {
        let log = self.log();
        assert_eq!(log["changing"], 0, "a changing request was sent: {log:#}");
    }

    /// Asserts that no change was made twice.
    #[track_caller]
    pub fn nothing_twice(&self) {
        let log = self.log();
        assert_eq!(log["twice"], json!([]), "a change was made twice: {log:#}");
    }

    /// Whether a user is in a group now.
    pub fn is_member(&self, mail: &str, group: &str) -> bool {
        let path = format!("/_sandbox/state?only=memberships&email={mail}&group={group}");
        !self.ask("GET", &path, None)["memberships"].as_array().expect("a list").is_empty()
    }

    /// How many memberships a group has now.
    pub fn members(&self, group: &str) -> usize {
        let path = format!("/_sandbox/state?only=memberships&group={group}");
        self.ask("GET", &path, None)["memberships"].as_array().expect("a list").len()
    }

    /// The site's account with this email address; null for none.
    pub fn person(&self, mail: &str) -> Value {
        let path = format!("/_sandbox/state?only=people&email={}", mail.replace('+', "%2B"));
        self.ask("GET", &path, None)["people"][0].clone()
    }

    /// Addresses of sample users without anything special.
    pub fn plain_mails(&self) -> Vec<String> {
        const ODD: [&str; 4] = ["org_admin", "lifecycle", "kind", "place"];
        let state = self.ask("GET", "/_sandbox/state?only=people", None);
        let people = state["people"].as_array().expect("people").iter();
        people
            .filter(|person| ODD.iter().all(|key| person.get(key).is_none()))
            .filter_map(|person| person["email"].as_str().map(str::to_owned))
            .filter(|mail| mail.contains("@banc."))
            .collect()
    }

    // What is checked after each command.

    /// A text for a snapshot, without what differs from run to run.
    pub(super) fn normal(&self, text: &str) -> String {
        normal::text(text, &self.root.path().display().to_string())
    }

    /// Asserts that no credential is in this text.
    #[track_caller]
    pub fn check_text(&self, what: &str, text: &str) {
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "a key stands in {what}:\n{text}");
        }
    }

    /// Asserts that no credential is in any file that the program wrote.
    #[track_caller]
    pub fn check_files(&self) {
        let mut folders = vec![self.root.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder can be read") {
                let path = entry.expect("a file").path();
                if path.is_dir() {
                    folders.push(path);
                } else if !self.given.contains(&path) {
                    self.check_file(&path);
                }
            }
        }
    }

    #[track_caller]
    fn check_file(&self, path: &Path) {
        // A file may disappear meanwhile: a lock, the journal's log.
        let Ok(bytes) = fs::read(path) else { return };
        for secret in &self.secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a key stands in {}", path.display());
        }
    }
}

/// Where sandboxes started by the program record their exchanges for the conformance check, next to those of the
/// tests' own.
fn record_of_the_program() -> Option<(&'static str, PathBuf)> {
    Some(("HEADCOUNT_RECORD", sandbox::record()?.join("program")))
}

/// Splits a command line at spaces; `"…"` keeps words together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in line.split('"').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// A command line of the binary in its world.
pub struct Command<'w> {
    world: &'w World,
    words: Vec<String>,
    environment: Vec<(String, String)>,
    input: Vec<u8>,
    /// Another program that starts it.
    under: Vec<String>,
}

impl<'w> Command<'w> {
    /// The content of standard input, which is never a terminal here.
    pub fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Sets a variable for this command only.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs it under another program, as the last arguments of that program.
    pub fn under(mut self, words: &[&str]) -> Self {
        self.under = words.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// No file may grow beyond this many bytes (rounded to 512), as on a full disk.
    pub fn with_room_for(self, bytes: u64) -> Self {
        // The shell's unit is 512 bytes. The signal for a file that is too large is ignored.
        let limit = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", bytes / 512);
        self.under(&["sh", "-c", &limit])
    }

    /// File permissions count, even if an administrator runs the tests.
    pub fn without_privileges(self) -> Self {
        if !rustix::process::getuid().is_root() {
            return self;
        }
        self.under(&["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"])
    }

    /// Runs it until it ends.
    #[track_caller]
    pub fn run(self) -> Output {
        let line = self.line();
        let (world, input) = (self.world, self.input.clone());
        let mut child = self.spawn_with(Stdio::piped(), Stdio::piped(), Stdio::piped());
        let mut to_child = child.stdin.take().expect("standard input is a pipe");
        // A program that ends before it has read its input closes the pipe. That is no failure.
        let writer = std::thread::spawn(move || {
            let _ = std::io::Write::write_all(&mut to_child, &input);
        });
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("the input is written");
        Output::new(world, line, &output)
    }

    /// Starts it; a test can wait for its events.
    pub fn start(self) -> Live<'w> {
        let (world, line) = (self.world, self.line());
        let child = self.spawn();
        Live::new(world, line, child)
    }

    /// Starts it, with pipes for standard output and error. The caller does the rest.
    pub fn spawn(self) -> std::process::Child {
        self.spawn_with(Stdio::null(), Stdio::piped(), Stdio::piped())
    }

    /// Starts it with these outputs.
    pub fn spawn_to(self, output: Stdio, error: Stdio) -> std::process::Child {
        self.spawn_with(Stdio::null(), output, error)
    }

    /// Starts it at a terminal.
    pub fn at_terminal(self) -> Terminal<'w> {
        let (world, line) = (self.world, self.line());
        Terminal::start(world, line, |input, output, error| self.spawn_with(input, output, error))
    }

    /// The command line for messages.
    fn line(&self) -> String {
        let quoted = self.words.iter().map(|word| match word.contains(' ') {
            true => format!("\"{word}\""),
            false => word.clone(),
        });
        let environment = self.environment.iter().map(|(name, value)| format!("{name}={value}"));
        environment
            .chain(std::iter::once("headcount".to_owned()))
            .chain(quoted)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn spawn_with(self, input: Stdio, output: Stdio, error: Stdio) -> std::process::Child {
        let home = self.world.root.path().join("home");
        let program = env!("CARGO_BIN_EXE_headcount").to_owned();
        let mut all = self.under.into_iter().chain([program]).chain(self.words);
        let mut command = std::process::Command::new(all.next().expect("a program"));
        command
            .args(all)
            .current_dir(self.world.root.path().join("work"))
            .env_clear()
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("TMPDIR", self.world.root.path())
            .env("PATH", "/usr/bin:/bin")
            // The tests do not use the keyring of the user who runs them.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
            .envs(record_of_the_program())
            .envs(&self.world.environment)
            .envs(self.environment)
            .stdin(input)
            .stdout(output)
            .stderr(error);
        command.spawn().expect("the program starts")
    }
}
