//! Requests as other people's clients send them: their paths, queries, headers and bodies. `scripts/clients` runs the
//! clients themselves; this holds what they showed, without Python and Node.

use headcount_testkit::sandbox::basic;
use serde_json::{Value, json};

use crate::client::{Raw, Site};

/// Python's `jira` 3.10.5 sends these with every request.
const PYTHON_JIRA: &[(&str, &str)] = &[
    ("user-agent", "python-requests/2.34.2"),
    ("accept-encoding", "gzip, deflate"),
    ("accept", "application/json,*/*;q=0.9"),
    ("connection", "keep-alive"),
    ("cache-control", "no-cache"),
    ("content-type", "application/json"),
    ("x-atlassian-token", "no-check"),
];
/// `atlassian-python-api` 5.0.5.
const ATLASSIAN_API: &[(&str, &str)] = &[
    ("user-agent", "python-requests/2.34.2"),
    ("accept-encoding", "gzip, deflate"),
    ("accept", "application/json"),
    ("connection", "keep-alive"),
    ("content-type", "application/json"),
];
/// `jira.js` 5.4.0 without a body, and with one.
const JIRA_JS: &[(&str, &str)] = &[
    ("accept", "application/json, text/plain, */*"),
    ("user-agent", "axios/1.13.2"),
    ("accept-encoding", "gzip, compress, deflate, br"),
    ("connection", "close"),
];
const JIRA_JS_BODY: &[(&str, &str)] = &[
    ("accept", "application/json, text/plain, */*"),
    ("content-type", "application/json"),
    ("user-agent", "axios/1.13.2"),
    ("accept-encoding", "gzip, compress, deflate, br"),
    ("connection", "close"),
];
/// A form, as `curl --data` sends it.
const FORM: &[(&str, &str)] =
    &[("accept", "*/*"), ("content-type", "application/x-www-form-urlencoded")];
const PARTS: &[(&str, &str)] =
    &[("accept", "*/*"), ("content-type", "multipart/form-data; boundary=XyZ")];

/// The credential of a step.
#[derive(Clone, Copy)]
enum Key {
    Admin,
    Plain,
    Wrong,
    Org,
    None,
}
use Key::{Admin, Org, Plain, Wrong};

/// Headers, credential, method, address, body, status, and what the answer has: a pointer and its value.
type Step = (
    &'static [(&'static str, &'static str)],
    Key,
    &'static str,
    &'static str,
    &'static str,
    u16,
    Option<(&'static str, Value)>,
);

/// Sends the steps one after the other, with ids for names in capitals.
async fn play(site: &Site, steps: &[Step]) {
    let card = site.sandbox.card().clone();
    let names = [
        ("VERNA", site.account("vdillow@banc.ly").await),
        ("OWNER", site.account("jfloat@banc.ly").await),
        ("ORG", card.org_id.clone()),
        ("DIR", card.directory_id.clone()),
    ];
    let fill =
        |text: &str| names.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id));
    for (headers, key, method, path, body, status, has) in steps {
        let credential = match key {
            Key::Admin => format!("Basic {}", basic(&card.email, &card.api_token)),
            Key::Plain => format!("Basic {}", basic("jfloat@banc.ly", "sandbox-plain-token")),
            Key::Wrong => format!("Basic {}", basic(&card.email, "wrong")),
            Key::Org => format!("Bearer {}", card.org_api_key),
            Key::None => String::new(),
        };
        let mut headers = headers.to_vec();
        if !credential.is_empty() {
            headers.push(("authorization", &credential));
        }
        let (path, body) = (fill(path), fill(body));
        let raw = Raw { method, path: &path, headers: &headers, body: &body };
        let answer = site.keyring().send_raw(&raw).await;
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, *status, "{method} {path} {body}: {told}");
        if let Some((pointer, wanted)) = has {
            let json = answer.json();
            let wanted: Value = serde_json::from_str(&fill(&wanted.to_string())).unwrap();
            assert_eq!(json.pointer(pointer), Some(&wanted), "{method} {path} {body}: {told}");
        }
    }
}

fn has(pointer: &'static str, value: Value) -> Option<(&'static str, Value)> {
    Some((pointer, value))
}

