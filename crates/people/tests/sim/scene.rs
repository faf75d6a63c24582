//! The plan that the crash tests use, for each job: its sheet of six rows, the site before it, and what the site
//! refuses. A sheet of several jobs has a row for each of them ([`several_jobs`]).

use headcount_model::job::Job;
use headcount_model::outcome::Outcome;
use headcount_people::jobs::{MEMBERS_FILE, REVOKE_TOKENS};
use serde_json::{Value, json};

use super::company::{Books, text};
use super::process::{Keys, Machine};
use super::several_jobs;
use super::state::State;

/// The outcomes of the six rows if no process dies.
const OUTCOMES: [Outcome; 6] = [
    Outcome::Changed,
    Outcome::Changed,
    Outcome::Skipped,
    Outcome::Unchanged,
    Outcome::Failed,
    Outcome::Changed,
];

/// The way in which a job is applied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// The usual way with both credentials.
    Usual,
    /// Users are put into two groups each, in rows of three steps.
    WithGroups,
    /// Users are invited into a group, several in a request.
    Invited,
    /// With only the organization API key.
    Directory,
    /// With only Jira's token.
    Jira,
    /// The role is that of a group.
    OfGroups,
    /// Users lose their API tokens, too: rows of several steps.
    WithTokens,
    /// Groups are deleted with their members.
    WithMembers,
    /// Through the identity provider's directory.
    Provisioned,
}

/// A job and its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    pub job: Job,
    pub way: Way,
}

impl From<Job> for Work {
    fn from(job: Job) -> Self {
        Self { job, way: Way::Usual }
    }
}

/// The ways in which the crash tests apply a job.
fn ways(job: Job) -> &'static [Way] {
    match job {
        Job::CreateUsers => &[Way::Usual, Way::WithGroups, Way::Invited, Way::Provisioned],
        Job::DeactivateUsers => &[Way::Usual, Way::WithTokens, Way::Provisioned],
        Job::ActivateUsers => &[Way::Usual, Way::Provisioned],
        Job::AddMembers | Job::RemoveMembers => &[Way::Usual, Way::Directory, Way::Provisioned],
        Job::RemoveUsers | Job::Sync => &[Way::Usual, Way::Directory],
        Job::CreateGroups => &[Way::Usual, Way::Jira, Way::Provisioned],
        Job::RemoveGroups => &[Way::Usual, Way::Jira, Way::WithMembers],
        Job::GrantAccess | Job::RevokeAccess => &[Way::Usual, Way::OfGroups],
        Job::SuspendUsers
        | Job::RestoreUsers
        | Job::DeleteUsers
        | Job::CancelDeleteUsers
        | Job::ChangeEmails
        | Job::UnlinkUsers
        | Job::RevokeTokens => &[Way::Usual],
        // The runs of collections have tests of their own.
        Job::RunCollection => &[],
    }
}

/// The users or groups of the plan. The third is already in the wanted state, and the site refuses the fourth.
const FIRST_TO_LAST: std::ops::RangeInclusive<usize> = 1..=5;

fn mail(number: usize) -> String {
    format!("p{number}@banc.ly")
}

fn group(number: usize) -> String {
    format!("team-{number}")
}

fn is_so(number: usize) -> bool {
    number == 3
}

impl Work {
    /// Each job, in each way.
    pub fn all() -> Vec<Self> {
        let of = |job| ways(job).iter().map(move |&way| Self { job, way });
        Job::ALL.into_iter().flat_map(of).collect()
    }

    /// Of how many points a process dies at one.
    pub fn step(self) -> usize {
        // The sheet is long, and only what its credential does differently is of interest.
        if (self.job, self.way) == (Job::Sync, Way::Directory) { 3 } else { 1 }
    }

    pub fn keys(self) -> Keys {
        match self.way {
            Way::Directory => Keys::Org,
            Way::Jira => Keys::Jira,
            Way::Provisioned => Keys::Scim,
            _ => Keys::Both,
        }
    }

    pub fn can_be_undone(self) -> bool {
        if self.way == Way::Provisioned && matches!(self.job, Job::CreateUsers | Job::CreateGroups)
        {
            return false;
        }
        !matches!(
            self.job,
            Job::RemoveUsers | Job::RemoveGroups | Job::RevokeTokens | Job::UnlinkUsers
        )
    }

