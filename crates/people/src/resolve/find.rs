//! Finds the user and the group that a row means, or why it is not certainly one. Pure.
//!
//! Finding is separate from reporting: the report on an unknown name contains the most similar names of all, and
//! that search only runs if a user reads it.

use crate::directory::{Directory, FoundGroup, FoundPerson, GroupIndex, PersonIndex};
use crate::rows::{OtherReading, WhichGroup, WhichUser};
use crate::steps::No;
use headcount_model::group::name_key;
use headcount_model::reason::Reason;
use headcount_model::scripts::{odd_form_of_name, odd_letter, odd_letter_of_name};
use headcount_model::user::plain_mail_key;

/// Why it is not certainly one user.
enum NoPerson<'a> {
    /// The site does not know the account.
    Account,
    /// The account belongs to another user than the email.
    OtherMail(PersonIndex),
    /// The email belongs to another user than the account, which shows no email.
    OthersMail,
    /// Several users have the email.
    Several(&'a [PersonIndex]),
    /// The site hides which user has the email.
    Hidden,
    /// No user has the email.
    Nobody,
    /// The email has letters of several scripts.
    MixedScripts(No),
}

/// The user that the row means, if it is certainly one.
pub(crate) fn only_person(user: &WhichUser, directory: &Directory) -> Option<PersonIndex> {
    which_person(user, directory).ok()
}

/// The user that the row means, or the report on it.
pub(crate) fn find_person(user: &WhichUser, directory: &Directory) -> Result<PersonIndex, No> {
    which_person(user, directory).map_err(|no| {
        let mail = user.mail.as_deref().unwrap_or_default();
        let id = user.account.as_ref().map(|id| id.as_str()).unwrap_or_default();
        no.told(id, mail, directory)
    })
}

pub(crate) fn find_by_mail(mail: &str, directory: &Directory) -> Result<PersonIndex, No> {
    which_by_mail(mail, directory).map_err(|no| no.told("", mail, directory))
}

fn which_person<'a>(
    user: &WhichUser,
    directory: &'a Directory,
) -> Result<PersonIndex, NoPerson<'a>> {
    let Some(id) = &user.account else {
        return which_by_mail(user.mail.as_deref().unwrap_or_default(), directory);
    };
    let index = directory.person_by_id(id).ok_or(NoPerson::Account)?;
    let known = directory.mail(index).map(plain_mail_key);
    match user.mail.as_deref() {
        Some(mail) if known.as_deref().is_some_and(|known| known != plain_mail_key(mail)) => {
            Err(NoPerson::OtherMail(index))
        }
        // The user's own email is hidden, but another user shows this one.
        Some(mail) if known.is_none() && holds_another(mail, index, directory) => {
            Err(NoPerson::OthersMail)
        }
        _ => Ok(index),
    }
}

/// Why an email is refused until a person decides: it looks like another one.
pub(crate) fn mixed_scripts(mail: &str) -> Option<No> {
    let letter = odd_letter(mail)?;
    let detail = format!(
        "the address {mail} has letters of several scripts: {letter}; type it again, or write the account id"
    );
    Some(No::new(Reason::MixedScripts, detail))
}

fn which_by_mail<'a>(mail: &str, directory: &'a Directory) -> Result<PersonIndex, NoPerson<'a>> {
    if let Some(no) = mixed_scripts(mail) {
        return Err(NoPerson::MixedScripts(no));
    }
    match directory.people_by_mail(mail) {
        FoundPerson::One(index) => Ok(index),
        FoundPerson::Several(several) => Err(NoPerson::Several(several)),
        FoundPerson::Nobody if directory.is_hidden(mail) => Err(NoPerson::Hidden),
        FoundPerson::Nobody => Err(NoPerson::Nobody),
    }
}

fn holds_another(mail: &str, index: PersonIndex, directory: &Directory) -> bool {
    match directory.people_by_mail(mail) {
        FoundPerson::Nobody => false,
        FoundPerson::One(holder) => holder != index,
        FoundPerson::Several(holders) => !holders.contains(&index),
    }
}

