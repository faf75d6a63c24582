//! What each fuzz target does with its bytes. The targets in `fuzz_targets/` and the replay of the
//! corpora in the ordinary tests (`crates/app/tests/fuzz_replay.rs`) both include this file, so
//! that they cannot drift apart.

mod workbook;

use std::time::Duration;

use headcount_app::configuration::config::Config;
use headcount_atlassian::access::{Access, Address, JiraKey, OrgKey, Setting};
use headcount_atlassian::endpoint::Endpoint;
use headcount_atlassian::pace::{PaceSettings, Pacer, Said};
use headcount_atlassian::transport::Transport;
use headcount_atlassian::{CallError, Limits, Site, answer};
use headcount_model::clock::Clock;
use headcount_model::group::GroupId;
use headcount_model::retry_after;
use headcount_model::user::{AccountId, Privilege, Product};
use headcount_people::directory::{Directory, exports};
use headcount_people::plan::map::Map;
use headcount_people::rows::Columns;
use headcount_people::rows::SheetJob as Job;
use headcount_sheet::{HiddenRowsChoice, Input, Options, Raw, Source};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const TOKEN: &str = "fuzz-token-0123456789";
const KEY: &str = "fuzz-org-key-0123456789";

/// What a target does with an input.
pub type Target = fn(&[u8]);

/// All targets, by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("sheets", sheets),
    ("exports", read_exports),
    ("answers", answers),
    ("headers", headers),
    ("profiles", profiles),
    ("collections", collections),
    ("postman_data", postman_data),
];

fn source(bytes: &[u8]) -> Source {
    Source { name: "a file".to_owned(), input: Input::Bytes(bytes.to_vec()) }
}

/// A sheet of any kind: every row and every problem, and what each job sees in it; with hidden rows
/// and without, and with the headings on other lines. The XML of a workbook's sheet is read as such.
pub fn sheets(bytes: &[u8]) {
    if bytes.starts_with(b"<worksheet") {
        assert_eq!(rows(bytes), rows(&of_no_plain_rows(bytes)), "quickly and generally");
        return sheets(&workbook::of_sheet(bytes));
    }
    use HiddenRowsChoice::{Include, Skip, Stop};
    for (hidden_rows, heading) in [(Stop, None), (Include, None), (Skip, None), (Skip, Some(2))] {
        read_sheet(bytes, &Options { hidden_rows, heading, ..Options::default() });
    }
}

/// What a sheet's XML shows, up to the first error.
fn rows(xml: &[u8]) -> (Vec<Raw>, Option<String>) {
    let options = Options { hidden_rows: HiddenRowsChoice::Include, ..Options::default() };
    let (mut rows, mut failure) = (Vec::new(), None);
    match headcount_people::rows::open(source(&workbook::of_sheet(xml)), &options) {
        Ok(opened) => opened.for_each(|row| match row {
            Ok(row) => rows.push(row),
            Err(error) => failure = Some(error.to_string()),
        }),
        Err(error) => failure = Some(error.to_string()),
    }
    (rows, failure)
}

/// The same sheet with an unknown attribute on each row, so that no row is read in the quick way.
fn of_no_plain_rows(xml: &[u8]) -> Vec<u8> {
    const ROW: &[u8] = b"<row ";
    // In a comment or the like, it would be text.
    if xml.windows(2).any(|two| two == b"<!") {
        return xml.to_vec();
    }
    let (mut changed, mut rest) = (Vec::with_capacity(xml.len() * 2), xml);
    while let Some(at) = rest.windows(ROW.len()).position(|part| part == ROW) {
        changed.extend(&rest[..at + ROW.len()]);
        changed.extend(b"unknown=\"\" ");
        rest = &rest[at + ROW.len()..];
    }
    changed.extend(rest);
    changed
}

