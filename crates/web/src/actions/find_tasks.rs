//! *Find people*: reads the organization, tries other filters, and makes the spreadsheet of a job.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use headcount_app::failure::{Failure, USAGE};
use headcount_app::find;
use headcount_app::options::SendOptions;
use headcount_app::site::{self, Ceiling, Need, Opened};
use headcount_model::rows::Rows;
use headcount_people::choose::Filters;
use headcount_people::roster::Selection;

use crate::fault::Fault;
use crate::jobs::Offer;
use crate::pages::find::{TITLE, again as form_again};
use crate::pages::found;
use crate::parts::filter_form;
use crate::parts::found_users;
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::fields::{Fields, Pairs};
use crate::state::finds::Find;
use crate::state::refusal::Wrong;
use crate::state::sites::context_of;
use crate::state::tasks::{Kind, Task};
use crate::state::uploads::Paper;

/// `POST /finds`: reads all users of the organization.
pub async fn begin(State(app): State<Arc<App>>, Form(pairs): Form<Pairs>) -> Answer {
    let fields = Fields(pairs);
    let site = app.wanted_site(fields.one("site").map(str::to_owned))?;
    let filters = match filter_form::filters(&fields) {
        Ok(filters) => filters,
        Err(wrong) => return form_again(&site, &fields, &wrong),
    };
    let query = filter_form::query(&fields);
    let back = format!("/find?{query}site={}", crate::parts::layout::encoded(&site.name));
    let making = Arc::clone(&app);
    let profile = site.name.clone();
    let begun = app.tasks.begin(
        Kind::Export,
        site.name,
        TITLE.to_owned(),
        back,
        move |task| async move {
            let find = read(&making, &task, profile, &filters).await?;
            let id = making.finds.put(find)?;
            Ok(format!("/finds/{id}?{query}page=1"))
        },
    )?;
    Ok(go(&begun))
}

async fn read(app: &App, task: &Task, profile: String, filters: &Filters) -> Result<Find, Failure> {
    let opened = open(app, &profile).await?;
    let began = app.context.clock.now();
    let roster = find::roster(&opened, &mut |far| task.reads(far)).await;
    let roster = roster.map_err(|failure| failure.of_site(&opened.site.name))?;
    // A name that means no app is refused while the form can still be corrected.
    roster.apps.named(&filters.products).map_err(no_app)?;
    let found = Find::new(profile, roster, began);
    read_groups(&found, &opened, filters).await?;
    Ok(found)
}

fn no_app(error: headcount_people::choose::UnknownApp) -> Failure {
    Failure::new(USAGE, error.to_string())
}

async fn open(app: &App, profile: &str) -> Result<Opened, Failure> {
    let context = context_of(&app.context, profile);
    let journal = headcount_app::journal::open(&app.context)?;
    site::open(&context, &journal, Ceiling::of(&SendOptions::default()), Need::Any).await
}

async fn read_groups(find: &Find, opened: &Opened, filters: &Filters) -> Result<(), Failure> {
    if find.groups(filters).is_none() {
        let groups = find::groups(opened, filters).await;
        find.add_groups(filters, groups.map_err(|failure| failure.of_site(&opened.site.name))?);
    }
    Ok(())
}

/// `POST /finds/{id}`: other filters. Only groups that were not named before are read from the site.
pub async fn again(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let found = found::find(&app, &id)?;
    let fields = Fields(pairs);
    let filters = match filter_form::filters(&fields) {
        Ok(filters) => filters,
        Err(wrong) => return found::refused(&id, &found, &fields, &wrong),
    };
    if let Err(error) = found.roster.apps.named(&filters.products) {
        return found::refused(&id, &found, &fields, &Wrong::new("product", error.to_string()));
    }
    let address = format!("/finds/{id}?{}page=1", filter_form::query(&fields));
    if found.groups(&filters).is_some() {
        return Ok(go(&address));
    }
    let making = Arc::clone(&app);
    // The way back shows the form with what was typed.
    let (profile, title, back) = (found.profile.clone(), TITLE.to_owned(), address.clone());
    let begun = app.tasks.begin(Kind::Export, profile, title, back, move |_| async move {
        let opened = open(&making, &found.profile).await?;
        read_groups(&found, &opened, &filters).await?;
        Ok(address)
    })?;
    Ok(go(&begun))
}

/// `POST /finds/{id}/sheet`: the ticked users, or all that the filters of the address list, as the
/// spreadsheet of a job.
pub async fn use_for(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(filters): Query<Pairs>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let found = found::find(&app, &id)?;
    // The page may have been open for days.
    found.reading.check(app.context.clock.now())?;
    let filters = filter_form::filters(&Fields(filters)).map_err(Failure::from)?;
    let form = Fields(pairs);
    let offer = form.one("job").and_then(Offer::of_key);
    let offer = offer.filter(|offer| found_users::takes_users(*offer));
    let offer = offer.ok_or_else(|| Fault::not_found("there is no such job"))?;
    let selection = found.select(&filters).map_err(no_app)?;
    let selection = selection.ok_or_else(|| Fault::from(unread()))?;
    let places = chosen(&selection, &form)?;
    let more: Vec<(String, String)> = found_users::other_columns(offer)
        .filter_map(|heading| Some((heading.to_owned(), form.one(heading)?.trim().to_owned())))
        .collect();
    let mut sheet = Vec::new();
    found.roster.write(places.into_iter(), &more, &mut sheet).map_err(Failure::from)?;
    let name = found.reading.file_name();
    let paper = Paper::new(sheet, &name, offer.spec.job, &found.profile)?.of(found.reading);
    Ok(go(&format!("/sheets/{}", app.desk.lay(paper).id)))
}

/// The places of the chosen users. A ticked user who is not listed is refused: the list on the page may
/// be that of other filters.
fn chosen(selection: &Selection, form: &Fields) -> Result<Vec<usize>, Failure> {
    // Without a script the field stays empty.
    let typed = form.one("rows").map(str::trim).filter(|text| !text.is_empty());
    let typed: Option<Rows> = typed.map(str::parse).transpose().map_err(|error| wrong(&error))?;
    if form.one("who") == Some("all") {
        if form.has("take") || typed.is_some() {
            return Err(both());
        }
        return Ok(selection.listed.clone());
    }
    let boxes = form.all("take").filter_map(|number| number.parse::<u64>().ok());
    // The script writes the boxes of all pages into the field.
    let rows = typed.unwrap_or_else(|| Rows::of(boxes));
    let listed = selection.listed.iter().copied();
    let places: Vec<usize> = listed.filter(|at| rows.contains(*at as u64 + 1)).collect();
    if places.is_empty() {
        return Err(Failure::new(USAGE, "no user is selected")
            .hint("go back, select users in the table, or use all listed users"));
    }
    if (places.len() as u64) < rows.count() {
        return Err(Failure::new(USAGE, "some of the selected users are no longer listed")
            .hint("go back and select users in the table again"));
    }
    Ok(places)
}

fn wrong(error: &headcount_model::rows::NoRows) -> Failure {
    Failure::new(USAGE, error.to_string()).hint("go back and select users in the table")
}

/// All users are never used if some are selected: a wrong key would change users who were not meant.
fn both() -> Failure {
    Failure::new(USAGE, "some users are selected, but the form asks for all listed users")
        .hint("go back and press “Use only the selected users”, or clear the selection")
}

fn unread() -> Failure {
    Failure::new(USAGE, "the members of these groups were not read")
        .hint("go back and press “Show them”")
}
