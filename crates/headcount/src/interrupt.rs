//! Requests to end: Ctrl-C, and the signals of a service manager, a container, a closed terminal.
//!
//! The program listens for them from its start to its end, and none is lost. A command that can stop cleanly
//! ([`Interrupts::own`]) receives them. Outside of such a command nothing has been sent, and the program ends at
//! once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use headcount_engine::{Halt, Level};
use tokio::sync::watch;

use crate::terminal::talk;

/// The exit code of a command that was interrupted, as shells count Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// The kind of request to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Ctrl-C: the user can press it again.
    Key,
    /// SIGTERM, SIGHUP, a closed console: `timeout`, `docker stop`, a service manager. These are often sent twice
    /// within a moment, so a second one does not mean "at once".
    End,
}

/// The requests that arrived since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Arrived {
    keys: u64,
    ends: u64,
}

/// Receives every request to end.
#[derive(Clone, Debug)]
pub struct Interrupts {
    arrived: watch::Sender<Arrived>,
    /// How many commands stop cleanly on their own.
    owners: Arc<AtomicU64>,
}

impl Default for Interrupts {
    fn default() -> Self {
        Self { arrived: watch::Sender::new(Arrived::default()), owners: Arc::default() }
    }
}

impl Interrupts {
    /// Starts to listen; from now on signals do not end the program on their own.
    pub fn listen(&self) -> std::io::Result<()> {
        let mut signals = signals::Signals::listen()?;
        let arrived = self.arrived.clone();
        tokio::spawn(async move {
            loop {
                let request = signals.next().await;
                arrived.send_modify(|arrived| match request {
                    Request::Key => arrived.keys += 1,
                    Request::End => arrived.ends += 1,
                });
            }
        });
        Ok(())
    }

    /// From now on, and until the value is dropped, the caller receives the requests.
    pub fn own(&self) -> Own {
        self.owners.fetch_add(1, Ordering::SeqCst);
        Own {
            receiver: self.arrived.subscribe(),
            seen: Arrived::default(),
            owners: Arc::clone(&self.owners),
        }
    }

    /// Waits for a request while no command stops cleanly on its own.
    pub async fn unowned(&self) {
        let mut receiver = self.arrived.subscribe();
        receiver.mark_changed();
        loop {
            // An error would mean that the sender is gone; this value holds one.
            let _ = receiver.changed().await;
            let arrived = *receiver.borrow_and_update() != Arrived::default();
            if arrived && self.owners.load(Ordering::SeqCst) == 0 {
                return;
            }
        }
    }
}

/// Receives the requests as long as it exists. The first one may have arrived before.
#[derive(Debug)]
pub struct Own {
    receiver: watch::Receiver<Arrived>,
    seen: Arrived,
    owners: Arc<AtomicU64>,
}

impl Own {
    /// Waits for the next request.
    pub async fn next(&mut self) -> Request {
        loop {
            let arrived = *self.receiver.borrow_and_update();
            if arrived.keys > self.seen.keys {
                self.seen.keys += 1;
                return Request::Key;
            }
            if arrived.ends > self.seen.ends {
                self.seen.ends = arrived.ends;
                return Request::End;
            }
            if self.receiver.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.owners.fetch_sub(1, Ordering::SeqCst);
    }
}

/// After Ctrl-C or a signal, finishes the requests under way. After a second Ctrl-C, stops at once. Both can be
/// resumed.
pub async fn stop(mut requests: Own, halt: Halt, quiet: bool) {
    loop {
        let request = requests.next().await;
        let (level, words) = match (halt.level(), request) {
            (Level::Go, _) => (
                Level::Drain,
                "Stopping: headcount finishes the requests under way. Ctrl-C again exits at once.",
            ),
            (_, Request::End) => continue,
            (_, Request::Key) => (
                Level::Now,
                "Exiting at once. `run resume` checks the requests that were under way.",
            ),
        };
        if !quiet {
            talk::line(format_args!("\n{words}"));
        }
        halt.at_least(level);
    }
}

#[cfg(unix)]
mod signals {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::Request;

    pub(super) struct Signals {
        interrupt: Signal,
        terminate: Signal,
        hangup: Option<Signal>,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            let hangup = hangup_ends_us().then(|| signal(SignalKind::hangup())).transpose()?;
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hangup,
            })
        }

        pub(super) async fn next(&mut self) -> Request {
            let hangup = async {
                match &mut self.hangup {
                    Some(signal) => signal.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = self.interrupt.recv() => Request::Key,
                _ = self.terminate.recv() => Request::End,
                _ = hangup => Request::End,
            }
        }
    }

    /// A program that was started with `nohup` should outlive its terminal: the signal is ignored then, and stays
    /// ignored.
    #[cfg(target_os = "linux")]
    fn hangup_ends_us() -> bool {
        const HANGUP: u64 = 1;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status
            .lines()
            .find_map(|line| line.strip_prefix("SigIgn:"))
            .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        ignored.is_none_or(|mask| mask & HANGUP == 0)
    }

    /// Without `unsafe`, the program cannot find out whether the signal is ignored. `nohup` redirects output away
    /// from the terminal, so a program with a terminal was not started by it.
    #[cfg(not(target_os = "linux"))]
    fn hangup_ends_us() -> bool {
        use std::io::IsTerminal;
        io::stdout().is_terminal() || io::stderr().is_terminal()
    }
}

#[cfg(windows)]
mod signals {
    use std::io;

    use tokio::signal::windows::{
        CtrlBreak, CtrlC, CtrlClose, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown,
    };

    use super::Request;

    pub(super) struct Signals {
        key: CtrlC,
        pause: CtrlBreak,
        close: CtrlClose,
        shutdown: CtrlShutdown,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self {
                key: ctrl_c()?,
                pause: ctrl_break()?,
                close: ctrl_close()?,
                shutdown: ctrl_shutdown()?,
            })
        }

        pub(super) async fn next(&mut self) -> Request {
            tokio::select! {
                _ = self.key.recv() => Request::Key,
                _ = self.pause.recv() => Request::Key,
                _ = self.close.recv() => Request::End,
                _ = self.shutdown.recv() => Request::End,
            }
        }
    }
}
