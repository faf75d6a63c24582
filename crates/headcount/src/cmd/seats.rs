//! `user seats`: the seats of each app, and those that a list of users would free. Only reads.

use std::io::Write;

use headcount_app::export::What;
use headcount_app::failure::{Failure, OK};
use headcount_app::words::exports::notes;
use headcount_app::words::seats::{notes_of_seats, seat_table};
use headcount_model::event::{AppSeats, Event};
use headcount_people::export::Far;

use super::export::{open, say_head, say_notes};
use crate::args::SeatsArgs;
use crate::context::Context;
use crate::show;
use crate::show::output;
use crate::show::progress::Progress;

/// Runs it.
pub async fn run(args: &SeatsArgs, context: &Context) -> Result<u8, Failure> {
    let opened = open(&args.reading, context).await?;
    let site = opened.site.name.clone();
    let filters = args.filters.filters();
    let progress = Progress::reading(context, "users read");
    let mut far = |far| match far {
        Far::Total(many) => progress.total(many),
        Far::More(more) => progress.add(more),
    };
    let seats = headcount_app::export::seats(&filters, &opened, &mut far).await;
    progress.end();
    let mut seats = seats.map_err(|failure| failure.of_site(&site))?;
    let is_filtered = args.filters.is_given();
    if !is_filtered {
        seats.apps.iter_mut().for_each(|app| app.would_free = 0);
        (seats.kept, seats.unmanaged) = (0, 0);
    }
    if let Some(tally) = seats.listing.tally.as_ref().filter(|_| is_filtered) {
        say_head(tally, &filters, context);
    }
    say_notes(&notes_of_seats(&seats), context);
    say_notes(&notes(What::Groups { members: false }, &seats.listing), context);
    if context.json {
        let apps = seats.apps.into_iter().map(|of| AppSeats {
            app: of.app.heading,
            product: of.app.title,
            site: of.app.site,
            taken: of.taken,
            capacity: of.app.capacity,
            would_free: of.would_free,
        });
        let event = Event::Seats { apps: apps.collect() };
        context.events.write(context.app.clock, "", &site, &event);
        let looked_at = seats.listing.tally.map_or(0, |tally| tally.looked_at);
        show::events::last_of_export(context, &site, looked_at);
        return Ok(OK);
    }
    let mut out = output::standard();
    out.write_all(seat_table(&seats, is_filtered).as_bytes())?;
    out.flush()?;
    Ok(OK)
}
