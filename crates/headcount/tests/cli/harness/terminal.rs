//! A command at a terminal: what it shows is read as it appears, and answered.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::live::Watchdog;
use super::output::Output;
use super::world::World;

/// A command at a terminal of 100 columns. Standard input and error are the terminal. So is standard output,
/// unless the test reads it separately.
pub struct Terminal<'w> {
    world: &'w World,
    line: String,
    child: Child,
    screen: File,
    /// Everything shown, with escape sequences.
    shown: Vec<u8>,
    /// Everything before this place was already waited for.
    seen: usize,
    _watchdog: Watchdog,
}

impl<'w> Terminal<'w> {
    pub(super) fn start(
        world: &'w World,
        line: String,
        spawn: impl FnOnce(Stdio, Stdio, Stdio) -> Child,
    ) -> Self {
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .expect("a terminal");
        grantpt(&screen).expect("a terminal");
        unlockpt(&screen).expect("a terminal");
        let size = Winsize { ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&screen, size).expect("a terminal has a size");
        let name = ptsname(&screen, Vec::new()).expect("a terminal has a name");
        let open = || -> OwnedFd {
            rustix::fs::open(
                name.as_c_str(),
                OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
                Mode::empty(),
            )
            .expect("a terminal opens")
        };
        let child = spawn(open().into(), open().into(), open().into());
        let watchdog = Watchdog::of(&child);
        let screen = screen.into();
        Self { world, line, child, screen, shown: Vec::new(), seen: 0, _watchdog: watchdog }
    }

    /// Waits until a text is shown after the previous one.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        loop {
            let new = String::from_utf8_lossy(&self.shown[self.seen..]).into_owned();
            if let Some(at) = plain(&new).find(text) {
                let _ = at;
                self.seen = self.shown.len();
                return;
            }
            assert!(self.more(), "“{text}” is not shown:\n{}", self.text());
        }
    }

    /// Types a line.
    pub fn types(&mut self, text: &str) {
        writeln!(self.screen, "{text}").expect("the terminal takes it");
    }

    /// Presses Ctrl-C. (It is not a controlling terminal, so the signal is sent directly.)
    pub fn interrupt(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT)
            .expect("the program is there");
    }

    /// Closes the terminal, as a lost connection does. Returns the exit code of the program, which continues
    /// without it.
    pub fn goes_away(self) -> i32 {
        let Self { mut child, screen, .. } = self;
        drop(screen);
        child.wait().expect("the program ends").code().expect("a code")
    }

    /// Reads what is there. `false` means that the program has ended.
    fn more(&mut self) -> bool {
        let mut bytes = [0; 4096];
        match self.screen.read(&mut bytes) {
            Ok(0) | Err(_) => false,
            Ok(many) => {
                self.shown.extend_from_slice(&bytes[..many]);
                true
            }
        }
    }

    /// Everything shown so far, unchanged.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.shown).into_owned()
    }

    fn text(&self) -> String {
        plain(&self.raw())
    }

    /// Waits until it has ended. What was shown counts as standard error, without escape sequences.
    #[track_caller]
    pub fn end(mut self) -> Output {
        while self.more() {}
        let output = std::process::Output {
            status: self.child.wait().expect("the program ends"),
            stdout: Vec::new(),
            stderr: self.text().into_bytes(),
        };
        Output::new(self.world, self.line, &output)
    }
}

/// The final lines: without escape sequences, and with only the last state of lines that were redrawn.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => {
                let erases = skip_escape(&mut chars);
                if erases {
                    let line = out.rfind('\n').map_or(0, |at| at + 1);
                    out.truncate(line);
                }
            }
            '\r' if chars.peek() != Some(&'\n') => {
                let line = out.rfind('\n').map_or(0, |at| at + 1);
                out.truncate(line);
            }
            '\r' => {}
            c => out.push(c),
        }
    }
    out
}

/// Skips the rest of an escape sequence. Returns whether it erases the line (`ESC [ 2 K`).
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    if chars.next_if_eq(&'[').is_none() {
        return false;
    }
    let mut number = String::new();
    for c in chars.by_ref() {
        if c.is_ascii_alphabetic() {
            return c == 'K' && number == "2";
        }
        number.push(c);
    }
    false
}
