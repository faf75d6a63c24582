//! `postman export`: a plan as a collection. It sends the same requests as the plan, and the site ends in the same
//! state as after `run apply`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use headcount_model::job::Job;
use headcount_sandbox::Config;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Output, World, table};

/// A world whose sandbox records every request with its body.
struct Kept {
    world: World,
    folder: TempDir,
}

impl Kept {
    fn new(keys: impl Fn(World) -> World) -> Self {
        let folder = TempDir::with_prefix("headcount-kept-").expect("a temporary folder");
        let record = Some(folder.path().to_owned());
        let world = keys(World::of(Config { record, ..Config::default() }));
        world.seed(more());
        Self { world, folder }
    }

    /// The changing requests: method, path with query, and body.
    fn changes(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path()).expect("requests were kept");
        let files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
        let text: String =
            files.iter().map(|file| fs::read_to_string(file).expect("a file")).collect();
        let mut changes: Vec<String> = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
            .filter(|line| line["method"] != "GET")
            .filter(|line| {
                let path = line["path"].as_str().expect("a path");
                let is_read = path.ends_with("/search") || path.ends_with("/workspaces");
                !is_read && !path.starts_with("/_sandbox/")
            })
            .flat_map(|line| one_for_each_user(&line))
            .map(|request| self.by_mail(request))
            .collect();
        changes.sort();
        changes
    }

    /// New accounts have other ids in each sandbox.
    fn by_mail(&self, mut request: String) -> String {
        let state = self.world.ask("GET", "/_sandbox/state?only=people", None);
        for person in state["people"].as_array().expect("people") {
            let text = |field: &str| person[field].as_str().expect("a text").to_owned();
            request = request.replace(&text("account_id"), &text("email"));
        }
        request
    }

    /// Users, groups and memberships by name, because new accounts have other ids in each sandbox.
    fn state(&self) -> BTreeSet<String> {
        let state = self.world.ask("GET", "/_sandbox/state", None);
        let list = |name: &str| state[name].as_array().cloned().unwrap_or_default();
        let mut seen = BTreeSet::new();
        for mut person in list("people") {
            for other in ["account_id", "added_ms", "changed_ms", "seen"] {
                person.as_object_mut().expect("a person").remove(other);
            }
            if let Some(record) = person["provisioned"].as_object_mut() {
                record.remove("changed_ms");
            }
            seen.insert(format!("user {person}"));
        }
        for group in list("groups") {
            seen.insert(format!("group {} {} {:?}", group["name"], group["description"], [&group["grants"], &group["grants_role"]]));
        }
        for membership in list("memberships") {
            seen.insert(self.by_mail(format!("member {membership}")));
        }
        seen
    }

    /// Exports a run, fills in the credentials, and runs its collection.
    fn run_collection(&mut self, run: &str) -> Output {
        let card = self.world.card().clone();
        let files = self.world.run(&format!("postman export {run} -o out")).exit(0);
        let files: Vec<&str> = files.stdout.lines().collect();
        let [collection, environment, data] = files[..] else { panic!("{files:?}") };
        let mut filled: Value = serde_json::from_str(&self.world.read(environment)).expect("JSON");
        for variable in filled["values"].as_array_mut().expect("variables") {
            let value = match variable["key"].as_str().expect("a name") {
                "apiTokenEmailAddress" => &card.email,
                "apiToken" => &card.api_token,
                "orgApiKey" => &card.org_api_key,
                _ => continue,
            };
            assert_eq!(variable["value"], "");
            variable["value"] = json!(value);
        }
        self.world.file("filled.json", filled.to_string());
        self.world.run(&format!("postman run {collection} -e filled.json -d {data}"))
    }
}

/// A deletion that can be canceled, roles, and tokens, which the built-in organization does not have.
fn more() -> Value {
    let token = |id: &str| json!({ "id": id, "label": format!("{id} \"label\""), "made_ms": 1 });
    json!({
        "people": [
            { "email": "leaving@banc.ly", "name": "Leaving", "lifecycle": "for-deletion" },
            { "email": "able@banc.ly", "name": "Able", "roles": { "jira-core": ["user", "admin"] } },
            { "email": "robot@banc.ly", "name": "Robot", "tokens": [token("t-1"), token("t-2"), token("t-3")] },
        ],
        "groups": [{ "name": "core, users", "grants": "jira-core" }],
        "memberships": [{ "email": "jfloat@banc.ly", "group": "core, users" }],
    })
}

/// An invitation is one request for up to 25 users; the collection sends one for each.
fn one_for_each_user(line: &Value) -> Vec<String> {
    let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
    // A colon may be encoded or not.
    let path = format!("{}?{}", text("path"), text("query")).replace("%3A", ":");
    let method = text("method");
    let body: Value = serde_json::from_str(&text("request")).unwrap_or_default();
    match body["emails"].as_array() {
        Some(mails) => mails
            .iter()
            .map(|mail| {
                let mut body = body.clone();
                body["emails"] = json!([mail]);
                format!("{method} {path} {body}")
            })
            .collect(),
        None => vec![format!("{method} {path} {body}")],
    }
}

