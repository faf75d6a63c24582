//! Ids of other programs in columns of user ids.

use super::*;

fn columns(text: &str, map: &[(&str, &str)]) -> Result<Columns, SheetError> {
    let map = map.iter().map(|(name, heading)| ((*name).to_owned(), (*heading).to_owned()));
    let options = Options { map: map.collect(), ..Options::default() };
    let sheet = open_bytes(text).unwrap();
    Columns::of(&sheet, Job::Users, &options)
}

/// Exports of Slack, SuccessFactors, Workday and SAP: the column is named, and the option that ignores it works.
#[test]
fn a_column_of_foreign_ids_is_named_with_the_option_that_ignores_it() {
    for (text, heading) in [
        (
            "username,email,status,userid,fullname\nann,a@b.co,Member,U024BE7LH,Ann\nbo,c@d.co,Member,W012A3CDE,Bo\n",
            "userid",
        ),
        ("USERID,EMAIL,STATUS\n100234,a@b.co,active\n100235,c@d.co,active\n", "USERID"),
        ("User ID,Email\njsmith,a@b.co\nbdoe,c@d.co\n", "User ID"),
        ("User_Id;Mail\n00012345;a@b.co\n", "User_Id"),
        ("Benutzer-ID;E-Mail\nMUELLER01;a@b.co\n", "Benutzer-ID"),
        ("ID utilisateur;Courriel\nP123456;a@b.co\n", "ID utilisateur"),
        ("UserId,Email\n0d8f5a52-3a5f-4e0b-9d55-3a1f6d2f8c11,a@b.co\n", "UserId"),
    ] {
        let error = columns(text, &[]).unwrap_err().to_string();
        assert!(error.contains(heading) && error.contains("line 2"), "{error}");
        assert!(error.contains("--map -="), "{error}");
        let left = columns(text, &[("-", heading)]).unwrap();
        assert_eq!(left.index(Field::AccountId), None);
        assert!(left.index(Field::Email).is_some());
    }
    // No other column names the user.
    let error = columns("USERID,STATUS\n100234,active\n", &[]).unwrap_err().to_string();
    assert!(error.contains("USERID") && error.contains("emails"), "{error}");
}

#[test]
fn a_column_of_account_ids_is_used_whatever_its_heading() {
    for text in [
        "User id,email\n557058:f58131cb-b67d-43c7-b30d-6b58d40bd077,a@b.co\n",
        "USERID,email\n5b10ac8d82e05b22cc7d4ef5,a@b.co\n",
        "User id,email\nqm:f58131cb-b67d-43c7:abc,a@b.co\n",
        "User id,email\n,a@b.co\n",
        "User id,email\n5.12E+23,a@b.co\n",
        "accountId,email\nu-a,a@b.co\n",
        "Atlassian ID,email\nu-a,a@b.co\n",
        "User id,email\nU024BE7LH,a@b.co\n712020:f58131cb-b67d-43c7-b30d-6b58d40bd077,c@d.co\n",
    ] {
        let found = columns(text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found.index(Field::AccountId), Some(0), "{text}");
    }
    let named = columns("USERID,email\nU024BE7LH,a@b.co\n", &[("accountId", "USERID")]).unwrap();
    assert_eq!(named.index(Field::AccountId), Some(0));
}

/// One foreign id among account ids makes its row unreadable.
#[test]
fn a_single_foreign_id_is_reported_with_its_line_and_the_option() {
    let text =
        "User id,email\n712020:f58131cb-b67d-43c7-b30d-6b58d40bd077,a@b.co\nU024BE7LH,c@d.co\n";
    let sheet = open_bytes(text).unwrap();
    let columns = Columns::of(&sheet, Job::Users, &Options::default()).unwrap();
    let rows: Vec<_> = sheet.map(|raw| UserRow::read(&raw.unwrap(), &columns)).collect();
    assert!(rows[0].is_ok());
    let problem = &rows[1].as_ref().unwrap_err()[0];
    assert_eq!((problem.line, problem.column.as_deref()), (3, Some("User id")));
    assert!(problem.to_string().contains("U024BE7LH"), "{problem}");
    assert!(problem.to_string().contains("--map -="), "{problem}");
}
