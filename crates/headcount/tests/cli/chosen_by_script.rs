//! Filters and seats on made-up organizations: each list equals that of an independent script over the raw
//! listing (`choose.py`), and seats come free as `user seats` promises.

use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{World, table};

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

/// An organization of users in many states, with a group for some of them.
fn organization(numbers: &mut Numbers) -> World {
    let now = jiff::Timestamp::now().as_millisecond();
    // Half a day off each border, so that no border is crossed while a test runs.
    let days_ago = |numbers: &mut Numbers, most: u64| {
        now - (numbers.below(most) as i64 * 24 + 12) * 60 * 60 * 1000
    };
    let world = World::of_people(40);
    let mut people = Vec::new();
    let mut memberships = Vec::new();
    for at in 0..60 {
        let mail = format!("made{at}@{}", numbers.one_of(&["banc.ly", "contractor.example"]));
        let mut person = json!({"email": mail, "name": format!("Made {at}"), "added_ms": days_ago(numbers, 400)});
        if numbers.chance(70) {
            person["seen"] = json!({"jira-software": days_ago(numbers, 200)});
        }
        if numbers.chance(15) {
            person["place"] = "suspended".into();
        }
        if numbers.chance(10) {
            person["lifecycle"] = "inactive".into();
        }
        if numbers.chance(15) {
            person["source"] = "scim".into();
        }
        people.push(person);
        for (group, percent) in [("jira-software-users", 80), ("jira-servicemanagement-users", 20), ("made-group", 30)] {
            if numbers.chance(percent) {
                memberships.push(json!({"email": mail, "group": group}));
            }
        }
    }
    world.seed(json!({"people": people, "groups": [{"name": "made-group"}], "memberships": memberships}));
    world
}

/// Filters for the script.
fn filters(numbers: &mut Numbers) -> Value {
    let mut filters = json!({});
    if numbers.chance(60) {
        filters["inactive-days"] = [0, 1, 30, 90][numbers.below(4) as usize].into();
    }
    if numbers.chance(40) {
        filters["never-seen"] = true.into();
    }
    if numbers.chance(25) {
        filters["status"] = json!([numbers.one_of(&["active", "suspended", "deactivated", "not-invited"])]);
    }
    for (name, percent, words) in [
        ("managed", 20, &["yes", "no"][..]),
        ("source", 20, &["invited", "synced"]),
        ("role", 5, &["org-admin"]),
        ("added-before", 15, &["2026-03-01", "2026-09-01"]),
    ] {
        if numbers.chance(percent) {
            filters[name] = numbers.one_of(words).into();
        }
    }
    for (name, percent, words) in [
        ("domain", 20, &["banc.ly", "contractor.example"][..]),
        ("group", 15, &["made-group"]),
        ("not-group", 25, &["made-group", "jira-servicemanagement-users"]),
        ("product", 25, &["jira-software", "jira-servicedesk"]),
    ] {
        if numbers.chance(percent) {
            filters[name] = json!([numbers.one_of(words)]);
        }
    }
    filters
}

/// The same as options.
fn options(filters: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let one = |(name, value): (&String, &Value)| match value {
        Value::Bool(_) => format!(" --{name}"),
        Value::Array(all) => all.iter().map(|value| format!(" --{name} {}", text(value))).collect(),
        value => format!(" --{name} {}", text(value)),
    };
    filters.as_object().expect("filters").iter().map(one).collect()
}

/// What the script lists.
fn by_script(world: &World, filters: &Value) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/choose.py");
    let card = world.card();
    let card = json!({"url": card.url, "org_id": card.org_id, "org_api_key": card.org_api_key});
    let mut command = Command::new("python3");
    let done = command.arg(script).arg(card.to_string()).arg(filters.to_string()).output();
    let done = done.expect("the script needs python3");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("a list")
}

