//! Rows that a person has marked as left out, and texts that a person does not see as they are.

use super::*;

fn read(text: &str) -> Result<UserRow, Vec<Problem>> {
    let text = format!("Email\n{text}\n");
    let mut sheet = open_bytes(&text).unwrap();
    let columns = Columns::of(&sheet, Job::Users, &Options::default()).unwrap();
    UserRow::read(&sheet.next().unwrap().unwrap(), &columns)
}

#[test]
fn an_address_with_a_mark_before_it_is_reported() {
    for cell in [
        "#ann@b.co",
        "# ann@b.co",
        "//ann@b.co",
        "-ann@b.co",
        "- ann@b.co",
        "!ann@b.co",
        "~ann@b.co",
        "~~ann@b.co~~",
        "*ann@b.co",
        ";ann@b.co",
        "(ann@b.co)",
        "[ann@b.co]",
        "{ann@b.co}",
        "*@b.co",
        "/ann@b.co/",
        "=ann@b.co",
    ] {
        assert!(read(cell).is_err(), "{cell}");
    }
    for cell in [
        "ann@b.co;",
        "<ann@b.co>",
        "Ann (ann@b.co)",
        "ann@b.co (Ann)",
        "_ann@b.co",
        "a-n@b.co",
        "+1-2@b.co",
        "ann-@b.co",
    ] {
        assert!(read(cell).is_ok(), "{cell}");
    }
}

/// What is shown from right to left is another address than the cell holds.
#[test]
fn a_text_that_is_shown_from_right_to_left_is_reported() {
    for cell in ["\u{202e}oc.b@nna", "ann\u{202e}@b.co", "\u{202e}ann@b.co\u{202c}"] {
        let problems = read(cell).unwrap_err();
        assert!(problems[0].what.contains("U+202E"), "{}", problems[0]);
    }
    assert_eq!(read("\u{202a}ann@b.co\u{202c}").unwrap().email.as_deref(), Some("ann@b.co"));
}
