//! What was understood of a sheet: headings, columns (to be changed), bad cells in their place.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use headcount_core::plan::{Checked, PlanError, check_rows};
use headcount_core::profile::choose::choose;
use headcount_core::sheet::{
    Columns, Field, Job as SheetJob, LEFT_OUT, Options, Raw, Sheet, SheetError, Source,
    is_plain_word, open, secret_columns, told_by,
};
use headcount_core::values::job::Job;
use headcount_core::values::user::Product;
use maud::{Markup, html};

use super::{columns, correct, wrong};
use crate::config;
use crate::failure::Failure;
use crate::show::{many, thousands};
use crate::web::answer::{Answer, Fault, go, page};
use crate::web::app::App;
use crate::web::desk::Paper;
use crate::web::jobs::{Offer, title};
use crate::web::layout::{self, foreign};
use crate::web::planning::{Wanted, plan_sheet};
use crate::web::sites::context_of;

/// A page's fields as they came, in their order.
pub type Pairs = Vec<(String, String)>;

/// Rows shown beside the choice of columns.
const PEEKED: usize = 6;

/// How somebody says a sheet is to be read: what stands in the address, and in the form.
pub struct Reading {
    options: Options,
    /// The chosen meaning of each column, by number.
    pub chosen: Vec<Option<String>>,
    /// New users are invited by the organisation.
    invite: bool,
}

impl Reading {
    /// Only what differs from what the headings tell is a mapping.
    fn of(pairs: &Pairs, headings: &[String], job: SheetJob) -> Self {
        let value = |name: &str| {
            let found = pairs.iter().rev().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
        };
        let mut map = Vec::new();
        let mut chosen = Vec::new();
        for (at, heading) in headings.iter().enumerate() {
            let told = told_by(job, heading).map_or(LEFT_OUT, Field::name);
            let wanted = value(&format!("column{at}"));
            // A plain word is heard where nothing else tells it, unless that is refused.
            let is_refused = |wanted: &String| wanted == LEFT_OUT && is_plain_word(job, heading);
            if let Some(wanted) =
                wanted.as_ref().filter(|wanted| *wanted != told || is_refused(wanted))
            {
                map.push((wanted.clone(), heading.clone()));
            }
            chosen.push(wanted);
        }
        let invite = value("by").is_some_and(|by| by == "invite");
        Self { options: Options { sheet: value("sheet"), map }, chosen, invite }
    }
}

/// What was understood.
pub struct Understood {
    /// How it was read.
    pub reading: Reading,
    /// Its headings.
    pub headings: Vec<String>,
    dialect: String,
    /// The first rows, where it is not known yet which column is what.
    pub peeked: Vec<Raw>,
    /// Which column is what.
    pub columns: Result<Columns, SheetError>,
    /// Its rows.
    pub checked: Result<Checked, PlanError>,
}

/// `GET /sheets/{id}`.
pub async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Answer {
    let paper = find(&app, &id)?;
    let reading = Arc::clone(&paper);
    let read = tokio::task::spawn_blocking(move || understand(&reading, &pairs));
    let read = read.await.map_err(|_| Fault::defect())?;
    let defaults = default_products(&app, &paper);
    Ok(page(layout::page(
        title(paper.job),
        html! {
            p.crumb { a href="/" { "Start" } " / " (title(paper.job)) }
            (layout::steps(1))
            h1 { "What was understood" }
            @match &read {
                Err(SheetError::SeveralSheets { sheets, .. }) => { (which_sheet(&paper, sheets)) }
                Err(error) => { (unusable(&paper, error)) }
                Ok(understood) => { (show(&paper, understood, &defaults)) }
            }
        },
    )))
}

/// The sheet of an id.
pub fn find(app: &App, id: &str) -> Result<Arc<Paper>, Fault> {
    app.desk.find(id).ok_or_else(|| {
        Fault::not_found(
            "this sheet is not here any more: it was planned, or newer ones took its place",
        )
    })
}

fn understand(paper: &Paper, pairs: &Pairs) -> Result<Understood, SheetError> {
    let sheet = |options: &Options| {
        open(Source { name: paper.name.clone(), ..Source::file(&paper.path) }, options)
    };
    let job = SheetJob::from(paper.job);
    let named = Options { sheet: Reading::of(pairs, &[], job).options.sheet, ..Options::default() };
    let headings = sheet(&named)?.headings().to_vec();
    let reading = Reading::of(pairs, &headings, job);
    let mut sheet: Sheet = sheet(&reading.options)?;
    let dialect = sheet.dialect();
    let columns = sheet.columns(job, &reading.options);
    sheet = sheet.corrected(paper.corrected());
    let mut peeked = Vec::new();
    let checked = match &columns {
        Ok(columns) => check_rows(&mut sheet, paper.job, columns),
        // Without columns nothing can be told of rows; they help to tell which column is what.
        Err(_) => {
            peeked = peek(&mut sheet, &secret_columns(&headings, &reading.options.map));
            Ok(Checked::default())
        }
    };
    Ok(Understood { reading, headings, dialect, peeked, columns, checked })
}