    /// The outcomes of the rows if no process dies.
    pub fn outcomes(self) -> Vec<Option<Outcome>> {
        if self.job == Job::Sync {
            return several_jobs::outcomes();
        }
        let mut outcomes = OUTCOMES;
        if matches!(self.job, Job::RemoveGroups | Job::RevokeTokens) {
            // A group or a token that is not there may be a typing error.
            outcomes[3] = Outcome::Skipped;
        }
        outcomes.map(Some).into()
    }

    /// The outcomes of the rows of its undo: those that were changed.
    pub fn outcomes_of_undo(self) -> Vec<Option<Outcome>> {
        if self.job == Job::Sync {
            return several_jobs::outcomes_of_undo();
        }
        // No undo restores a token, and the row says so.
        let taken_back = match self.way {
            Way::WithTokens => Outcome::Skipped,
            _ => Outcome::Changed,
        };
        let changed = self.outcomes().into_iter().filter(|end| *end == Some(Outcome::Changed));
        changed.map(|_| Some(taken_back)).collect()
    }

    /// The site after the undo. `None`: accounts that were created, or tokens that were revoked, differ.
    pub fn undone(self, before: &State) -> Option<State> {
        match (self.job, self.way) {
            (Job::Sync, _) => Some(several_jobs::undone(before)),
            (Job::CreateUsers, _) | (_, Way::WithTokens) => None,
            _ => Some(before.clone()),
        }
    }

    /// Six rows: changed, changed, a duplicate of the second, unchanged, refused, changed.
    pub fn sheet(self) -> String {
        if self.job == Job::Sync {
            return several_jobs::sheet();
        }
        let (head, cells) = match (self.job, self.way) {
            (Job::GrantAccess | Job::RevokeAccess, Way::OfGroups) => {
                ("Group,Product\n", ",jira-core\n")
            }
            (Job::CreateGroups | Job::RemoveGroups, _) => ("Group\n", "\n"),
            (Job::CreateUsers, Way::WithGroups) => {
                ("emailAddress,groups\n", ",houston-sales;hanoi-legal\n")
            }
            (Job::CreateUsers, Way::Invited) => ("emailAddress,groups\n", ",houston-sales\n"),
            (Job::RevokeTokens, _) => ("Email,Token id\n", ""),
            (Job::GrantAccess | Job::RevokeAccess, _) => ("Email,Product\n", ",jira-core\n"),
            (Job::AddMembers | Job::RemoveMembers, Way::Provisioned) => {
                ("Email,Group\n", ",synced\n")
            }
            (Job::AddMembers | Job::RemoveMembers, _) => ("Email,Group\n", ",houston-sales\n"),
            _ => ("emailAddress\n", "\n"),
        };
        let of_groups =
            matches!(self.job, Job::CreateGroups | Job::RemoveGroups) || self.way == Way::OfGroups;
        let who = if of_groups { group } else { mail };
        if self.job == Job::ChangeEmails {
            // The last one takes the address that the second frees.
            let new = |number: usize| match number {
                3 => mail(3),
                5 => mail(2),
                number => format!("n{number}@banc.ly"),
            };
            let row = |number: usize| format!("{},{}\n", mail(number), new(number));
            return [1, 2, 2, 3, 4, 5]
                .into_iter()
                .fold("Email,New email\n".to_owned(), |sheet, number| sheet + &row(number));
        }
        let cells = |number: usize| match self.job {
            Job::RevokeTokens => format!(",token-{number}\n"),
            _ => cells.to_owned(),
        };
        [1, 2, 2, 3, 4, 5]
            .into_iter()
            .fold(head.to_owned(), |sheet, number| sheet + &who(number) + &cells(number))
    }

    /// Puts the site into its state before the job.
    pub async fn set(self, machine: &mut Machine) {
        machine.invite = self.way == Way::Invited;
        machine.options = match self.way {
            Way::WithTokens => json!({ REVOKE_TOKENS: true }),
            Way::WithMembers => json!({ MEMBERS_FILE: "members.csv" }),
            _ => Value::Null,
        };
        if self.job == Job::Sync {
            machine.invite = self.way == Way::Directory;
            return several_jobs::set(machine).await;
        }
        machine.net.control("POST", "seed", self.seed()).await;
        self.refuse(machine).await;
    }