/// Jobs with a sheet each. The names contain characters that could break addresses and bodies.
const JOBS: [(&str, &str); 22] = [
    (
        "user create",
        "emailAddress,products,groups\nnew.one+x@example.com,,\nmüller'o@example.com,\
         jira-software;jira-servicedesk,\nvdillow@banc.ly,,\n",
    ),
    (
        "user create",
        "emailAddress,groups\nnew.one@example.com,\"Finance, Europe;hanoi-legal\"\n\
         new.two@example.com,hanoi-legal\njfloat@banc.ly,\"Finance, Europe\"\n\
         new.one@example.com,oslo-engineering\n",
    ),
    ("user create --by invite", "emailAddress,groups\nnew.one@example.com,\"Finance, Europe\"\nvdillow@banc.ly,\n"),
    ("user deactivate --message \"Bye {{apiToken}} C:\\new\"",
        "email\nvdillow@banc.ly\ndnkosi@banc.ly\nnobody@banc.ly\n"),
    ("user activate", "email\ndnkosi@banc.ly\nvdillow@banc.ly\n"),
    ("user suspend", "email\nvdillow@banc.ly\nsferreira@banc.ly\n"),
    ("user restore", "email\nsferreira@banc.ly\nvdillow@banc.ly\n"),
    ("user remove", "email\nvdillow@banc.ly\nmwaiting@banc.ly\n"),
    ("member add", "Email,Group\njfloat@banc.ly,\"Finance, Europe\"\nvdillow@banc.ly,jira-software-users\n"),
    ("member remove", "Email,Group\ndnkosi@banc.ly,\"Finance, Europe\"\nvdillow@banc.ly,\"Finance, Europe\"\n"),
    (
        "group create",
        "name,description\nneue-größe,Erste Gruppe\nR&D #1/süd?,\"a \"\"quote\"\" and \\ and {{apiToken}}\"\n\
         \"Finance, Europe\",is there\n00712,\n5e123,\n",
    ),
    ("group delete", "Group\nhanoi-legal\n\"Finance, Europe\"\n"),
    ("group delete --with-members=members.csv", "Group\nhanoi-legal\n\"Finance, Europe\"\n"),
    ("user deactivate --revoke-tokens", "email\nrobot@banc.ly\nvdillow@banc.ly\n"),
    ("user delete", "email\nvdillow@banc.ly\ndnkosi@banc.ly\nleaving@banc.ly\nnobody@banc.ly\n"),
    ("user cancel-delete", "email\nleaving@banc.ly\nvdillow@banc.ly\ndnkosi@banc.ly\n"),
    // The second address is free only after the first row.
    ("user email", "email,new email\njfloat@banc.ly,vdillow@banc.ly\nvdillow@banc.ly,verna.o'dillow+x@banc.ly\n"),
    (
        "access grant",
        "Email,Group,Product,Role\nvdillow@banc.ly,,jira-core,\nvdillow@banc.ly,,jira-core,admin\n\
         ,hanoi-legal,jira-core,\n,\"core, users\",jira-core,\n",
    ),
    (
        "access revoke",
        "Email,Group,Product,Role\nable@banc.ly,,jira-core,\nvdillow@banc.ly,,jira-core,\n,\"core, users\",jira-core,\n",
    ),
    ("sync", "email,groups\nvdillow@banc.ly,oslo-engineering\nftoten2@banc.ly,oslo-engineering; hanoi-legal\n"),
    ("user unlink", "email\nssolheim@banc.ly\nvdillow@banc.ly\ngabiola@banc.ly\n"),
    ("token revoke", "Email,Token id\nrobot@banc.ly,t-1\nrobot@banc.ly,t-3\nrobot@banc.ly,t-9\n"),
];

#[test]
fn every_job_has_a_case() {
    for job in Job::ALL.into_iter().filter(|job| *job != Job::RunCollection) {
        assert!(JOBS.iter().any(|(line, _)| line.starts_with(job.command())), "{job}");
    }
}

#[test]
fn a_collection_sends_what_its_plan_sends_and_the_site_ends_alike() {
    for (line, sheet) in JOBS {
        both(line, sheet, |world| world);
    }
}

/// With the organization API key alone, the same jobs go through the directory.
#[test]
fn a_collection_of_the_directory_sends_what_its_plan_sends() {
    for (line, sheet) in JOBS {
        if ["user remove", "member add", "member remove"].contains(&split(line).0) {
            both(line, sheet, World::key_alone);
        }
    }
}

/// With the API token alone, groups are created by Jira.
#[test]
fn a_collection_of_jira_sends_what_its_plan_sends() {
    for (line, sheet) in JOBS {
        if ["group create", "group delete"].contains(&split(line).0) {
            both(line, sheet, World::token_alone);
        }
    }
}

