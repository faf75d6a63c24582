//! The heading lines of other programs' exports, as these programs write them, with a row of each.

use super::*;

/// A program's heading line, a row of it, and the heading of the email column.
type Export = (&'static str, &'static str, &'static str, &'static str);

const EXPORTS: &[Export] = &[
    (
        "Google Workspace, download of users",
        "First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY],Last Sign In [READ ONLY],Email Usage [READ ONLY],Recovery Email,2sv Enrolled [READ ONLY],New Primary Email [UPLOAD ONLY]",
        "Ann,F,ann@b.co,Active,2026-11-02,0.1GB,ann@home.net,True,",
        "Email Address [Required]",
    ),
    (
        "Google Workspace, members of a group",
        "Group Email [Required],Member Email,Member Name,Member Role,Member Type",
        "team@b.co,ann@b.co,Ann F,MEMBER,USER",
        "Member Email",
    ),
    (
        "GAM, print users",
        "primaryEmail,name.familyName,name.givenName,suspended,recoveryEmail",
        "ann@b.co,F,Ann,False,ann@home.net",
        "primaryEmail",
    ),
    (
        "Microsoft Entra, download of users",
        "userPrincipalName,displayName,surname,mail,givenName,id,userType,accountEnabled,ageGroup,legalAgeGroupClassification,alternateEmailAddress",
        "ann@b.co,Ann F,F,ann@b.co,Ann,7f,Member,True,,,ann@home.net",
        "userPrincipalName",
    ),
    (
        "Microsoft Entra, download of members",
        "id,userPrincipalName,displayName,objectType,userType,isUser,isGroup,isGuest",
        "7f,ann@b.co,Ann F,user,Member,TRUE,FALSE,FALSE",
        "userPrincipalName",
    ),
    (
        "Okta, profile attributes",
        "profile.login,profile.firstName,profile.lastName,profile.email,profile.secondEmail,status",
        "ann@b.co,Ann,F,ann@b.co,ann@home.net,ACTIVE",
        "profile.email",
    ),
    (
        "Okta, without an email",
        "profile.login,profile.firstName,profile.lastName",
        "ann@b.co,Ann,F",
        "profile.login",
    ),
    (
        "Okta, import",
        "login,firstName,lastName,middleName,email,displayName,secondEmail",
        "ann@b.co,Ann,F,,ann@b.co,Ann F,ann@home.net",
        "email",
    ),
    (
        "JumpCloud",
        "FirstName,LastName,Username,Email,alternateEmail,EmployeeType",
        "Ann,F,ann.f,ann@b.co,ann@home.net,Full",
        "Email",
    ),
    (
        "OneLogin",
        "Email,Firstname,Lastname,Username,samaccountname,Directory ID,Manager user id",
        "ann@b.co,Ann,F,ann.f,ann.f,4,9",
        "Email",
    ),
    (
        "BambooHR",
        "Employee #,Last name First name,Work Email,Job Title,Reports To",
        "7,\"F, Ann\",ann@b.co,Clerk,Tom",
        "Work Email",
    ),
    (
        "Workday",
        "Employee ID,Worker,Email - Primary Work,Worker's Manager",
        "7,Ann F,ann@b.co,Tom",
        "Email - Primary Work",
    ),
    ("Workday, web service", "Employee_ID,Primary_Work_Email", "7,ann@b.co", "Primary_Work_Email"),
    ("Personio", "ID;Vorname;Nachname;E-Mail;Status", "7;Ann;F;ann@b.co;aktiv", "E-Mail"),
    (
        "SuccessFactors",
        "STATUS,USERNAME,FIRSTNAME,LASTNAME,GENDER,EMAIL,MANAGER,HR,DEPARTMENT,HIREDATE",
        "active,annf,Ann,F,F,ann@b.co,tomb,eveh,IT,2026-01-01",
        "EMAIL",
    ),
    (
        "Atlassian, users",
        "User id,User name,email,User status,Added to org,Org role,Last seen in Jira - acme",
        ",Ann F,ann@b.co,Active,01 Jan 2026,User,02 Nov 2026",
        "email",
    ),
    (
        "Atlassian, before 2021",
        "group_name,username,full_name,email,active",
        "ops,ann,Ann F,ann@b.co,Yes",
        "email",
    ),
    (
        "Atlassian, account emails",
        "Name,Atlassian account email,Verified",
        "Ann F,ann@b.co,Yes",
        "Atlassian account email",
    ),
    (
        "Jira Server, cwd_user",
        "id,directory_id,user_name,lower_user_name,active,display_name,email_address,lower_email_address",
        "10000,1,annf,annf,1,Ann F,Ann@b.co,ann@b.co",
        "email_address",
    ),
    (
        "Crowd",
        "name,first-name,last-name,display-name,email,active",
        "annf,Ann,F,Ann F,ann@b.co,true",
        "email",
    ),
    (
        "LDAP",
        "dn,uid,cn,sn,rfc822Mailbox",
        "\"uid=annf,dc=b\",annf,Ann F,F,ann@b.co",
        "rfc822Mailbox",
    ),
    (
        "Get-ADUser",
        "DistinguishedName,EmailAddress,Enabled,GivenName,Name,ObjectClass,ObjectGUID,SamAccountName,SID,Surname,UserPrincipalName",
        "\"CN=Ann,DC=b\",ann@b.co,True,Ann,Ann F,user,7f,annf,S-1,F,ann@b.co",
        "EmailAddress",
    ),
    (
        "Get-Mailbox",
        "Name,Alias,PrimarySmtpAddress,RecipientTypeDetails",
        "Ann F,annf,ann@b.co,UserMailbox",
        "PrimarySmtpAddress",
    ),
    (
        "Slack",
        "username,email,status,billing-active,has-2fa,has-sso,fullname,displayname",
        "annf,ann@b.co,Member,1,0,0,Ann F,ann",
        "email",
    ),
    (
        "Swedish",
        "Förnamn;Efternamn;E-postadress;Chefens e-post",
        "Ann;F;ann@b.co;tom@b.co",
        "E-postadress",
    ),
    ("Danish", "Fornavn;Efternavn;E-mail;Leders e-mail", "Ann;F;ann@b.co;tom@b.co", "E-mail"),
    ("Norwegian", "Fornavn;Etternavn;E-postadresse", "Ann;F;ann@b.co", "E-postadresse"),
    (
        "Finnish",
        "Etunimi;Sukunimi;Sähköposti;Esihenkilön sähköposti",
        "Ann;F;ann@b.co;tom@b.co",
        "Sähköposti",
    ),
    ("Icelandic", "Nafn;Netfang", "Ann F;ann@b.co", "Netfang"),
    ("Estonian", "Nimi;E-posti aadress", "Ann F;ann@b.co", "E-posti aadress"),
    ("Lithuanian", "Vardas;El. paštas", "Ann;ann@b.co", "El. paštas"),
];