impl NoPerson<'_> {
    fn told(self, id: &str, mail: &str, directory: &Directory) -> No {
        match self {
            Self::Account => No::new(Reason::UserNotFound, format!("the site has no account {id}")),
            Self::OtherMail(index) => {
                let shown = directory.person(index).shown();
                let detail =
                    format!("the account id belongs to {shown}, but the row's email is {mail}");
                No::new(Reason::Mismatch, detail)
            }
            Self::OthersMail => {
                let detail =
                    format!("the email {mail} and the account id {id} belong to different users");
                No::new(Reason::Mismatch, detail)
            }
            Self::Several(several) => {
                let ids: Vec<_> = several.iter().map(|&at| directory.account_id(at)).collect();
                let (many, ids) = (ids.len(), ids.join(", "));
                No::new(
                    Reason::UserAmbiguous,
                    format!("{many} accounts have the email {mail}: {ids}"),
                )
            }
            Self::MixedScripts(no) => no,
            Self::Hidden => {
                let detail = format!("the site finds a user for {mail} but hides the address");
                No::new(Reason::UserHidden, detail)
            }
            Self::Nobody => {
                let blind = if directory.sees_every_mail {
                    ""
                } else {
                    " (with these credentials, headcount cannot see hidden addresses or deactivated users)"
                };
                let nearest = nearest(&directory.hint_mails(mail));
                let detail = format!("no user has the email {mail}{blind}{nearest}");
                No::new(Reason::UserNotFound, detail)
            }
        }
    }
}

/// Why it is not certainly one group.
enum NoGroup {
    /// No group has the id.
    Id,
    /// The id belongs to another group than the name.
    OtherName(GroupIndex),
    /// Several groups fit the name, none exactly.
    Several(Vec<GroupIndex>),
    /// No group has this name.
    Nothing,
    /// The text is the id of the first group and the name of the others.
    IdAndName(GroupIndex, Vec<GroupIndex>),
    /// No group has the id, but this one has it as its name.
    NameAlone(GroupIndex),
    /// No group has the name, but this one has it as its id.
    IdAlone(GroupIndex),
}

/// The group that the row means, if it is certainly one.
pub(crate) fn only_group(group: &WhichGroup, directory: &Directory) -> Option<GroupIndex> {
    which_group(group, directory).ok()
}

/// The group that the row means, or the report on it.
pub(crate) fn find_group(group: &WhichGroup, directory: &Directory) -> Result<GroupIndex, No> {
    which_group(group, directory).map_err(|no| {
        let name = group.name.as_deref().unwrap_or_default();
        let id = group.id.as_ref().map(|id| id.as_str()).unwrap_or_default();
        no.told(id, name, directory)
    })
}

fn which_group(group: &WhichGroup, directory: &Directory) -> Result<GroupIndex, NoGroup> {
    let found = as_taken(group, directory);
    let other = match &group.other {
        None => return found,
        Some(OtherReading::Id(id)) => directory.group_by_id(id).into_iter().collect(),
        Some(OtherReading::Name(name)) => match directory.group_by_name(name) {
            FoundGroup::One(index) => vec![index],
            FoundGroup::Several(several) => several,
            FoundGroup::Nothing => Vec::new(),
        },
    };
    let by_id = matches!(group.other, Some(OtherReading::Name(_)));
    match (found, other.as_slice()) {
        (Ok(one), []) => Ok(one),
        (Ok(one), [same]) if one == *same => Ok(one),
        (Ok(one), _) if by_id => {
            Err(NoGroup::IdAndName(one, other.into_iter().filter(|at| *at != one).collect()))
        }
        (Ok(one), [id, ..]) => Err(NoGroup::IdAndName(*id, vec![one])),
        (Err(NoGroup::Id), [first, ..]) => Err(NoGroup::NameAlone(*first)),
        (Err(NoGroup::Nothing), [first, ..]) => Err(NoGroup::IdAlone(*first)),
        (Err(NoGroup::Several(several)), [id, ..]) => Err(NoGroup::IdAndName(*id, several)),
        (Err(no), _) => Err(no),
    }
}