/// The first rows that can be shown: none of a column that holds passwords or keys, and none whose
/// cells may stand under other headings where there is such a column.
fn peek(sheet: &mut Sheet, secret: &[usize]) -> Vec<Raw> {
    let rows = sheet.take(PEEKED * 4).map_while(Result::ok);
    let plain = rows.filter(|raw| raw.problem.is_none());
    plain
        .take(PEEKED)
        .map(|mut raw| {
            for &at in secret {
                if let Some(cell) = raw.cells.get_mut(at) {
                    cell.clear();
                }
            }
            raw
        })
        .collect()
}

fn which_sheet(paper: &Paper, sheets: &[String]) -> Markup {
    html! {
        p { strong { (foreign(&paper.name)) } " has several sheets. Which one is meant?" }
        form.actions method="get" action={ "/sheets/" (paper.id) } {
            div.field {
                label for="sheet" { "The sheet" }
                select #sheet name="sheet" {
                    @for sheet in sheets { option value=(sheet) { (foreign(sheet)) } }
                }
            }
            button type="submit" { "Look at it" }
        }
    }
}

fn unusable(paper: &Paper, error: &SheetError) -> Markup {
    html! {
        p { strong { (foreign(&paper.name)) } " cannot be used as it is." }
        (wrong::words(&plain(Failure::from_error(error))))
        p { a.button.plain href=(back(paper)) { "Bring another sheet" } }
    }
}

/// Words of the command line have no place on a page.
fn plain(mut failure: Failure) -> Failure {
    if let Some(at) = failure.message.find(" If another is meant, say which: --map") {
        failure.message.truncate(at);
    }
    if let Some(at) = failure.message.find(", or say which is meant: --map") {
        failure.message.truncate(at);
    }
    failure
}

fn back(paper: &Paper) -> String {
    let key = Offer::of(paper.job).map_or("add", |offer| offer.key);
    format!("/new/{key}?site={}", layout::encoded(&paper.site))
}

fn show(paper: &Paper, understood: &Understood, defaults: &[Product]) -> Markup {
    let Understood { columns, checked, .. } = understood;
    let read = checked.as_ref().ok().map(|checked| &checked.read).filter(|_| columns.is_ok());
    let ready = columns.is_ok() && checked.is_ok();
    html! {
        p {
            strong { (foreign(&paper.name)) } " (" (foreign(&understood.dialect)) ")"
            @if let Some(read) = read {
                ": " strong { (many(read.rows, "row")) }
                @if read.bad > 0 { ", of which " strong { (thousands(read.bad)) } " cannot be read" }
                "."
            }
        }
        @if let Err(error) = columns {
            (wrong::words(&plain(Failure::from_error(error)).hint("say below which column is what")))
        }
        @if let Err(error) = checked { (wrong::words(&Failure::from_error(error))) }
        form #read method="get" action={ "/sheets/" (paper.id) } data-changes {
            @if let Some(sheet) = &understood.reading.options.sheet {
                input type="hidden" name="sheet" value=(sheet);
            }
            (columns::preview(paper.job.into(), understood))
            @if paper.job == Job::CreateUsers { (by(understood.reading.invite)) }
            p.actions { button.plain.unscripted type="submit" { "Read it so" } }
        }
        (correct::told(paper, &reading_fields(understood)))
        @if let Ok(checked) = checked {
            (columns::bad_rows(&paper.id, understood, checked, &reading_fields(understood)))
        }
        @if ready { (plan_form(paper, understood, defaults)) }
        form.actions method="post" action={ "/sheets/" (paper.id) "/remove" } {
            button.plain type="submit" { "Throw this sheet away" }
        }
    }
}

/// How it is read, for a form that keeps it.
fn reading_fields(understood: &Understood) -> Markup {
    html! {
        @for (at, chosen) in understood.reading.chosen.iter().enumerate() {
            @if let Some(chosen) = chosen { input type="hidden" name={ "column" (at) } value=(chosen); }
        }
        @if let Some(sheet) = &understood.reading.options.sheet {
            input type="hidden" name="sheet" value=(sheet);
        }
        @if understood.reading.invite { input type="hidden" name="by" value="invite"; }
    }
}

