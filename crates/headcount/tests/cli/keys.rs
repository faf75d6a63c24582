//! Profiles are created, checked, imported and removed. By default, the computer has no keyring.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::harness::{Keyring, World, table};

/// A world without a site in its environment, and the options that name the site.
fn world() -> (World, String) {
    let mut world = World::new();
    world.unset_all();
    let url = world.card().url.clone();
    let site = format!("--cloud-url {url} --admin-url {url} --email admin@banc.ly");
    (world, site)
}

/// The same with a profile `acme` whose credentials come from the environment.
fn world_with_acme() -> World {
    let (mut world, _) = world();
    let card = world.card().clone();
    world.profiles(&format!(
        "[profiles.acme]\ncloud_url = \"{}\"\nadmin_url = \"{}\"\nemail = \"{}\"\n",
        card.url, card.url, card.email
    ));
    world.set("HEADCOUNT_API_TOKEN", &card.api_token);
    world.set("HEADCOUNT_ORG_API_KEY", &card.org_api_key);
    world
}

/// The permissions of the file.
fn mode(world: &World) -> u32 {
    let path = world.path("../home/config/headcount/config.toml");
    std::fs::metadata(path).expect("the file is there").permissions().mode() & 0o777
}

/// A command that prints a credential from a file of the test.
fn command(world: &mut World, name: &str, key: &str) -> String {
    world.file(name, key);
    format!("cat {}", world.path(name).display())
}