    fn seed(self) -> Value {
        let there = |number: &usize| self.job != Job::CreateUsers || is_so(*number);
        let people: Vec<_> =
            FIRST_TO_LAST.filter(there).map(|number| self.person(number)).collect();
        let groups: Vec<_> = match self.job {
            Job::CreateGroups => {
                let synced = self.way == Way::Provisioned;
                let group = |n| json!({ "name": group(n), "synced": synced });
                FIRST_TO_LAST.filter(|n| is_so(*n)).map(group).collect()
            }
            _ if self.way == Way::Provisioned => {
                vec![json!({ "name": "synced", "synced": true })]
            }
            // A missing group can't be distinguished from a wrong name.
            Job::RemoveGroups => FIRST_TO_LAST
                .filter(|n| !is_so(*n))
                .map(|n| json!({ "id": format!("id-of-{}", group(n)), "name": group(n) }))
                .collect(),
            Job::GrantAccess | Job::RevokeAccess if self.way == Way::OfGroups => {
                FIRST_TO_LAST.map(|number| self.group_with_role(number)).collect()
            }
            _ => Vec::new(),
        };
        json!({ "people": people, "groups": groups, "memberships": self.memberships() })
    }

    fn group_with_role(self, number: usize) -> Value {
        let name = group(number);
        let mut group = json!({ "id": format!("id-of-{name}"), "name": name });
        if (self.job == Job::GrantAccess) == is_so(number) {
            group["grants"] = json!("jira-core");
        }
        group
    }

    fn person(self, number: usize) -> Value {
        let lifecycle = match self.job {
            Job::DeactivateUsers if is_so(number) => "inactive",
            Job::ActivateUsers if !is_so(number) => "inactive",
            Job::DeleteUsers if is_so(number) => "for-deletion",
            Job::CancelDeleteUsers if !is_so(number) => "for-deletion",
            _ => "active",
        };
        let mut person = json!({
            "email": mail(number), "name": format!("P {number}"), "lifecycle": lifecycle,
        });
        let place = match self.job {
            Job::SuspendUsers if is_so(number) => Some("suspended"),
            Job::RestoreUsers if !is_so(number) => Some("suspended"),
            Job::RemoveUsers if is_so(number) => Some("removed"),
            _ => None,
        };
        let has_role = match self.job {
            _ if self.way == Way::OfGroups => false,
            Job::GrantAccess => is_so(number),
            Job::RevokeAccess => !is_so(number),
            _ => false,
        };
        if has_role {
            person["roles"] = json!({ "jira-core": ["user"] });
        }
        // A missing token can't be distinguished from a wrong id.
        let tokens = match (self.job, self.way) {
            (Job::RevokeTokens, _) => vec![format!("token-{number}")],
            (_, Way::WithTokens) => vec![format!("token-{number}"), format!("another-{number}")],
            _ => Vec::new(),
        };
        if !is_so(number) {
            let token = |id| json!({ "id": id, "label": "ci", "made_ms": 1_700_000_000_000_u64 });
            person["tokens"] = tokens.into_iter().map(token).collect();
        }
        if let Some(place) = place {
            person["place"] = json!(place);
        }
        let is_linked = self.job == Job::UnlinkUsers && !is_so(number);
        if is_linked || self.way == Way::Provisioned {
            person["source"] = json!("scim");
        }
        person
    }

    fn memberships(self) -> Vec<Value> {
        let member = |number: usize, group: &str| json!({ "email": mail(number), "group": group });
        let there = |number: &usize| match self.job {
            Job::CreateUsers => is_so(*number),
            Job::RemoveUsers => !is_so(*number),
            _ => true,
        };
        let in_sales = |number: &usize| match (self.job, self.way) {
            (Job::AddMembers, _) => is_so(*number),
            (Job::RemoveMembers, _) => !is_so(*number),
            (Job::CreateUsers, Way::WithGroups | Way::Invited) => is_so(*number),
            _ => false,
        };
        let in_legal = |number: &usize| self.way == Way::WithGroups && is_so(*number);
        let of = |group: &'static str, numbers: &dyn Fn(&usize) -> bool| {
            FIRST_TO_LAST.filter(|n| numbers(n)).map(|n| member(n, group)).collect::<Vec<_>>()
        };
        let of_teams = match self.way {
            Way::WithMembers => FIRST_TO_LAST.filter(|n| !is_so(*n)).collect(),
            Way::OfGroups => FIRST_TO_LAST.collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let of_teams = of_teams.into_iter().map(|number| member(number, &group(number))).collect();
        [
            of_teams,
            of("jira-software-users", &there),
            of(if self.way == Way::Provisioned { "synced" } else { "houston-sales" }, &in_sales),
            of("hanoi-legal", &in_legal),
        ]
        .concat()
    }

