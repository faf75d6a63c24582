//! The files of deploy/: what they start is a command line that this program has, and what they set, it reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use headcount_app::journal::Address;
use serde_json::Value;

use super::{Args, Command, WorkerArgs};

/// Where the systemd unit has the program.
const PROGRAM: &str = "/usr/local/bin/headcount";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn file(name: &str) -> String {
    fs::read_to_string(root().join("deploy").join(name)).unwrap()
}

/// All documents of a YAML file, with their anchors resolved.
fn documents(name: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(&file(name)).unwrap()
}

/// A list of words.
fn words(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    list.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// The command line after the program's name, as clap reads it: a worker that waits for runs, or ends without any.
#[track_caller]
fn worker(words: &[String]) -> WorkerArgs {
    let all = std::iter::once("headcount").chain(words.iter().map(String::as_str));
    let args = Args::try_parse_from(all).unwrap_or_else(|error| panic!("{words:?}: {error}"));
    match args.command {
        Command::Worker(worker) if worker.command.is_none() && worker.all => worker,
        other => panic!("{words:?}: {other:?}"),
    }
}

/// The arguments of a line of the container file, such as `CMD ["headcount"]`.
fn instruction(name: &str) -> Vec<String> {
    let text = file("Containerfile");
    let lines: Vec<_> = text.lines().filter_map(|line| line.strip_prefix(name)).collect();
    let [line] = lines[..] else { panic!("{name}: {lines:?}") };
    words(&serde_json::from_str(line).unwrap())
}

#[test]
fn the_container_file_starts_a_worker() {
    let entry = instruction("ENTRYPOINT ");
    worker(&instruction("CMD "));
    let text = file("Containerfile");
    let [program] = &entry[..] else { panic!("{entry:?}") };
    assert!(text.contains(&format!("/release/headcount {program}\n")), "{text}");
    // It builds with the compiler of this tree.
    let toolchain = fs::read_to_string(root().join("rust-toolchain.toml")).unwrap();
    let version =
        text.split("library/rust:").nth(1).and_then(|rest| rest.split('-').next()).unwrap();
    assert!(toolchain.contains(&format!("channel = \"{version}")), "{version}: {toolchain}");
}

#[test]
fn the_compose_file_starts_two_workers_on_one_journal() {
    let [compose] = &documents("compose.yaml")[..] else { panic!("one document") };
    let services = compose["services"].as_object().unwrap();
    let workers: Vec<_> = services.iter().filter(|(name, _)| name.starts_with("worker-")).collect();
    assert_eq!(workers.len(), 2);
    for (_, service) in workers {
        assert!(worker(&words(&service["command"])).metrics.is_some());
        let journal = service["environment"]["HEADCOUNT_JOURNAL"].as_str().unwrap();
        Address::parse(journal, &|_| None).unwrap();
        let host = journal.split(['@', '/']).nth(3).unwrap();
        assert!(services.contains_key(host), "{journal} is on {host}, which is no service");
        for needed in service["depends_on"].as_object().unwrap().keys() {
            assert!(services.contains_key(needed), "{needed} is no service");
        }
        let build = &service["build"];
        let folder = root().join("deploy").join(build["context"].as_str().unwrap());
        assert!(folder.join(build["dockerfile"].as_str().unwrap()).is_file());
    }
    let postgres = &services["postgres"];
    let volume = words(&postgres["volumes"])[0].split(':').next().unwrap().to_owned();
    assert!(compose["volumes"].as_object().unwrap().contains_key(&volume));
    assert_eq!(postgres["environment"]["POSTGRES_USER"], "headcount");
}

#[test]
fn the_kubernetes_manifest_starts_workers_and_a_job() {
    let documents = documents("kubernetes/worker.yaml");
    let kinds: Vec<_> = documents.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Deployment", "CronJob"]);
    let [deployment, nightly] = &documents[..] else { unreachable!() };
    let containers = |spec: &Value| spec["template"]["spec"]["containers"].clone();
    let spec = &deployment["spec"];
    assert_eq!(spec["selector"]["matchLabels"], spec["template"]["metadata"]["labels"]);
    let waiting = &containers(spec)[0];
    let metrics = worker(&words(&waiting["args"])).metrics.unwrap();
    let port = &waiting["ports"][0];
    assert_eq!(port["containerPort"], metrics.port());
    assert_eq!(waiting["readinessProbe"]["httpGet"]["port"], port["name"]);
    let scraped = &spec["template"]["metadata"]["annotations"]["prometheus.io/port"];
    assert_eq!(scraped, &Value::from(metrics.port().to_string()));
    let once = &containers(&nightly["spec"]["jobTemplate"]["spec"])[0];
    assert!(worker(&words(&once["args"])).once, "a job ends");
    for container in [waiting, once] {
        assert_eq!(container["envFrom"][0]["secretRef"]["name"], "headcount");
        assert_eq!(container["securityContext"]["allowPrivilegeEscalation"], false);
    }
}

#[test]
fn the_systemd_unit_starts_a_worker() {
    let unit = file("headcount-worker.service");
    let value = |name: &str| {
        unit.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).unwrap().to_owned()
    };
    let line: Vec<_> = value("ExecStart").split(' ').map(str::to_owned).collect();
    assert_eq!(line[0], PROGRAM);
    worker(&line[1..]);
    // A worker ends by itself after the signal, and its requests have time.
    assert_eq!(value("KillSignal"), "SIGTERM");
    verify(&unit);
}

/// Lets systemd check the unit, if it is installed. The program is another one, because this one is not where it says.
fn verify(unit: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("headcount-worker.service");
    let program = std::env::current_exe().unwrap().display().to_string();
    fs::write(&path, unit.replace(PROGRAM, &program)).unwrap();
    let verified = std::process::Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .arg(&path)
        .output();
    if let Ok(output) = verified {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && !said.contains("headcount-worker"), "{said}");
    }
}

/// Names of variables in a text.
fn variables(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    let words = text.split(|letter| !is_part(letter)).filter(|word| word.len() > 3);
    let is_own = |word: &&str| word.starts_with("HEADCOUNT_") || word.starts_with("PG");
    words.filter(is_own).map(str::to_owned).collect()
}

/// The text of all Rust files below a folder.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn the_program_reads_each_variable_that_these_files_name() {
    let mut known = String::new();
    for name in ["headcount", "app", "atlassian", "journal-postgres"] {
        sources(&root().join("crates").join(name).join("src"), &mut known);
    }
    let names =
        ["Containerfile", "compose.yaml", "headcount-worker.service", "kubernetes/worker.yaml"];
    let named: BTreeSet<_> = names.iter().flat_map(|name| variables(&file(name))).collect();
    assert!(named.contains("HEADCOUNT_JOURNAL") && named.contains("PGPASSWORD"), "{named:?}");
    let unread = named.iter().filter(|name| !known.contains(&format!("\"{name}\"")));
    let unread: Vec<_> = unread.collect();
    assert!(unread.is_empty(), "no code reads {unread:?}");
}
