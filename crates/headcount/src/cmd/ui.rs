//! `ui`: everything in a browser, on this machine, until Ctrl-C or until the page is asked to quit.

use std::io::Write;

use headcount_app::credentials::Held;
use headcount_app::failure::{Failure, OK, USAGE};
use headcount_web::{self, Served};

use crate::args::UiArgs;
use crate::context::Context;
use crate::interrupt::{Own, Request};
use crate::show::stdout;

/// Serves the page. Its address is the first line of standard output: data.
pub async fn run(args: &UiArgs, context: &Context) -> Result<u8, Failure> {
    // So that a journal that cannot be used is told here, not in the browser.
    drop(headcount_app::journal::open(&context.app)?);
    let served = headcount_web::serve(of_page(context), args.port).await.map_err(|error| {
        let place = match args.port {
            0 => "the page cannot be served on 127.0.0.1".to_owned(),
            port => format!("the page cannot be served on 127.0.0.1:{port}"),
        };
        Failure::new(USAGE, place).because(&error).hint("--port 0 takes a free port")
    })?;
    // Before the address is printed: who reads it may press Ctrl-C at once.
    let interrupts = context.interrupts.own();
    {
        let mut out = stdout::data();
        writeln!(out, "{}", served.address())?;
        out.flush()?;
    }
    show(args, context, &served);
    end(served, interrupts, context).await;
    Ok(OK)
}

/// The page's own context: it lasts, so it may hold keys.
fn of_page(context: &Context) -> headcount_app::context::Context {
    headcount_app::context::Context { held: Some(Held::default()), ..context.app.clone() }
}

fn show(args: &UiArgs, context: &Context, served: &Served) {
    let opened = !args.no_open && open::that_detached(served.address()).is_ok();
    context.say(match opened {
        true => "The page opens in your browser. If it does not, open the address above in it.",
        false => "Open the address above in your browser.",
    });
    context.say("It works once, and for you alone. Leave this window open; Ctrl-C ends the page.");
}

/// Ctrl-C ends the page, or its own button; runs under way finish what they have begun first.
async fn end(served: Served, mut interrupts: Own, context: &Context) {
    let asked = tokio::select! {
        _ = interrupts.next() => false,
        () = served.asked_to_quit() => true,
    };
    if served.is_busy() {
        context.say(
            "\nStopping: what is under way is finished. Ctrl-C again leaves at once; \
             the page or `run resume` goes on later.",
        );
    }
    let uploads = served.uploads();
    tokio::select! {
        () = served.stop(asked) => {}
        () = pressed_again(&mut interrupts) => uploads.remove(),
    }
}

/// Waits until Ctrl-C is pressed. A signal such as SIGTERM is often sent twice, and means once.
async fn pressed_again(interrupts: &mut Own) {
    while interrupts.next().await != Request::Key {}
}
