//! The steps of a job's template row.
//!
//! The row is read and resolved like every other row, with invented users and groups. The sample has the first
//! steps for which there is a request.

use headcount_atlassian::records::{AppRecord, AssignedRole, AssignmentMethods, TokenRecord};
use headcount_model::door::Doors;
use headcount_model::group::GroupId;
use headcount_model::job::Job;
use headcount_model::step::{self, StepState};
use headcount_model::user::{AccountId, AccountStatus, Product, Standing};
use headcount_sheet::{Input, Options, Source};

use crate::directory::{Access, Apps, Directory, Group, Lifecycle, Person, PersonIndex};
use crate::jobs;
use crate::resolve::{Guards, Resolved, Resolver, Spec};
use crate::rows::{Columns, Intent, open};
use crate::steps::{Change, NewStep, Step};

/// Ids in the form of Atlassian's own that cannot be taken for real ones.
const ACCOUNT: &str = "0123456789abcdef01234567";
const GROUP: &str = "01234567-89ab-cdef-0123-456789abcdef";
const APP: &str = "ari:cloud:jira-software::site/01234567-89ab-cdef-0123-456789abcdef";

/// The id of an unknown organization or directory; it is not a real one.
pub const NOT_KNOWN: &str = "not-known";

/// The job has no template row, or none that sends something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the job `{0}` has no sample row")]
pub struct NoSample(pub Job);

/// The steps of the row in a job's template, through the first open door of each. Users, groups and ids are
/// invented.
///
/// # Errors
/// The job has no template, or no door is open for it.
pub fn sample(job: Job, doors: &Doors) -> Result<Vec<Step>, NoSample> {
    let intent = intent(job).ok_or(NoSample(job))?;
    let spec = Spec {
        revoke_tokens: false,
        job,
        products: vec![Product::JiraSoftware],
        message: None,
        invite: None,
        guards: Guards::default(),
        doors: doors.clone(),
    };
    let directories = directories(&intent);
    let (resolve, touches) = (jobs::of(job).resolve, jobs::of(job).touches());
    let steps = directories.iter().find_map(|directory| {
        match resolve(&intent, Resolver { directory, spec: &spec, touches }).ok()? {
            Resolved::Step(step) => Some(vec![*step]),
            Resolved::Parts(parts) => Some(parts.into_iter().map(|part| part.step).collect()),
            Resolved::Settled(..) => None,
        }
    });
    let numbered = |(at, new): (usize, NewStep)| planned(at as u64 + 1, new);
    Ok(steps.ok_or(NoSample(job))?.into_iter().enumerate().map(numbered).collect())
}

/// What the template's row asks for.
fn intent(job: Job) -> Option<Intent> {
    let spec = jobs::of(job);
    let (headings, cells) = spec.template;
    let text = format!("{}\n{}\n", headings.join(","), quoted(cells));
    let input = Input::Bytes(text.into_bytes());
    let options = Options::default();
    let mut sheet = open(Source { name: "template".into(), input }, &options).ok()?;
    let columns = Columns::of(&sheet, spec.sheet, &options).ok()?;
    let row = sheet.next()?.ok()?;
    (spec.read)(&row, &columns).ok()
}

fn quoted(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
    cells.join(",")
}

/// Directories in which the row's user and group are absent, and in which they exist: the user in each state, as a
/// member with the row's role in its app, and not.
fn directories(intent: &Intent) -> Vec<Directory> {
    let states = [
        (AccountStatus::Active, Standing::Active),
        (AccountStatus::Active, Standing::Suspended),
        (AccountStatus::Inactive, Standing::Deactivated),
        (AccountStatus::Inactive, Standing::Deleted),
    ];
    let mut nothing = Directory::default();
    nothing.sees_every_mail = true;
    nothing.sees_every_account = true;
    nothing.lists_people = true;
    let mut directories = vec![nothing];
    for (status, standing) in states {
        for is_member in [false, true] {
            directories.extend(directory(intent, status, standing, is_member));
        }
    }
    directories.extend(provisioned(intent));
    directories
}

/// A directory in which an identity provider owns the user.
fn provisioned(intent: &Intent) -> Option<Directory> {
    let mut directory = directory(intent, AccountStatus::Active, Standing::Active, false)?;
    let person = directory.person_by_id(&AccountId::parse(ACCOUNT).ok()?)?;
    let owned = Lifecycle::Refused("externalDirectory.scim".into());
    directory.person_mut(person).lifecycle = Some(owned);
    Some(directory)
}

fn directory(
    intent: &Intent,
    status: AccountStatus,
    standing: Standing,
    is_member: bool,
) -> Option<Directory> {
    let mut directory = Directory::default();
    let mail = intent.user.as_ref().and_then(|user| user.mail.as_deref());
    let person = directory.add_person(Person {
        mail: mail.map(Into::into),
        status: Some(status),
        standing: Some(standing),
        managed: Some(true),
        synced: Some(false),
        org_admin: Some(false),
        on_site: Some(true),
        lifecycle: Some(Lifecycle::Allowed),
        ..Person::new(AccountId::parse(ACCOUNT).ok()?)
    });
    let name = intent.groups.first().and_then(|group| group.name.as_deref()).unwrap_or_default();
    let id = GroupId::new(GROUP);
    let group = directory.add_group(Group { id, name: name.into(), synced: Some(false) });
    directory.note_group_size(group, 0, Some(0));
    directory.groups_read_of(person);
    if is_member {
        directory.add_member(person, group);
    }
    directory.access = access(intent, person, is_member);
    directory.tokens.insert(person, Some(intent.token.as_deref().map(token).into_iter().collect()));
    Some(directory)
}

