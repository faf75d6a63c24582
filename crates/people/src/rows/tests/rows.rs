use super::*;
use headcount_model::user::Product;

/// The first row of a text, read for a job.
fn first<T>(
    text: &str,
    job: Job,
    read: fn(&Raw, &Columns) -> Result<T, Vec<Problem>>,
) -> Result<T, Vec<Problem>> {
    let mut sheet = open_bytes(text).unwrap();
    let columns = Columns::of(&sheet, job, &Options::default()).unwrap();
    read(&sheet.next().unwrap().unwrap(), &columns)
}

fn create(cells: &str) -> Result<CreateRow, Vec<Problem>> {
    let text = format!("emailAddress;displayName;products;groups;key\n{cells}\n");
    first(&text, Job::CreateUsers, CreateRow::read)
}

fn member(headings: &str, cells: &str) -> Result<MemberRow, Vec<Problem>> {
    first(&format!("{headings}\n{cells}\n"), Job::Memberships, MemberRow::read)
}

#[test]
fn an_address_alone_makes_a_user() {
    let row =
        first("emailAddress\n \u{a0}mia@example.com\u{a0}\n", Job::CreateUsers, CreateRow::read);
    assert_eq!(
        row.unwrap(),
        CreateRow {
            email: "mia@example.com".to_owned(),
            display_name: None,
            products: ProductsCell::Default,
            groups: Vec::new(),
            dropped: Vec::new(),
        }
    );
}

#[test]
fn products_are_keys_or_names_that_mean_one_thing() {
    use Product::{JiraCore, JiraProductDiscovery, JiraServicedesk, JiraSoftware};
    for (cell, wanted) in [
        ("", ProductsCell::Default),
        ("none", ProductsCell::None),
        ("NONE, ", ProductsCell::None),
        ("jira-software", ProductsCell::These(vec![JiraSoftware])),
        ("Jira, Jira Software", ProductsCell::These(vec![JiraSoftware])),
        (
            "\"jira-core; Jira Service Management\"",
            ProductsCell::These(vec![JiraCore, JiraServicedesk]),
        ),
        ("JIRA PRODUCT DISCOVERY", ProductsCell::These(vec![JiraProductDiscovery])),
    ] {
        assert_eq!(create(&format!("a@b.co;;{cell};;")).unwrap().products, wanted, "{cell}");
    }
    for (cell, words) in [
        ("jira-sofware", "did you mean `jira-software`?"),
        ("confluence", "Jira's products only"),
        ("none, jira", "`none` and a product"),
        ("trello", "or `none`"),
    ] {
        let problems = create(&format!("a@b.co;;{cell};;")).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].column.as_deref(), Some("products"));
        assert!(problems[0].to_string().contains(words), "{}", problems[0]);
    }
}

#[test]
fn groups_split_at_semicolons_only() {
    let row = create("a@b.co;Ann;;\"a, b; c ;;a, b\";7").unwrap();
    assert_eq!(row.groups, ["a, b", "c"]);
    assert_eq!(row.display_name.as_deref(), Some("Ann"));
    assert_eq!(row.dropped, ["key"]);
}

#[test]
fn every_problem_of_a_row_is_reported_at_once_with_its_place() {
    let problems = create("ann@localhost;A\u{fffd};jira-x, foo;{{group}};").unwrap_err();
    let places: Vec<_> = problems.iter().map(|p| (p.line, p.column.as_deref().unwrap())).collect();
    assert_eq!(
        places,
        [(2, "emailAddress"), (2, "displayName"), (2, "products"), (2, "products"), (2, "groups")]
    );
    assert!(problems.iter().all(|problem| !problem.todo.is_empty()));
    let missing = create(";Ann;;;").unwrap_err();
    assert_eq!(missing[0].what, "there is no email address");
}

#[test]
fn a_ragged_row_reports_that_and_nothing_that_follows_from_it() {
    let problems = create("ann;b;;;;c").unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].what.contains("6 cells"), "{}", problems[0]);
}

