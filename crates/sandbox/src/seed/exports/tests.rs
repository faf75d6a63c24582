use super::*;

fn org(files: &[(&str, &str)]) -> Result<Org, SandboxError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut org = Org::default();
    fill(&mut org, folder.path())?;
    org.finish_loading();
    Ok(org)
}

#[test]
fn the_articles_trimmed_files() {
    let org = org(&[
        ("users.csv", "User id,Username,email\n6155833c071axxx071ff5b24,Janaye Float,jfloat@banc.ly\n"),
        ("groups.csv", "Group id,Group name\nd6750b14,oslo-engineering\nd6750b14,oslo-engineering\n396fae73,\"a, b\"\n"),
    ])
    .unwrap();
    let person = org.find("6155833c071axxx071ff5b24").unwrap();
    assert_eq!(&*org.person(person).record.name, "Janaye Float");
    assert!(org.person(person).has(Product::JiraSoftware));
    assert!(org.find_group("d6750b14").is_some());
    assert!(org.find_group_name("a, b").is_some());
    assert!(org.is_claimed("x@banc.ly"));
}

#[test]
fn the_pivot_form_gives_memberships_and_products() {
    let rows = "\u{feff}Group id;Group name;User id;User name;email;User status;Added to org;Org role;Jira - acme;Jira Service Management - acme\r\n\
        g1;alpha;a1;Ann;ann@acme.example;Active;3 Jan 2024;Organization admin;User;\r\n\
        g2;beta;a1;Ann;ann@acme.example;Active;3 Jan 2024;Organization admin;User;\r\n\
        g1;alpha;b2;Bob;bob@gmail.com;Deactivated;28 Apr 2024;;none;User\r\n\
        g1;alpha;c3;Cy;cy@acme.example;Suspended;;;;\r\n";
    let org = org(&[("groups.csv", rows)]).unwrap();
    let who = |id: &str| org.person(org.find(id).unwrap());
    assert_eq!(who("a1").groups.len(), 3, "two, and the product's");
    assert!(who("a1").record.org_admin);
    assert_eq!(who("a1").record.added_ms, 1_704_240_000_000);
    assert!(who("b2").has(Product::JiraServicedesk) && !who("b2").has(Product::JiraSoftware));
    assert_eq!(who("b2").record.lifecycle, Lifecycle::Inactive);
    assert!(!who("b2").record.managed, "gmail.com is nobody's");
    assert_eq!(who("c3").record.place, Place::Suspended);
    assert!(!who("c3").has_any_product());
}

#[test]
fn managed_accounts_say_who_is_managed() {
    let org = org(&[
        (
            "users.csv",
            "User id,User name,email\na1,Ann,ann@acme.example\nb2,Bob,bob@acme.example\n",
        ),
        (
            "managed.csv",
            "Name,Atlassian ID,Email,Status,Jira\nAnn,a1,ann@acme.example,Active,acme\n\
             Dee,d4,dee@acme.example,Deactivated,\n",
        ),
    ])
    .unwrap();
    let managed = |id: &str| org.person(org.find(id).unwrap()).record.managed;
    assert!(managed("a1"));
    assert!(!managed("b2"));
    let elsewhere = &org.person(org.find("d4").unwrap()).record;
    assert_eq!((elsewhere.place, elsewhere.lifecycle), (Place::Never, Lifecycle::Inactive));
}

/// In the form of `headcount user export`: a user in no directory is not on the site.
#[test]
fn who_was_not_invited_is_not_on_the_site() {
    let rows = "User id,User name,email,User status\na1,Ann,ann@acme.example,Active\n\
        b2,Bob,bob@acme.example,Not invited\nc3,Cy,cy@acme.example,Deleted\n";
    let org = org(&[("users.csv", rows)]).unwrap();
    let who = |id: &str| org.person(org.find(id).unwrap());
    assert_eq!(who("a1").record.place, Place::Here);
    assert_eq!(who("b2").record.place, Place::Never);
    assert!(!who("b2").has_any_product());
    assert_eq!(who("c3").record.lifecycle, Lifecycle::ForDeletion);
}

#[test]
fn the_form_before_2021_has_no_ids() {
    let rows = "group_name,username,full_name,email,active\nalpha,ann,Ann Ross,ann@acme.example,Yes\nbeta,ann,Ann Ross,ann@acme.example,Yes\nalpha,bob,Bob,bob@acme.example,No\n";
    let org = org(&[("users.csv", rows)]).unwrap();
    assert_eq!(org.people_count(), 2);
    let ann = org.person(org.find_email("ann@acme.example").unwrap());
    assert_eq!(&*ann.record.name, "Ann Ross");
    assert_eq!(ann.groups.len(), 3);
}

#[test]
fn what_cannot_be_read_is_reported() {
    let told = |files: &[(&str, &str)]| org(files).unwrap_err().to_string();
    assert!(told(&[]).contains("neither users.csv"));
    assert!(told(&[("users.csv", "a,b\n1,2\n")]).contains("found: a, b"));
    let list = "User id,User name,email,Group name\na1,Ann,a@b.c,\"x, y\"\n";
    assert!(told(&[("users.csv", list)]).contains("Pivot"));
}

#[test]
fn tokens_come_from_the_list_of_tokens() {
    let users = ("users.csv", "User id,email\na1,ann@acme.example\nb2,admin@banc.ly\n");
    let tokens = "Token id,Label,User id,Created,Expires,Last used\n\
        007,ci,a1,3 Jan 2024,3 Jan 2025,Never used\n007,ci,a1,,,\n,no id,a1,,,\n8,ci,gone,,,\n10001,own,b2,,,\n10001,ci,a1,soon,,\n";
    let org = org(&[users, ("tokens.csv", tokens)]).unwrap();
    let of = |id: &str| org.person(org.find(id).unwrap()).record.tokens.clone();
    let ids: Vec<_> = of("a1").iter().map(|token| token.id.to_string()).collect();
    assert_eq!(ids, ["007", "10001"]);
    let first = &of("a1")[0];
    assert_eq!((first.made_ms, first.used_ms), (1_704_240_000_000, None));
    assert!(first.expires_ms.is_some() && of("a1")[1].made_ms == 0);
    // The sandbox's own administrator has this token anyway.
    assert!(of("b2").is_empty());
    let wrong = self::org(&[users, ("tokens.csv", "Token id,Label\n1,x\n")]).unwrap_err();
    assert!(wrong.to_string().contains("User id is missing"), "{wrong}");
}
