//! `headcount ui` in a world, with a browser.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::harness::World;

/// Deque's checks, unchanged; see the README next to them.
const AXE: &str = include_str!("axe/axe.min.js");

/// The variable that names the folder for pictures.
const PICTURES: &str = "HEADCOUNT_PICTURES";

/// A running `headcount ui`.
pub struct Ui {
    child: Child,
    /// The address with the token.
    pub address: String,
}

impl Ui {
    /// Starts it. The first line that it prints is the address.
    pub fn start(world: &World) -> Self {
        Self::with(world, "ui --no-open")
    }

    /// The same with other options.
    pub fn with(world: &World, line: &str) -> Self {
        let mut child = world.command(line).spawn();
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address = lines.next().expect("it prints its address").expect("text");
        assert!(address.starts_with("http://127.0.0.1:"), "{address}");
        let error = child.stderr.take().expect("a pipe");
        std::thread::spawn(move || BufReader::new(error).lines().for_each(drop));
        Self { child, address }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        self.address.split("/enter").next().expect("an address")
    }

    /// Its process.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the program is there");
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().expect("the program is gone");
    }

    /// Presses Ctrl-C and waits until it ends. Returns the exit code.
    pub fn interrupt(self) -> Option<i32> {
        self.signal(Signal::INT);
        self.ended()
    }

    /// Waits until it ends by itself. Returns the exit code.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().expect("the program ends").code()
    }
}

impl Drop for Ui {
    fn drop(&mut self) {
        // It has already ended if the test ended it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A world, the page, and a signed-in browser.
pub struct Page {
    pub browser: Browser,
    pub ui: Option<Ui>,
    pub world: World,
}

impl Page {
    /// All three.
    pub fn open(world: World) -> Self {
        Self::open_with(world, "ui --no-open")
    }

    /// The same with other options.
    pub fn open_with(world: World, line: &str) -> Self {
        let ui = Ui::with(&world, line);
        let browser = Browser::start();
        let page = Self { browser, ui: Some(ui), world };
        page.enter();
        page
    }

    fn ui(&self) -> &Ui {
        self.ui.as_ref().expect("the page is served")
    }

    /// Opens the printed address, which leads to the start page.
    pub fn enter(&self) {
        self.browser.go(&self.ui().address);
        self.browser.says("What do you want to do?");
    }

    /// Kills the program, starts it again, and opens its new address.
    pub fn kill_and_start_again(&mut self) {
        self.ui.take().expect("the page is served").kill();
        self.ui = Some(Ui::start(&self.world));
        self.enter();
    }

    /// Opens a path of the page.
    pub fn go(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.ui().origin()));
    }

    /// From the start page to a job's form.
    pub fn job(&self, key: &str) {
        self.go("/");
        self.browser.click(&format!("a.job[href*='/new/{key}?']"));
        self.browser.says("Upload your spreadsheet");
    }

    /// Chooses a file of the working folder in the form.
    pub fn choose(&self, file: &str) {
        let path = self.world.path(file).display().to_string();
        self.browser.write("#file", &path);
        self.browser.says("How the spreadsheet was read");
    }

    /// Adds files of the working folder as exports.
    pub fn give(&self, files: &[&str]) {
        let paths: Vec<_> =
            files.iter().map(|file| self.world.path(file).display().to_string()).collect();
        self.browser.write("#export", &paths.join("\n"));
    }

    /// Pastes cells into the form.
    pub fn paste(&self, cells: &str) {
        self.browser
            .script("document.querySelector('#text').value = arguments[0]", &[cells.into()]);
        self.browser.press("Read it");
        self.browser.says("How the spreadsheet was read");
    }

    /// From the page about the file to the plan.
    pub fn plan(&self) {
        self.browser.press("Make the plan");
        self.browser.says("Nothing has been sent yet");
    }

    /// Waits for the canary's question and answers yes.
    pub fn go_on(&self) {
        self.browser.says("Is it right?");
        self.browser.click("form[action$='/go-on'] button");
    }

