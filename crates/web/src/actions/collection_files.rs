//! Uploads and removes the files of a collection's run, and makes its plan.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::http::HeaderMap;
use headcount_app::failure::{Failure, USAGE};
use headcount_app::native_job::native_jobs;
use headcount_collections::{
    File, FileKind, GivenAs, NotLoaded, NotResumed, NotRun, check_resumable_with, plan,
};

use crate::actions::plan_tasks::throw_away;
use crate::actions::upload::{broken, called, check_length, read, too_large};
use crate::fault::Fault;
use crate::jobs::Offer;
use crate::pages::collection::{self, find};
use crate::responses::{Answer, go};
use crate::state::app::App;
use crate::state::bundles::{Bundle, Choice, FILES, Said, Typed};
use crate::state::fields::Pairs;
use crate::state::uploads::{FORM, LARGEST, Paper};

/// The largest form, in bytes.
pub const LIMIT: usize = LARGEST + FORM;

/// The most values that can be typed.
const VALUES: usize = 50;

/// A shorter value cannot be masked, because it would hide half of a report.
const SHORTEST_HIDDEN: usize = 4;

/// The longest value, in bytes.
const VALUE: usize = 64 * 1024;

/// `POST /collections`: uploads the first files.
pub async fn bring(State(app): State<Arc<App>>, headers: HeaderMap, form: Multipart) -> Answer {
    check_length(&headers, LIMIT)?;
    let Received { site, run, files } = receive(form).await?;
    if files.is_empty() {
        return collection::again(&app, site, run.as_deref());
    }
    let bundle = Bundle::new(site)?;
    bundle.say(|said| said.continues = run);
    let bundle = app.bundles.add(bundle);
    take(&bundle, files).await
}

/// `POST /collections/{id}/files`: uploads more files.
pub async fn add(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Answer {
    check_length(&headers, LIMIT)?;
    let bundle = find(&app, &id)?;
    let files = receive(form).await?.files;
    take(&bundle, files).await
}

/// Inspects the files on a thread that may block.
async fn take(bundle: &Arc<Bundle>, files: Vec<File>) -> Answer {
    let back = format!("/collections/{}", bundle.id);
    let bundle = Arc::clone(bundle);
    let looked = tokio::task::spawn_blocking(move || {
        // The bundle is not locked meanwhile, so that other pages do not wait.
        let mut said = bundle.said();
        files.into_iter().for_each(|file| said.add(file));
        bundle.say(|known| *known = said);
    });
    looked.await.map_err(|_| Fault::defect())?;
    Ok(go(&back))
}

#[derive(Default)]
struct Received {
    site: String,
    run: Option<String>,
    files: Vec<File>,
}

async fn receive(mut form: Multipart) -> Result<Received, Fault> {
    let (mut received, mut held) = (Received::default(), 0);
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        match (name.as_str(), field.file_name().map(called)) {
            ("file", Some(name)) if !name.is_empty() && received.files.len() < FILES => {
                let bytes = read(&mut field).await?;
                held += bytes.len();
                if held > LARGEST {
                    return Err(too_large());
                }
                received.files.push(File { name, bytes });
            }
            ("site", None) => received.site = text(&mut field).await?,
            ("run", None) => received.run = Some(text(&mut field).await?),
            _ => {}
        }
    }
    Ok(received)
}

