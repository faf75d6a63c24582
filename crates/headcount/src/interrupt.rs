//! Ctrl-C, heard from the moment it is listened for; none is lost between two.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC, ctrl_c};

/// Presses of Ctrl-C since this was made. (`tokio::signal::ctrl_c` hears only what comes after each
/// call of it.)
#[derive(Debug)]
pub struct Interrupts {
    #[cfg(unix)]
    signal: Signal,
    #[cfg(windows)]
    signal: CtrlC,
}

impl Interrupts {
    /// Listens from now on. The program is no longer ended by Ctrl-C.
    pub fn listen() -> io::Result<Self> {
        #[cfg(unix)]
        let signal = signal(SignalKind::interrupt())?;
        #[cfg(windows)]
        let signal = ctrl_c()?;
        Ok(Self { signal })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        // `None` would say that no more can come: never, by its documentation.
        let _ = self.signal.recv().await;
    }
}