#[test]
fn exports_of_other_programs_are_read_by_their_email() {
    let mut wrong = Vec::new();
    for (program, line, row, wanted) in EXPORTS {
        let sheet = open_bytes(format!("{line}\n{row}\n")).unwrap();
        match Columns::of(&sheet, Job::Users, &Options::default()) {
            Ok(columns) => {
                let found = columns.index(Field::Email).map(|at| columns.heading(at));
                if found.as_deref() != Some(*wanted) {
                    wrong.push(format!("{program}: {found:?}"));
                }
            }
            Err(error) => wrong.push(format!("{program}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Memberships, in the languages of the Nordic countries too.
#[test]
fn memberships_in_the_nordic_languages_are_read() {
    for line in [
        "E-post;Grupp",
        "E-postadress;Gruppnamn",
        "E-mail;Gruppenavn",
        "E-postadresse;Gruppe",
        "Sähköposti;Ryhmä",
        "Sähköpostiosoite;Ryhmän nimi",
    ] {
        let sheet = open_bytes(format!("{line}\nann@b.co;ops\n")).unwrap();
        let columns = Columns::of(&sheet, Job::Memberships, &Options::default());
        let columns = columns.unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(columns.index(Field::Email), Some(0), "{line}");
        let group = columns.index(Field::Group).or(columns.index(Field::GroupName));
        assert_eq!(group, Some(1), "{line}");
    }
}

/// Two emails that differ in a row, or one of another kind: the job asks.
#[test]
fn exports_with_two_emails_are_asked_about() {
    for (line, row) in [
        ("profile.login,profile.email", "ann@b.co,ann@c.co"),
        ("EmailAddress,UserPrincipalName", "ann@b.co,annf@b.local"),
        ("email_address,lower_email_address", "ann@b.co,tom@b.co"),
        ("Sähköposti;Työsähköposti", "ann@home.net;ann@b.co"),
        ("E-post;Jobbe-post", "ann@home.net;ann@b.co"),
        ("Atlassian account email,Email", "ann@b.co,ann@c.co"),
        ("PrimarySmtpAddress,UserPrincipalName", "ann@b.co,annf@b.local"),
        ("Work Email,Home Email", "ann@b.co,ann@home.net"),
        ("Email - Primary Work,Email - Primary Home", "ann@b.co,ann@home.net"),
    ] {
        let sheet = open_bytes(format!("{line}\n{row}\n")).unwrap();
        let error = Columns::of(&sheet, Job::Users, &Options::default()).expect_err(line);
        assert!(matches!(error, SheetError::TwoColumns { .. }), "{line}: {error}");
    }
}