fn read_sheet(bytes: &[u8], options: &Options) {
    let Ok(opened) = headcount_people::rows::open(source(bytes), options) else { return };
    assert!(!opened.first_lines().is_empty(), "the line of the headings is one of the first");
    for job in [Job::CreateUsers, Job::Users, Job::Memberships, Job::CreateGroups] {
        if let Ok(columns) = Columns::of(&opened, job, options) {
            let reading = columns.reading(&opened, job);
            assert_eq!(reading.heading_line, Some(opened.heading_line()));
        }
    }
    let width = opened.headings().len();
    let mut line = opened.heading_line();
    let map = Map::new(&opened, options);
    let directory = Directory::default();
    for (at, raw) in opened.take(5_000).enumerate() {
        let Ok(raw) = raw else { return };
        assert_eq!(raw.number, at as u64 + 1, "rows are numbered from 1");
        let is_long = raw.problem.is_some() && raw.cells.len() > width;
        assert!(raw.cells.len() == width || is_long, "as many cells as headings");
        assert!(raw.line > line, "lines go forward");
        line = raw.line;
        if let Ok(map) = &map {
            let _ = map.row(raw, &directory);
        }
    }
}

/// Atlassian's exports of people (managed accounts too) and groups.
pub fn read_exports(bytes: &[u8]) {
    let options = Options::default();
    let mut directory = Directory::default();
    if let Ok(opened) = headcount_people::rows::open(source(bytes), &options) {
        let _ = exports::read_users(&mut directory, opened, &options);
    }
    if let Ok(opened) = headcount_people::rows::open(source(bytes), &options) {
        let _ = exports::read_groups(&mut directory, opened, &options);
    }
    // Whoever was read is found again by what they were read with.
    for (_, person) in directory.people() {
        assert!(directory.person_by_id(&person.id).is_some());
    }
}

/// A whole answer as it comes from the wire; the first byte chooses the call. `KEY` and `TOKEN`
/// may stand in it: they must not come out again.
pub fn answers(bytes: &[u8]) {
    let Some((&call, bytes)) = bytes.split_first() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime starts");
    let site = site(bytes.to_vec());
    let result = runtime.block_on(ask(&site, call));
    if let Err(error) = result {
        let shown = format!("{error} {} {}", error.words, error.evidence);
        let raw = |c: char| {
            c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!shown.contains(raw), "a control character: {shown:?}");
        assert!(!shown.contains(TOKEN) && !shown.contains(KEY), "a key: {shown}");
        assert!(error.evidence.chars().count() <= 300, "long evidence");
    }
}

/// A site that answers every request with these bytes and closes the connection.
fn site(bytes: Vec<u8>) -> Site {
    let limits = Limits { read_attempts: 1, patience: Duration::ZERO, ..Limits::default() };
    let bytes = std::sync::Arc::new(bytes);
    let transport = Transport::through(&limits, move |_| {
        let bytes = std::sync::Arc::clone(&bytes);
        async move {
            let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
            tokio::spawn(async move {
                let mut request = [0; 4096];
                if theirs.read(&mut request).await.is_ok() {
                    let _ = theirs.write_all(&bytes).await;
                }
            });
            Ok(ours)
        }
    });
    let mut access = Access::none();
    let url = "http://localhost:1";
    access.cloud_url = Some(Address::parse(Setting::CloudUrl, url).expect("an address"));
    access.admin_url = Address::parse(Setting::AdminUrl, url).expect("an address");
    access.jira = Some(JiraKey { email: "me@example.com".into(), token: TOKEN.to_owned().into() });
    access.org = Some(OrgKey {
        key: KEY.to_owned().into(),
        org_id: Some("o-1".into()),
        directory_id: Some("d-1".into()),
    });
    let pacer = Pacer::new(PaceSettings::default());
    Site::open(&access, transport, limits, pacer, Clock::System).expect("a site")
}

