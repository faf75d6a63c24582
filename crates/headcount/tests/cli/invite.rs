//! `user create --by invite`: through the organization, 25 users in a request, with apps and groups.

use serde_json::json;

use crate::harness::World;

const LINE: &str = "user create in.csv --by invite --yes --report out.csv";

#[test]
fn by_both_keys_and_by_the_key_alone() {
    for alone in [false, true] {
        let mut world = World::new();
        if alone {
            world.unset("HEADCOUNT_CLOUD_URL");
            world.unset("HEADCOUNT_API_TOKEN");
        }
        world.file(
            "in.csv",
            "emailAddress,products,groups\n\
             one@example.com,,oslo-engineering;Größe/Maß\n\
             two@example.com,jira-software;jira-servicedesk,\n\
             three@example.com,none,\n\
             four@example.com,,nowhere\n\
             vdillow@banc.ly,,\n",
        );
        let name = if alone { "invite-key" } else { "invite" };
        world.run(LINE).exit(1).snap(name);
        assert!(world.is_member("one@example.com", "oslo-engineering"));
        assert!(!world.person("three@example.com").is_null());
        assert!(world.person("four@example.com").is_null());
        world.clear_log();
        world.run(LINE).exit(1);
        world.nothing_sent();
        // A plan that waits is applied with the credentials that it was made with.
        world.file("in.csv", "emailAddress\nfive@example.com\n");
        world.run("user create in.csv --by invite --plan").exit(0);
        world.run("run apply last --yes").exit(0);
        assert!(!world.person("five@example.com").is_null());
        // So is its undo, although another call removes users from the site.
        world.run("run undo 1 --remove-created --plan").exit(0);
        world.run("run apply last --yes --max-changes 3").exit(0);
        assert_eq!(world.person("one@example.com")["place"], "removed");
        world.nothing_twice();
    }
}

#[test]
fn without_the_key_or_a_subscription() {
    let mut world = World::new();
    world.file("in.csv", "emailAddress\none@example.com\ntwo@example.com\n");
    let body = json!({"errors": [{"code": "ADMIN-UAM-402-1", "title": "Payment Required"}]});
    world.fault(json!({"path": "/admin/v2/orgs/{orgId}/users/invite",
        "answer": {"status": 402, "body": body}}));
    world.run(LINE).exit(4).snap("invite-unpaid");
    let mut world = World::new().token_alone();
    world.file("in.csv", "emailAddress\none@example.com\n");
    world.run(LINE).exit(2).says("organization API key");
    world.nothing_sent();
}