#[test]
fn users_go_by_id_or_mail_and_both_are_handed_on() {
    let read = |cells: &str| {
        let text = format!("User id,User name,email,Org role\n{cells}\n");
        first(&text, Job::Users, UserRow::read)
    };
    let row = read("557058:abc,Ann,ann@example.com,Organization admin").unwrap();
    assert_eq!(row.account_id.as_deref(), Some("557058:abc"));
    assert_eq!(row.email.as_deref(), Some("ann@example.com"));
    assert_eq!(row.org_role.as_deref(), Some("Organization admin"));
    let old = "00712ac8d82e05b22cc7d4ef";
    assert_eq!(read(&format!("{old},Ann,,")).unwrap().account_id.as_deref(), Some(old));
    assert_eq!(read(",Ann,ann@example.com,").unwrap().account_id, None);
    assert_eq!(read(",Ann,,").unwrap_err()[0].what, "the row names no user");
    let both = read("5.12E+15,Ann,n/a,").unwrap_err();
    assert_eq!(both.len(), 2);
    assert_eq!(both[0].column.as_deref(), Some("User id"));
}

#[test]
fn the_articles_four_columns_are_read_as_they_are() {
    let row = member(
        "Email,Group,accountId,groupId",
        "vdillow@banc.ly,oslo-engineering,e2345d51eaa4xxx984e377ce,d6750b14-1aa8-4ab2-xxxx-a6d44016da32",
    );
    assert_eq!(
        row.unwrap(),
        MemberRow {
            account_id: Some("e2345d51eaa4xxx984e377ce".to_owned()),
            email: Some("vdillow@banc.ly".to_owned()),
            group_id: Some("d6750b14-1aa8-4ab2-xxxx-a6d44016da32".to_owned()),
            group_name: Some("oslo-engineering".to_owned()),
            id_or_name: None,
        }
    );
}

#[test]
fn a_group_is_one_name_commas_and_all_or_an_id() {
    let id = "d6750b14-1aa8-4ab2-9999-a6d44016da32";
    let row = member("Email,Group", "a@b.co,\"Sales, EMEA; and APAC\"").unwrap();
    assert_eq!(row.group_name.as_deref(), Some("Sales, EMEA; and APAC"));
    let row = member("Email,Group", &format!("a@b.co,{id}")).unwrap();
    assert_eq!((row.group_id.as_deref(), row.group_name), (Some(id), None));
    // Under a heading that says name, it is a name.
    let row = member("Email,Group name", &format!("a@b.co,{id}")).unwrap();
    assert_eq!((row.group_id, row.group_name.as_deref()), (None, Some(id)));
    // Twice the same id is no name; another one next to an id is.
    let row = member("Email,Group,Group id", &format!("a@b.co,{id},{id}")).unwrap();
    assert_eq!((row.group_id.as_deref(), row.group_name), (Some(id), None));
    let row = member("Email,Group,Group id", &format!("a@b.co,{id},123")).unwrap();
    assert_eq!((row.group_id.as_deref(), row.group_name.as_deref()), (Some("123"), Some(id)));

    let told = member("Email,Group,Group id", "a@b.co,,").unwrap_err();
    assert_eq!(told[0].what, "there is no group");
    let told = member("Email,Group,Group id", "a@b.co,,#N/A").unwrap_err();
    assert_eq!(told.len(), 1, "a damaged id is not also a missing one: {told:?}");
    assert_eq!(told[0].column.as_deref(), Some("Group id"));
}

#[test]
fn our_own_quote_is_taken_off_before_a_cell_is_used_and_stays_in_the_row() {
    let text = "Email,Group\n'+ann@example.com,'=oslo\n";
    let row = first(text, Job::Memberships, MemberRow::read).unwrap();
    assert_eq!(row.email.as_deref(), Some("+ann@example.com"));
    assert_eq!(row.group_name.as_deref(), Some("=oslo"));
    assert_eq!(cells(text), [["'+ann@example.com", "'=oslo"]]);
}

#[test]
fn groups_to_create_have_a_name() {
    let read = |cells: &str| {
        first(&format!("Name,Description\n{cells}\n"), Job::CreateGroups, GroupRow::read)
    };
    let row = read("oslo,\"People, in Oslo\"").unwrap();
    assert_eq!((row.name.as_str(), row.description.as_deref()), ("oslo", Some("People, in Oslo")));
    assert_eq!(read(",x").unwrap_err()[0].column.as_deref(), Some("Name"));
}
