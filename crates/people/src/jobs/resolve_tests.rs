//! Each kind of row against a small directory: what is sent, what is not and why.

use crate::steps::{Before, Change, NewStep, Step, StepKind, Target, Wanted};
use std::sync::Arc;

use crate::directory::{Directory, Group, Lifecycle, Person};
use crate::resolve::{Guards, OwnAccount, Part, Resolved, Resolver, Spec};
use crate::rows::{Intent, WhichGroup, WhichUser};
use headcount_model::door::{Door, Doors};
use headcount_model::group::GroupId;
use headcount_model::job::Job;
use headcount_model::outcome::Outcome::{self, Skipped, Unchanged};
use headcount_model::protected::Protected;
use headcount_model::reason::Reason::{self, *};
use headcount_model::step::StepState;
use headcount_model::user::{AccountId, AccountStatus, Product};

fn resolve(intent: &Intent, directory: &Directory, spec: &Spec) -> Resolved {
    let job = super::of(spec.job);
    let with = Resolver { directory, spec, touches: job.touches() };
    (job.resolve)(intent, with).unwrap_or_else(Resolved::from)
}

fn id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn ann() -> Person {
    Person {
        mail: Some("ann@example.com".into()),
        status: Some(AccountStatus::Active),
        lifecycle: Some(Lifecycle::Allowed),
        products: Some(vec![Product::JiraSoftware]),
        ..Person::new(id("a1"))
    }
}

fn directory(people: Vec<Person>) -> Directory {
    let mut directory = Directory::default();
    directory.sees_every_mail = true;
    directory.sees_every_account = true;
    for person in people {
        let person = directory.add_person(person);
        directory.groups_read_of(person);
    }
    directory.add_group(Group { id: GroupId::new("g1"), name: "Team, one".into(), synced: None });
    directory.add_group(Group { id: GroupId::new("g2"), name: "idp".into(), synced: Some(true) });
    directory
}

fn spec(job: Job) -> Spec {
    Spec {
        revoke_tokens: false,
        job,
        products: vec![Product::JiraSoftware],
        invite: None,
        message: Some("bye".into()),
        guards: Guards::default(),
        doors: doors(),
    }
}

fn doors() -> Doors {
    let (address, organization) = ("https://api.atlassian.com".to_owned(), "o-1".to_owned());
    Doors {
        jira: Some(Arc::new(Door::Jira { site: "https://acme.atlassian.net".into() })),
        invitations: Some(Arc::new(Door::Invitations {
            address: address.clone(),
            organization: organization.clone(),
        })),
        accounts: Some(Arc::new(Door::Accounts { address, organization })),
        directory: None,
        provisioning: None,
    }
}

fn by_mail(mail: &str) -> WhichUser {
    WhichUser { account: None, mail: Some(mail.into()) }
}

fn user(mail: &str) -> Intent {
    Intent { user: Some(by_mail(mail)), ..Intent::default() }
}

fn member(mail: &str, group: &str) -> Intent {
    Intent { groups: vec![WhichGroup::named(group.into())], ..user(mail) }
}

fn create(mail: &str, products: Option<Vec<Product>>) -> Intent {
    Intent { products, ..user(mail) }
}

#[track_caller]
fn settled(resolved: Resolved) -> (Outcome, Reason) {
    match resolved {
        Resolved::Settled(outcome, reason, detail) => {
            assert!(!detail.is_empty());
            (outcome, reason)
        }
        other => panic!("to send: {other:?}"),
    }
}

