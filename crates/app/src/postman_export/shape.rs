//! A step's request → what requests have in common, and its own values.
//!
//! The address of a call names the parts of its path, its query names its parameters, and its body the
//! fields: each of them becomes a variable, under that name. So a request of a collection follows from the
//! request that headcount sends, and the values of the data file are those that headcount would send.

use headcount_atlassian::Endpoint;
use headcount_people::requests::StepRequest;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// What requests of the same form have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub endpoint: Endpoint,
    /// The segments of the path, with `{{variables}}`.
    pub path: Vec<String>,
    /// The parameters of the query; each is a variable.
    pub query: Vec<String>,
    /// The fields of the body; each is a variable. `None`: no body.
    pub fields: Option<Vec<(String, Form)>>,
}

/// How the value of a field is written into a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Between quotation marks, as it is: ids and email addresses.
    Plain,
    /// As JSON text, which a script makes of the cell.
    Text,
    /// As a list of texts, which a script makes of a cell with semicolons.
    List,
    /// As the JSON that the cell holds.
    Json,
}

/// The values of a request, by the names of their variables.
pub(super) type Values = Vec<(String, String)>;

/// Why a request cannot be one of a collection: the value would come out as another one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    /// An id with characters that a program encodes in its own way.
    #[error("the {name} “{value}” has a character that Postman and Newman write in different ways")]
    Odd { name: String, value: String },
    /// A list with an entry that no cell with semicolons can hold.
    #[error("an entry of {name} is empty or has a semicolon")]
    Entry { name: String },
    /// Two parts of one name and different values.
    #[error("internal error: the request has two different values of {name}")]
    Twice { name: String },
    /// The request is not what its call describes.
    #[error("internal error: its request does not fit {0}")]
    Other(Endpoint),
}

/// The variables of an environment that parts of a path are: those that are the same for all rows.
pub(super) const ORGANIZATION: &str = "organizationId";
pub(super) const DIRECTORY: &str = "directoryId";
/// The variable of an account.
pub(super) const ACCOUNT_ID: &str = "accountId";

/// The name of the variable for a part of a path, which the table of calls names in braces.
fn variable(part: &str) -> &str {
    match part {
        "org" => ORGANIZATION,
        "dir" => DIRECTORY,
        "account" => ACCOUNT_ID,
        "group" => "groupId",
        other => other,
    }
}

/// Takes a request apart.
pub(super) fn take_apart(request: &StepRequest) -> Result<(Shape, Values), Unfit> {
    let endpoint = request.endpoint;
    let (path, query) = request.sent.path.split_once('?').unwrap_or((&request.sent.path, ""));
    let mut values = Values::new();
    let path = path_of(endpoint, path, &mut values)?;
    let query = query_of(endpoint, query, &mut values)?;
    let fields = match &request.sent.body {
        None => None,
        Some(body) => {
            let fields = serde_json::from_slice(body).map_err(|_| Unfit::Other(endpoint))?;
            Some(fields_of(&fields, &mut values)?)
        }
    };
    values.retain(|(name, _)| name != ORGANIZATION && name != DIRECTORY);
    Ok((Shape { endpoint, path, query, fields }, values))
}

fn path_of(endpoint: Endpoint, path: &str, values: &mut Values) -> Result<Vec<String>, Unfit> {
    let described: Vec<&str> = endpoint.path().split('/').skip(1).collect();
    let sent: Vec<&str> = path.split('/').skip(1).collect();
    if described.len() != sent.len() {
        return Err(Unfit::Other(endpoint));
    }
    let mut segments = Vec::new();
    for (described, sent) in described.into_iter().zip(sent) {
        match described.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => {
                let name = variable(name);
                add(values, name, in_address(name, &decoded(sent))?)?;
                segments.push(format!("{{{{{name}}}}}"));
            }
            None if described == sent => segments.push(described.to_owned()),
            None => return Err(Unfit::Other(endpoint)),
        }
    }
    Ok(segments)
}

fn query_of(endpoint: Endpoint, query: &str, values: &mut Values) -> Result<Vec<String>, Unfit> {
    let mut names = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(Unfit::Other(endpoint))?;
        add(values, name, in_address(name, &decoded(value))?)?;
        names.push(name.to_owned());
    }
    Ok(names)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A value in an address. Newman and Postman leave it as it is, and `postman run` encodes it: it must mean