#[test]
fn added_without_a_terminal_used_and_removed() {
    let (mut world, site) = world();
    let token = command(&mut world, "token", "sandbox-api-token\n");
    let key = command(&mut world, "key", "sandbox-org-api-key\n");
    world.file("config.toml", "# Ours.\n\n# Another site.\n[profiles.other] # keep\nemail = 'x@y.z'\n");
    let line = format!(
        "--config config.toml profile add acme {site} --api-token-command \"{token}\" \
         --org-api-key-command \"{key}\" --default-products jira-software \
         --protected ceo@acme.com,@board.acme.com --default"
    );
    world.run(&line).exit(0).snap("profile-add");
    world.run(&line).exit(2).says("--replace");
    let text = world.read("config.toml");
    assert!(text.contains("# Ours.\n\n# Another site.\n[profiles.other] # keep\n"), "{text}");
    world.run("--config config.toml member add samples/member-add.csv --yes").exit(0);
    insta::assert_snapshot!(world.run("--config config.toml profile remove acme").exit(2).transcript(), @r"
    $ headcount --config config.toml profile remove acme
    ─── stderr
    error: there is no terminal to ask whether to remove it
    hint: --yes removes it without asking
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("--config config.toml profile remove acme --yes").exit(0).transcript(), @r"
    $ headcount --config config.toml profile remove acme --yes
    ─── stderr
    Removed the profile acme from config.toml.
    Did not look for credentials: this machine has no keyring that answers (No such file or directory (os error 2)).
    ─── exit 0
    ");
    assert_eq!(world.read("config.toml"), "# Ours.\n\n# Another site.\n[profiles.other] # keep\nemail = 'x@y.z'\n");
    world.run("--config config.toml profile remove acme --yes").exit(2).says("no profile");
}

#[test]
fn the_first_profile_is_readable_by_its_owner_alone() {
    let (mut world, site) = world();
    let token = command(&mut world, "token", "sandbox-api-token\n");
    world.run(&format!("profile add acme {site} --api-token-command \"{token}\"")).exit(0);
    assert_eq!(mode(&world), 0o600);
    world.run("member add samples/member-add.csv --yes").exit(0);
}

/// Nothing is kept of a profile whose credential is refused or can't be stored.
#[test]
fn nothing_is_kept_by_half() {
    let (world, site) = world();
    let add = format!("profile add acme {site} --api-token-stdin");
    world.command(&add).input("not-the-token\n").run().exit(3);
    insta::assert_snapshot!(world.command(&add).input("sandbox-api-token\n").run().exit(2).transcript(), @r"
    $ headcount profile add acme --cloud-url http://127.0.0.1:PORT --admin-url http://127.0.0.1:PORT --email admin@banc.ly --api-token-stdin
    ─── stderr
    API token: accepted — Odile Marchand (712020:AN-ID), administers Jira
      at http://127.0.0.1:PORT
    error: headcount has no place to save the API token; nothing was saved
      because: this machine has no keyring that answers (No such file or directory (os error 2))
    hint: with --api-token-command, name a command of your password manager that prints the credential, or set HEADCOUNT_API_TOKEN each time
    ─── exit 2
    ");
    world.command(&add).input("").run().exit(2).says("standard input has no line");
    world.run(&format!("profile add acme {site} --api-token-command false")).exit(3);
    let elsewhere = "profile add acme --cloud-url http://127.0.0.1:1 --email a@b.c";
    world.command(&format!("{elsewhere} --api-token-stdin")).input("tok\n").run().exit(5);
    for wrong in ["profile add acme", "profile add acme --cloud-url acme --email a@b.c",
        "profile add \"a b\" --email a@b.c", "profile add sandbox",
        "profile add acme --cloud-url http://127.0.0.1:1 --email a@b.c --default-products x"]
    {
        world.run(wrong).exit(2);
    }
    assert_eq!(world.config(), "");
}

/// If the environment names another site, its credentials belong to that site.
#[test]
fn the_environments_key_goes_to_its_own_site_only() {
    let (mut world, site) = world();
    let token = world.card().api_token.clone();
    world.set("HEADCOUNT_API_TOKEN", &token);
    let add = format!("profile add acme {site}");
    let other = World::new();
    let url = other.card().url.clone();
    world.command(&add).with("HEADCOUNT_CLOUD_URL", &url).run().exit(0).says("none yet");
    assert_eq!(world.log()["requests"], 0);
    world.run(&format!("{add} --replace")).exit(0).says("accepted");
}

/// Each kind of refusal is explained.
#[test]
fn a_refused_key_is_explained() {
    let mut world = world_with_acme();
    let (token, key) = (world.card().api_token.clone(), world.card().org_api_key.clone());
    world.run("profile check").exit(0).snap("check-good");
    for (name, given) in [
        ("check-token-is-org-key", "sandbox-org-api-key"),
        ("check-token-with-scopes", "sandbox-scoped-token"),
        ("check-token-looks-like-org-key", "ATCTT3xFfGN0aaaaaaaaaaaa"),
        ("check-token-is-one-of-none", "nonsense-of-some-length"),
        ("check-token-with-scheme", "Basic YWRtaW46dG9r"),
    ] {
        world.set("HEADCOUNT_API_TOKEN", given);
        world.run("profile check").exit(3).snap(name);
    }
    world.set("HEADCOUNT_API_TOKEN", &token);
    for (name, given) in [
        ("check-org-key-is-token", "sandbox-api-token"),
        ("check-org-key-unknown", "nonsense-of-some-length"),
    ] {
        world.set("HEADCOUNT_ORG_API_KEY", given);
        world.run("profile check").exit(3).snap(name);
    }
    world.set("HEADCOUNT_ORG_API_KEY", &key);
    for (name, mail) in [
        ("check-mail-of-nobody", "nobody@banc.ly"),
        ("check-mail-of-deactivated", "dnkosi@banc.ly"),
        ("check-mail-of-another", "jfloat@banc.ly"),
    ] {
        world.command("profile check").with("HEADCOUNT_EMAIL", mail).run().exit(3).snap(name);
    }
    world.nothing_sent();
}

/// Without the organization API key the cause is not known; the usual causes are named.
#[test]
fn a_refused_key_alone() {
    let mut world = world_with_acme();
    world.unset("HEADCOUNT_ORG_API_KEY");
    for (name, token) in
        [("check-token-alone", "nonsense-of-some-length"), ("check-token-short", "hunter22")]
    {
        world.command("profile check").with("HEADCOUNT_API_TOKEN", token).run().exit(3).snap(name);
    }
}

#[test]
fn an_expired_token_is_reported_with_its_day() {
    let world = world_with_acme();
    let tokens = json!([
        {"id": "1", "label": "old laptop", "createdAt": "2023-01-02T00:00:00.000Z"},
        {"id": "2", "label": "scripts", "createdAt": "2024-01-02T00:00:00.000Z",
         "expiry": "2024-11-30T00:00:00.000Z"},
    ]);
    let told = |body: Value, name: &str| {
        world.no_faults();
        world.fault(json!({"path": "/users/*", "mentions": "api-tokens", "times": 0,
            "answer": {"status": 200, "body": body}}));
        let check = world.command("profile check").with("HEADCOUNT_API_TOKEN", "nonsense-long-enough");
        check.run().exit(3).snap(name);
    };
    told(tokens, "check-token-expired");
    told(json!([]), "check-no-token");
}

#[test]
fn what_a_good_key_may_do() {
    let mut world = world_with_acme();
    world.secret(headcount_sandbox::PLAIN_API_TOKEN);
    world.set("HEADCOUNT_EMAIL", headcount_sandbox::PLAIN_EMAIL);
    world.set("HEADCOUNT_API_TOKEN", headcount_sandbox::PLAIN_API_TOKEN);
    world.run("profile check").exit(0).snap("check-no-administrator");
    world.unset("HEADCOUNT_ORG_API_KEY");
    world.fault(json!({"path": "/rest/api/3/mypermissions", "times": 0, "answer": {"status": 200,
        "body": {"permissions": {"ADMINISTER": {"havePermission": false},
                                 "USER_PICKER": {"havePermission": false}}}}}));
    world.run("profile check").exit(3).snap("check-good-for-nothing");
}

#[test]
fn an_organization_is_named_where_there_are_several() {
    let world = world_with_acme();
    let orgs = json!({"data": [
        {"id": "o-1", "type": "orgs", "attributes": {"name": "Acme"}},
        {"id": "o-2", "type": "orgs", "attributes": {"name": "Acme \u{1b}[2J Labs"}},
    ], "links": {}});
    world.fault(json!({"path": "/admin/v1/orgs", "times": 0, "answer": {"status": 200, "body": orgs}}));
    world.run("profile check").exit(2).snap("check-several-organizations");
    world.command("profile check").with("HEADCOUNT_ORG_ID", "o-3").run().exit(2).snap("check-other-organization");
}

/// The address belongs to something other than Jira, or to nothing.
#[test]
fn a_wrong_address_is_explained() {
    let mut world = world_with_acme();
    let case = |answer: Value, name: &str, code: i32| {
        world.no_faults();
        world.fault(json!({"path": "/rest/api/3/myself", "times": 0, "answer": answer}));
        world.run("profile check").exit(code).snap(name);
    };
    case(json!({"status": 404, "body": "<html>gone</html>"}), "check-no-jira", 2);
    case(json!({"status": 200, "body": "<html>Welcome</html>"}), "check-a-web-page", 2);
    let to = json!({"Location": "https://login.example/start"});
    case(json!({"status": 302, "headers": to}), "check-redirect", 2);
    case(json!({"status": 503}), "check-site-unwell", 5);
    case(json!({"status": 403, "body": {"errorMessages": []}}), "check-not-let-in", 3);
    world.no_faults();
    world.fault(json!({"path": "/_edge/tenant_info", "times": 0, "answer": {"status": 404}}));
    world.fault(json!({"path": "/rest/api/3/myself", "times": 0, "answer": {"status": 404}}));
    world.run("profile check").exit(2).snap("check-no-site");
    let gateway = format!("{}/ex/jira/11111111-1111-1111-1111-111111111111", world.card().url);
    let check = world.command("profile check").with("HEADCOUNT_CLOUD_URL", &gateway);
    let url = world.card().url.clone();
    let check = check.with("HEADCOUNT_EMAIL", "admin@banc.ly").with("HEADCOUNT_ADMIN_URL", &url);
    check.run().exit(2).snap("check-no-cloud");
    world.sandbox_ends();
    world.run("profile check").exit(5).snap("check-out-of-reach");
}

#[test]
fn the_sandboxs_own_profile_is_good() {
    let (world, _) = world();
    world.run("profile check sandbox").exit(0);
    world.run("profile check").exit(2);
}

/// Two environments, one for each kind in the knowledge base.
fn environments(world: &mut World) {
    let url = world.card().url.clone();
    let org = world.card().org_id.clone();
    let file = |name: &str, values: Value| {
        json!({"id": "1", "name": name, "values": values, "_postman_variable_scope": "environment"})
            .to_string()
    };
    let first = json!([
        {"key": "cloudUrl", "value": url, "type": "default", "enabled": true},
        {"key": "emailAddress", "value": "admin@banc.ly", "type": "default", "enabled": true},
        {"key": "apiToken", "value": "sandbox-api-token", "type": "secret", "enabled": true},
    ]);
    let second = json!([
        {"key": "cloudUrl", "value": format!("{url}/"), "type": "default", "enabled": true},
        {"key": "organizationId", "value": org, "type": "default", "enabled": true},
        {"key": "orgApiKey", "value": "", "type": "secret", "enabled": true},
    ]);
    world.file("cloud.json", file("Atlassian Cloud", first));
    world.file("org.json", file("Atlassian Cloud (with Org API key)", second));
    close(world, "cloud.json", 0o600);
}

fn close(world: &World, name: &str, mode: u32) {
    let rights = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(world.path(name), rights).expect("rights can be set");
}

#[test]
fn environments_of_postman_become_a_profile() {
    let (mut world, _) = world();
    environments(&mut world);
    let both = "profile import cloud.json org.json --name acme --no-check";
    world.run(both).exit(0).snap("profile-import");
    let text = world.config();
    assert!(text.contains("org_id = \"0c5a9e1b"), "{text}");
    insta::assert_snapshot!(world.run(both).exit(2).transcript(), @r"
    $ headcount profile import cloud.json org.json --name acme --no-check
    ─── stderr
    error: the profile “acme” already exists
    hint: --replace changes it; a different name adds another
    ─── exit 2
    ");
    insta::assert_snapshot!(world.run("profile import samples/member-add.csv").exit(2).transcript(), @r"
    $ headcount profile import samples/member-add.csv
    ─── stderr
    error: samples/member-add.csv cannot be imported
      because: it is not JSON (line 1)
    ─── exit 2
    ");
    world.run("profile import nowhere.json").exit(2);
    let other = world.read("cloud.json").replace("admin@banc.ly", "eve@banc.ly");
    world.file("other.json", other);
    close(&world, "other.json", 0o600);
    world.run("profile import cloud.json other.json --name b").exit(2).says("different emails");
}

#[test]
fn files_that_others_can_read_are_refused_if_they_hold_a_key() {
    let (mut world, _) = world();
    environments(&mut world);
    close(&world, "cloud.json", 0o644);
    insta::assert_snapshot!(world.run("profile import cloud.json").exit(2).transcript(), @r"
    $ headcount profile import cloud.json
    ─── stderr
    error: cloud.json contains a credential, and others on this computer can read it
    hint: its permissions are 644; make it private: chmod 600 cloud.json
    ─── exit 2
    ");
    close(&world, "cloud.json", 0o640);
    world.run("profile import cloud.json").exit(2).says("chmod 600");
    // Others may read it if it contains no credential.
    world.run("profile import org.json --no-check").exit(0);
    world.profiles("[profiles.a]\nemail = \"a@b.c\"\napi_token_command = \"echo my-own-key\"\n");
    world.secret("my-own-key");
    world.run("profile list").exit(0);
    close(&world, "../home/config/headcount/config.toml", 0o604);
    insta::assert_snapshot!(world.run("profile list").exit(2).transcript(), @"
    $ headcount profile list
    ─── stderr
    error: /TMP/home/config/headcount/config.toml has a command that contains a credential, and others on this computer can read it
    hint: its permissions are 604; make it private: chmod 600 /TMP/home/config/headcount/config.toml
    ─── exit 2
    ");
    world.profiles("[profiles.a]\nemail = \"a@b.c\"\napi_token_command = \"pass show a\"\n");
    close(&world, "../home/config/headcount/config.toml", 0o644);
    world.run("profile list").exit(0);
}

/// Without a keyring, the terminal asks for a command.
#[test]
fn asked_at_a_terminal_without_a_keyring() {
    let (mut world, _) = world();
    let url = world.card().url.clone();
    let wrong = command(&mut world, "wrong", "sandbox-scoped-token");
    let token = command(&mut world, "token", "sandbox-api-token");
    let line = format!("profile add acme --admin-url {url}");
    let mut screen = world.command(&line).at_terminal();
    for (question, answer) in [
        ("Site: ", "acme"),
        ("Site: ", &format!("{url}/jira/your-work")),
        ("Email: ", "admin"),
        ("Email: ", "admin@banc.ly"),
        ("API token: ", "false"),
        ("API token: ", &wrong),
        ("Use this address for the profile? [y/N]", "n"),
        ("API token: ", &token),
        ("organization API key: ", ""),
        ("Products: ", "jira-software, nonsense"),
        ("Products: ", "jira-software"),
        ("Protected: ", "ceo@acme.com, @board.acme.com"),
    ] {
        screen.wait_for(question);
        screen.types(answer);
    }
    screen.end().exit(0).snap("screen-profile-add");
    world.run("member add samples/member-add.csv --yes").exit(0);
    let mut screen = world.command("profile remove acme").at_terminal();
    screen.wait_for("[y/N]");
    screen.types("n");
    screen.end().exit(4);
    assert!(world.config().contains("acme"));
}

#[test]
fn ctrl_c_keeps_nothing() {
    let (world, site) = world();
    let mut screen = world.command(&format!("profile add acme {site}")).at_terminal();
    screen.wait_for("API token: ");
    screen.interrupt();
    screen.end().exit(130).says("nothing was saved");
    assert_eq!(world.config(), "");
}

/// With a keyring, a credential is typed invisibly, stored only there, found again, and removed with the profile.
#[test]
fn a_keyring_keeps_the_keys() {
    let (mut world, site) = world();
    let Some(keyring) = Keyring::start(&world.path("../home")) else { return };
    world.set("DBUS_SESSION_BUS_ADDRESS", &keyring.address);
    let mut screen = world.command(&format!("profile add acme {site}")).at_terminal();
    for (question, answer) in [
        ("API token (it is not shown): ", "sandbox-org-api-key"),
        ("API token (it is not shown): ", "sandbox-api-token"),
        ("Organization API key (it is not shown): ", "sandbox-org-api-key"),
        ("Products: ", ""),
        ("Protected: ", ""),
    ] {
        screen.wait_for(question);
        screen.types(answer);
    }
    screen.end().exit(0).snap("screen-profile-add-keyring");
    world.run("profile show acme").exit(0).snap("profile-show-keyring");
    world.run("member add samples/member-add.csv --yes").exit(0);
    world.run("user deactivate samples/deactivate.csv --yes --max-changes 2").exit(0);
    // Another site under the profile's name does not get its credential.
    let other = World::new();
    let text = world.config().replace(&world.card().url, &other.card().url);
    world.profiles(&text);
    world.run("member add samples/member-add.csv --yes").exit(2).says("the keyring");
    assert_eq!(other.log()["requests"], 0);
    let text = text.replace(&other.card().url, &world.card().url);
    world.profiles(&text);
    insta::assert_snapshot!(world.run("profile remove acme --yes").exit(0).transcript(), @r"
    $ headcount profile remove acme --yes
    ─── stderr
    The profile acme is removed from /TMP/home/config/headcount/config.toml.
    Its API token is taken out of the keyring.
    Its organization API key is taken out of the keyring.
    ─── exit 0
    ");
    // The same profile again has no credentials any more.
    world.profiles(&text);
    world.run("profile show acme").exit(0);
    world.run("member add samples/member-add.csv --yes").exit(2);
}

/// A credential that may not look up names gets a hint about exports if they contain these names, and otherwise
/// none.
#[test]
fn exports_are_offered_where_they_help() {
    let mut world = World::new().token_alone();
    let refuse = |world: &World, path: &str| {
        world.fault(json!({ "path": path, "times": 0, "answer": { "status": 403 } }));
    };
    world.file("in.csv", "Email,Group\nvdillow@banc.ly,oslo-engineering\n");
    world.file("groups.csv", "Name\nnew-group\n");
    refuse(&world, "/rest/api/3/user/search");
    let hint = "give Atlassian's exports (--users, --groups)";
    world.run("member add in.csv --plan").exit(2).says(hint);
    world.no_faults();
    refuse(&world, "/rest/api/3/group/bulk");
    world.run("member add in.csv --plan").exit(2).says(hint);
    let refused = world.run("group create groups.csv --plan").exit(2);
    assert!(!refused.stderr.contains("exports"), "{}", refused.stderr);
    world.nothing_sent();
}

/// An export in which one column was sorted without the others assigns every user another user's data. Each named
/// user is compared with the site, and nothing is planned.
#[test]
fn an_export_that_does_not_fit_the_site_makes_no_plan() {
    for (name, world) in [
        ("export-does-not-fit-both", World::new()),
        ("export-does-not-fit-token", World::new().token_alone()),
        ("export-does-not-fit-key", World::new().key_alone()),
    ] {
        let mut world = world;
        world.run("user export -o users.csv").exit(0);
        let table = table(&world.read("users.csv"));
        let mail = table[0].iter().position(|heading| heading == "email").expect("the addresses");
        let mails: Vec<_> = table[1..].iter().map(|row| row[mail].clone()).collect();
        let mut sorted = csv::Writer::from_writer(Vec::new());
        sorted.write_record(&table[0]).expect("a row");
        for (at, row) in table[1..].iter().enumerate() {
            let mut row = row.clone();
            row[mail].clone_from(&mails[(at + 1) % mails.len()]);
            sorted.write_record(&row).expect("a row");
        }
        world.file("users.csv", sorted.into_inner().expect("a file"));
        world.file("in.csv", "Email,Group\nvdillow@banc.ly,oslo-engineering\n");
        let told = "the export of users does not match the site";
        for job in ["member add", "member remove"] {
            let refused = world.run(&format!("{job} in.csv --users users.csv --plan")).exit(2);
            let refused = refused.says(told);
            if job == "member add" {
                refused.snap(name);
            }
        }
        if name != "export-does-not-fit-token" {
            for job in ["deactivate", "suspend", "remove"] {
                let line = format!("user {job} in.csv --users users.csv --plan");
                world.run(&line).exit(2).says(told);
            }
        }
        world.nothing_sent();
        assert_eq!(world.run("run list").exit(0).stdout, "no runs yet\n");
    }
}

/// Exports help if answers cannot be true, even if the exports can't be compared.
#[test]
fn an_export_that_cannot_be_compared_is_taken() {
    let mut world = World::new().token_alone();
    world.run("user export -o users.csv").exit(0);
    world.file("in.csv", "Email,Group\nvdillow@banc.ly,oslo-engineering\n");
    let nobody =
        json!({ "maxResults": 80, "startAt": 0, "total": 0, "isLast": true, "values": [] });
    world.fault(json!({
        "path": "/rest/api/3/user/bulk", "times": 0, "answer": { "status": 200, "body": nobody }
    }));
    world.run("member add in.csv --users users.csv --plan").exit(0).says("vdillow@banc.ly");
    world.struck(1);
}

/// The days until each credential ends, as far as the organization shows them; its directories.
#[test]
fn a_check_says_when_credentials_end() {
    const KEYS: &str = "/admin/api-access/v1/orgs/{orgId}/api-keys";
    const TOKENS: &str = "/users/{account_id}/manage/api-tokens";
    let world = World::new();
    let checked = world.run("profile check").exit(0).stdout;
    assert!(checked.contains("the account has 2 API tokens, and Atlassian does not show which"), "{checked}");
    assert!(checked.contains("ends in 33"), "{checked}");
    assert!(checked.contains("directory: "), "{checked}");
    let day = |days: f64| {
        let later = jiff::SignedDuration::from_secs((days * 86_400.0) as i64);
        (jiff::Timestamp::now() + later).to_string()
    };
    let answer = |path: &str, body: Value| {
        world.fault(json!({"path": path, "times": 0, "answer": {"status": 200, "body": body}}));
    };
    let key = |label: &str, end: Value| json!({"id": label, "label": label, "createdAt": day(-100.0), "expiresAt": end});
    for (keys, words) in [
        (json!({"data": [key("nightly", day(12.5).into())], "links": {}}), "ends in 12 days"),
        (json!({"data": [key("nightly", day(0.5).into())], "links": {}}), "ends today or tomorrow"),
        // One that has ended cannot be the one that was accepted.
        (json!({"data": [key("old", day(-3.0).into()), key("new", day(1.5).into())], "links": {}}), "ends in 1 day ("),
        (json!({"data": [key("a", day(80.0).into()), key("b", day(20.5).into())], "links": {}}), "the organization has 2 API keys, and Atlassian does not show which of them this is; the first, “b”, ends in 20 days"),
        // The longest life, where no end is shown; and nothing, where the list may have more.
        (json!({"data": [key("nightly", Value::Null)], "links": {}}), "ends in 264 days"),
        (json!({"data": [key("nightly", day(12.5).into())], "links": {"next": "more"}}), "cannot read when it ends"),
        (json!({"data": [{"label": "no dates"}], "links": {}}), "cannot read when it ends"),
    ] {
        answer(KEYS, keys.clone());
        let checked = world.run("profile check").exit(0).stdout;
        assert!(checked.contains(words), "{keys}\n{checked}");
        world.no_faults();
    }
    answer(TOKENS, json!([{"id": "1", "label": "mine", "createdAt": day(-1.0), "expiry": day(5.5)}]));
    let checked = world.run("profile check").exit(0).stdout;
    assert!(checked.contains("ends in 5 days"), "{checked}");
    let alone = World::new().token_alone().run("profile check").exit(0).stdout;
    assert!(alone.contains("cannot read when it ends with these credentials; API tokens last at most a year"), "{alone}");
}

/// A key that gets an empty list of organizations (ACCESS-966) is checked with the profile's organization.
#[test]
fn a_key_that_lists_no_organization_is_checked_with_the_profiles() {
    let mut world = World::new();
    let empty = json!({"path": "/admin/v1/orgs", "times": 0, "answer": {"status": 200, "body": {"data": [], "links": {}}}});
    world.fault(empty);
    let checked = world.run("profile check").exit(0).stdout;
    assert!(checked.contains("accepted — the organization banc"), "{checked}");
    world.set("HEADCOUNT_ORG_ID", "11111111-2222-3333-4444-555555555555");
    let checked = world.run("profile check");
    assert!(checked.code != 0 && !checked.stdout.contains("the organization banc"), "{}", checked.stdout);
}