    /// The run of this page, from its address.
    pub fn run(&self) -> String {
        let url = self.browser.url();
        let run = url.split("/runs/").nth(1).expect("the page of a run");
        run.split(['?', '#', '/']).next().expect("a run").to_owned()
    }

    /// Checks the page: axe finds nothing serious in light and dark colors and in a narrow window, nothing is
    /// wider than a narrow window, and the page contains no credential. If pictures are wanted, takes one with
    /// this name.
    #[track_caller]
    pub fn look(&self, name: &str) {
        self.world.check_text(&format!("the page “{name}”"), &self.browser.html());
        self.check_with_axe(name, "light", "{}");
        // In dark colors and in a narrow window, only the rules about colors and width are checked again.
        self.theme("dark");
        self.check_with_axe(name, "dark", "{ runOnly: ['color-contrast'] }");
        self.theme("light");
        self.wide(400, 900);
        self.check_with_axe(
            name,
            "narrow",
            "{ runOnly: ['color-contrast', 'target-size', 'scrollable-region-focusable'],
               rules: { 'target-size': { enabled: true } } }",
        );
        let over = self.browser.script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
            &[],
        );
        assert_eq!(over, 0, "“{name}” is wider than a narrow window");
        self.browser.command("Emulation.clearDeviceMetricsOverride", &json!({}));
        if let Some(folder) = pictures() {
            self.picture(&folder, name, "light", 1180);
            self.picture(&folder, name, "dark", 1180);
            self.picture(&folder, name, "narrow", 400);
        }
        self.theme("light");
    }

    fn wide(&self, wide: u32, high: u64) {
        let size =
            json!({ "width": wide, "height": high, "deviceScaleFactor": 1, "mobile": false });
        self.browser.command("Emulation.setDeviceMetricsOverride", &size);
    }

    fn theme(&self, theme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": theme });
        self.browser.command("Emulation.setEmulatedMedia", &json!({ "features": [feature] }));
    }

    #[track_caller]
    fn check_with_axe(&self, name: &str, theme: &str, options: &str) {
        if self.browser.script("return typeof axe", &[]) == "undefined" {
            self.browser.script(AXE, &[]);
        }
        let script = format!(
            "const done = arguments[arguments.length - 1];
             axe.run(document, {{ resultTypes: ['violations'], ...{options} }}).then(
                 (found) => done(found.violations.map((one) => ({{
                     id: one.id, impact: one.impact, help: one.help,
                     where: one.nodes.map((node) => node.html + ' ' + node.failureSummary),
                 }}))),
                 (error) => done(String(error)),
             );"
        );
        let found = self.browser.script_later(&script);
        let serious = |one: &&Value| matches!(one["impact"].as_str(), Some("serious" | "critical"));
        let found = found.as_array().unwrap_or_else(|| panic!("axe did not run: {found}"));
        let serious: Vec<_> = found.iter().filter(serious).collect();
        assert!(serious.is_empty(), "axe on “{name}”, {theme}: {serious:#?}");
    }

    fn picture(&self, folder: &Path, name: &str, kind: &str, wide: u32) {
        self.theme(if kind == "dark" { "dark" } else { "light" });
        self.wide(wide, 800);
        let high = self.browser.script("return document.documentElement.scrollHeight", &[]);
        let high = high.as_u64().expect("a height").clamp(400, 1700);
        self.wide(wide, high);
        self.browser.script("scrollTo(0, 0)", &[]);
        // WebP files are a fifth of PNG's size.
        let wanted = json!({ "format": "webp", "quality": 80 });
        let picture = self.browser.command("Page.captureScreenshot", &wanted);
        let bytes = decode(picture["data"].as_str().expect("a picture"));
        std::fs::write(folder.join(format!("{name}-{kind}.webp")), bytes).expect("a file");
        self.browser.command("Emulation.clearDeviceMetricsOverride", &json!({}));
    }
}

/// The folder for pictures, if they are wanted.
fn pictures() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os(PICTURES)?);
    std::fs::create_dir_all(&folder).expect("the folder of pictures");
    Some(folder)
}

/// Decodes Base64 as WebDriver writes it.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}
