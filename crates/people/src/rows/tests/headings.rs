//! Headings of other programs and other languages, columns that look like one of the job, and hints.

use headcount_sheet::Heading;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::rows::seeming::{Seeming, seeming};
use crate::rows::wanted::{every_heading, field};

fn headings(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

fn find(job: Job, line: &str) -> Result<Columns, SheetError> {
    Columns::find(job, &headings(line), &Options::default())
}

/// Every entry of the table resolves to its field, in every wrapping, and to no other.
#[test]
fn every_heading_of_the_table_names_one_field() {
    let mut seen: BTreeMap<(String, String), Field> = BTreeMap::new();
    for (job, wanted, source, heading) in every_heading() {
        assert!(!source.is_empty() && heading == heading.trim(), "{heading}");
        for spelt in [
            heading.to_owned(),
            heading.to_uppercase(),
            format!(" {heading} *"),
            format!("{heading} [Required]"),
            format!("{heading} (optional)"),
            format!("{heading}\u{200b}:"),
        ] {
            assert_eq!(told_by(job, &spelt), Some(wanted), "{job:?}: {spelt} of {source}");
        }
        assert!(field(job, heading).is_some(), "--map {heading}");
        let key = (format!("{job:?}"), normalized(heading));
        let known = *seen.entry(key).or_insert(wanted);
        assert_eq!(known, wanted, "{job:?}: {heading} is ambiguous");
    }
}

#[test]
fn other_programs_exports_are_taken_as_they_come() {
    let google = "First Name [Required],Last Name [Required],Email Address [Required],\
        Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],\
        New Primary Email [UPLOAD ONLY],Recovery Email,Home Secondary Email,Work Secondary Email,\
        Recovery Phone [MUST BE IN THE E.164 FORMAT],Work Phone,Employee ID,Employee Type,\
        Manager Email,Department,Cost Center,New Licenses [UPLOAD ONLY],Licenses [READ ONLY]";
    let entra = "Name [displayName] Required,User name [userPrincipalName] Required,\
        Initial password [passwordProfile] Required,Block sign in (Yes/No) [accountEnabled] Required,\
        First name [givenName],Last name [surname],Job title [jobTitle],Department [department],\
        Usage location [usageLocation],Alternate email address [otherMails]";
    let okta = "login,firstName,lastName,email,title,displayName,secondEmail,mobilePhone,manager,managerId";
    let gam = "primaryEmail,name.fullName,suspended,orgUnitPath,lastLoginTime";
    for (job, line, email) in [
        (Job::CreateUsers, google, 2),
        (Job::Users, google, 2),
        (Job::CreateUsers, entra, 1),
        (Job::CreateUsers, okta, 3),
        (Job::CreateUsers, gam, 0),
        (Job::Users, "Member object ID or user principal name [memberObjectIdOrUpn] Required", 0),
        (Job::Users, "Group Email [Required],Member Email,Member Type,Member Role", 1),
        (Job::Users, "group_name,username,full_name,email,active", 3),
        (Job::Users, "Name,Email *", 1),
        (Job::Users, "userPrincipalName,displayName", 0),
        (Job::CreateUsers, "Vorname,Nachname,E-Mail-Adresse,Kennwort", 2),
        (Job::CreateUsers, "Nom,Prénom,Adresse de messagerie,Mot de passe", 2),
        (Job::CreateUsers, "Nombre,Dirección de correo electrónico,Contraseña", 1),
        (Job::CreateUsers, "Nome,Endereço de e-mail,Senha", 1),
        (Job::CreateUsers, "Cognome,Indirizzo e-mail", 1),
        (Job::CreateUsers, "Imię,Adres e-mail,Hasło", 1),
        (Job::CreateUsers, "Voornaam,E-mailadres,Wachtwoord", 1),
        (Job::CreateUsers, "氏名,メールアドレス,パスワード", 1),
    ] {
        let columns = find(job, line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(columns.index(Field::Email), Some(email), "{line}");
    }
    for (line, mail, group) in [
        ("E-Mail,Gruppe", 0, 1),
        ("Courriel,Nom du groupe", 0, 1),
        ("Grupo,Correo electrónico", 1, 0),
        ("メール,グループ", 0, 1),
        ("Adres e-mail,Nazwa grupy,Uwagi", 0, 1),
    ] {
        let columns =
            find(Job::Memberships, line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let of_group = columns.index(Field::Group).or(columns.index(Field::GroupName));
        assert_eq!((columns.index(Field::Email), of_group), (Some(mail), Some(group)), "{line}");
    }
}

#[test]
fn two_columns_that_could_both_be_the_address_are_asked_about() {
    for line in [
        "Name,Email,Company email",
        "Email,Private email",
        "Email,Work email",
        "Email,Secondary email",
        "Email,E-Mail 2",
        "Email,E-Mail (privat)",
        "userPrincipalName,mail",
        "Mail,Work email",
        "Private email,Email address",
        "Email,Emial",
        "Email,Invoice email",
        "E-Mail,Dienstliche E-Mail",
        "メール,Email",
    ] {
        for job in [Job::CreateUsers, Job::Users] {
            let error = find(job, line).expect_err(line);
            assert!(matches!(error, SheetError::TwoColumns { .. }), "{line}: {error}");
            let (told, all) = (error.to_string(), headings(line));
            let at = all.len() - 2;
            assert!(told.contains(&all[at]) && told.contains(&all[at + 1]), "{told}");
            assert!(told.contains("--map email=") && told.contains("--map -="), "{told}");
        }
    }
    // Of another user, of a group, or about mail: carried along.
    for line in [
        "Email,Manager email",
        "Email,Supervisor Email,Approver's e-mail",
        "Email,Email verified",
        "Email,E-Mail des Vorgesetzten",
        "Email,Group email",
        "Email,Emergency contact email",
        "Email,Created by email",
        "Email,Recovery email",
        "Email,Email notifications",
    ] {
        for job in [Job::CreateUsers, Job::Users] {
            let columns = find(job, line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(columns.index(Field::Email), Some(0), "{line}");
        }
    }
    // Nothing but another person's address belongs to no user of the job.
    assert!(find(Job::Users, "Name,Manager email").is_err());
}

#[test]
fn groups_and_products_of_new_people_are_not_passed_over() {
    for (heading, field) in [
        ("Group", "groups"),
        ("Group Name", "groups"),
        ("Grup", "groups"),
        ("Jira groups", "groups"),
        ("Gruppenname", "groups"),
        ("Gruppe", "groups"),
        ("Group membership", "groups"),
        ("Member of", "groups"),
        ("Team", "groups"),
        ("Group 1", "groups"),
        ("Product", "products"),
        ("Product access", "products"),
        ("Prodcuts", "products"),
        ("Apps", "products"),
        ("App access", "products"),
        ("Licence", "products"),
        ("License", "products"),
        ("Licenses", "products"),
        ("Lizenz", "products"),
        ("Application access", "products"),
        ("Jira access", "products"),
        ("Jira", "products"),
        ("Confluence", "products"),
        ("Jira Service Management", "products"),
        ("Site access", "products"),
        ("Atlassian Cloud access", "products"),
        ("Zugriff Jira", "products"),
        ("Accès Confluence", "products"),
        ("製品名", ""),
    ] {
        let line = format!("Email,{heading}");
        match find(Job::CreateUsers, &line) {
            Err(error @ SheetError::PassedOver { .. }) => {
                let told = error.to_string();
                assert!(told.contains(&format!("`{heading}` looks like")), "{told}");
                let quoted =
                    if heading.contains(' ') { format!("'{heading}'") } else { heading.into() };
                assert!(
                    told.contains(&format!("--map {field}={quoted}, or --map -={quoted}")),
                    "{told}"
                );
            }
            _ if field.is_empty() => {}
            other => panic!("{heading}: {other:?}"),
        }
    }
}

#[test]
fn groups_and_products_are_reported_at_once_and_other_kinds_are_carried() {
    // Both are reported at once, as a file for an importer has them.
    let told = find(Job::CreateUsers, "User name,Display name,Email ID,Product access,Group Name")
        .unwrap_err()
        .to_string();
    assert!(told.contains("--map products='Product access' --map groups='Group Name'"), "{told}");
    assert!(told.contains("--map -='Product access' --map -='Group Name'"), "{told}");
    // Ids of groups can only be left out; columns of another kind are carried.
    let told = find(Job::CreateUsers, "Email,Group id").unwrap_err().to_string();
    assert!(told.contains("--map -='Group id'") && !told.contains("groups='Group id'"), "{told}");
    for heading in [
        "Age group",
        "Product owner",
        "App version",
        "License plate",
        "Jira username",
        "Jira site",
        "Badge access",
        "Access card",
        "Cloud provider",
        "Group owner",
        "Grade",
        "Department",
        "Group description",
        "Approved",
        "Application date",
        "Country",
        "Title",
    ] {
        assert!(find(Job::CreateUsers, &format!("Email,{heading}")).is_ok(), "{heading}");
    }
}

#[test]
fn what_is_decided_is_decided() {
    // Next to what is named, another that could be it is asked about; a new user's team is not.
    assert!(find(Job::CreateUsers, "Email,groups,Group").is_err());
    assert!(find(Job::CreateUsers, "Email,groups,Team").is_ok());
    assert!(find(Job::Memberships, "Email,Group,Jira group").is_err());
    assert!(find(Job::Memberships, "Email,Group,Team").is_err());
    // Once it is decided, it is.
    for (field, heading) in [("groups", "Group"), ("-", "Group")] {
        let options = map(&[(field, heading)]);
        assert!(Columns::find(Job::CreateUsers, &headings("Email,Group"), &options).is_ok());
    }
}

#[test]
fn headings_with_odd_characters_are_mapped_as_they_are_written() {
    for heading in ["a=b", "Group=", "=Group", "Größe", "Gro\u{308}ße", "it's", "x -> y", "a\"b"]
    {
        let all = ["Email".to_owned(), heading.to_owned()];
        let options = map(&[("group", heading)]);
        let columns = Columns::find(Job::Memberships, &all, &options).unwrap();
        assert_eq!(columns.index(Field::Group), Some(1), "{heading}");
    }
    // Composed or not, it is the same heading.
    let options = map(&[("group", "Gro\u{308}ße")]);
    assert!(Columns::find(Job::Memberships, &headings("Email,Größe"), &options).is_ok());
}

/// A report can be brought as it is: the columns that headcount added are none of the job's.
#[test]
fn a_report_of_our_own_is_taken() {
    let added = "row,site,outcome,reason,detail,http_status,attempts,account_id,group_id,at";
    for line in [format!("Email,{added}"), format!("Email,groups,{added}")] {
        assert!(find(Job::CreateUsers, &line).is_ok(), "{line}");
    }
}

#[test]
fn seemings() {
    for (heading, wanted) in [
        ("Invitee email", Seeming::Mail),
        ("contactEmail", Seeming::OtherMail),
        ("Responsible person's mail", Seeming::Mail),
        ("Mailing city", Seeming::Other),
        ("Groupon", Seeming::Other),
        ("memberOf", Seeming::Group),
        ("Group GUID", Seeming::GroupId),
        ("Jira license type", Seeming::Product),
    ] {
        assert_eq!(seeming(&Heading::of(heading)), wanted, "{heading}");
    }
}

/// The `--map` options of each alternative in an error.
fn hints(told: &str) -> Vec<Vec<(String, String)>> {
    let Some(start) = told.find("--map ").or(told.find("--no-headings")) else { return Vec::new() };
    let mut all = vec![Vec::new()];
    let mut rest = &told[start..];
    while let Some(at) = rest.find("--map ") {
        let between = &rest[..at];
        if between.contains(" or ") || between.contains("; or ") {
            all.push(Vec::new());
        }
        rest = &rest[at + "--map ".len()..];
        let Some((field, after)) = rest.split_once('=') else { break };
        let (heading, after) = match after.strip_prefix('\'') {
            Some(quoted) => {
                let mut end = quoted.find('\'').unwrap_or(quoted.len());
                while quoted[end..].starts_with("'\\''") {
                    end += 4 + quoted[end + 4..].find('\'').unwrap_or(0);
                }
                (quoted[..end].replace("'\\''", "'"), &quoted[(end + 1).min(quoted.len())..])
            }
            None => {
                let end = after.find([' ', ',', ';']).unwrap_or(after.len());
                (after[..end].to_owned(), &after[end..])
            }
        };
        all.last_mut().unwrap().push((field.to_owned(), heading));
        rest = after;
    }
    all.retain(|maps: &Vec<_>| !maps.is_empty());
    all
}

const PIECES: [&str; 37] = [
    "Email",
    "Mail",
    "email",
    "Company email",
    "Private email",
    "Manager email",
    "Emial",
    "Group",
    "Group name",
    "Groups",
    "Grup",
    "Team",
    "Gruppe",
    "Product",
    "Products",
    "Apps",
    "License",
    "Group id",
    "accountId",
    "User id",
    "acountId",
    "Name",
    "Note",
    "Password",
    "Org role",
    "it's",
    "a=b",
    "Action",
    "Operation",
    "Keep?",
    "Team",
    "Team ID",
    "E-Mail (privat)",
    "userPrincipalName",
    "",
    "Invitee email",
    "Foo",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Whatever the headings are, every hint is taken: what it offers does not end in the next error.
    #[test]
    fn every_hint_can_be_followed(
        chosen in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..6),
        job in prop::sample::select(vec![Job::CreateUsers, Job::Users, Job::Memberships, Job::CreateGroups, Job::Groups]),
    ) {
        let all: Vec<String> = chosen.iter().map(|heading| (*heading).to_owned()).collect();
        let Err(error) = Columns::find(job, &all, &Options::default()) else { return Ok(()) };
        let told = error.to_string();
        for maps in hints(&told) {
            prop_assert!(!maps.is_empty(), "{told}");
            let options = Options { map: maps.clone(), ..Options::default() };
            let again = Columns::find(job, &all, &options);
            prop_assert!(again.is_ok(), "{all:?}: {told}\n{maps:?}: {}", again.unwrap_err());
        }
    }
}
