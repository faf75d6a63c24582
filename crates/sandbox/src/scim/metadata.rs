//! What the directory supports: features, resource types, schemas. [RFC 7643, 5 to 7]

use serde_json::{Value, json};

use super::attributes::{
    Attribute, ENTERPRISE, EXTENSION, GROUP, OF_GROUP, OF_USER, USER, definition,
};
use super::errors::{Answer, must_be_directory, reply};
use crate::http::Call;
use crate::org::Org;

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

fn list(resources: &[Value]) -> Value {
    json!({
        "schemas": [LIST], "totalResults": resources.len(), "startIndex": 1,
        "itemsPerPage": resources.len(), "Resources": resources,
    })
}

/// `GET …/ServiceProviderConfig`. Assumption: the features; the description has PATCH, filters and pages, and no other.
pub(crate) fn provider_config(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_directory(call)?;
    let no = json!({"supported": false});
    let scheme = json!({
        "type": "oauthbearertoken", "name": "API key", "primary": true,
        "description": "The key of the identity provider's directory",
    });
    let config = json!({
        "schemas": [CONFIG], "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": 100},
        "changePassword": no, "sort": no, "etag": no, "authenticationSchemes": [scheme],
    });
    Ok(reply(200, &config))
}

fn user_kind() -> Value {
    json!({
        "schemas": [TYPE], "id": "User", "name": "User", "endpoint": "/Users", "schema": USER,
        "schemaExtensions": [{"schema": ENTERPRISE, "required": false}],
    })
}

fn group_kind() -> Value {
    json!({
        "schemas": [TYPE], "id": "Group", "name": "Group", "endpoint": "/Groups", "schema": GROUP,
    })
}

/// `GET …/ResourceTypes`
pub(crate) fn resource_types(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_directory(call)?;
    Ok(reply(200, &list(&[user_kind(), group_kind()])))
}

/// `GET …/ResourceTypes/User`
pub(crate) fn user_type(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_directory(call)?;
    Ok(reply(200, &user_kind()))
}

/// `GET …/ResourceTypes/Group`
pub(crate) fn group_type(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_directory(call)?;
    Ok(reply(200, &group_kind()))
}

fn schema(id: &str, name: &str, attributes: &[Attribute]) -> Value {
    let attributes: Vec<_> = attributes.iter().map(definition).collect();
    json!({"schemas": [SCHEMA], "id": id, "name": name, "attributes": attributes})
}

/// `GET …/Schemas`. Assumption: Atlassian's own extension, which only has the account's id, is not listed.
pub(crate) fn schemas(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_directory(call)?;
    let all = [
        schema(USER, "User", OF_USER),
        schema(GROUP, "Group", OF_GROUP),
        schema(ENTERPRISE, "EnterpriseUser", EXTENSION),
    ];
    Ok(reply(200, &list(&all)))
}

/// `GET …/Schemas/{the user's}`
pub(crate) fn user_schema(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_directory(call)?;
    Ok(reply(200, &schema(USER, "User", OF_USER)))
}

/// `GET …/Schemas/{the group's}`
pub(crate) fn group_schema(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_directory(call)?;
    Ok(reply(200, &schema(GROUP, "Group", OF_GROUP)))
}

/// `GET …/Schemas/{the enterprise extension's}`
pub(crate) fn enterprise_schema(call: &Call<'_>, _org: &Org) -> Answer {
    must_be_directory(call)?;
    Ok(reply(200, &schema(ENTERPRISE, "EnterpriseUser", EXTENSION)))
}
