//! Questions on the terminal. If the file is `-`, standard input is the spreadsheet, so the answer is read from
//! the terminal device itself.

use std::fs::File;
use std::io::{self, BufRead, BufReader};

use headcount_app::words::clean;

use crate::context::Context;
use crate::terminal::talk;

/// The source of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Standard input.
    Input,
    /// The terminal device, because standard input is the spreadsheet.
    Device,
    /// There is no terminal.
    Nowhere,
}

impl Answers {
    /// The source of a job's answers.
    pub fn of(context: &Context, sheet_on_input: bool) -> Self {
        match (sheet_on_input, context.can_ask) {
            (true, _) if device().is_ok() && context.bars => Self::Device,
            (false, true) => Self::Input,
            _ => Self::Nowhere,
        }
    }

    /// Asks a yes-or-no question.
    pub fn yes(self, question: &str) -> bool {
        let answer = self.line(&format!("{question} [y/N] "));
        matches!(answer.as_deref().map(str::trim), Ok("y" | "Y" | "yes" | "Yes"))
    }

    /// Asks the user to type the number of changes.
    pub fn typed(self, question: &str, count: u64) -> bool {
        let answer = self.line(&format!("{question} ")).unwrap_or_default();
        answer.trim().replace([',', ' '], "").parse() == Ok(count)
    }

    fn line(self, question: &str) -> io::Result<String> {
        talk::part(clean(question));
        let mut answer = String::new();
        match self {
            Self::Input => io::stdin().lock().read_line(&mut answer)?,
            Self::Device => BufReader::new(device()?).read_line(&mut answer)?,
            Self::Nowhere => 0,
        };
        Ok(answer)
    }
}

fn device() -> io::Result<File> {
    File::open(if cfg!(windows) { "CONIN$" } else { "/dev/tty" })
}
