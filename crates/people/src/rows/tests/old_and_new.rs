//! `user email`: which column has the old and which the new address is said by its heading or by the user.

use headcount_sheet::Options;

use crate::rows::wanted::every_word_of_old_and_new;
use crate::rows::{Columns, Field, SheetJob as Job, told_by};

use super::open_bytes;

const ROW: &str = "a@b.co,b@b.co\n";

fn columns(text: &str) -> Result<Columns, headcount_sheet::SheetError> {
    Columns::of(&open_bytes(text).unwrap(), Job::NewEmails, &Options::default())
}

fn offered(text: &str) -> Vec<String> {
    let error = columns(text).expect_err(text);
    error.options().iter().map(ToString::to_string).collect()
}

#[test]
fn each_word_is_known_before_and_after_an_address() {
    for (field, source, word) in every_word_of_old_and_new() {
        for heading in
            [format!("{word} email"), format!("E-mail ({word})"), format!("{word}メールアドレス")]
        {
            if heading.ends_with('ス') && word.is_ascii() {
                continue;
            }
            // `nova` is new in Portuguese; no word is old in one language and new in another.
            assert_eq!(told_by(Job::NewEmails, &heading), Some(field), "{heading} ({source})");
        }
    }
}

#[test]
fn headings_that_say_it_need_no_option() {
    for (heading, new) in [
        ("Email,Nuova e-mail", 1),
        ("Nieuw e-mailadres,E-mailadres", 0),
        ("E-mailadres (oud),E-mailadres (nieuw)", 1),
        ("Email,新しいメールアドレス", 1),
        ("新メール,旧メール", 0),
        ("メールアドレス（変更後）,メールアドレス（変更前）", 0),
        ("Ny e-post,Gammel e-post", 0),
        ("Uusi sähköposti,Vanha sähköpostiosoite", 0),
        ("Nowy adres e-mail,Stary adres e-mail", 0),
        ("Novo e-mail,E-mail antigo", 0),
        ("Nouvelle adresse de messagerie,Ancienne adresse de messagerie", 0),
        ("Nueva dirección de correo electrónico,Dirección de correo electrónico", 0),
        ("E-Mail alt,E-Mail neu", 1),
        ("Work email,New work email", 1),
        ("Новый адрес электронной почты,Email", 0),
    ] {
        let found = columns(&format!("{heading}\n{ROW}")).expect(heading);
        assert_eq!(found.index(Field::NewEmail), Some(new), "{heading}");
        assert_eq!(found.index(Field::Email), Some(1 - new), "{heading}");
    }
}

#[test]
fn a_heading_that_does_not_say_it_is_never_guessed() {
    for (heading, pairs) in [
        ("Email,Other address", ["Email", "Other address"]),
        ("Email address,Work email", ["Email address", "Work email"]),
        ("Address in May,Email", ["Address in May", "Email"]),
        ("Before,After", ["Before", "After"]),
        ("Email,New hire email", ["Email", "New hire email"]),
    ] {
        let typed = offered(&format!("{heading}\n{ROW}"));
        let quoted = |name: &str| match name.contains(' ') {
            true => format!("'{name}'"),
            false => name.to_owned(),
        };
        let pair = |old: &str, new: &str| {
            format!("--map email={} --map newEmail={}", quoted(old), quoted(new))
        };
        let mut both = vec![pair(pairs[0], pairs[1]), pair(pairs[1], pairs[0])];
        both.sort();
        let mut sorted = typed.clone();
        sorted.sort();
        assert_eq!(sorted, both, "{heading}");
    }
    // Neither without headings, nor of more than two.
    assert_eq!(offered(ROW), Vec::<String>::new());
    assert_eq!(offered("Before,Then,After\na@b.co,b@b.co,c@b.co\n"), Vec::<String>::new());
}

#[test]
fn what_only_one_column_can_be_is_offered() {
    let id = "712020:d6750b14-1aa8-4ab2-9999-a6d44016da32";
    for (text, wanted) in [
        (format!("Old email,Foo\n{ROW}"), "--map email='Old email' --map newEmail=Foo"),
        (format!("New email,Foo\n{ROW}"), "--map email=Foo --map newEmail='New email'"),
        (format!("User id,Foo\n{id},a@b.co\n"), "--map newEmail=Foo"),
    ] {
        assert_eq!(offered(&text), [wanted], "{text}");
    }
}
