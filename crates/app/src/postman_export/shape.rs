//! Splits a step's request into its shape, which several requests share, and its own values.
//!
//! Each placeholder in the path of a call, each parameter of its query and each field of its body becomes a
//! variable with the same name. So the requests of a collection follow from the requests that headcount sends, and
//! the data file has the values that headcount would send.

use headcount_atlassian::Endpoint;
use headcount_people::requests::StepRequest;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// The common part of requests of the same form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub endpoint: Endpoint,
    /// The segments of the path, with `{{variables}}`.
    pub path: Vec<String>,
    /// The parameters of the query; each becomes a variable.
    pub query: Vec<String>,
    /// The fields of the body; each becomes a variable. `None` if there is no body.
    pub fields: Option<Vec<(String, Form)>>,
}

/// How a field's value is written into a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In quotation marks, unchanged: ids and email addresses.
    Plain,
    /// As JSON text, which a script makes from the cell.
    Text,
    /// As a list of texts, which a script makes from a cell with semicolons.
    List,
    /// As the JSON text in the cell.
    Json,
}

/// The values of a request, with the names of their variables.
pub(super) type Values = Vec<(String, String)>;

/// Why a request cannot be part of a collection: a value would change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    /// An id has characters that programs encode in different ways.
    #[error("the {name} “{value}” has a character that Postman and Newman write in different ways")]
    Odd { name: String, value: String },
    /// A list has an entry that a cell with semicolons cannot hold.
    #[error("an entry of {name} is empty or has a semicolon")]
    Entry { name: String },
    /// Two parts have the same name and different values.
    #[error("internal error: the request has two different values of {name}")]
    Twice { name: String },
    /// The request does not match the description of its call.
    #[error("internal error: its request does not fit {0}")]
    Other(Endpoint),
}

/// Variables of the environment: path parameters that are the same for all rows.
pub(super) const ORGANIZATION: &str = "organizationId";
pub(super) const DIRECTORY: &str = "directoryId";
/// The variable of an account.
pub(super) const ACCOUNT_ID: &str = "accountId";

/// The variable for a path parameter, which the table of calls has in braces.
fn variable(part: &str) -> &str {
    match part {
        "org" => ORGANIZATION,
        "dir" => DIRECTORY,
        "account" => ACCOUNT_ID,
        "group" => "groupId",
        "token" => "tokenId",
        other => other,
    }
}

/// Splits a request.
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

/// A value in an address. Newman and Postman send it unchanged, and `postman run` encodes it; it must mean the
/// same in both cases.
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
        // Two consecutive braces can only be in a text, where the second may be escaped: Newman would replace a
        // `{{name}}` in a cell.
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
