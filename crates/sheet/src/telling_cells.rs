//! Columns of which the cells tell what no heading does: ids of accounts under `ID`, a second address
//! under `Login`. Only the first rows are looked at; a doubt is asked about.

use super::address::looks_like_mail;
use super::cell::{is_uuid, text};
use super::heading::Columns;
use super::heading_words::{normalized, words};
use super::search::{Trouble, column};
use super::wanted::{Field, Job, field};

/// Headings of names under which programs write addresses, as they are compared.
const LOGINS: &str = "login logins loginname loginid user users username userlogin account \
                      accountname signin signinname logon logonname benutzer benutzername anmeldename \
                      nutzer nutzername identifiant utilisateur nomdutilisateur usuario \
                      nombredeusuario nomedeusuario utente nomeutente uzytkownik nazwauzytkownika \
                      gebruiker gebruikersnaam ユーサー ユーサー名 ロクイン";

/// Words of a heading over ids of 24 hexadecimal digits that are an account's.
const IDS: &str = "id ids aaid key userkey user account accountid atlassian konto compte cuenta conta \
                   utente benutzer identifier";

/// What the first rows tell of columns that are read from nowhere.
pub(super) fn doubt(
    job: Job,
    headings: &[String],
    first: &[(u64, Vec<String>)],
    columns: &Columns,
    map: &[(String, String)],
) -> Option<Trouble> {
    if !matches!(job, Job::CreateUsers | Job::Users | Job::Memberships) {
        return None;
    }
    let is_mapped = |wanted: Field| map.iter().any(|(name, _)| field(job, name) == Some(wanted));
    let is_free = |at: &usize| {
        !columns.uses(*at)
            && !columns.secret_indexes().contains(at)
            && !map.iter().any(|(_, heading)| column(headings, heading) == Ok(*at))
    };
    let holds = |at: usize, is_it: &dyn Fn(&str) -> bool| {
        first.iter().filter_map(|(_, cells)| cells.get(at)).any(|cell| is_it(text(cell)))
    };
    if job == Job::CreateUsers || columns.index(Field::AccountId).is_none() {
        let mut free = (0..headings.len()).filter(is_free);
        if let Some(mail) = columns.index(Field::Email).filter(|_| !is_mapped(Field::Email))
            && let Some(at) = free.find(|at| {
                LOGINS.split_whitespace().any(|known| known == normalized(&headings[*at]))
                    && holds(*at, &looks_like_mail)
            })
        {
            return Some(Trouble::Two(Field::Email, mail.min(at), mail.max(at)));
        }
    }
    if job != Job::CreateUsers && columns.index(Field::AccountId).is_none() {
        let of_ids = |heading: &str| {
            words(heading).iter().any(|word| IDS.split_whitespace().any(|id| id == word))
        };
        let is_id = |at: &usize| {
            holds(*at, &is_account_id) || (of_ids(&headings[*at]) && holds(*at, &is_old_account_id))
        };
        let ids: Vec<_> = (0..headings.len())
            .filter(is_free)
            .filter(is_id)
            .map(|at| (Field::AccountId, at))
            .collect();
        return (!ids.is_empty()).then_some(Trouble::Passed(ids));
    }
    None
}

/// `712020:` or `557058:` and a UUID: the form of most account ids.
fn is_account_id(text: &str) -> bool {
    let Some((number, uuid)) = text.split_once(':') else { return false };
    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) && is_uuid(uuid)
}

/// 24 hexadecimal digits: the form of the older ones.
fn is_old_account_id(text: &str) -> bool {
    text.len() == 24
        && text.chars().all(|c| c.is_ascii_hexdigit())
        && text.starts_with(['5', '6', '7'])
}
