//! A form on the terminal: lines with a default, yes-or-no questions, and hidden credentials.
//!
//! Each question runs on its own thread, so that Ctrl-C ends it at any time; afterwards the terminal echoes input
//! again.

use std::io::{self, BufRead};

use headcount_app::failure::{Failure, USAGE};
use headcount_app::words::clean;

use crate::interrupt::{INTERRUPTED, Interrupts};
use crate::terminal::talk;

/// Fills in a form, to its end or until Ctrl-C.
pub async fn fill<T>(
    interrupts: &Interrupts,
    form: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let _shown_again = echo::Guard::of_input();
    let mut interrupts = interrupts.own();
    tokio::select! {
        filled = form => filled,
        _ = interrupts.next() => {
            talk::line("");
            Err(Failure::new(INTERRUPTED, "interrupted: nothing was saved"))
        }
    }
}

/// Asks for a line. The default is shown in brackets and used for an empty line; `-` means no value. The answer is
/// trimmed.
pub async fn line(question: &str, proposal: Option<&str>) -> Result<String, Failure> {
    let shown = match proposal {
        Some(proposal) => format!("{question} [{proposal}]: "),
        None => format!("{question}: "),
    };
    let answer = ask(shown, false).await?;
    match proposal {
        Some(proposal) if answer.is_empty() => Ok(proposal.to_owned()),
        Some(_) if answer == "-" => Ok(String::new()),
        _ => Ok(answer),
    }
}

/// Asks a yes-or-no question.
pub async fn yes(question: &str) -> Result<bool, Failure> {
    let answer = ask(format!("{question} [y/N] "), false).await?;
    Ok(matches!(answer.as_str(), "y" | "Y" | "yes" | "Yes"))
}

/// Asks for a credential, without echoing the input.
pub async fn key(question: &str) -> Result<String, Failure> {
    ask(format!("{question}: "), true).await
}

async fn ask(question: String, hidden: bool) -> Result<String, Failure> {
    let answer = tokio::task::spawn_blocking(move || read(&question, hidden)).await;
    match answer {
        Ok(Ok(Some(answer))) => Ok(answer.trim().to_owned()),
        Ok(Ok(None)) => {
            talk::line("");
            Err(Failure::new(USAGE, "the answers ended early: nothing was saved"))
        }
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(Failure::new(USAGE, "the question could not be asked")),
    }
}

/// `None` at the end of the input.
fn read(question: &str, hidden: bool) -> io::Result<Option<String>> {
    // Before the question is shown, so that even fast input is not echoed.
    let shown_again = if hidden { echo::Guard::of_input() } else { None };
    if let Some(guard) = &shown_again {
        guard.hide()?;
    }
    talk::part(clean(question));
    let mut answer = String::new();
    let read = match (&shown_again, hidden) {
        (None, true) => {
            answer = console::Term::stderr().read_secure_line()?;
            1
        }
        _ => io::stdin().lock().read_line(&mut answer)?,
    };
    Ok((read > 0).then_some(answer))
}

#[cfg(unix)]
mod echo {
    //! Whether the terminal echoes input.

    use std::io;

    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// Restores the terminal when it is dropped.
    pub struct Guard(Termios);

    impl Guard {
        /// Of standard input, if it is a terminal.
        pub fn of_input() -> Option<Self> {
            tcgetattr(io::stdin()).ok().map(Self)
        }

        /// Stops the echo of input, except line ends.
        pub fn hide(&self) -> io::Result<()> {
            let mut hushed = self.0.clone();
            hushed.local_modes.remove(LocalModes::ECHO);
            hushed.local_modes.insert(LocalModes::ECHONL);
            Ok(tcsetattr(io::stdin(), OptionalActions::Now, &hushed)?)
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
        }
    }
}

#[cfg(not(unix))]
mod echo {
    //! On other platforms, the `console` crate turns the echo off and on.

    use std::io;

    pub struct Guard;

    impl Guard {
        pub fn of_input() -> Option<Self> {
            None
        }

        pub fn hide(&self) -> io::Result<()> {
            Ok(())
        }
    }
}
