//! The seats that a plan takes, and the seats of apps, in words.

use std::fmt::Write as _;

use headcount_journal::Run;
use headcount_people::export::Seats;
use headcount_people::jobs::{self, Creates};
use headcount_people::plan::AccessSeats;

use super::{clean, many, people, thousands};

/// The table of `user seats`: a line for each app, with the seats that the listed users would free
/// where there are any.
pub fn seat_table(seats: &Seats, is_filtered: bool) -> String {
    let mut lines =
        vec![["App", "Seats taken", "Capacity", "Left", "Would free"].map(String::from)];
    for of in &seats.apps {
        let capacity = of.app.capacity;
        let or_dash = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), thousands);
        lines.push([
            clean(&of.app.heading).into_owned(),
            thousands(of.taken),
            or_dash(capacity),
            or_dash(capacity.map(|seats| seats.saturating_sub(of.taken))),
            thousands(of.would_free),
        ]);
    }
    let columns = if is_filtered { 5 } else { 4 };
    let width = |column: usize| {
        lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let _ = write!(text, "{:<width$}", line[0], width = widths[0]);
        for (cell, width) in line[1..columns].iter().zip(&widths[1..]) {
            let _ = write!(text, "  {cell:>width$}");
        }
        text.push('\n');
    }
    text
}

/// The seats of an app in a plan: `takes 3, frees 1 (2 left)`.
pub fn access_seats_words(seats: &AccessSeats) -> String {
    let of =
        |verb: &str, number: u64| (number > 0).then(|| format!("{verb} {}", many(number, "seat")));
    let changes: Vec<_> =
        of("takes", seats.takes).into_iter().chain(of("frees", seats.frees)).collect();
    let mut words = match changes.as_slice() {
        [] => "takes no seat and frees none".to_owned(),
        changes => changes.join(", "),
    };
    if let Some(left) = seats.left {
        let _ = write!(words, " ({} left now)", thousands(left));
    }
    if seats.is_short() {
        words.push_str(": not enough; the site will refuse some rows");
    }
    if seats.uncertain {
        words.push_str("; the roles of some users could not be read");
    }
    words
}

/// What the counts of `user seats` leave out, a sentence each.
pub fn notes_of_seats(seats: &Seats) -> Vec<String> {
    let mut notes = Vec::new();
    if seats.unknown > 0 {
        let of = people(seats.unknown);
        notes.push(format!("{of} in no count: the site does not show the status or the apps"));
    }
    if seats.kept > 0 {
        let of = many(seats.kept, "listed user");
        notes.push(format!(
            "{of} would free no seat: jobs skip your own account, protected users, administrators, \
             and users of an identity provider"
        ));
    }
    if seats.unmanaged > 0 {
        let of = many(seats.unmanaged, "listed user");
        notes.push(format!(
            "{of} not managed by the organization: suspend or remove them; `user deactivate` cannot"
        ));
    }
    notes
}

/// `6`, or `up to 6` if some of the users may already have the app.
pub fn seats_taken(run: &Run, seats: u64) -> String {
    let up_to = if jobs::of(run.job).creates == Creates::Users { "" } else { "up to " };
    format!("{up_to}{}", thousands(seats))
}

/// `, 12 left`, with the consequence if there are too few.
pub fn seats_short(seats: u64, left: Option<u64>) -> String {
    match left {
        None => String::new(),
        Some(0) => ", none left: the site will refuse them".to_owned(),
        Some(left) if left < seats => {
            format!(", {} left: the site will refuse the rest", thousands(left))
        }
        Some(left) => format!(", {} left", thousands(left)),
    }
}
