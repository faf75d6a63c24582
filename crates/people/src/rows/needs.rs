//! The columns that a job requires, and an example of a heading line.

use super::wanted::{Field, Job};

/// A need of a job: one of these fields is required; with words for messages.
pub(super) struct Need {
    pub(super) one_of: &'static [Field],
    pub(super) what: &'static str,
    /// Additional words if it is missing.
    pub(super) besides: &'static str,
}

const fn need(one_of: &'static [Field], what: &'static str) -> Need {
    Need { one_of, what, besides: "" }
}

/// What the job requires.
pub(super) fn needs(job: Job) -> &'static [Need] {
    const PIVOT: &str = " Export the users again with “Group membership” and “Pivot to column”: only \
                         that form has the groups' ids.";
    const THE_GROUP: Need = need(&[Field::Group, Field::GroupName, Field::GroupId], "the group");
    const PERSON: Need =
        need(&[Field::Email, Field::AccountId], "the user's email address or account id");
    match job {
        Job::CreateUsers => &[const { need(&[Field::Email], "the user's email address") }],
        Job::Users | Job::List => &[PERSON],
        Job::NewEmails => {
            &[PERSON, const { need(&[Field::NewEmail], "the user's new email address") }]
        }
        Job::Memberships => &[PERSON, THE_GROUP],
        Job::Groups => &[THE_GROUP],
        Job::Actions => &[const { need(&[Field::Action], "what to do with the row") }, PERSON],
        Job::Access => &[
            const {
                need(
                    &[
                        Field::Email,
                        Field::AccountId,
                        Field::Group,
                        Field::GroupName,
                        Field::GroupId,
                    ],
                    "the user's email address or account id, or the group",
                )
            },
            const { need(&[Field::App], "the app") },
        ],
        Job::Tokens => &[PERSON, const { need(&[Field::Token], "the API token's id") }],
        Job::CreateGroups => &[const { need(&[Field::Name], "the group's name") }],
        Job::UsersExport => &[
            const { need(&[Field::AccountId], "the user's account id") },
            const { need(&[Field::Email], "the user's email address") },
        ],
        Job::GroupsExport => &[
            const { Need { one_of: &[Field::GroupId], what: "the group's id", besides: PIVOT } },
            const {
                Need {
                    one_of: &[Field::GroupName, Field::Group],
                    what: "the group's name",
                    besides: PIVOT,
                }
            },
        ],
    }
}

/// An example of a heading line for the job.
pub(super) fn example_headings(job: Job) -> &'static str {
    match job {
        Job::CreateUsers | Job::Users => "Email",
        Job::NewEmails => "Email,New email",
        Job::Memberships => "Email,Group",
        Job::Access => "Email,Product,Role",
        Job::Tokens => "Email,Token id",
        Job::List => "Email,status,groups",
        Job::Actions => "Action,Email,Group",
        Job::CreateGroups => "Name",
        Job::UsersExport => "User id,User name,email",
        Job::Groups => "Group",
        Job::GroupsExport => "Group id,Group name",
    }
}