/// Applies a plan, and in another sandbox its collection.
fn both(line: &str, sheet: &str, keys: impl Fn(World) -> World) {
    let (job, options) = split(line);
    // Half a list is never compared.
    let bad_rows = if job == "sync" { "" } else { "--bad-rows skip" };
    let mut native = Kept::new(&keys);
    native.world.file("in.csv", sheet);
    native.world.run(&format!("{job} in.csv {options} --yes --max-changes 9 {bad_rows}"));
    let mut exported = Kept::new(&keys);
    exported.world.file("in.csv", sheet);
    exported.world.run(&format!("{job} in.csv {options} --plan {bad_rows}")).exit(0);
    exported.run_collection("last").exit(0);
    assert!(!native.changes().is_empty(), "{line}");
    assert_eq!(exported.changes(), native.changes(), "{line}");
    assert_eq!(exported.state(), native.state(), "{line}");
}

/// A new user who cannot be created joins no group.
#[test]
fn a_change_whose_needed_change_failed_is_not_sent() {
    let mut kept = Kept::new(|world| world);
    kept.world.file("in.csv", "emailAddress,groups\nnew.one@example.com,hanoi-legal\n");
    kept.world.run("user create in.csv --plan").exit(0);
    kept.world.fault(json!({"method": "POST", "path": "/rest/api/3/user", "answer": {"status": 400}}));
    let run = kept.run_collection("last").exit(1);
    let report = run.transcript();
    assert!(report.contains("the change of step 1 is done"), "{report}");
    assert_eq!(kept.world.changing(), 1, "{report}");
}

#[test]
fn the_files_are_named_and_what_is_left_out_is_counted() {
    let mut world = World::new();
    world.file("in.csv", JOBS[8].1.to_owned() + "nobody@banc.ly,hanoi-legal\n");
    let output = world.run("member add in.csv --plan").exit(0);
    world.run("postman export last -o out").exit(0).snap("postman-export");
    let run = output.run_id();
    let data = format!("out/headcount-{run}.csv");
    assert_eq!(
        table(&world.read(&data)),
        [
            ["row", "Email", "Group", "groupId", "accountId"],
            ["1", "jfloat@banc.ly", "Finance, Europe", "ce6a2931-3e52-4bd7-9d2d-d589e59a0efa", "6155833c071axxx071ff5b24"],
        ]
    );
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(world.path(&data)).expect("a file").permissions());
    assert_eq!(mode & 0o077, 0, "others can read who is changed");
    // An applied plan is exported, too, with a warning.
    world.run("run apply last --yes").exit(1);
    let again = world.run("postman export last -o again").exit(0);
    again.says("has already sent changes that are in the data file");
}

/// No file is replaced, and a plan that can't be exported has no file.
#[test]
fn what_cannot_be_exported_says_why() {
    let mut world = World::new();
    world.file("in.csv", "Email,Group\nvdillow@banc.ly,jira-software-users\n");
    world.run("postman export last").exit(2).says("there are no runs yet");
    world.run("postman export member subtract").exit(2).says("neither a run nor a job");
    world.run("postman export postman run").exit(2).says("has no sample row");
    world.run("member add in.csv --plan").exit(0);
    world.run("postman export last").exit(2).says("has no change to export");
    world.run("postman export member add -o in.csv").exit(2).says("in.csv");
    world.run("postman export member add -o out").exit(0);
    world.run("postman export member add -o out").exit(2).says("is there already; it is not replaced");
    world.nothing_sent();
}

/// Each job's own requests are a collection that runs.
#[test]
fn every_job_is_a_collection_with_a_sample_row() {
    let world = World::new();
    for job in Job::ALL.into_iter().filter(|job| !matches!(job, Job::RunCollection | Job::Sync)) {
        let files = world.run(&format!("postman export {job} -o out")).exit(0);
        let files: Vec<&str> = files.stdout.lines().collect();
        let [collection, environment, data] = files[..] else { panic!("{files:?}") };
        let values = ["cloudUrl", "apiUrl"].map(|name| format!("--env-var {name}={}", world.card().url));
        let keys = ["apiTokenEmailAddress", "apiToken", "orgApiKey", "organizationId", "directoryId"];
        let keys = keys.map(|name| format!("--env-var {name}=x"));
        let run = world.run(&format!(
            "postman run {collection} -e {environment} -d {data} {} {} --plan",
            values.join(" "),
            keys.join(" ")
        ));
        run.exit(0).says(&format!("headcount {job}"));
    }
    world.nothing_sent();
}

/// The two words of a job, and its options.
fn split(line: &str) -> (&str, &str) {
    let at = line.match_indices(' ').nth(1).map_or(line.len(), |(at, _)| at);
    line.split_at(at)
}
