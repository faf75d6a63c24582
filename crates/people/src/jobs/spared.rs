//! The users and groups that a job never changes, whatever the spreadsheet says, in the page's words.

const OWN: &str = "your own account";
const PROTECTED: &str = "users and groups that the settings of this site protect";
const ADMINISTRATORS: &str = "organization administrators, if your credentials can see this";
const PROVIDED: &str = "users and groups that an identity provider (such as Okta or Microsoft Entra) \
                        manages, if your credentials can see this; the provider would reverse the change";

const GOOGLE: &str = "users that Google Workspace manages: it has a directory of its own";

/// For jobs that unlink users.
pub(super) const UNLINKED: &[&str] = &[OWN, PROTECTED, ADMINISTRATORS, GOOGLE];
/// For jobs that give something.
pub(super) const CREATED: &[&str] = &[PROTECTED, PROVIDED];
/// For jobs that remove users from groups.
pub(super) const MEMBERS: &[&str] = &[OWN, PROTECTED, PROVIDED];
/// For jobs that take something away from users.
pub(super) const TAKEN_FROM: &[&str] = &[OWN, PROTECTED, ADMINISTRATORS, PROVIDED];
