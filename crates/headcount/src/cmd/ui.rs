//! `ui`: serves the page on this computer until Ctrl-C, or until the user ends it on the page.

use std::io::Write;
use std::path::Path;

use headcount_app::credentials::Held;
use headcount_app::failure::{Failure, OK, USAGE};
use headcount_web::{self, Served};
use tempfile::NamedTempFile;

use crate::args::UiArgs;
use crate::context::Context;
use crate::interrupt::{Own, Request};
use crate::terminal::stdout;

/// Serves the page. Its address is the first line of standard output.
pub async fn run(args: &UiArgs, context: &Context) -> Result<u8, Failure> {
    // Opened so that an unusable journal is reported here, not in the browser.
    drop(headcount_app::journal::open(&context.app)?);
    let served = headcount_web::serve(of_page(context), args.port).await.map_err(|error| {
        let place = match args.port {
            0 => "the page cannot be served on 127.0.0.1".to_owned(),
            port => format!("the page cannot be served on 127.0.0.1:{port}"),
        };
        Failure::new(USAGE, place).because(&error).hint("--port 0 takes a free port")
    })?;
    // Before the address is printed, because its reader may press Ctrl-C at once.
    let interrupts = context.interrupts.own();
    {
        let mut out = stdout::data();
        writeln!(out, "{}", served.address())?;
        out.flush()?;
    }
    let _way = show(args, context, &served);
    end(served, interrupts, context).await;
    Ok(OK)
}

/// The page's own context. The page runs for long, so it may hold credentials in memory.
fn of_page(context: &Context) -> headcount_app::context::Context {
    headcount_app::context::Context { held: Some(Held::default()), ..context.app.clone() }
}

/// Opens the page in the browser. The returned file has to exist as long as the browser may read it.
fn show(args: &UiArgs, context: &Context, served: &Served) -> Option<NamedTempFile> {
    let way = if args.no_open { None } else { way_in(context, served.address()).ok() };
    let way = way.filter(|way| open::that_detached(way.path()).is_ok());
    context.say(match way.is_some() {
        true => "The page opens in your browser. Otherwise, open the address above in the browser.",
        false => "Open the address above in your browser.",
    });
    context.say("The address works once. Keep this window open; Ctrl-C ends the page.");
    way
}

/// A file that only its owner can read and that leads to the page. The browser's arguments could not contain the
/// one-time token, because all users of the computer can read them.
fn way_in(context: &Context, address: &str) -> std::io::Result<NamedTempFile> {
    let folder = context.app.journal.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::Builder::new()
        .prefix("headcount-open-")
        .suffix(".html")
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    // The address contains only a number and letters, so it needs no escaping.
    write!(
        file,
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>headcount</title>\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\">"
    )?;
    file.flush()?;
    Ok(file)
}

/// Waits until Ctrl-C or the page's own button ends the page; active runs finish the requests under way first.
async fn end(served: Served, mut interrupts: Own, context: &Context) {
    let asked = tokio::select! {
        _ = interrupts.next() => false,
        () = served.asked_to_quit() => true,
    };
    if served.is_busy() {
        context.say(
            "\nStopping: headcount finishes the requests under way. Ctrl-C again exits at once; \
             the page or `run resume` continues later.",
        );
    }
    let uploads = served.uploads();
    tokio::select! {
        () = served.stop(asked) => {}
        () = pressed_again(&mut interrupts) => uploads.remove(),
    }
}

/// Waits for a second Ctrl-C. Signals such as SIGTERM are often sent twice and mean one request.
async fn pressed_again(interrupts: &mut Own) {
    while interrupts.next().await != Request::Key {}
}
