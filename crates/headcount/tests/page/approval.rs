//! Plans that wait for approval: the list on the start page, and the decision on the page of the plan.

use headcount_sandbox::{PLAIN_API_TOKEN, PLAIN_EMAIL};

use crate::harness::World;
use crate::page::Page;

#[test]
fn plans_that_wait_are_approved_and_rejected_by_another_account_alone() {
    let mut world = World::new();
    world.second_administrator();
    let url = world.card().url.clone();
    world.profiles(&format!(
        "[profiles.acme]\ncloud_url = \"{url}\"\nadmin_url = \"{url}\"\napproval = 2\n"
    ));
    let planned = |world: &World| {
        world.run("member add samples/member-add.csv --plan").exit(0).stdout.trim().to_owned()
    };
    let (own, good, bad) = (planned(&world), planned(&world), planned(&world));

    // The planner decides on nothing.
    let mut page = Page::open(world);
    page.browser.says("Waiting for approval");
    page.look("waiting-for-approval");
    page.go(&format!("/runs/{own}"));
    page.browser.says("The plan needs 1 approval by another account than admin@banc.ly");
    page.look("unapproved");
    page.browser.press("Approve");
    page.browser.says("another approver has to decide");
    page.world.nothing_sent();

    page.world.set("HEADCOUNT_EMAIL", PLAIN_EMAIL);
    page.world.set("HEADCOUNT_API_TOKEN", PLAIN_API_TOKEN);
    page.kill_and_start_again();
    page.go(&format!("/runs/{good}"));
    page.browser.press("Approve");
    page.browser.says("Approved by");
    page.browser.says("jfloat@banc.ly");
    page.go(&format!("/runs/{bad}"));
    page.browser.press("Reject");
    page.browser.says("Type the reason");
    page.browser.write("#why", "wrong file");
    page.browser.press("Reject");
    page.browser.says("This plan is never applied");
    page.browser.says("wrong file");
    page.look("rejected");
    page.world.nothing_sent();
    let list = page.world.run("run list").exit(0).stdout;
    for state in ["unapproved", "planned", "rejected"] {
        assert!(list.contains(state), "{state}: {list}");
    }
}