    /// The call of the job's steps, as the sandbox's template.
    fn call(self) -> (&'static str, &'static str) {
        let directory = self.way == Way::Directory;
        let (users, groups) =
            ("/scim/directory/{directoryId}/Users", "/scim/directory/{directoryId}/Groups");
        match self.job {
            Job::CreateUsers if self.way == Way::Provisioned => ("POST", users),
            Job::CreateGroups if self.way == Way::Provisioned => ("POST", groups),
            Job::AddMembers | Job::RemoveMembers if self.way == Way::Provisioned => {
                ("PATCH", "/scim/directory/{directoryId}/Groups/{id}")
            }
            Job::DeactivateUsers | Job::ActivateUsers if self.way == Way::Provisioned => {
                ("PATCH", "/scim/directory/{directoryId}/Users/{userId}")
            }
            Job::RunCollection | Job::Sync => panic!("no job with one call"),
            Job::CreateUsers if self.way == Way::Invited => {
                ("POST", "/admin/v2/orgs/{orgId}/users/invite")
            }
            Job::CreateUsers => ("POST", "/rest/api/3/user"),
            Job::AddMembers if directory => (
                "POST",
                "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships",
            ),
            Job::AddMembers => ("POST", "/rest/api/3/group/user"),
            Job::RemoveMembers if directory => (
                "DELETE",
                "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/memberships/{accountId}",
            ),
            Job::RemoveMembers => ("DELETE", "/rest/api/3/group/user"),
            Job::RemoveUsers if directory => {
                ("DELETE", "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}")
            }
            Job::RemoveUsers => ("DELETE", "/rest/api/3/user"),
            Job::CreateGroups if self.way == Way::Jira => ("POST", "/rest/api/3/group"),
            Job::CreateGroups => {
                ("POST", "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups")
            }
            Job::SuspendUsers => (
                "POST",
                "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/suspend",
            ),
            Job::RestoreUsers => (
                "POST",
                "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}/restore",
            ),
            Job::GrantAccess if self.way == Way::OfGroups => (
                "POST",
                "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/assign",
            ),
            Job::RevokeAccess if self.way == Way::OfGroups => (
                "POST",
                "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}/role-assignments/revoke",
            ),
            Job::GrantAccess => ("POST", "/admin/v1/orgs/{orgId}/users/{userId}/roles/assign"),
            Job::RevokeAccess => ("POST", "/admin/v1/orgs/{orgId}/users/{userId}/roles/revoke"),
            Job::RevokeTokens => ("DELETE", "/users/{account_id}/manage/api-tokens/{tokenId}"),
            Job::DeactivateUsers => ("POST", "/users/{account_id}/manage/lifecycle/disable"),
            Job::ActivateUsers => ("POST", "/users/{account_id}/manage/lifecycle/enable"),
            Job::DeleteUsers => ("POST", "/users/{account_id}/manage/lifecycle/delete"),
            Job::CancelDeleteUsers => {
                ("POST", "/users/{account_id}/manage/lifecycle/cancel-delete")
            }
            Job::ChangeEmails => ("PUT", "/users/{account_id}/manage/email"),
            Job::UnlinkUsers => (
                "DELETE",
                "/admin/user-provisioning/v1/org/{orgId}/user/{accountId}/onlyDeleteUserInDB",
            ),
            Job::RemoveGroups if self.way == Way::Jira => ("DELETE", "/rest/api/3/group"),
            Job::RemoveGroups => {
                ("DELETE", "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups/{groupId}")
            }
        }
    }

    /// Makes the site refuse the fourth, in this job only.
    async fn refuse(self, machine: &Machine) {
        let books = Books::read(&machine.net).await;
        let who = match self.job {
            Job::CreateGroups => group(4),
            Job::RemoveGroups => format!("id-of-{}", group(4)),
            _ if self.way == Way::OfGroups => format!("id-of-{}", group(4)),
            Job::CreateUsers if self.way == Way::Provisioned => mail(4),
            _ if self.way == Way::Provisioned => {
                let record = |(_, person): (_, &Value)| text(&person["provisioned"]["id"]);
                books.by_mail(&mail(4)).map(record).unwrap_or_default()
            }
            _ => books.by_mail(&mail(4)).map_or_else(|| mail(4), |(account, _)| account.clone()),
        };
        let (method, path) = self.call();
        let body = json!({ "errorMessages": ["no"], "key": "forbidden" });
        // An error of one user in a pack has this status.
        let status = if self.way == Way::Invited { 400 } else { 403 };
        let fault = json!({
            "method": method, "path": path, "mentions": who, "times": 0,
            "answer": { "status": status, "body": body },
        });
        machine.net.control("POST", "faults", json!({ "faults": [fault] })).await;
    }
}