async fn text(field: &mut axum::extract::multipart::Field<'_>) -> Result<String, Fault> {
    let mut text = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        text.extend_from_slice(&piece);
        if text.len() > FORM {
            return Err(too_large());
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// `POST /collections/{id}/drop`: removes one file.
pub async fn drop_file(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let bundle = find(&app, &id)?;
    let number = pairs.iter().find(|(name, _)| name == "file").and_then(|(_, it)| it.parse().ok());
    bundle.say(|said| {
        said.uploads.retain(|upload| Some(upload.number) != number);
        said.problems.clear();
    });
    Ok(go(&format!("/collections/{id}")))
}

/// `POST /collections/{id}/remove`: removes all files, and discards a plan that waits.
pub async fn remove(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    if let Some(bundle) = app.bundles.find(&id) {
        let said = bundle.said();
        if let Some(run) = said.run.filter(|_| said.continues.is_none()) {
            throw_away(&app, &run)?;
        }
        app.bundles.throw_away(&id);
    }
    Ok(go("/"))
}

/// `POST /collections/{id}/plan`: keeps the values, then makes the plan or continues the run.
pub async fn plan_it(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let bundle = find(&app, &id)?;
    bundle.say(|said| keep(said, &pairs));
    let making = Arc::clone(&app);
    let made = tokio::task::spawn_blocking(move || {
        let said = bundle.said();
        let made = match &said.continues {
            Some(run) => bind(&making, &bundle, &said, run),
            None => make(&making, &bundle, &said),
        };
        made.or_else(|why| match why {
            Why::Problems(problems) => {
                bundle.say(|said| said.problems = problems);
                Ok(format!("/collections/{}?asked=plan#problems", bundle.id))
            }
            Why::Failed(failure) => Err(failure),
        })
    });
    Ok(go(&made.await.map_err(|_| Fault::defect())??))
}

/// Why there is no plan.
enum Why {
    /// Problems of the files, in sentences.
    Problems(Vec<String>),
    /// The journal failed.
    Failed(Failure),
}

impl From<Failure> for Why {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<NotLoaded> for Why {
    fn from(error: NotLoaded) -> Self {
        Self::Problems(match error {
            NotLoaded::Refused(NotRun::Problems(problems)) => problems,
            error => vec![error.to_string()],
        })
    }
}

fn too_short(name: &str) -> String {
    format!(
        "The value of {name} is too short to be masked. Give one of at least {SHORTEST_HIDDEN} characters. \
         A value that is not secret can be shown instead."
    )
}

fn missing() -> Why {
    Why::Problems(vec!["A file is missing or cannot be used. Nothing was sent.".to_owned()])
}

/// Makes the plan. A plan that was made from these files before is discarded.
fn make(app: &App, bundle: &Bundle, said: &Said) -> Result<String, Why> {
    let files = said.files().ok_or_else(missing)?;
    let source = said.source(&files).map_err(|problem| Why::Problems(vec![problem]))?;
    let given = said.given();
    let short = given.hidden.iter().filter(|(_, value)| value.chars().count() < SHORTEST_HIDDEN);
    let short: Vec<_> = short.map(|(name, _)| too_short(name)).collect();
    if !short.is_empty() {
        return Err(Why::Problems(short));
    }
    let loaded = source.load_files(files, &given)?;
    let jobs = native_jobs(&loaded);
    let clock = app.context.clock;
    let mut journal = headcount_app::journal::open(&app.context)?;
    let planned = plan(&mut journal, &source, &given, &loaded, clock).map_err(Failure::from)?;
    let run = planned.0.id.to_string();
    drop(planned);
    let before = bundle.say(|said| {
        (said.jobs, said.problems) = (jobs, Vec::new());
        said.run.replace(run.clone())
    });
    if let Some(before) = before {
        throw_away(app, &before)?;
    }
    Ok(format!("/runs/{run}"))
}

/// Checks whether the run can continue with these files, and links them to the run.
fn bind(app: &App, bundle: &Bundle, said: &Said, run: &str) -> Result<String, Why> {
    let files = said.files().ok_or_else(missing)?;
    let checked = app.with_journal(|journal| {
        let run = journal.run(run)?;
        Ok(check_resumable_with(journal, &run, files, &said.given()).map(drop))
    })?;
    match checked {
        // The state of its rows is checked when the run continues; that check says what to do.
        Ok(()) | Err(NotResumed::State { .. }) => {
            bundle.say(|said| (said.run, said.problems) = (Some(run.to_owned()), Vec::new()));
            Ok(format!("/runs/{run}#decide"))
        }
        Err(NotResumed::NotLoaded(error)) => Err(error.into()),
        Err(NotResumed::Values { missing, .. }) => {
            let words = format!("A value is missing: {}. Nothing was sent.", missing.join(", "));
            Err(Why::Problems(vec![words]))
        }
        Err(error) => {
            let words =
                format!("{error}. Nothing was sent. Give the files that the plan was made of.");
            Err(Why::Problems(vec![words]))
        }
    }
}

/// Keeps the values of the form. An empty field keeps the value that was typed before.
fn keep(said: &mut Said, pairs: &Pairs) {
    let one = |name: String| pairs.iter().find(|(known, _)| *known == name).map(|(_, it)| it);
    let mut typed = Vec::new();
    for at in 0..VALUES {
        let Some(name) = one(format!("name{at}")) else { break };
        let value = one(format!("value{at}")).filter(|value| !value.is_empty());
        let how = match one(format!("how{at}")).map(String::as_str) {
            Some("environment") => GivenAs::Environment,
            Some("global") => GivenAs::Global,
            _ => GivenAs::Hidden,
        };
        let before = said.typed(name).map(|before| before.value.clone());
        let value = value.cloned().or(before).filter(|value| value.len() <= VALUE);
        typed.extend(value.map(|value| Typed { name: name.clone(), value, how }));
    }
    said.typed = typed;
    let text = |name: &str| one(name.to_owned()).filter(|it| !it.is_empty()).cloned();
    said.choice = Choice {
        folder: text("folder"),
        iterations: text("iterations").unwrap_or_default().chars().take(20).collect(),
        bails: text("bail").is_some(),
    };
}

/// `POST /collections/{id}/job`: opens headcount's own job with the data file as its spreadsheet.
pub async fn job(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let bundle = find(&app, &id)?;
    let key = pairs.iter().find(|(name, _)| name == "job").map(|(_, key)| key.as_str());
    let offer = key.and_then(Offer::of_key);
    let offer = offer.ok_or_else(|| Fault::not_found("there is no such job"))?;
    let said = bundle.said();
    let Some(data) = said.of_kind(FileKind::Data).next() else {
        return Err(Failure::new(USAGE, "there is no data file")
            .hint("add one to the files")
            .into());
    };
    let site = app.wanted_site(Some(bundle.site.clone()))?.name;
    let paper = Paper::new(data.file.bytes.clone(), &data.file.name, offer.spec.job, &site)?;
    Ok(go(&format!("/sheets/{}", app.desk.lay(paper).id)))
}
