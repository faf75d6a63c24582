//! What ended a command early, on standard error.

use std::process::ExitCode;

use headcount_app::failure::{Failure, USAGE};
use headcount_app::words::clean;

use crate::context::Context;
use crate::terminal::talk;
use crate::terminal::{Paint, wrapped};

/// Prints a failure to standard error. Returns the exit code.
pub fn tell(failure: &Failure, context: Option<&Context>) -> ExitCode {
    let paint = context.map_or(Paint::plain(), |context| context.paint);
    let columns = context.and_then(|context| context.columns);
    let say = |text: String| talk::line(format_args!("{}", wrapped(&text, columns)));
    say(format!("{} {}", paint.red("error:"), clean(&failure.message)));
    for cause in &failure.causes {
        say(format!("  {} {}", paint.dim("because:"), clean(cause)));
    }
    if let Some(hint) = &failure.hint {
        say(format!("{} {}", paint.cyan("hint:"), clean(&super::hint::words(hint))));
    }
    if let Some(context) = context.filter(|context| context.json && !failure.told) {
        super::events::last_of_failure(context, failure);
    }
    ExitCode::from(failure.exit)
}

/// Prints what is wrong with the command line, or the requested help. A reader of events still gets the last
/// event.
pub fn of_usage(error: &clap::Error) -> ExitCode {
    // If the output is gone, nothing can be done.
    let _ = error.print();
    if error.use_stderr() && std::env::args_os().any(|word| word == "--json") {
        super::events::last_of_usage();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
}
