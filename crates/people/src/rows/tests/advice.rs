//! What messages say where no option helps, or only after a change of the file.

use super::*;

/// Two tables next to each other: with either, the rows of the other would be lost.
#[test]
fn tables_next_to_each_other_are_refused_without_a_wrong_hint() {
    for (job, text) in [
        (Job::Memberships, "Email,Group,Email,Group\na@b.co,x,c@d.co,y\n"),
        (Job::Memberships, "Email,Group,,Email,Group\na@b.co,x,,c@d.co,y\n"),
        (Job::Memberships, "Email;Group;Note;Email;Group;Note\na@b.co;x;n;c@d.co;y;m\n"),
        (Job::Memberships, "Email 1,Group 1,Email 2,Group 2\na@b.co,x,c@d.co,y\n"),
        (Job::Users, "Name,E-Mail,Name,E-Mail\nAnn,a@b.co,Cid,c@d.co\n"),
    ] {
        let error = advice(text, job, &Options::default()).expect_err(text);
        assert!(error.to_string().contains("two tables next to each other"), "{text}: {error}");
        assert!(error.options().is_empty(), "{error}");
    }
    // Pairs are kept together where only one heading comes twice.
    let text = "Email,Group,Work email,Team\na@b.co,x,c@d.co,y\n";
    let error = advice(text, Job::Memberships, &Options::default()).expect_err(text);
    for change in error.options() {
        let typed = change.to_string();
        let is_first = typed.contains("email=Email") || typed.contains("-='Work email'");
        assert!(!is_first || !typed.contains("group=Team"), "{typed}");
    }
}

/// A hidden sheet may hold what is missing.
#[test]
fn a_missing_column_names_the_hidden_sheets() {
    let filled = |heading: &str| {
        seen::data(&[seen::row(1, "", &[heading, "Note"]), seen::row(2, "", &["Ann", "x"])])
    };
    for state in ["hidden", "veryHidden"] {
        let bytes = seen::book(
            &[("Lists", state, filled("Email")), ("People", "visible", filled("Name"))],
            &[],
        );
        let error = advice(&bytes, Job::Users, &Options::default()).expect_err(state).to_string();
        assert!(error.contains("headcount did not read the hidden sheet `Lists`"), "{error}");
    }
}

/// A heading of another job's answers is not used, and the message says what would be.
#[test]
fn a_heading_of_another_job_is_to_be_renamed() {
    let asked: &[&str] = &["remove removed"];
    for heading in ["Delete?", "Delete", "To be deleted", "Deactivate?", "Löschen?", "À supprimer"]
    {
        let text = format!("Email,{heading}\na@b.co,yes\nc@d.co,no\n");
        let options = Options { asked, ..Options::default() };
        let error = advice(&text, Job::Users, &options).expect_err(heading).to_string();
        assert!(error.contains("rename the column to `Remove?`"), "{heading}: {error}");
        // As the message says.
        let renamed = text.replace(heading, "Remove?");
        let error = advice(&renamed, Job::Users, &options).expect_err(heading).to_string();
        assert!(error.contains("--map action='Remove?'"), "{error}");
    }
    let text = "Email,Keep?\na@b.co,yes\nc@d.co,no\n";
    let error = advice(text, Job::Users, &Options { asked, ..Options::default() }).expect_err(text);
    assert!(!error.to_string().contains("rename"), "{error}");
}
