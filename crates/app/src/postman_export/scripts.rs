//! The scripts of a request.

use super::shape::Form;

/// The name of the variable that holds a field's value as JSON.
pub(super) fn json_of(name: &str) -> String {
    format!("{name}_json")
}

/// The tasks of the script before a request.
#[derive(Debug)]
pub(super) struct Before<'a> {
    /// The request's name, if the collection has several: each line of data is for one of them.
    pub chosen: Option<&'a str>,
    /// Whether some lines need another line.
    pub needs: bool,
    /// The fields of its body.
    pub fields: &'a [(String, Form)],
}

impl Before<'_> {
    /// The lines of the script.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        lines.extend(self.texts());
        if self.needs {
            lines = in_else(&needed(), lines);
        }
        if let Some(name) = self.chosen {
            let name = serde_json::json!(name);
            let other = [
                "// Each line of the data file is for one of the requests.".to_owned(),
                format!("if (pm.iterationData.get(\"request\") !== {name}) {{"),
                "    pm.execution.skipRequest();".to_owned(),
            ];
            lines = in_else(&other, lines);
        }
        lines
    }

    /// Converts values to JSON text. Braces are escaped, because Newman replaces a `{{name}}` in a value, too.
    fn texts(&self) -> Vec<String> {
        let set = |name: &str, value: &str| {
            format!("pm.variables.set(\"{}\", json({value}));", json_of(name))
        };
        let cell = |name: &str| format!("String(pm.iterationData.get(\"{name}\"))");
        let mut lines: Vec<String> = self
            .fields
            .iter()
            .filter_map(|(name, form)| match form {
                Form::Plain | Form::Json => None,
                Form::Text => Some(set(name, &cell(name))),
                Form::List => {
                    let list = format!("{}.split(\";\").filter(Boolean)", cell(name));
                    Some(set(name, &list))
                }
            })
            .collect();
        if !lines.is_empty() {
            lines.insert(
                0,
                "// As JSON, so that quotes, backslashes and braces cannot break the body.".into(),
            );
            lines.insert(
                1,
                "const json = (value) => JSON.stringify(value).replace(/{/g, \"\\\\u007b\");"
                    .into(),
            );
        }
        lines
    }
}

/// A condition with its lines, and the lines of its else branch.
fn in_else(condition: &[String], others: Vec<String>) -> Vec<String> {
    let mut lines = condition.to_vec();
    if !others.is_empty() {
        lines.push("} else {".to_owned());
        lines.extend(others.into_iter().map(|line| format!("    {line}")));
    }
    lines.push("}".to_owned());
    lines
}

/// The variable of the account in a request whose lines may need another line. It is not a column: a value that a
/// script sets overrides the data file, and in Newman it outlives the line and would apply to later lines.
pub(super) const ACCOUNT: &str = "account";

/// Stops a line if the line that it needs failed; else takes the account that it created.
fn needed() -> Vec<String> {
    [
        "const needs = pm.iterationData.get(\"needs\");",
        "const done = needs ? pm.collectionVariables.get(\"step \" + needs) : \"\";",
        "pm.variables.set(\"account\", pm.iterationData.get(\"accountId\") || done || \"\");",
        "if (needs && !done) {",
        "    pm.test(\"the change of step \" + needs + \" is done\", function () {",
        "        pm.expect(done).to.be.a(\"string\");",
        "    });",
        "    pm.execution.skipRequest();",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The script after a request: its test, and for lines that need this one, a mark that it is done. The answer to a
/// creation names the account (`accountId`: Jira platform description, `createUser`).
pub(super) fn after(verb: &str, done: &[u16], is_needed: bool) -> Vec<String> {
    let statuses: Vec<String> = done.iter().map(u16::to_string).collect();
    let words = statuses.join(" or ");
    let (expected, is_done) = match statuses.as_slice() {
        [status] => (
            format!("pm.response.to.have.status({status})"),
            format!("pm.response.code === {status}"),
        ),
        several => {
            let list = format!("[{}]", several.join(", "));
            (
                format!("pm.expect(pm.response.code).to.be.oneOf({list})"),
                format!("{list}.includes(pm.response.code)"),
            )
        }
    };
    let mut lines = vec![
        format!("pm.test(\"{verb}: status {words}\", function () {{"),
        format!("    {expected};"),
        "});".to_owned(),
    ];
    if is_needed {
        lines.extend([
            format!("if ({is_done}) {{"),
            "    let account;".to_owned(),
            "    try { account = pm.response.json().accountId; } catch (error) { account = \"\"; }".to_owned(),
            "    pm.collectionVariables.set(\"step \" + pm.iterationData.get(\"step\"), account || \"done\");".to_owned(),
            "}".to_owned(),
        ]);
    }
    lines
}
