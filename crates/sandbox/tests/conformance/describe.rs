//! Reads the published descriptions, as far as the check needs them: the operations, and the operation of a path.

use std::path::Path;

use serde_json::Value;

/// One operation of a description.
pub struct Operation {
    /// The description's index in [`Descriptions::documents`].
    pub document: usize,
    pub method: String,
    parts: Vec<String>,
    /// The operation's JSON.
    pub described: Value,
    /// The parameters of the operation and of its path, with references resolved.
    pub parameters: Vec<Value>,
}

impl Operation {
    pub fn path(&self) -> String {
        self.parts.join("/")
    }
}

/// The four descriptions.
pub struct Descriptions {
    pub documents: Vec<Value>,
    pub operations: Vec<Operation>,
}

/// The file, and the prefix of its paths in the sandbox.
const FILES: [(&str, &str); 4] = [
    ("jira-platform-v3.json", ""),
    ("admin-organization.json", "/admin"),
    ("admin-user-management.json", ""),
    ("scim-user-provisioning.json", ""),
];

impl Descriptions {
    pub fn read(folder: &Path) -> Self {
        let mut all = Self { documents: Vec::new(), operations: Vec::new() };
        for (document, (file, before)) in FILES.into_iter().enumerate() {
            let path = folder.join(file);
            let text = std::fs::read(&path)
                .unwrap_or_else(|error| panic!("{} is needed: {error}", path.display()));
            let described: Value = serde_json::from_slice(&text).expect("a description is JSON");
            for (path, item) in described["paths"].as_object().expect("paths") {
                let template = format!("{before}{path}");
                for method in ["get", "post", "put", "patch", "delete"] {
                    if let Some(operation) = item.get(method) {
                        let both = [&item["parameters"], &operation["parameters"]];
                        let both = both.into_iter().filter_map(Value::as_array).flatten();
                        let resolved = both.map(|one| resolve(&described, one).clone());
                        all.operations.push(Operation {
                            document,
                            method: method.to_uppercase(),
                            parts: template.split('/').map(str::to_owned).collect(),
                            described: operation.clone(),
                            parameters: resolved.collect(),
                        });
                    }
                }
            }
            all.documents.push(described);
        }
        all
    }

    /// The operation of a request. Jira's API version 2 is looked up as 3; these calls are equal in both.
    pub fn find(&self, method: &str, path: &str) -> Option<usize> {
        let path = path.trim_end_matches('/');
        let path = match path.strip_prefix("/rest/api/2/") {
            Some(rest) => format!("/rest/api/3/{rest}"),
            None => path.to_owned(),
        };
        let parts: Vec<_> = path.split('/').collect();
        let fits = |operation: &&Operation| {
            operation.method == method
                && operation.parts.len() == parts.len()
                && operation
                    .parts
                    .iter()
                    .zip(&parts)
                    .all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
        };
        let gaps = |at: &usize| {
            let parts = &self.operations[*at].parts;
            parts.iter().filter(|part| part.starts_with('{')).count()
        };
        let all = self.operations.iter().enumerate();
        all.filter(|(_, operation)| fits(operation)).map(|(at, _)| at).min_by_key(gaps)
    }
}

/// Follows a `$ref` to a component of the same document.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
        let pointer = reference.trim_start_matches('#');
        value = document.pointer(pointer).expect("a reference leads somewhere");
    }
    value
}
