//! `--rehearse` of every job that changes something: each ends with the report of what would happen, and the site
//! gets only reads.

use crate::harness::{World, table};
use crate::rehearse::untouched;

/// A job and a sheet for it, with the reasons of its rows.
struct Job {
    /// The snapshot of the rehearsal in a copy of the site.
    shown: &'static str,
    /// The snapshot of the rehearsal in a copy made from the exports.
    exported: &'static str,
    line: &'static str,
    sheet: &'static str,
    /// The reasons, one for each row, in a copy of the site.
    reasons: &'static [&'static str],
    exit: i32,
}

const JOBS: [Job; 11] = [
    Job {
        shown: "rehearse-create",
        exported: "rehearse-exports-create",
        line: "user create in.csv",
        sheet: "emailAddress,products,groups\n\
            new.one@example.com,,\"Finance, Europe\"\n\
            new.two@example.com,none,\n\
            vdillow@banc.ly,,\n\
            dnkosi@banc.ly,,\n",
        reasons: &["created", "created", "already-there", "account-inactive"],
        exit: 1,
    },
    Job {
        shown: "rehearse-invite",
        exported: "rehearse-exports-invite",
        line: "user create in.csv --by invite",
        sheet: "emailAddress,groups\nnew.one@example.com,\"Finance, Europe\"\nvdillow@banc.ly,\n",
        reasons: &["created", "already-there"],
        exit: 0,
    },
    Job {
        shown: "rehearse-deactivate",
        exported: "rehearse-exports-deactivate",
        line: "user deactivate in.csv",
        sheet: "email\nvdillow@banc.ly\ndnkosi@banc.ly\nnobody@banc.ly\nadmin@banc.ly\n",
        reasons: &["done", "already-inactive", "user-not-found", "own-account"],
        exit: 1,
    },
    Job {
        shown: "rehearse-activate",
        exported: "rehearse-exports-activate",
        line: "user activate in.csv",
        sheet: "email\ndnkosi@banc.ly\nvdillow@banc.ly\nnobody@banc.ly\n",
        reasons: &["done", "already-active", "user-not-found"],
        exit: 1,
    },
    Job {
        shown: "rehearse-suspend",
        exported: "rehearse-exports-suspend",
        line: "user suspend in.csv",
        sheet: "email\nvdillow@banc.ly\nsferreira@banc.ly\ndnkosi@banc.ly\n",
        reasons: &["done", "already-suspended", "account-inactive"],
        exit: 1,
    },
    Job {
        shown: "rehearse-restore",
        exported: "rehearse-exports-restore",
        line: "user restore in.csv",
        sheet: "email\nsferreira@banc.ly\nvdillow@banc.ly\nnobody@banc.ly\n",
        reasons: &["done", "not-suspended", "user-not-found"],
        exit: 1,
    },
    Job {
        shown: "rehearse-remove",
        exported: "rehearse-exports-remove",
        line: "user remove in.csv",
        sheet: "email\nvdillow@banc.ly\nmwaiting@banc.ly\nadmin@banc.ly\n",
        reasons: &["done", "already-gone", "own-account"],
        exit: 1,
    },
    Job {
        shown: "rehearse-member-add",
        exported: "rehearse-exports-member-add",
        line: "member add in.csv",
        sheet: "Email,Group\n\
            jfloat@banc.ly,\"Finance, Europe\"\n\
            vdillow@banc.ly,jira-software-users\n\
            vdillow@banc.ly,houston-sales-x\n",
        reasons: &["done", "already-member", "group-not-found"],
        exit: 1,
    },
    Job {
        shown: "rehearse-member-remove",
        exported: "rehearse-exports-member-remove",
        line: "member remove in.csv",
        sheet: "Email,Group\n\
            dnkosi@banc.ly,\"Finance, Europe\"\n\
            vdillow@banc.ly,\"Finance, Europe\"\n\
            nobody@banc.ly,\"Finance, Europe\"\n",
        reasons: &["done", "not-a-member", "user-not-found"],
        exit: 1,
    },
    Job {
        shown: "rehearse-group-create",
        exported: "rehearse-exports-group-create",
        line: "group create in.csv",
        sheet: "name,description\nneue-größe,Erste Gruppe\n\"Finance, Europe\",is there\n",
        reasons: &["done", "group-exists"],
        exit: 0,
    },
    Job {
        shown: "rehearse-group-delete",
        exported: "rehearse-exports-group-delete",
        line: "group delete in.csv",
        sheet: "Group\nhanoi-legal\n\"Finance, Europe\"\njira-software-users\nnot there\n",
        reasons: &["done", "group-not-empty", "gives-apps", "group-not-found"],
        exit: 1,
    },
];