#[test]
fn filters_list_what_an_independent_script_lists() {
    let mut numbers = Numbers(7);
    let mut listed = 0;
    for _ in 0..3 {
        let world = organization(&mut numbers);
        for _ in 0..12 {
            let filters = filters(&mut numbers);
            let options = options(&filters);
            let list = table(&world.run(&format!("user export{options}")).exit(0).stdout);
            let mut ids: Vec<_> = list[1..].iter().map(|row| row[0].clone()).collect();
            ids.sort();
            assert_eq!(ids, by_script(&world, &filters), "{options}");
            listed += ids.len();
        }
        world.nothing_sent();
    }
    assert!(listed > 100, "the filters list some users: {listed}");
}

/// Each filter alone, with each kind of value.
#[test]
fn each_filter_alone_lists_what_an_independent_script_lists() {
    let mut numbers = Numbers(3);
    let world = organization(&mut numbers);
    world.seed(json!({"people": [{"email": "leaving@banc.ly", "name": "Leaving", "lifecycle": "for-deletion"}]}));
    let statuses = ["active", "suspended", "deactivated", "not-invited", "deleted"];
    let mut alone: Vec<Value> = statuses.iter().map(|status| json!({ "status": [status] })).collect();
    alone.extend([
        json!({ "inactive-days": 0 }),
        json!({ "inactive-days": 90 }),
        json!({ "never-seen": true }),
        json!({ "added-before": "2026-06-01" }),
        json!({ "domain": ["contractor.example"] }),
        json!({ "domain": ["banc.ly", "contractor.example"] }),
        json!({ "group": ["made-group"] }),
        json!({ "group": ["made-group", "jira-servicemanagement-users"] }),
        json!({ "not-group": ["made-group"] }),
        json!({ "not-group": ["made-group", "jira-servicemanagement-users"] }),
        json!({ "product": ["jira-software"] }),
        json!({ "product": ["jira-software", "jira-servicedesk"] }),
        json!({ "managed": "yes" }),
        json!({ "managed": "no" }),
        json!({ "source": "invited" }),
        json!({ "source": "synced" }),
        json!({ "role": "org-admin" }),
    ]);
    for filters in &alone {
        let options = options(filters);
        let list = table(&world.run(&format!("user export{options}")).exit(0).stdout);
        let mut ids: Vec<_> = list[1..].iter().map(|row| row[0].clone()).collect();
        ids.sort();
        assert_eq!(ids, by_script(&world, filters), "{options}");
        assert!(!ids.is_empty(), "{options} lists no user");
    }
    world.nothing_sent();
}

#[test]
fn seats_before_the_promise_and_seats_after_agree() {
    let seats = |world: &World, options: &str| {
        let output = world.run(&format!("--json user seats{options}")).exit(0);
        output.events().named("seats")[0]["apps"].as_array().expect("apps").clone()
    };
    let mut numbers = Numbers(11);
    let mut freed = 0;
    for round in 0..6 {
        let world = organization(&mut numbers);
        let mut filters = filters(&mut numbers);
        filters["status"] = json!(["active"]);
        // Only managed accounts can be deactivated.
        let job = if round % 2 == 0 { "suspend" } else { "deactivate" };
        if job == "deactivate" {
            filters["managed"] = "yes".into();
        }
        let options = options(&filters);
        let before = seats(&world, &options);
        let list = world.run(&format!("user export{options} -o chosen.csv")).exit(0);
        if table(&world.read("chosen.csv")).len() > 1 {
            let run = world.run(&format!("user {job} chosen.csv --yes --max-changes 500"));
            assert!(matches!(run.code, 0 | 1), "{options}\n{}", run.stderr);
        }
        let number = |of: &Value, name: &str| of[name].as_i64().expect("a number");
        for (before, after) in before.iter().zip(&seats(&world, "")) {
            freed += number(before, "would_free");
            let promised = number(before, "taken") - number(before, "would_free");
            assert_eq!(promised, number(after, "taken"), "{job}{options}\n{before}\n{after}\n{}", list.stderr);
        }
    }
    assert!(freed > 0, "some seats come free");
}
