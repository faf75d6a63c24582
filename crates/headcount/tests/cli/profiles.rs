//! The site and its credentials are never guessed. Refused credentials are reported, and nothing is sent.

use crate::harness::World;

const ADD: &str = "member add samples/member-add.csv --yes";

#[test]
fn nothing_names_a_site() {
    let mut world = World::new();
    world.unset_all();
    world.run(ADD).exit(2).snap("site-none");
    let events = world.run(&format!("--json {ADD}")).exit(2).events();
    assert_eq!(events.order(), ["finished"]);
    world.nothing_sent();
}

#[test]
fn half_the_environment() {
    for (missing, name) in [
        ("HEADCOUNT_CLOUD_URL", "site-half-without-cloud-url"),
        ("HEADCOUNT_EMAIL", "site-half-without-email"),
        ("HEADCOUNT_API_TOKEN", "site-half-without-api-token"),
    ] {
        let mut world = World::new().token_alone();
        world.unset("HEADCOUNT_ADMIN_URL");
        world.unset(missing);
        world.run(ADD).exit(2).says(missing).snap(name);
        world.nothing_sent();
    }
}

#[test]
fn the_other_kind_of_key() {
    let mut world = World::new().token_alone();
    world
        .run("user deactivate samples/deactivate.csv --yes --max-changes 2")
        .exit(2)
        .snap("site-no-org-key");
    world = World::new();
    for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_API_TOKEN"] {
        world.unset(name);
    }
    world.run("user create samples/create-users.csv --yes").exit(2).snap("site-no-token");
    world.nothing_sent();
}

#[test]
fn several_profiles_and_no_default() {
    let mut world = World::new();
    let card = world.card().clone();
    world.unset_all();
    let profile = |name: &str| {
        format!(
            "[profiles.{name}]\ncloud_url = \"{}\"\nadmin_url = \"{}\"\nemail = \"{}\"\n\
             api_token_command = \"printf %s {}\"\norg_api_key_command = \"printf %s {}\"\n",
            card.url, card.url, card.email, card.api_token, card.org_api_key
        )
    };
    let two = profile("acme") + &profile("globex");
    world.profiles(&two);
    world.run(ADD).exit(2).snap("site-no-default");
    world.run(&format!("--profile initech {ADD}")).exit(2).snap("site-no-such-profile");
    world.nothing_sent();
    world.run("profile list").exit(0).snap("profile-list");
    world.run("profile show globex").exit(0).snap("profile-show");
    world.run(&format!("--profile globex {ADD}")).exit(0);
    assert_eq!(world.changing(), 3);
    world.command(ADD).with("HEADCOUNT_PROFILE", "acme").run().exit(0);
    world.profiles(&format!("default = \"acme\"\n{two}"));
    world.run(ADD).exit(0);
    assert_eq!(world.changing(), 3);
}

#[test]
fn a_profile_that_cannot_be_used() {
    let mut world = World::new();
    world.unset_all();
    world.secret("pasted-by-mistake");
    world.profiles("[profiles.acme]\ncloud_url = \"https://acme.atlassian.net\"\napi_token = \"pasted-by-mistake\"\n");
    world.run(ADD).exit(2).snap("profile-with-a-key");
    world.profiles("[profiles.acme]\ncloud_url = \"http://acme.atlassian.net\"\nemail = \"a@b.example\"\napi_token_command = \"echo x\"\n");
    world.run(ADD).exit(2).snap("profile-plain-http");
    world.profiles("[profiles.acme]\ncloud_url = \"https://acme.atlassian.net\"\nemail = \"a@b.example\"\napi_token_command = \"false\"\n");
    world.run(ADD).exit(3).snap("profile-command-fails");
    world.run("--config elsewhere.toml profile list").exit(2).snap("profile-no-such-file");
}

/// An expired or mistyped credential: exit code 3, and no changing request.
#[test]
fn a_refused_key() {
    let mut world = World::new();
    world.set("HEADCOUNT_API_TOKEN", "not-the-token");
    world.secret("not-the-token");
    for job in [ADD, "user create samples/create-users.csv --yes"] {
        world.run(job).exit(3);
    }
    world.run(ADD).exit(3).snap("key-refused");
    let events = world.run(&format!("--json {ADD}")).exit(3).events();
    assert_eq!(events.last("state"), "failed");
    world.nothing_sent();
}

#[test]
fn a_refused_organization_key() {
    let mut world = World::new();
    world.set("HEADCOUNT_ORG_API_KEY", "not-the-key");
    world.secret("not-the-key");
    world
        .run("user deactivate samples/deactivate.csv --yes --max-changes 2")
        .exit(3)
        .snap("org-key-refused");
    world.nothing_sent();
}

/// A token without administration permissions: every row is refused, and the run stops.
#[test]
fn a_token_without_rights() {
    let mut world = World::new().token_alone();
    world.set("HEADCOUNT_EMAIL", headcount_sandbox::PLAIN_EMAIL);
    world.set("HEADCOUNT_API_TOKEN", headcount_sandbox::PLAIN_API_TOKEN);
    world.secret(headcount_sandbox::PLAIN_API_TOKEN);
    world.run("member add samples/member-add-mapped.csv --yes").snap("token-without-rights");
}

#[test]
fn the_site_is_out_of_reach() {
    let mut world = World::new();
    world.sandbox_ends();
    world.run(ADD).exit(5).snap("site-out-of-reach");
}

/// The built-in sandbox keeps its state between commands.
#[test]
fn the_built_in_profile() {
    let mut world = World::new();
    world.unset_all();
    let line = format!("--profile sandbox {ADD}");
    world.run(&line).exit(0).snap("profile-sandbox");
    let again = world.run(&format!("--json {line}")).exit(0).events();
    assert_eq!(again.count("unchanged"), 3);
    world.run("run undo 1 --yes --max-changes 3").exit(0);
    world.nothing_sent();
}

/// A run is applied only on the site that it was planned for.
#[test]
fn a_run_belongs_to_its_site() {
    let mut world = World::new();
    let other = World::new();
    world.run("member add samples/member-add.csv --plan").exit(0);
    for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_ADMIN_URL"] {
        world.set(name, &other.card().url);
    }
    let output = world.run("run apply last --yes").exit(2).says("nothing was sent");
    assert!(output.stderr.contains(&other.card().url));
    other.nothing_sent();
}
