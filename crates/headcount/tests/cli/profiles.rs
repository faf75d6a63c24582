//! The site and its credentials are never guessed. Refused credentials are reported, and nothing is sent.

use crate::harness::World;

const ADD: &str = "member add samples/member-add.csv --yes";

#[test]
fn nothing_names_a_site() {
    let mut world = World::new();
    world.unset_all();
    insta::assert_snapshot!(world.run(ADD).exit(2).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: no site is named: there is no profile and no HEADCOUNT_… variable
    hint: name one with --profile NAME, or set HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL and HEADCOUNT_API_TOKEN (and HEADCOUNT_ORG_API_KEY for deactivating); to try everything without a site: --profile sandbox
    ─── exit 2
    ");
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
    insta::assert_snapshot!(world
        .run("user deactivate samples/deactivate.csv --yes --max-changes 2")
        .exit(2).transcript(), @r"
    $ headcount user deactivate samples/deactivate.csv --yes --max-changes 2
    ─── stderr
    error: this job needs an organization API key, and the profile “environment” has none
    hint: `headcount profile add NAME` asks for it; or set HEADCOUNT_ORG_API_KEY, or org_api_key_command in the profile; create a key at admin.atlassian.com under Settings > API keys
    ─── exit 2
    ");
    world = World::new();
    for name in ["HEADCOUNT_CLOUD_URL", "HEADCOUNT_API_TOKEN"] {
        world.unset(name);
    }
    insta::assert_snapshot!(world.run("user create samples/create-users.csv --yes").exit(2).transcript(), @r"
    $ headcount user create samples/create-users.csv --yes
    ─── stderr
    error: this job needs an API token for the site, and the profile “environment” has none
    hint: `headcount profile add NAME` asks for it; or set HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL and HEADCOUNT_API_TOKEN, or cloud_url, email and api_token_command in the profile
    ─── exit 2
    ");
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
    insta::assert_snapshot!(world.run(ADD).exit(2).transcript(), @r#"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: no site is named: of the profiles acme, globex, none is the default
    hint: name one with --profile NAME, or set HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL and HEADCOUNT_API_TOKEN (and HEADCOUNT_ORG_API_KEY for deactivating); to try everything without a site: --profile sandbox; `default = "NAME"` in the profiles file sets the default
    ─── exit 2
    "#);
    insta::assert_snapshot!(world.run(&format!("--profile initech {ADD}")).exit(2).transcript(), @r"
    $ headcount --profile initech member add samples/member-add.csv --yes
    ─── stderr
    error: there is no profile “initech”; the profiles are acme, globex
    hint: name one with --profile NAME, or set HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL and HEADCOUNT_API_TOKEN (and HEADCOUNT_ORG_API_KEY for deactivating); to try everything without a site: --profile sandbox
    ─── exit 2
    ");
    world.nothing_sent();
    insta::assert_snapshot!(world.run("profile list").exit(0).transcript(), @r"
    $ headcount profile list
    ─── stdout
      acme     http://127.0.0.1:PORT
      globex   http://127.0.0.1:PORT
      sandbox  the built-in sandbox
    ─── exit 0
    ");
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
    insta::assert_snapshot!(world.run(ADD).exit(2).transcript(), @"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: the profiles file /TMP/home/config/headcount/config.toml cannot be read: line 3: unknown field `api_token`, expected one of `cloud_url`, `email`, `api_token_command`, `org_id`, `directory_id`, `admin_url`, `org_api_key_command`, `scim_directory_id`, `scim_api_key_command`, `default_products`, `protected`, `approval`, `concurrency`, `rate`
    hint: credentials are never in this file; name a command with api_token_command instead
    ─── exit 2
    ");
    world.profiles("[profiles.acme]\ncloud_url = \"http://acme.atlassian.net\"\nemail = \"a@b.example\"\napi_token_command = \"echo x\"\n");
    insta::assert_snapshot!(world.run(ADD).exit(2).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: cloud_url: acme.atlassian.net must be reached by https; plain http is only for this computer (127.0.0.1, localhost)
    hint: correct it and try again
    ─── exit 2
    ");
    world.profiles("[profiles.acme]\ncloud_url = \"https://acme.atlassian.net\"\nemail = \"a@b.example\"\napi_token_command = \"false\"\n");
    insta::assert_snapshot!(world.run(ADD).exit(3).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: the profile's command for the API token ended with exit status: 1
    hint: run it by hand to see why: false
    ─── exit 3
    ");
    insta::assert_snapshot!(world.run("--config elsewhere.toml profile list").exit(2).transcript(), @r"
    $ headcount --config elsewhere.toml profile list
    ─── stderr
    error: the profiles file elsewhere.toml cannot be read
      because: No such file or directory (os error 2)
    hint: --config or HEADCOUNT_CONFIG must name a file that exists and can be read; `headcount profile add` creates it
    ─── exit 2
    ");
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
    insta::assert_snapshot!(world.run(ADD).exit(3).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: Jira answered 401: Client must be authenticated to access this resource.
    hint: the credential is wrong, has expired (it lasts at most a year), or is the wrong kind: a site needs an API token with its account's email, an organization needs an organization API key
    ─── exit 3
    ");
    let events = world.run(&format!("--json {ADD}")).exit(3).events();
    assert_eq!(events.last("state"), "failed");
    world.nothing_sent();
}

#[test]
fn a_refused_organization_key() {
    let mut world = World::new();
    world.set("HEADCOUNT_ORG_API_KEY", "not-the-key");
    world.secret("not-the-key");
    insta::assert_snapshot!(world
        .run("user deactivate samples/deactivate.csv --yes --max-changes 2")
        .exit(3).transcript(), @r"
    $ headcount user deactivate samples/deactivate.csv --yes --max-changes 2
    ─── stderr
    error: could not list the organizations: the organization answered 401: Unauthorized
    hint: the credential is wrong, has expired (it lasts at most a year), or is the wrong kind: a site needs an API token with its account's email, an organization needs an organization API key
    ─── exit 3
    ");
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
    insta::assert_snapshot!(world.run(ADD).exit(5).transcript(), @r"
    $ headcount member add samples/member-add.csv --yes
    ─── stderr
    error: could not sign in: http://127.0.0.1:PORT cannot be reached: nothing answers there (Connection refused (os error 111)); check the address and the port
    hint: nothing was sent; try again later
    ─── exit 5
    ");
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
