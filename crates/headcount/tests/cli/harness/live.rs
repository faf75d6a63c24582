//! A running command: a test waits for its events, and then stops or signals it.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::output::Output;
use super::world::World;

/// A running command with `--json`.
pub struct Live<'w> {
    world: &'w World,
    line: String,
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    read: String,
    said: Receiver<String>,
    stderr: String,
    _watchdog: Watchdog,
}

/// A program that waits for ever would hang the tests. It is killed after a time that no test needs, and the test
/// fails because of what it did not see.
pub(super) struct Watchdog {
    _alive: Sender<()>,
}

impl Watchdog {
    pub(super) fn of(child: &Child) -> Self {
        let (alive, gone) = channel::<()>();
        let pid = Pid::from_child(child);
        std::thread::spawn(move || {
            if gone.recv_timeout(Duration::from_secs(120)) == Err(RecvTimeoutError::Timeout) {
                let _ = kill_process(pid, Signal::KILL);
            }
        });
        Self { _alive: alive }
    }
}

impl<'w> Live<'w> {
    pub(super) fn new(world: &'w World, line: String, mut child: Child) -> Self {
        let out = child.stdout.take().expect("standard output is a pipe");
        let error = child.stderr.take().expect("standard error is a pipe");
        // Read continuously, so that the program never waits for the test.
        let (say, said) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(error).lines() {
                // The receiver is gone after the program was killed.
                let _ = say.send(line.expect("standard error is UTF-8"));
            }
        });
        let lines = BufReader::new(out).lines();
        let (read, stderr) = (String::new(), String::new());
        let watchdog = Watchdog::of(&child);
        Self { world, line, child, lines, read, said, stderr, _watchdog: watchdog }
    }

    /// Waits for the `n`th matching line and returns it.
    #[track_caller]
    pub fn wait_for(&mut self, n: usize, fits: impl Fn(&Value) -> bool) -> Value {
        let mut found = 0;
        loop {
            let Some(line) = self.lines.next() else {
                panic!("{} ended before it was struck:\n{}", self.line, self.read)
            };
            let line = line.expect("standard output is UTF-8");
            self.read.push_str(&line);
            self.read.push('\n');
            let value: Value = serde_json::from_str(&line).expect("JSON");
            found += usize::from(fits(&value));
            if found == n {
                return value;
            }
        }
    }

    /// Waits until this many rows are settled.
    #[track_caller]
    pub fn settled(&mut self, rows: usize) {
        self.wait_for(rows, |event| event["event"] == "settled");
    }

    /// Waits for a text on standard error.
    #[track_caller]
    pub fn says(&mut self, text: &str) {
        loop {
            let Ok(line) = self.said.recv() else {
                panic!("{} never said “{text}”:\n{}", self.line, self.stderr)
            };
            let found = line.contains(text);
            self.stderr.push_str(&line);
            self.stderr.push('\n');
            if found {
                return;
            }
        }
    }

    /// Waits until the only fault of the sandbox has met a request.
    #[track_caller]
    pub fn held(&mut self) {
        while !self.world.has_struck() {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                let said: Vec<_> = self.said.iter().collect();
                panic!("{} ended ({status}) before it was held:\n{}", self.line, said.join("\n"));
            }
            std::thread::yield_now();
        }
    }

    /// Sends Ctrl-C.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, signal).expect("the program is there");
    }

    /// `kill -9`. When this returns, the process is gone.
    pub fn kill(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().expect("the program is gone");
        self.world.check_files();
    }

    /// Waits until it has ended, whatever it prints. Returns its exit code.
    pub fn gone(mut self) -> i32 {
        self.child.wait().expect("the program is gone").code().expect("a code")
    }

    /// Waits until it has ended.
    #[track_caller]
    pub fn end(mut self) -> Output {
        for line in self.lines.by_ref() {
            self.read.push_str(&line.expect("standard output is UTF-8"));
            self.read.push('\n');
        }
        let mut stderr = std::mem::take(&mut self.stderr);
        for line in self.said.iter() {
            stderr.push_str(&line);
            stderr.push('\n');
        }
        let output = std::process::Output {
            status: self.child.wait().expect("the program ends"),
            stdout: self.read.into_bytes(),
            stderr: stderr.into_bytes(),
        };
        Output::new(self.world, self.line, &output)
    }
}
