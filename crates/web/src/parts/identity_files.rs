//! Who is who: asked of the site, or told by exports; a part of the sheet's form. Its files come with
//! whatever else the form says, so that nothing of it is lost.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::ScopedJoinHandle;

use axum::extract::{Multipart, Path, State};
use axum::http::HeaderMap;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::identity_exports::Whose;
use headcount_app::words::{many, thousands};
use headcount_core::values::job::Job;
use maud::{Markup, html};
use tempfile::TempPath;

use crate::actions::upload::{broken, called, check_length, too_large, write};
use crate::pages::sheet::find;
use crate::parts::corrections;
use crate::parts::error;
use crate::parts::layout::{self, encoded, foreign};
use crate::responses::{Answer, Fault, go};
use crate::state::app::App;
use crate::state::identity_sources::{Given, WhoIsWho, read, taken};
use crate::state::sheet_form::Pairs;
use crate::state::uploads::{LARGEST, Paper, Said};

/// The field of the files.
pub const FILES: &str = "export";

/// The button that goes back to asking the site.
pub const ASK: &str = "ask_site";

/// What a form says besides its files, in bytes: as much as one without files may.
const WORDS: usize = 2 * 1024 * 1024;

/// All that a form may send, in bytes: two exports, each as large as a sheet may be.
pub const LIMIT: usize = 2 * LARGEST + WORDS;

/// How much of what is odd in a file is shown.
const SHOWN: usize = 5;

/// `POST /sheets/{id}/exports`: the sheet's form with files.
pub async fn bring(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Answer {
    check_length(&headers, LIMIT)?;
    let paper = find(&app, &id)?;
    let (pairs, files) = receive(&app, form).await?;
    corrections::keep(&paper, pairs)?;
    let came = look_into(paper.job, files).await?;
    paper.say(|said| match came {
        Ok(who) => said.who.add(who),
        Err(failure) => said.no_export = Some(Arc::new(failure)),
    });
    Ok(go(&format!("/sheets/{}", paper.id)))
}

async fn receive(
    app: &App,
    mut form: Multipart,
) -> Result<(Pairs, Vec<(String, TempPath)>), Fault> {
    let (mut pairs, mut files, mut words) = (Pairs::new(), Vec::new(), 0);
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(file) = field.file_name().map(called) {
            if !file.is_empty() {
                let (out, path) = app.desk.file()?;
                write(&mut field, out).await?;
                files.push((file, path));
            }
            continue;
        }
        words += name.len();
        let mut text = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
            words += piece.len();
            if words > WORDS {
                return Err(too_large());
            }
            text.extend_from_slice(&piece);
        }
        pairs.push((name, String::from_utf8_lossy(&text).into_owned()));
    }
    Ok((pairs, files))
}

/// All that the files tell, or why one of them tells nothing.
async fn look_into(
    job: Job,
    files: Vec<(String, TempPath)>,
) -> Result<Result<WhoIsWho, Failure>, Fault> {
    let look = move || {
        let mut who = WhoIsWho::default();
        for told in read_beside(job, files) {
            who.add(told?);
        }
        if who.each().next().is_some() {
            return Ok(who);
        }
        Err(Failure::new(USAGE, "no export was chosen").hint("choose one or two files below"))
    };
    tokio::task::spawn_blocking(look).await.map_err(|_| Fault::defect())
}

/// What each file tells. Two are read beside each other: a large company's take a while.
fn read_beside(job: Job, files: Vec<(String, TempPath)>) -> Vec<Result<WhoIsWho, Failure>> {
    let mut told = Vec::new();
    let mut files = files.into_iter();
    while let Some((name, file)) = files.next() {
        let other = files.next();
        std::thread::scope(|scope| {
            let other = other.map(|(name, file)| scope.spawn(move || read(job, &name, file)));
            told.push(read(job, &name, file));
            let join = |other: ScopedJoinHandle<'_, _>| {
                other.join().unwrap_or_else(|why| resume_unwind(why))
            };
            told.extend(other.map(join));
        });
    }
    told
}

/// Who tells who is who, and how to change that.
pub fn show(paper: &Paper, said: &Said) -> Markup {
    let taken = taken(paper.job);
    let is_given = said.who.each().next().is_some();
    html! {
        @if !taken.is_empty() {
            details #who .about open[is_given || said.no_export.is_some()] {
                summary { "Who is who: " (told(said)) }
                @if let Some(failure) = &said.no_export { (error::words(failure)) }
                @for (whose, given) in said.who.each() { (file(whose, given)) }
                (offer(paper, taken, is_given))
            }
        }
    }
}

fn told(said: &Said) -> Markup {
    let name = |given: &Given| foreign(&given.name);
    html! {
        @match (&said.who.users, &said.who.groups) {
            (None, None) => "asked of the site",
            (Some(users), None) => { "people by " (name(users)) }
            (None, Some(groups)) => { "groups by " (name(groups)) }
            (Some(users), Some(groups)) if users.name == groups.name => { "told by " (name(users)) }
            (Some(users), Some(groups)) => { "people by " (name(users)) ", groups by " (name(groups)) }
        }
    }
}

fn file(whose: Whose, given: &Given) -> Markup {
    let what = match whose {
        Whose::Users if given.told == 1 => "1 person".to_owned(),
        Whose::Users => format!("{} people", thousands(given.told)),
        Whose::Groups => many(given.told, "group"),
    };
    let more = given.more + given.odd.len().saturating_sub(SHOWN) as u64;
    html! {
        p { strong { (foreign(&given.name)) } " tells the ids of " (what) "." }
        @if !given.odd.is_empty() {
            (layout::note("warn", "What is odd in it", html! {
                ul.plain { @for problem in given.odd.iter().take(SHOWN) { li { (foreign(&layout::quoted(&problem.to_string()))) } } }
                @if more > 0 { p { "And " (thousands(more)) " more of this kind." } }
            }))
        }
    }
}

fn offer(paper: &Paper, taken: &[Whose], is_given: bool) -> Markup {
    let people = taken.contains(&Whose::Users);
    let groups = taken.contains(&Whose::Groups);
    html! {
        p {
            "Atlassian's exports can tell ids instead of the site: where your key may not look "
            @if people { "people" } @if people && groups { " or " } @if groups { "groups" }
            " up, where the site hides addresses, and for very large sheets. "
            "In admin.atlassian.com choose Directory, Users, Export users"
            @if groups { "; with their groups pivoted to columns, the file has the groups' ids too" }
            ". "
            @if people { a href={ "/lists/people?site=" (encoded(&paper.site)) } { "The list of people" } }
            @if people && groups { " and " }
            @if groups { a href={ "/lists/groups?site=" (encoded(&paper.site)) } { "the list of groups" } }
            " made here will do as well."
        }
        div.field {
            label for=(FILES) {
                @if people && groups { "Exports of users and of groups (one or both)" }
                @else if people { "Export of users" }
                @else { "Export of users with their groups" }
            }
            input id=(FILES) type="file" name=(FILES) multiple[taken.len() > 1] data-at-once="take_exports"
                accept=".csv,.tsv,.txt,.xlsx,text/csv";
            p.faint {
                "Take one of today: an address that has been given to somebody else since leads to the account that had it. "
                "How accounts and groups stand now is read from the site all the same."
            }
        }
        p.actions.small {
            button #take_exports .plain.unscripted type="submit" formenctype="multipart/form-data"
                formaction={ "/sheets/" (paper.id) "/exports" } { "Use this" }
            @if is_given { button.plain type="submit" name=(ASK) value="yes" { "Ask the site instead" } }
        }
    }
}