/// The group, according to what its cell was read as.
fn as_taken(group: &WhichGroup, directory: &Directory) -> Result<GroupIndex, NoGroup> {
    let Some(id) = &group.id else {
        return which_by_name(group.name.as_deref().unwrap_or_default(), directory);
    };
    let index = directory.group_by_id(id).ok_or(NoGroup::Id)?;
    let known = &directory.group(index).name;
    match group.name.as_deref() {
        Some(name) if !known.is_empty() && name_key(known) != name_key(name) => {
            Err(NoGroup::OtherName(index))
        }
        _ => Ok(index),
    }
}

fn which_by_name(name: &str, directory: &Directory) -> Result<GroupIndex, NoGroup> {
    match directory.group_by_name(name) {
        FoundGroup::One(index) => Ok(index),
        FoundGroup::Several(several) => Err(NoGroup::Several(several)),
        FoundGroup::Nothing => Err(NoGroup::Nothing),
    }
}

impl NoGroup {
    fn told(self, id: &str, name: &str, directory: &Directory) -> No {
        match self {
            Self::Id => No::new(Reason::GroupNotFound, format!("no group has the id {id}")),
            Self::OtherName(index) => {
                let known = &directory.group(index).name;
                let detail = format!(
                    "the group id belongs to “{known}”, but the row's group name is “{name}”"
                );
                No::new(Reason::Mismatch, detail)
            }
            Self::Several(several) => {
                let groups = several.iter().map(|&at| directory.group(at));
                let names: Vec<_> =
                    groups.map(|group| format!("“{}” ({})", group.name, group.id)).collect();
                let detail = format!("several groups match “{name}”: {}", names.join(", "));
                No::new(Reason::GroupAmbiguous, detail)
            }
            Self::IdAndName(by_id, by_name) => {
                let of_id = &directory.group(by_id).name;
                let ids: Vec<_> =
                    by_name.iter().map(|&at| directory.group(at).id.as_str()).collect();
                let (text, ids) = (directory.group(by_id).id.as_str(), ids.join(", "));
                let detail = format!(
                    "{text} is the id of the group “{of_id}” and the name of another group, whose id \
                     is {ids}; write the id of the group you mean under the heading `Group id`"
                );
                No::new(Reason::GroupAmbiguous, detail)
            }
            Self::NameAlone(at) => {
                let other = &directory.group(at).id;
                let detail = format!(
                    "no group has the id {id}, but the group with the id {other} has it as its name; \
                     if you mean this group, write its id"
                );
                No::new(Reason::GroupNotFound, detail)
            }
            Self::IdAlone(at) => {
                let other = &directory.group(at).name;
                let detail = format!(
                    "no group is called “{name}”, but it is the id of the group “{other}”; if you mean \
                     this group, write its name"
                );
                No::new(Reason::GroupNotFound, detail)
            }
            Self::Nothing => {
                let nearest = nearest(&directory.hint_groups(name));
                let odd = odd_in(name);
                let several = if holds_several(name) {
                    "; if these are several groups, name each separately"
                } else {
                    ""
                };
                No::new(
                    Reason::GroupNotFound,
                    format!("no group is called “{name}”{odd}{several}{nearest}"),
                )
            }
        }
    }
}

/// Whether a name could be a list: a name with commas is rare, a cell with several groups is not.
fn holds_several(name: &str) -> bool {
    name.split([',', ';']).filter(|part| !part.trim().is_empty()).count() > 1
}

/// Names the character of a name that looks like another one.
fn odd_in(name: &str) -> String {
    let odd = odd_letter_of_name(name).or_else(|| odd_form_of_name(name));
    odd.map_or_else(String::new, |letter| format!("; the name contains {letter}"))
}

fn nearest(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!("; nearest: {}", names.join(", ")),
    }
}