/// the same either way.
fn in_address(name: &str, value: &str) -> Result<String, Unfit> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '|');
    match value.chars().all(is_plain) && !value.chars().all(|c| c == '.') {
        true => Ok(value.to_owned()),
        false => Err(Unfit::Odd { name: name.to_owned(), value: value.to_owned() }),
    }
}

fn fields_of(
    fields: &Map<String, Value>,
    values: &mut Values,
) -> Result<Vec<(String, Form)>, Unfit> {
    let mut forms = Vec::new();
    for (name, value) in fields {
        let (form, cell) = field(name, value)?;
        add(values, name, cell)?;
        forms.push((name.clone(), form));
    }
    Ok(forms)
}

fn field(name: &str, value: &Value) -> Result<(Form, String), Unfit> {
    if let Value::String(text) = value {
        if name != "emailAddress" && !name.ends_with("Id") {
            return Ok((Form::Text, text.clone()));
        }
        let is_odd = |c: char| c.is_control() || matches!(c, '"' | '\\' | '{');
        return match text.contains(is_odd) {
            true => Err(Unfit::Odd { name: name.to_owned(), value: text.clone() }),
            false => Ok((Form::Plain, text.clone())),
        };
    }
    let texts = value.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
    let Some(texts): Option<Vec<&str>> = texts else {
        // Two braces in a row can only be in a text, where the second may be escaped: a `{{name}}` in a cell
        // would be replaced by Newman.
        return Ok((Form::Json, value.to_string().replace("{{", "{\\u007b")));
    };
    match texts.iter().any(|text| text.trim().is_empty() || text.contains(';')) {
        true => Err(Unfit::Entry { name: name.to_owned() }),
        false => Ok((Form::List, texts.join(";"))),
    }
}

fn add(values: &mut Values, name: &str, value: String) -> Result<(), Unfit> {
    match values.iter().find(|(known, _)| known == name) {
        Some((_, known)) if *known == value => Ok(()),
        Some(_) => Err(Unfit::Twice { name: name.to_owned() }),
        None => {
            values.push((name.to_owned(), value));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_atlassian::recording::Recorded;
    use headcount_model::door::Door;
    use http::Method;

    fn request(endpoint: Endpoint, path: &str, body: Option<&str>) -> StepRequest {
        let body = body.map(|body| body.as_bytes().to_vec().into());
        let sent = Recorded { method: Method::POST, path: path.to_owned(), body };
        StepRequest { endpoint, door: Door::Jira { site: String::new() }.into(), sent }
    }

    fn unfit(endpoint: Endpoint, path: &str, body: Option<&str>) -> String {
        take_apart(&request(endpoint, path, body)).unwrap_err().to_string()
    }

    #[test]
    fn parts_of_the_address_and_the_body_are_variables() {
        let body = r#"{"accountId":"a:1","list":["x","y"],"more":{"text":"{{k}}"},"name":"{{k}}"}"#;
        let sent =
            request(Endpoint::JiraAddMember, "/rest/api/3/group/user?groupId=g-1", Some(body));
        let (shape, values) = take_apart(&sent).unwrap();
        assert_eq!(shape.path.join("/"), "rest/api/3/group/user");
        assert_eq!(shape.query, ["groupId"]);
        let forms: Vec<Form> = shape.fields.unwrap().into_iter().map(|(_, form)| form).collect();
        assert_eq!(forms, [Form::Plain, Form::List, Form::Json, Form::Text]);
        let values: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["g-1", "a:1", "x;y", r#"{"text":"{\u007bk}}"}"#, "{{k}}"]);
    }

    #[test]
    fn what_would_come_out_otherwise_is_refused() {
        let add = Endpoint::JiraAddMember;
        for id in ["a%2Fb", "a%23b", "a%20b", "..", "%7B%7Bx%7D%7D"] {
            let words = unfit(add, &format!("/rest/api/3/group/user?groupId={id}"), None);
            assert!(words.contains("groupId"), "{id}: {words}");
        }
        let user = |body: &str| unfit(Endpoint::JiraCreateUser, "/rest/api/3/user", Some(body));
        assert!(user(r#"{"emailAddress":"a\"b@example.com"}"#).contains("emailAddress"));
        assert!(user(r#"{"products":["a;b"]}"#).contains("products"));
        assert!(unfit(add, "/rest/api/3/other", None).contains("does not fit"));
    }
}