/// The reasons in a report, one for each row.
fn reasons(report: &str) -> Vec<String> {
    let report = table(report);
    let at = report[0].iter().position(|heading| heading == "reason").expect("the reasons");
    report[1..].iter().map(|row| row[at].clone()).collect()
}

#[test]
fn every_job_on_a_double_of_what_the_site_shows() {
    let mut world = World::new();
    for job in &JOBS {
        world.file("in.csv", job.sheet);
        let output = world.run(&format!("{} --rehearse", job.line));
        let output = output.exit(job.exit).says("This was a rehearsal.").snap(job.shown);
        assert_eq!(reasons(&output.stdout), job.reasons, "{}", job.line);
    }
    untouched(&world);
}

#[test]
fn every_job_on_a_double_of_the_exports() {
    let mut world = World::new();
    world.run("user export -o users.csv").exit(0);
    world.run("group export --members -o groups.csv").exit(0);
    for job in &JOBS {
        world.file("in.csv", job.sheet);
        world.clear_log();
        let line = format!(
            "{} --users users.csv --groups groups.csv --rehearse --report r.csv",
            job.line
        );
        world.run(&line).exit(job.exit).says("made from the exports").snap(job.exported);
        let mut expected = job.reasons.to_vec();
        if job.line.starts_with("group delete") {
            // If the export lists members, an empty group has no row.
            expected[0] = "group-not-found";
        }
        assert_eq!(reasons(&world.read("r.csv")), expected, "{}", job.line);
        // Only the own account was read.
        assert!(world.log()["requests"].as_u64() <= Some(2), "{}: {}", job.line, world.log());
        world.nothing_sent();
    }
    untouched(&world);
}

/// What an export does not contain is read from the site: a user who is not in the file may exist, and a list of
/// groups does not show members.
#[test]
fn every_job_on_a_double_of_half_the_exports() {
    let mut world = World::new();
    world.run("user export -o users.csv").exit(0);
    world.run("group export -o groups.csv").exit(0);
    for job in &JOBS {
        world.file("in.csv", job.sheet);
        for exports in ["--users users.csv", "--groups groups.csv"] {
            let line = format!("{} {exports} --rehearse --report r.csv", job.line);
            world.run(&line).exit(job.exit).says("made from the exports");
            assert_eq!(reasons(&world.read("r.csv")), job.reasons, "{} {exports}", job.line);
        }
    }
    untouched(&world);
}

/// Only jobs that can trust an export take ids from it. Other jobs use it only for a rehearsal.
#[test]
fn an_export_that_the_job_does_not_read_is_refused() {
    let mut world = World::new();
    world.run("user export -o users.csv").exit(0);
    world.run("group export -o groups.csv").exit(0);
    for job in &JOBS {
        world.file("in.csv", job.sheet);
        world.clear_log();
        let member = job.line.starts_with("member");
        let reads_users = member || job.line.starts_with("user") && !job.line.starts_with("user create");
        let reads_groups = member || job.line.starts_with("user create");
        for (one, reads) in [("user", reads_users), ("group", reads_groups)] {
            let help = world.run(&format!("{} --help", job.line.replace(" in.csv", ""))).exit(0).stdout;
            assert_eq!(help.contains(&format!("Export of {one}s, only for the copy")), !reads, "{}", job.line);
            if !reads {
                let output = world.run(&format!("{} --{one}s {one}s.csv --yes --max-changes 9", job.line));
                output.exit(2).says(&format!("reads no {one} ids from an export")).says("leave out");
                assert_eq!(world.log()["requests"].as_u64(), Some(0), "{}", job.line);
            }
        }
    }
}
