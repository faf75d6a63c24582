//! A real keyring for the test, if the computer has the programs for it: a message bus and GNOME's keyring, in the
//! home folder of the world, unlocked.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running keyring; it stops when this is dropped.
pub struct Keyring {
    bus: Child,
    /// The value of `DBUS_SESSION_BUS_ADDRESS`.
    pub address: String,
}

impl Keyring {
    /// Starts one. `None`, with a message, if the computer has none.
    pub fn start(home: &Path) -> Option<Self> {
        let there = |program: &str| Path::new("/usr/bin").join(program).exists();
        if !there("dbus-daemon") || !there("gnome-keyring-daemon") {
            eprintln!("skipped: dbus-daemon or gnome-keyring-daemon is not installed here");
            return None;
        }
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .env("HOME", home)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a message bus starts");
        let mut address = String::new();
        let out = bus.stdout.take().expect("standard output is a pipe");
        BufReader::new(out).read_line(&mut address).expect("the bus tells its address");
        let keyring = Self { bus, address: address.trim().to_owned() };
        // The first process ends when the keyring is open; the daemon ends with the bus.
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--unlock", "--components=secrets"])
            .env_clear()
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("DBUS_SESSION_BUS_ADDRESS", &keyring.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a keyring starts");
        let mut password = daemon.stdin.take().expect("standard input is a pipe");
        password.write_all(b"open sesame").expect("the keyring takes its password");
        drop(password);
        assert!(daemon.wait().expect("the keyring is up").success());
        Some(keyring)
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
