//! The attributes of users and groups: one table for reading, patching and publishing them. (`ScimUser`, `ScimGroup`)

use serde_json::{Map, Value, json};

use super::errors::invalid;
use crate::http::Reply;

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(super) const ATLASSIAN: &str = "urn:scim:schemas:extension:atlassian-external:1.0";

/// The form of an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Flag,
    /// An object with these texts.
    Parts(&'static [Attribute]),
    /// A list of objects.
    List(&'static [Attribute]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) required: bool,
    /// `readWrite`, `immutable` or `readOnly`.
    pub(super) change: &'static str,
}

const fn plain(name: &'static str, form: Form) -> Attribute {
    Attribute { name, form, required: false, change: "readWrite" }
}

const fn text(name: &'static str) -> Attribute {
    plain(name, Form::Text)
}

const NAME: &[Attribute] = &[
    text("formatted"),
    text("familyName"),
    text("givenName"),
    text("middleName"),
    text("honorificPrefix"),
    text("honorificSuffix"),
];
const VALUES: &[Attribute] = &[text("value"), text("type"), plain("primary", Form::Flag)];
const MEMBERS: &[Attribute] = &[
    Attribute { name: "value", form: Form::Text, required: false, change: "immutable" },
    Attribute { name: "$ref", form: Form::Text, required: false, change: "immutable" },
    Attribute { name: "type", form: Form::Text, required: false, change: "immutable" },
    Attribute { name: "display", form: Form::Text, required: false, change: "readOnly" },
];
pub(super) const EXTENSION: &[Attribute] = &[text("organization"), text("department")];

/// The attributes of a user that a client can set.
pub(super) const OF_USER: &[Attribute] = &[
    Attribute { name: "userName", form: Form::Text, required: true, change: "readWrite" },
    Attribute { name: "emails", form: Form::List(VALUES), required: true, change: "readWrite" },
    plain("name", Form::Parts(NAME)),
    text("displayName"),
    text("nickName"),
    text("title"),
    text("preferredLanguage"),
    text("department"),
    text("organization"),
    text("timezone"),
    plain("phoneNumbers", Form::List(VALUES)),
    plain("active", Form::Flag),
];

/// The attributes of a group that a client can set; the name only when it is created.
pub(super) const OF_GROUP: &[Attribute] = &[
    Attribute { name: "displayName", form: Form::Text, required: true, change: "immutable" },
    plain("members", Form::List(MEMBERS)),
];

/// `externalId`, which every resource has and no schema lists. [RFC 7643, 3.1]
const EXTERNAL_ID: Attribute = text("externalId");
const EXTENDED: Attribute = plain(ENTERPRISE, Form::Parts(EXTENSION));

/// The attribute with this name, whose case does not matter. [RFC 7643, 2.1]
pub(super) fn find(table: &[Attribute], name: &str) -> Option<Attribute> {
    let known = table.iter().chain([&EXTERNAL_ID, &EXTENDED]);
    known.copied().find(|known| known.name.eq_ignore_ascii_case(name))
}

/// The part of an attribute with this name.
pub(super) fn part(attribute: &Attribute, name: &str) -> Option<Attribute> {
    match attribute.form {
        Form::Parts(parts) | Form::List(parts) => {
            parts.iter().copied().find(|part| part.name.eq_ignore_ascii_case(name))
        }
        Form::Text | Form::Flag => None,
    }
}

/// The attributes of a body that a client can set, under their names. Others are ignored, as the description says of
/// `id`; for attributes that the description does not have, this is an assumption. `null` and empty lists mean that
/// there is no value. [RFC 7643, 2.5]
pub(super) fn settable(
    table: &[Attribute],
    body: &Map<String, Value>,
) -> Result<Map<String, Value>, Reply> {
    let mut kept = Map::new();
    for (name, value) in body {
        if let Some(attribute) = find(table, name)
            && let Some(value) = checked(&attribute, value)?
        {
            kept.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(kept)
}

/// A value in the form of its attribute; `None` means that there is no value.
pub(super) fn checked(attribute: &Attribute, value: &Value) -> Result<Option<Value>, Reply> {
    let wrong = |wanted: &str| invalid(&format!("'{}' must be {wanted}.", attribute.name));
    Ok(match (attribute.form, value) {
        (_, Value::Null) => None,
        (Form::Text, Value::String(_)) | (Form::Flag, Value::Bool(_)) => Some(value.clone()),
        (Form::Text, _) => return Err(wrong("a string")),
        // Microsoft's identity provider sends "True" and "False" as texts.
        (Form::Flag, Value::String(text)) if text.eq_ignore_ascii_case("true") => Some(true.into()),
        (Form::Flag, Value::String(text)) if text.eq_ignore_ascii_case("false") => {
            Some(false.into())
        }
        (Form::Flag, _) => return Err(wrong("true or false")),
        (Form::Parts(_), Value::Object(object)) => parts(attribute, object)?.map(Value::Object),
        (Form::Parts(_), _) => return Err(wrong("an object")),
        (Form::List(_), Value::Array(items)) => {
            let mut list = Vec::new();
            for item in items {
                let Value::Object(item) = item else {
                    return Err(wrong("a list of objects"));
                };
                list.extend(parts(attribute, item)?.map(Value::Object));
            }
            (!list.is_empty()).then_some(Value::Array(list))
        }
        (Form::List(_), Value::Object(one)) => {
            parts(attribute, one)?.map(|one| Value::Array(vec![Value::Object(one)]))
        }
        (Form::List(_), _) => return Err(wrong("a list")),
    })
}

fn parts(
    attribute: &Attribute,
    object: &Map<String, Value>,
) -> Result<Option<Map<String, Value>>, Reply> {
    let mut kept = Map::new();
    for (name, value) in object {
        if let Some(part) = part(attribute, name)
            && let Some(value) = checked(&part, value)?
        {
            kept.insert(part.name.to_owned(), value);
        }
    }
    Ok((!kept.is_empty()).then_some(kept))
}

/// The definition of an attribute in a schema. [RFC 7643, 7]
pub(super) fn definition(attribute: &Attribute) -> Value {
    let (kind, parts): (_, &[Attribute]) = match attribute.form {
        Form::Text if attribute.name == "$ref" => ("reference", &[]),
        Form::Text => ("string", &[]),
        Form::Flag => ("boolean", &[]),
        Form::Parts(parts) | Form::List(parts) => ("complex", parts),
    };
    let mut definition = json!({
        "name": attribute.name, "type": kind, "description": "",
        "multiValued": matches!(attribute.form, Form::List(_)), "required": attribute.required,
        "caseExact": false, "mutability": attribute.change, "returned": "default",
        "uniqueness": if attribute.name == "userName" { "server" } else { "none" },
    });
    if kind == "reference" {
        definition["referenceTypes"] = json!(["User"]);
    }
    if !parts.is_empty() {
        definition["subAttributes"] = parts.iter().map(definition_of).collect();
    }
    definition
}

fn definition_of(part: &Attribute) -> Value {
    definition(part)
}