/// `JIRA(server, basic_auth=…)` takes a site for a Server edition if it does not say what it is.
#[tokio::test]
async fn python_jira() {
    let site = Site::new().await;
    let people: Vec<Value> =
        (0..60).map(|n| json!({"email": format!("many{n:02}@banc.ly")})).collect();
    site.control("POST", "seed", Some(json!({"people": people, "groups": [{"name": "many"}]})))
        .await;
    let many = site.group("many").await;
    let all = site.control("GET", "state?only=people", None).await;
    let members = all["people"].as_array().unwrap().iter();
    let members = members.filter(|one| one["email"].as_str().unwrap().starts_with("many"));
    let members: Vec<_> =
        members.map(|one| json!({"account": one["account_id"], "group": many})).collect();
    site.control("POST", "seed", Some(json!({"memberships": members}))).await;
    const H: &[(&str, &str)] = PYTHON_JIRA;
    play(
        &site,
        &[
            (H, Admin, "GET", "/rest/api/2/serverInfo", "", 200, has("/deploymentType", json!("Cloud"))),
            (H, Key::None, "GET", "/rest/api/2/serverInfo", "", 200, has("/versionNumbers/0", json!(1001))),
            (H, Wrong, "GET", "/rest/api/2/serverInfo", "", 401, None),
            (H, Admin, "GET", "/rest/auth/1/session", "", 401, has("/errorMessages/0", json!("Login failed"))),
            (H, Admin, "GET", "/rest/api/2/user/search?query=vdillow%40banc.ly&includeActive=True&includeInactive=False&startAt=0&maxResults=50", "", 200, has("/0/accountId", json!("VERNA"))),
            (H, Admin, "GET", "/rest/api/2/user/search?username=vdillow&includeActive=True&includeInactive=False&startAt=0&maxResults=50", "", 400, has("/errorMessages/0", json!("The query parameter 'username' is not supported in GDPR strict mode."))),
            (H, Admin, "GET", "/rest/api/2/user?accountId=VERNA", "", 200, has("/accountId", json!("VERNA"))),
            (H, Admin, "GET", "/rest/api/2/user/viewissue/search?query=jfloat&projectKey=SAND&startAt=0&maxResults=50", "", 200, has("/0/accountId", json!("OWNER"))),
            (H, Admin, "GET", "/rest/api/2/mypermissions", "", 400, None),
            (H, Admin, "GET", "/rest/api/2/group?groupname=many&expand=users", "", 200, has("/users/end-index", json!(49))),
            (H, Admin, "GET", "/rest/api/2/group?groupname=many&expand=users%5B50%3A99%5D", "", 200, has("/users/end-index", json!(59))),
            (H, Admin, "GET", "/rest/api/2/group?groupname=many&expand=users%5B50%3A99%5D", "", 200, has("/users/start-index", json!(50))),
            (H, Admin, "POST", "/rest/api/latest/group", r#"{"name": "made"}"#, 201, has("/name", json!("made"))),
            (H, Admin, "POST", "/rest/api/latest/group/user?groupname=made", r#"{"name": "vdillow"}"#, 400, None),
            (H, Admin, "POST", "/rest/api/latest/user", r#"{"displayName": "n", "emailAddress": "n@banc.ly", "name": "n"}"#, 400, has("/errorMessages/0", json!("You must specify the products that user can access."))),
            (H, Admin, "DELETE", "/rest/api/latest/user/?username=vdillow", "", 400, None),
            (H, Admin, "DELETE", "/rest/api/latest/group?groupname=made", "", 200, None),
            (H, Admin, "DELETE", "/rest/api/2/user?accountId=VERNA", "", 204, None),
        ],
    )
    .await;
}

#[tokio::test]
async fn atlassian_python_api() {
    let site = Site::new().await;
    const H: &[(&str, &str)] = ATLASSIAN_API;
    const OFFICE: &str = "/rest/api/latest/user/properties/office?accountId=VERNA";
    play(
        &site,
        &[
            (H, Admin, "GET", "/rest/api/latest/serverInfo?doHealthCheck=False", "", 200, has("/serverTitle", json!("Jira"))),
            (H, Admin, "PUT", OFFICE, r#"{"city": "Oslo", "rooms": 2}"#, 201, None),
            (H, Admin, "PUT", OFFICE, r#"{"city": "Bergen", "rooms": 2}"#, 200, None),
            (H, Admin, "GET", OFFICE, "", 200, has("/value/city", json!("Bergen"))),
            (H, Admin, "GET", "/rest/api/latest/user/properties?accountId=VERNA", "", 200, has("/keys/0/key", json!("office"))),
            (H, Admin, "GET", "/rest/api/latest/user/search?includeActive=true&includeInactive=false&startAt=0&maxResults=50&property=office.rooms=2", "", 200, has("/0/accountId", json!("VERNA"))),
            (H, Plain, "GET", OFFICE, "", 403, None),
            (H, Admin, "PUT", OFFICE, "", 400, None),
            (FORM, Admin, "PUT", OFFICE, "city=Oslo", 415, None),
            (H, Admin, "GET", "/rest/api/3/user/search/query?query=%5Boffice%5D.city+is+%22Bergen%22+AND+is+voter+of+SAND+OR+%5Boffice%5D.rooms+is+2", "", 200, has("/values/0/accountId", json!("VERNA"))),
            (H, Admin, "GET", "/rest/api/3/user/search/query?query=%5Boffice%5D.city+is+%22Bergen%22+AND+is+voter+of+SAND", "", 200, has("/total", json!(0))),
            (H, Admin, "GET", "/rest/api/3/user/search/query?query=office+is+Bergen", "", 400, None),
            (H, Admin, "DELETE", OFFICE, "", 204, None),
            (H, Admin, "DELETE", OFFICE, "", 404, None),
            (H, Admin, "GET", "/rest/api/latest/user/properties?accountId=", "", 400, None),
            (H, Admin, "GET", "/rest/api/latest/group/member?groupname=Finance,+Europe&includeInactiveUsers=True&startAt=0&maxResults=50", "", 200, has("/total", json!(1))),
            (H, Admin, "GET", "/rest/api/latest/group/member?groupname=Finance,+Europe&includeInactiveUsers=False&startAt=0&maxResults=50", "", 200, has("/total", json!(0))),
            (H, Admin, "GET", "/rest/api/3/user/picker?query=vdillow&maxResults=5&showAvatar=True", "", 200, has("/users/0/accountId", json!("VERNA"))),
            (H, Admin, "PUT", "/rest/api/3/mypreferences?key=mine", r#""yes""#, 204, None),
            (H, Admin, "GET", "/rest/api/3/mypreferences?key=mine", "", 200, has("", json!("yes"))),
            (H, Admin, "PUT", "/rest/api/3/mypreferences?key=mine", "false", 204, None),
            (H, Admin, "GET", "/rest/api/3/mypreferences?key=mine", "", 200, has("", json!("false"))),
            (H, Admin, "DELETE", "/rest/api/3/mypreferences?key=mine", "", 204, None),
            (H, Admin, "PUT", "/rest/api/3/mypreferences/locale", r#"{"locale": "Norwegian"}"#, 400, None),
            (H, Admin, "GET", "/rest/api/3/user/email?accountId=VERNA", "", 401, None),
            (H, Admin, "GET", "/rest/api/3/user/bulk/migration", "", 400, None),
            (H, Org, "GET", "/admin/v2/orgs/ORG/domains", "", 404, None),
            (H, Org, "GET", "/admin/v1/orgs/ORG/users/search?limit=10000", "", 410, None),
            (H, Org, "GET", "/users/VERNA/manage?privileges=lifecycle.enablement", "", 200, has("/lifecycle.enablement/allowed", json!(true))),
            (H, Org, "POST", "/users/VERNA/manage/lifecycle/disable", "{}", 204, None),
            (H, Org, "POST", "/users/VERNA/manage/lifecycle/enable", "{}", 204, None),
            (H, Org, "GET", "/admin/api-access/v1/orgs/ORG/api-tokens/count", "", 200, has("/count", json!(3))),
            (H, Org, "DELETE", "/admin/api-access/v1/orgs/ORG/api-tokens", "{}", 204, None),
            (H, Org, "GET", "/admin/api-access/v1/orgs/ORG/api-tokens/count", "", 200, has("/count", json!(0))),
            (H, Admin, "GET", "/rest/api/3/myself", "", 401, None),
        ],
    )
    .await;
}

#[tokio::test]
async fn jira_js() {
    let site = Site::new().await;
    const H: &[(&str, &str)] = JIRA_JS;
    const B: &[(&str, &str)] = JIRA_JS_BODY;
    const COLUMNS: &str = "/rest/api/3/user/columns?accountId=VERNA";
    play(
        &site,
        &[
            (H, Admin, "GET", "/rest/api/3/serverInfo", "", 200, has("/deploymentType", json!("Cloud"))),
            (H, Admin, "GET", "/rest/api/3/user/picker?query=verna&excludeAccountIds=VERNA", "", 200, has("/total", json!(0))),
            (H, Admin, "GET", "/rest/api/3/user/picker?query=vern", "", 200, has("/users/0/displayName", json!("Verna Dillow"))),
            (H, Admin, "GET", "/rest/api/3/user/picker", "", 400, None),
            (H, Admin, "GET", "/rest/api/3/groupuserpicker?query=oslo&maxResults=1", "", 200, has("/groups/groups/0/html", json!("<b>oslo</b>-engineering"))),
            (H, Key::None, "GET", "/rest/api/3/groupuserpicker?query=oslo", "", 200, has("/groups/total", json!(0))),
            (B, Admin, "POST", "/rest/api/3/permissions/check", r#"{"accountId":"OWNER","globalPermissions":["ADMINISTER","USER_PICKER"],"projectPermissions":[{"permissions":["EDIT_ISSUES"],"projects":[10000,7]}]}"#, 200, has("", json!({"globalPermissions": ["USER_PICKER"], "projectPermissions": [{"permission": "EDIT_ISSUES", "projects": [10000], "issues": []}]}))),
            (B, Admin, "POST", "/rest/api/3/permissions/check", r#"{"globalPermissions":["FLY"]}"#, 400, has("/errors/FLY", json!("Unrecognized permission"))),
            (B, Admin, "POST", "/rest/api/3/permissions/check", r#"{"projectPermissions":[{"permissions":[]}]}"#, 400, None),
            (B, Admin, "POST", "/rest/api/3/permissions/check", r#"{"accountId":"nobody"}"#, 400, None),
            (B, Plain, "POST", "/rest/api/3/permissions/check", r#"{"accountId":"VERNA"}"#, 403, None),
            (B, Key::None, "POST", "/rest/api/3/permissions/check", r#"{"globalPermissions":["USER_PICKER"]}"#, 200, has("/globalPermissions", json!([]))),
            (B, Admin, "POST", "/rest/api/3/permissions/project", r#"{"permissions":["BROWSE_PROJECTS"]}"#, 200, has("/projects/0/key", json!("SAND"))),
            (B, Admin, "POST", "/rest/api/3/permissions/project", r#"{"permissions":["ADMINISTER"]}"#, 400, None),
            (H, Admin, "GET", "/rest/api/3/user/permission/search?query=jfloat&permissions=BROWSE_PROJECTS&projectKey=SAND", "", 200, has("/0/accountId", json!("OWNER"))),
            (H, Admin, "GET", "/rest/api/3/user/permission/search?query=nnoaccess&permissions=BROWSE_PROJECTS&projectKey=SAND", "", 200, has("", json!([]))),
            (H, Admin, "GET", "/rest/api/3/user/permission/search?query=a&permissions=BROWSE_PROJECTS&projectKey=NONE", "", 404, None),
            (H, Admin, "GET", "/rest/api/3/user/permission/search?query=a&permissions=BROWSE_PROJECTS", "", 400, None),
            (H, Admin, "GET", "/rest/api/3/user/permission/search?query=a&projectKey=SAND", "", 400, None),
            (H, Plain, "GET", "/rest/api/3/user/permission/search?query=a&permissions=BROWSE_PROJECTS&projectKey=SAND", "", 403, None),
            (H, Admin, "GET", "/rest/api/3/user/assignable/search?query=a&issueKey=SAND-1", "", 404, None),
            (H, Admin, "GET", "/rest/api/3/user/assignable/multiProjectSearch?query=a", "", 400, None),
            (B, Admin, "PUT", COLUMNS, r#"["issuekey","summary"]"#, 200, None),
            (H, Admin, "GET", COLUMNS, "", 200, has("", json!([{"value": "issuekey", "label": "Key"}, {"value": "summary", "label": "Summary"}]))),
            (FORM, Admin, "PUT", COLUMNS, "columns=status&columns=labels", 200, None),
            (H, Admin, "GET", COLUMNS, "", 200, has("/1/value", json!("labels"))),
            (PARTS, Admin, "PUT", COLUMNS, "--XyZ\r\nContent-Disposition: form-data; name=\"columns\"\r\n\r\ncreated\r\n--XyZ--\r\n", 200, None),
            (H, Admin, "GET", COLUMNS, "", 200, has("", json!([{"value": "created", "label": "Created"}]))),
            (FORM, Admin, "PUT", COLUMNS, "columns=none", 500, None),
            (H, Plain, "GET", COLUMNS, "", 403, None),
            (FORM, Admin, "PUT", "/rest/api/3/settings/columns", "columns=status", 200, None),
            (H, Admin, "DELETE", COLUMNS, "", 204, None),
            (H, Admin, "GET", COLUMNS, "", 200, has("", json!([{"value": "status", "label": "Status"}]))),
            (FORM, Admin, "PUT", "/rest/api/3/settings/columns", "columns=none", 404, None),
            (H, Plain, "GET", "/rest/api/3/settings/columns", "", 403, None),
            (H, Admin, "PUT", "/rest/api/3/mypreferences?key=mine", "", 404, None),
        ],
    )
    .await;
}