async fn ask(site: &Site, call: u8) -> Result<(), CallError> {
    let (Some(jira), Some(admin)) = (&site.jira, &site.admin) else { return Ok(()) };
    let id = AccountId::parse("5b10ac8d82e05b22cc7d4ef5").expect("an id");
    let group = GroupId::new("g");
    let permit = |endpoint| site.pacer.ready(endpoint);
    match call % 19 {
        0 => drop(jira.myself().await?),
        1 => {
            let products = [Product::JiraSoftware];
            let permit = permit(Endpoint::JiraCreateUser).await;
            drop(jira.create_user(permit, "a@example.com", &products).await?);
        }
        2 => {
            jira.remove_user(permit(Endpoint::JiraRemoveUser).await, &id).await?;
        }
        3 => drop(jira.user(&id).await?),
        4 => drop(jira.search_users("a@example.com").await?),
        5 => drop(jira.users_by_id(&[&id]).await?),
        6 => {
            jira.add_member(permit(Endpoint::JiraAddMember).await, &group, &id).await?;
        }
        7 => {
            jira.remove_member(permit(Endpoint::JiraRemoveMember).await, &group, &id).await?;
        }
        8 => drop(jira.groups_by_name(&["a"]).await?),
        9 => drop(jira.members(&group, 0).await?),
        10 => drop(jira.groups_of(&id).await?),
        11 => drop(jira.suggest_groups("a").await?),
        12 => drop(admin.orgs().await?),
        13 => drop(admin.users_by_mail(&["a@example.com"]).await?),
        14 => drop(admin.manage(&id, Privilege::Enablement).await?),
        15 => drop(admin.profile(&id).await?),
        16 => {
            let permit = permit(Endpoint::AdminDeactivate).await;
            admin.deactivate(permit, &id, None).await?;
        }
        17 => drop(jira.products().await?),
        _ => drop(admin.groups_by_name(&["a"]).await?),
    }
    Ok(())
}

/// `Retry-After`, `Date`, `X-RateLimit-*`: three lines of the input, and all of them as the head of
/// an answer.
pub fn headers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split('\n');
    let (value, date) = (lines.next().unwrap_or_default(), lines.next());
    let now = "2026-11-22T00:00:00Z".parse().expect("a time");
    let bounded = |wait: Option<Duration>| {
        let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        assert!(wait.is_none_or(|wait| !wait.is_zero() && wait <= century));
    };
    bounded(retry_after::parse(value, date, now));
    bounded(retry_after::reset(value, date, now));
    let mut headers = http::HeaderMap::new();
    let names = [
        "retry-after",
        "date",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-ratelimit-nearlimit",
        "beta-retry-after",
    ];
    for (name, line) in names.into_iter().zip(bytes.split(|byte| *byte == b'\n')) {
        if let Ok(value) = http::HeaderValue::from_bytes(line) {
            headers.insert(name, value);
        }
    }
    for status in [200, 429, 503] {
        let answer = answer::Answer {
            status: http::StatusCode::from_u16(status).expect("a status"),
            headers: headers.clone(),
            body: Default::default(),
            ending: answer::Ending::Whole,
            latency: Duration::from_millis(1),
        };
        bounded(answer.retry_after(now));
        if let Said::Refused { retry_after } | Said::Failed { retry_after } = answer.said(now) {
            bounded(retry_after);
        }
    }
}

/// The profiles' file.
pub fn profiles(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(error) = Config::parse("config.toml", &text) {
        // The whole file may be a key that was pasted at the wrong place; a line of it is shown at
        // most, and never what stands after an equals sign of a key's name.
        let _ = error.to_string();
    }
}

/// A collection: read and checked. No request is prepared, because its files would be read from this computer, and no
/// script runs: the engine has its own limits, and a fuzzer would only find the one of time.
pub fn collections(bytes: &[u8]) {
    use headcount_postman::load::{File, Inputs, load};
    use headcount_postman::run::RunOptions;
    use headcount_postman::script::Modules;
    use headcount_postman::variables::Mode;
    for mode in [Mode::Safe, Mode::AsNewman] {
        let file = File { name: "a file".to_owned(), bytes: bytes.to_vec() };
        let inputs = Inputs { collection: Some(file), ..Inputs::default() };
        let options = RunOptions { mode, ..RunOptions::default() };
        if let Ok(run) = load(inputs, &Modules::none(), options) {
            let _ = headcount_postman::check::order(&run);
            for item in &run.items {
                assert!(!run.location(item).is_empty(), "a request is in the collection");
            }
        }
    }
}

/// A data file of a collection.
pub fn postman_data(bytes: &[u8]) {
    use headcount_postman::variables::Mode;
    for mode in [Mode::Safe, Mode::AsNewman] {
        let _ = headcount_postman::data::read_rows("a file", bytes, mode, None);
    }
}