#[track_caller]
fn step(resolved: Resolved) -> NewStep {
    match resolved {
        Resolved::Step(step) => *step,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_active_person_is_deactivated_with_the_message_and_an_inactive_one_is_not() {
    let mut people = directory(vec![ann()]);
    let planned = step(resolve(&user("ANN@example.com"), &people, &spec(Job::DeactivateUsers)));
    assert_eq!((planned.kind, planned.subject.as_str()), (StepKind::Deactivate, "a1"));
    assert_eq!(planned.wanted.message.as_deref(), Some("bye"));
    assert_eq!(planned.before, Before::Status(AccountStatus::Active));
    let active = resolve(&user("ann@example.com"), &people, &spec(Job::ActivateUsers));
    assert_eq!(settled(active), (Unchanged, AlreadyActive));
    people.add_person(Person { status: Some(AccountStatus::Inactive), ..ann() });
    let inactive = resolve(&user("ann@example.com"), &people, &spec(Job::DeactivateUsers));
    assert_eq!(settled(inactive), (Unchanged, AlreadyInactive));
}

#[test]
fn guards_hold_for_each_kind_of_person() {
    let guarded = |person: Person, guards: Guards, role: Option<&str>| {
        let people = directory(vec![person]);
        let wish = Intent { org_role: role.map(Into::into), ..user("ann@example.com") };
        settled(resolve(&wish, &people, &Spec { guards, ..spec(Job::DeactivateUsers) })).1
    };
    let none = Guards::default;
    let me = |account: Option<&str>, mail: Option<&str>| Guards {
        own_account: OwnAccount { account: account.map(id), mail: mail.map(Into::into) },
        ..none()
    };
    assert_eq!(guarded(ann(), me(Some("a1"), None), None), OwnAccount);
    assert_eq!(guarded(ann(), me(None, Some("Ann@Example.com")), None), OwnAccount);
    assert_eq!(guarded(ann(), none(), Some("Organization admin")), OrgAdmin);
    assert_eq!(guarded(Person { org_admin: Some(true), ..ann() }, none(), None), OrgAdmin);
    for entry in ["ann@example.com", "@EXAMPLE.com", "a1"] {
        let protected = Protected::new([entry.to_owned()]);
        assert_eq!(guarded(ann(), Guards { protected, ..none() }, None), Protected);
    }
    let owned = |lifecycle| Person { lifecycle: Some(lifecycle), ..ann() };
    let scim = Lifecycle::Refused("externalDirectory.scim".into());
    assert_eq!(guarded(owned(scim), none(), None), IdentityProvider);
    assert_eq!(guarded(owned(Lifecycle::NotManaged("404".into())), none(), None), Unmanaged);
    assert_eq!(
        guarded(owned(Lifecycle::Refused("blocked.exportControl".into())), none(), None),
        NotAllowed
    );
    assert_eq!(
        guarded(Person { status: Some(AccountStatus::Closed), ..ann() }, none(), None),
        AccountClosed
    );
}

#[test]
fn an_uncertain_user_gets_no_step() {
    let twin = Person { mail: ann().mail, ..Person::new(id("a2")) };
    let people = directory(vec![
        ann(),
        twin,
        Person { mail: Some("bob@example.com".into()), ..Person::new(id("b1")) },
    ]);
    let on = |user: WhichUser| {
        settled(resolve(
            &Intent { user: Some(user), ..Intent::default() },
            &people,
            &spec(Job::DeactivateUsers),
        ))
    };
    assert_eq!(on(by_mail("ann@example.com")), (Skipped, UserAmbiguous));
    assert_eq!(on(by_mail("nobody@example.com")), (Skipped, UserNotFound));
    assert_eq!(on(WhichUser { account: Some(id("zz")), mail: None }), (Skipped, UserNotFound));
    let mismatch = WhichUser { account: Some(id("a1")), mail: Some("bob@example.com".into()) };
    assert_eq!(on(mismatch), (Skipped, Mismatch));
    let by_id = WhichUser { account: Some(id("b1")), mail: Some("BOB@example.com".into()) };
    let planned = resolve(
        &Intent { user: Some(by_id), ..Intent::default() },
        &people,
        &spec(Job::DeactivateUsers),
    );
    assert_eq!(step(planned).subject, "b1");
}

#[test]
fn memberships_are_planned_only_where_something_changes() {
    let mut people = directory(vec![ann()]);
    let planned =
        step(resolve(&member("ann@example.com", "team, ONE"), &people, &spec(Job::AddMembers)));
    assert_eq!((planned.subject.as_str(), planned.before), ("a1 g1", Before::Member(false)));
    let no = resolve(&member("ann@example.com", "Team, one"), &people, &spec(Job::RemoveMembers));
    assert_eq!(settled(no), (Unchanged, NotAMember));
    let owned = resolve(&member("ann@example.com", "idp"), &people, &spec(Job::AddMembers));
    assert_eq!(settled(owned), (Skipped, IdentityProvider));
    let gone = resolve(&member("ann@example.com", "Team"), &people, &spec(Job::AddMembers));
    assert_eq!(settled(gone), (Skipped, GroupNotFound));
    let ann = people.person_by_id(&id("a1")).unwrap();
    let team = people.group_by_id(&GroupId::new("g1")).unwrap();
    people.add_member(ann, team);
    let yes = resolve(&member("ann@example.com", "Team, one"), &people, &spec(Job::AddMembers));
    assert_eq!(settled(yes), (Unchanged, AlreadyMember));
}

#[test]
fn creating_looks_first() {
    let people = directory(vec![ann()]);
    let on = |wish: Intent, people: &Directory| resolve(&wish, people, &spec(Job::CreateUsers));
    assert_eq!(settled(on(create("ann@example.com", None), &people)), (Unchanged, AlreadyThere));
    let more = Some(vec![Product::JiraServicedesk]);
    assert_eq!(step(on(create("ann@example.com", more), &people)).before, Before::Present);
    let new = step(on(create("new@example.com", Some(vec![])), &people));
    assert_eq!((new.before, new.wanted.products.len()), (Before::Absent, 0));
    let blind = Directory::default();
    assert_eq!(step(on(create("new@example.com", None), &blind)).before, Before::Unseen);
    let inactive = directory(vec![Person { status: Some(AccountStatus::Inactive), ..ann() }]);
    assert_eq!(settled(on(create("ann@example.com", None), &inactive)), (Skipped, AccountInactive));
}

/// Every account was listed, but some hide their address: one of them may be a user that the profile protects.
#[test]
fn a_protected_address_is_created_only_if_no_user_hides_theirs() {
    let protected = Protected::new(["new@example.com".to_owned()]);
    let guards = Guards { protected, ..Guards::default() };
    let spec = Spec { guards, ..spec(Job::CreateUsers) };
    let wish = create("new@example.com", None);
    let mut people = directory(vec![ann(), Person { mail: None, ..Person::new(id("h1")) }]);
    assert!(matches!(resolve(&wish, &people, &spec), Resolved::Step(_)));
    people.sees_every_mail = false;
    assert_eq!(settled(resolve(&wish, &people, &spec)).1, Reason::Protected);
}

/// The kinds of a row's parts, in their order, with which of them each waits for; what is settled
/// already is in brackets.
#[track_caller]
fn parts(resolved: Resolved) -> Vec<String> {
    let Resolved::Parts(parts) = resolved else { panic!("{resolved:?}") };
    let told = |part: &Part| {
        let target = &part.step.target;
        let kind = part.step.kind.word();
        let which = target.group_name.as_deref().unwrap_or("-");
        let account = target.account.as_ref().map_or("?", |id| id.as_str());
        let needs = part.needs.map(|at| format!(" after {at}")).unwrap_or_default();
        let text = format!("{kind} {account} {which} {:?}{needs}", part.step.before);
        match &part.settled {
            Some((outcome, reason, _)) => format!("[{text}: {outcome} {reason}]"),
            None => text,
        }
    };
    parts.iter().map(told).collect()
}

fn with_groups(mail: &str, groups: &[&str]) -> Intent {
    let groups = groups.iter().map(|name| WhichGroup::named((*name).to_owned())).collect();
    Intent { groups, ..user(mail) }
}

fn with_ops(people: Vec<Person>) -> Directory {
    let mut directory = directory(people);
    directory.add_group(Group { id: GroupId::new("g3"), name: "ops".into(), synced: None });
    directory
}

#[test]
fn a_new_user_is_created_before_they_are_added_to_each_group_of_the_cell_once() {
    let spec = spec(Job::CreateUsers);
    let wish = with_groups("eve@example.com", &["ops", "Team, one", "OPS"]);
    let new = resolve(&wish, &with_ops(vec![]), &spec);
    assert_eq!(
        parts(new),
        [
            "create-user ? - Absent",
            "add-member ? ops Member(false) after 0",
            "add-member ? Team, one Member(false) after 0",
        ]
    );
    // Where it cannot be seen who is there, their groups are not known either.
    let mut blind = with_ops(vec![]);
    blind.sees_every_account = false;
    let wish = with_groups("eve@example.com", &["ops"]);
    let unseen = resolve(&wish, &blind, &spec);
    assert_eq!(parts(unseen), ["create-user ? - Unseen", "add-member ? ops Unseen after 0"]);
}

#[test]
fn an_existing_user_is_added_without_a_creation_and_existing_memberships_are_reported() {
    let spec = spec(Job::CreateUsers);
    let mut people = with_ops(vec![ann()]);
    let at = people.person_by_id(&id("a1")).unwrap();
    let ops = people.group_by_id(&GroupId::new("g3")).unwrap();
    people.add_member(at, ops);
    let both = with_groups("ann@example.com", &["ops", "Team, one"]);
    let member = "[add-member a1 ops Member(true): unchanged already-member]";
    assert_eq!(
        parts(resolve(&both, &people, &spec)),
        [member, "add-member a1 Team, one Member(false)"]
    );
    let ops = with_groups("ann@example.com", &["ops"]);
    assert_eq!(settled(resolve(&ops, &people, &spec)), (Unchanged, AlreadyThere));
    // A product is missing: it is given, too.
    people.person_mut(at).products = Some(Vec::new());
    assert_eq!(
        parts(resolve(&both, &people, &spec)),
        ["create-user a1 - Present", member, "add-member a1 Team, one Member(false)"]
    );
    // Known to the organization and not seen on the site: a user who is not there is not added.
    people.person_mut(at).products = None;
    let off = parts(resolve(&both, &people, &spec));
    assert_eq!(off.last().unwrap(), "add-member a1 Team, one Member(false) after 0");
}

#[test]
fn one_wrong_group_stops_the_whole_row_and_all_wrong_groups_are_reported() {
    let mut spec = spec(Job::CreateUsers);
    let people = with_ops(vec![]);
    let wish = with_groups("eve@example.com", &["ops", "opps", "nothing like it"]);
    let Resolved::Settled(Skipped, GroupNotFound, detail) = resolve(&wish, &people, &spec) else {
        panic!("not skipped")
    };
    assert!(detail.contains("nearest: ops"), "{detail}");
    assert!(detail.contains("nothing like it"), "{detail}");
    let synced = with_groups("eve@example.com", &["ops", "idp"]);
    assert_eq!(settled(resolve(&synced, &people, &spec)), (Skipped, IdentityProvider));
    spec.guards.protected = Protected::new(["ops".to_owned()]);
    let protected = with_groups("eve@example.com", &["Team, one", "ops"]);
    assert_eq!(settled(resolve(&protected, &people, &spec)), (Skipped, Reason::Protected));
}

/// Behind an address that no user shows may be an account that the profile names by its id.
#[test]
fn a_protected_account_that_hides_its_address_may_be_anybody() {
    let hidden = Person { mail: None, ..Person::new(id("h1")) };
    let guards = Guards { hidden: vec![id("h1")], ..Guards::default() };
    let spec = Spec { guards, ..spec(Job::CreateUsers) };
    let wish = create("new@example.com", None);
    let mut people = directory(vec![ann(), hidden]);
    assert!(matches!(resolve(&wish, &people, &spec), Resolved::Step(_)));
    people.sees_every_mail = false;
    assert_eq!(settled(resolve(&wish, &people, &spec)).1, Reason::Protected);
}

/// A plan that waited obeys the list of now, and believes only what its look-up saw.
#[test]
fn a_waiting_step_obeys_the_protected_list_of_now() {
    let step = |target: Target, before: Before| Step {
        number: 1,
        row: 1,
        kind: "create-user".into(),
        door: None,
        payload: Change {
            kind: StepKind::CreateUser,
            target,
            before,
            wanted: Wanted {
                groups: vec![GroupId::new("g0"), GroupId::new("g1")],
                group_names: vec!["staff".into(), "Ops".into()],
                ..Wanted::default()
            },
        },
        unseen: false,
        given: None,
        named: None,
        attempts: 0,
        unclear: 0,
        sent_by: None,
        state: StepState::Pending,
        needs: None,
    };
    let mail = Some("new@example.com".to_owned());
    let new = Target { mail: mail.clone(), ..Target::default() };
    let known = Target { account: Some(id("a9")), mail, ..Target::default() };
    let touches = super::of(Job::CreateUsers).touches();
    let asked = |entry: &str, step: &Step, saw: bool| {
        let protected = Protected::new([entry.to_owned()]);
        Guards { protected, ..Guards::default() }.step(Some(touches), step, saw).map(|no| no.reason)
    };
    let no = Some(Reason::Protected);
    for entry in ["new@example.com", "@example.com"] {
        assert_eq!(asked(entry, &step(new.clone(), Before::Absent), true), None, "nobody is there");
        assert_eq!(asked(entry, &step(new.clone(), Before::Absent), false), no, "{entry}");
        assert_eq!(asked(entry, &step(new.clone(), Before::Unseen), true), no, "{entry}");
        assert_eq!(asked(entry, &step(known.clone(), Before::Present), true), no, "{entry}");
    }
    assert_eq!(asked("a9", &step(known, Before::Present), true), no, "by the account");
    assert_eq!(asked("g1", &step(new.clone(), Before::Absent), true), no, "by the group");
    assert_eq!(asked("ops", &step(new.clone(), Before::Absent), true), no, "by the group's name");
    let mut old = step(new.clone(), Before::Absent);
    old.payload.wanted.group_names.clear();
    assert_eq!(asked("g1", &old, true), no, "an older journal has no names");
    assert_eq!(asked("boss@example.com", &step(new.clone(), Before::Absent), false), None);
    let hidden = Guards { hidden: vec![id("h1")], ..Guards::default() };
    assert!(hidden.step(None, &step(new.clone(), Before::Absent), false).is_some());
    assert!(hidden.step(None, &step(new, Before::Absent), true).is_none());
}