/// The row's app, and the user's roles in it.
fn access(intent: &Intent, person: PersonIndex, has_role: bool) -> Access {
    let mut access = Access::default();
    let Some((name, role)) = &intent.access else { return access };
    access.apps = Apps::of(vec![AppRecord {
        id: APP.to_owned(),
        key: name.clone(),
        title: name.clone(),
        name: name.clone(),
        host: None,
        capacity: None,
    }]);
    let direct = AssignmentMethods { direct: true, ..AssignmentMethods::default() };
    let held = AssignedRole { app: APP.into(), role: role.id().into(), methods: Some(direct) };
    let held = has_role.then_some(held);
    access.note_user(person, held.as_slice());
    access
}

fn token(id: &str) -> TokenRecord {
    TokenRecord {
        id: id.into(),
        label: "made up".into(),
        owner: None,
        owner_name: None,
        owner_mail: None,
        status: None,
        created: None,
        expires: None,
        used: None,
    }
}

/// The step in the form of a sealed plan.
fn planned(number: u64, new: NewStep) -> Step {
    let NewStep { kind, door, target, before, wanted, needs, .. } = new;
    step::Step {
        number,
        row: 1,
        kind: kind.word().into(),
        door: Some(door),
        payload: Change { kind, target, before, wanted },
        unseen: false,
        given: None,
        named: None,
        attempts: 0,
        unclear: 0,
        sent_by: None,
        needs,
        state: StepState::Pending,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requests::Recorder;
    use headcount_model::door::Door;
    use std::sync::Arc;

    fn doors() -> Doors {
        let (address, organization) = (String::new(), "o".to_owned());
        let accounts = Door::Accounts { address: String::new(), organization: "o".to_owned() };
        let directory = Door::Directory { address, organization, directory: "d".to_owned() };
        Doors {
            jira: Some(Arc::new(Door::Jira { site: String::new() })),
            directory: Some(Arc::new(directory)),
            invitations: None,
            accounts: Some(Arc::new(accounts)),
            provisioning: None,
        }
    }

    #[tokio::test]
    async fn the_row_of_every_template_has_requests() {
        let mut recorder = Recorder::default();
        let mut found = String::new();
        for job in Job::ALL {
            let Ok(steps) = sample(job, &doors()) else {
                found += &format!("{job}: none\n");
                continue;
            };
            for step in steps {
                let sent = recorder.request(&step).await.unwrap().sent;
                let body = sent.body.map(|body| String::from_utf8_lossy(&body).into_owned());
                let body = body.unwrap_or_default();
                found += format!("{job}: {} {} {body}", sent.method, sent.path).trim_end();
                found += "\n";
            }
        }
        assert_eq!(found, WANTED);
    }

    const WANTED: &str = r#"user create: POST /rest/api/3/user {"emailAddress":"jane@example.com","products":["jira-software"]}
user deactivate: POST /users/0123456789abcdef01234567/manage/lifecycle/disable {}
user activate: POST /users/0123456789abcdef01234567/manage/lifecycle/enable
user suspend: POST /admin/v2/orgs/o/directories/d/users/0123456789abcdef01234567/suspend
user restore: POST /admin/v2/orgs/o/directories/d/users/0123456789abcdef01234567/restore
user remove: DELETE /rest/api/3/user?accountId=0123456789abcdef01234567
user delete: POST /users/0123456789abcdef01234567/manage/lifecycle/delete
user cancel-delete: POST /users/0123456789abcdef01234567/manage/lifecycle/cancel-delete
user email: PUT /users/0123456789abcdef01234567/manage/email {"email":"jane@new.example.com"}
user unlink: DELETE /admin/user-provisioning/v1/org/o/user/0123456789abcdef01234567/onlyDeleteUserInDB
member add: POST /rest/api/3/group/user?groupId=01234567-89ab-cdef-0123-456789abcdef {"accountId":"0123456789abcdef01234567"}
member remove: DELETE /rest/api/3/group/user?groupId=01234567-89ab-cdef-0123-456789abcdef&accountId=0123456789abcdef01234567
group create: POST /admin/v2/orgs/o/directories/d/groups {"name":"berlin-support","description":"Support, Berlin office"}
group delete: DELETE /admin/v2/orgs/o/directories/d/groups/01234567-89ab-cdef-0123-456789abcdef
access grant: POST /admin/v1/orgs/o/users/0123456789abcdef01234567/roles/assign {"resource":"ari:cloud:jira-software::site/01234567-89ab-cdef-0123-456789abcdef","role":"atlassian/user"}
access revoke: POST /admin/v1/orgs/o/users/0123456789abcdef01234567/roles/revoke {"resource":"ari:cloud:jira-software::site/01234567-89ab-cdef-0123-456789abcdef","role":"atlassian/user"}
token revoke: DELETE /users/0123456789abcdef01234567/manage/api-tokens/AbCd1234
sync: none
postman run: none
"#;
}
