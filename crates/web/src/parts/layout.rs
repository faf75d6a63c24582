//! The frame of every page, and small parts that all pages use.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::parts::place::Place;
use crate::parts::quit;

pub use crate::parts::text::{encoded, foreign, short};

/// A whole page.
pub fn page(title: &str, place: &Place, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · headcount" }
                link rel="icon" href="/assets/sign.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/page.css";
                script src="/assets/page.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top.sandbox[place.is_sandbox()] {
                    div.wide {
                        a.home href=(place.link("/")) { (sign()) span { "headcount" } }
                        nav aria-label="Pages" {
                            a href=(place.link("/")) { "Start" }
                            a href=(place.link("/history")) { "All runs" }
                        }
                        (place.shown())
                    }
                }
                main #main.wide tabindex="-1" { (body) }
                footer.wide {
                    p {
                        "This page runs on your computer, for you only. It never shows a credential."
                    }
                    (quit::offer())
                }
            }
        }
    }
}

/// A page without links to other pages.
pub fn bare(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · headcount" }
                link rel="stylesheet" href="/assets/page.css";
            }
            body { main.wide { h1 { (title) } (body) } }
        }
    }
}

/// The program's icon.
fn sign() -> Markup {
    PreEscaped(include_str!("../assets/sign.svg").to_owned())
}

/// A message with quotation marks instead of the command line's back quotes.
pub fn quoted(text: &str) -> String {
    let mut is_open = false;
    let mut quote = |c| match c {
        '`' => {
            is_open = !is_open;
            if is_open { '“' } else { '”' }
        }
        c => c,
    };
    text.chars().map(&mut quote).collect()
}

/// The file's name without its folder.
pub fn file_name(input: &str) -> String {
    input.rsplit(['/', '\\']).next().unwrap_or(input).to_owned()
}

/// A time on this computer's clock: readable for people, exact for machines, with the time zone's offset as a
/// tooltip.
pub fn time(at: jiff::Timestamp) -> Markup {
    let zoned = at.to_zoned(jiff::tz::TimeZone::system());
    html! {
        time datetime=(at) title=(zoned.strftime("%H:%M:%S, UTC%:z")) {
            (zoned.strftime("%a %-d %b %Y, %H:%M"))
        }
    }
}

/// The same with a visible offset.
pub fn time_and_zone(at: jiff::Timestamp) -> Markup {
    let zoned = at.to_zoned(jiff::tz::TimeZone::system());
    html! { (time(at)) span.faint { " (UTC" (zoned.strftime("%:z")) ")" } }
}

/// A box with an important message.
pub fn note(kind: &str, title: &str, body: Markup) -> Markup {
    html! {
        div class={ "note " (kind) } {
            @if !title.is_empty() { p.title { strong { (title) } } }
            (body)
        }
    }
}

/// The steps of a job.
const STEPS: [&str; 6] = ["Spreadsheet", "Columns", "Plan", "First row", "All rows", "Report"];

/// The steps of a collection.
pub const COLLECTION: [&str; 6] = ["Files", "Values", "Plan", "First row", "All rows", "Report"];

/// The steps of a job with the current one, from 0. Steps that have a page or a place link to it.
pub fn steps(at: usize, places: &[(usize, String)]) -> Markup {
    steps_of(&STEPS, at, places)
}

/// The same for other steps.
pub fn steps_of(steps: &[&str], at: usize, places: &[(usize, String)]) -> Markup {
    let place = |number| places.iter().find(|(known, _)| *known == number).map(|(_, place)| place);
    html! {
        nav aria-label="The way of a job" {
            ol.steps {
                @for (number, step) in steps.iter().enumerate() {
                    li class=[(number < at).then_some("past")] aria-current=[(number == at).then_some("step")] {
                        @let shown = html! {
                            span.no aria-hidden="true" { (number + 1) } (step)
                            @if number < at { span.hidden { " (done)" } }
                        };
                        @match place(number) {
                            Some(place) => { a href=(place) { (shown) } }
                            None => { (shown) }
                        }
                    }
                }
            }
        }
    }
}