/// What shapes the plan, and the button.
fn plan_form(paper: &Paper, understood: &Understood, defaults: &[Product]) -> Markup {
    let bad = understood.checked.as_ref().map_or(0, |checked| checked.read.bad);
    let rows = understood.checked.as_ref().map_or(0, |checked| checked.read.rows);
    html! {
        form.card method="post" action={ "/sheets/" (paper.id) "/plan" } {
            h2 { "Make the plan" }
            (reading_fields(understood))
            @if paper.job == Job::CreateUsers { (products(defaults)) }
            @if paper.job == Job::DeactivateUsers {
                div.field {
                    label for="message" { "A message that goes with each deactivation (may stay empty)" }
                    input #message name="message" maxlength="500" autocomplete="off";
                }
            }
            @if bad > 0 {
                label.switch {
                    input type="checkbox" name="skip_bad" value="yes" required;
                    span {
                        "Go on without the " (many(bad, "row")) " that cannot be read"
                        span.faint { "They are listed in the report, and can be fed back later." }
                    }
                }
            }
            @if rows == bad {
                p { "There is no row that could be planned." }
            } @else {
                p.actions {
                    button type="submit" { "Make the plan" }
                    span.faint { "People and groups are looked up on the site. Nothing is changed." }
                }
            }
        }
    }
}

/// By whom new users are created.
fn by(invite: bool) -> Markup {
    html! {
        fieldset.card {
            legend { "How they are created" }
            label.switch {
                input type="radio" name="by" value="jira" checked[!invite];
                span {
                    "By the site itself"
                    span.faint { "Each new person gets an invitation mail; a column “groups” is followed. Needs an API token." }
                }
            }
            label.switch {
                input type="radio" name="by" value="invite" checked[invite];
                span {
                    "Invited by the organisation"
                    span.faint { "No mail goes out; a column “groups” is followed here too. Needs an organisation API key." }
                }
            }
        }
    }
}

fn products(defaults: &[Product]) -> Markup {
    html! {
        fieldset {
            legend { "Products of people whose row names none" }
            @for product in Product::ALL {
                label.switch {
                    input type="checkbox" name="product" value=(product.key()) checked[defaults.contains(&product)];
                    span { (product_name(product)) }
                }
            }
            p.faint { "None ticked: they are created without any product." }
        }
    }
}

fn product_name(product: Product) -> &'static str {
    match product {
        Product::JiraSoftware => "Jira",
        Product::JiraServicedesk => "Jira Service Management",
        Product::JiraProductDiscovery => "Jira Product Discovery",
        Product::JiraCore => "Jira Work Management",
    }
}

/// The products that the profile names, else Jira.
fn default_products(app: &App, paper: &Paper) -> Vec<Product> {
    let context = context_of(&app.context, &paper.site);
    let chosen = config::read(&context)
        .ok()
        .and_then(|config| choose(context.profile.as_deref(), &context.environment, &config).ok());
    chosen.and_then(|chosen| chosen.default_products).unwrap_or_else(|| vec![Product::JiraSoftware])
}

/// `POST /sheets/{id}/plan`.
pub async fn plan(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    axum::Form(pairs): axum::Form<Pairs>,
) -> Answer {
    let paper = find(&app, &id)?;
    let (reading, asked) = (Arc::clone(&paper), pairs.clone());
    let read = tokio::task::spawn_blocking(move || {
        let job = SheetJob::from(reading.job);
        let sheet = Reading::of(&asked, &[], job).options.sheet;
        let source = Source { name: reading.name.clone(), ..Source::file(&reading.path) };
        let sheet = open(source, &Options { sheet, ..Options::default() })?;
        let reading = Reading::of(&asked, sheet.headings(), job);
        Ok::<_, SheetError>((reading.options, reading.invite))
    });
    let (options, invite) = read.await.map_err(|_| Fault::defect())?.map_err(Failure::from)?;
    let all = |name: &'static str| {
        pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value)
    };
    let products = all("product").filter_map(|key| Product::from_key(key)).collect();
    let wanted = Wanted {
        options,
        skip_bad: all("skip_bad").next().is_some(),
        message: all("message").next().filter(|text| !text.trim().is_empty()).cloned(),
        products: (paper.job == Job::CreateUsers).then_some(products),
        invite: invite && paper.job == Job::CreateUsers,
    };
    let back = format!("/sheets/{}", paper.id);
    Ok(go(&plan_sheet(&app, paper, wanted, back)?))
}
