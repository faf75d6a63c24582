//! Checks exchanges against the descriptions.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;

use super::describe::{Descriptions, resolve};
use super::deviations::{DEVIATIONS, Deviation};
use super::query::query_findings;
use super::translate::{json_schema, translate};

/// One exchange: a line of a recorded file.
#[derive(Deserialize)]
pub struct Exchange {
    method: String,
    path: String,
    query: String,
    template: String,
    agent: String,
    content_type: String,
    request: String,
    status: u16,
    answer: Option<String>,
    struck: bool,
}

/// The result so far.
pub struct Check {
    descriptions: Descriptions,
    /// The validator of each operation and status; status 0 is the request. `None` if the description has no
    /// schema.
    validators: HashMap<(usize, u16), Option<Validator>>,
    /// Findings that no deviation explains: the call and the text, with an example and the number of times.
    pub findings: BTreeMap<(String, String), (String, u64)>,
    hits: Vec<u64>,
    pub answers: u64,
    pub requests: u64,
    skipped: u64,
}

/// HEAD is GET without a body.
fn described_method(method: &str) -> &str {
    match method {
        "HEAD" => "GET",
        other => other,
    }
}

/// Other people's clients use version 2 or `latest` of Jira's calls. For users and groups they are those of version 3,
/// the only one that is described here.
fn version_3(path: &str) -> String {
    let rest = ["/rest/api/2/", "/rest/api/latest/"].iter().find_map(|old| path.strip_prefix(old));
    rest.map_or_else(|| path.to_owned(), |rest| format!("/rest/api/3/{rest}"))
}

impl Check {
    pub fn new(folder: &Path) -> Self {
        Self {
            descriptions: Descriptions::read(folder),
            validators: HashMap::new(),
            findings: BTreeMap::new(),
            hits: vec![0; DEVIATIONS.len()],
            answers: 0,
            requests: 0,
            skipped: 0,
        }
    }

    pub fn exchange(&mut self, one: &Exchange) {
        // An address that is not described belongs to no call.
        if one.template.is_empty() {
            self.skipped += 1;
            return;
        }
        let found = self.descriptions.find(described_method(&one.method), &version_3(&one.path));
        let mut wrong = Vec::new();
        if one.agent.starts_with("headcount/") {
            self.requests += 1;
            wrong.extend(found.into_iter().flat_map(|at| self.request(at, one)));
        }
        if one.struck {
            self.skipped += 1;
        } else {
            self.answers += 1;
            match found {
                Some(at) => wrong.extend(self.answer(at, one)),
                None => wrong.push("the call is not described".to_owned()),
            }
        }
        for text in wrong {
            self.find(one, text);
        }
    }

    fn find(&mut self, one: &Exchange, text: String) {
        let call = format!("{} {}", one.method, one.template);
        let covers = |deviation: &Deviation| deviation.covers(&call, &text);
        if let Some(at) = DEVIATIONS.iter().position(covers) {
            self.hits[at] += 1;
            return;
        }
        let example = format!("{} {} -> {:?}", one.query, one.request, one.answer);
        let example = example.chars().take(600).collect();
        self.findings.entry((call, text)).or_insert((example, 0)).1 += 1;
    }

    fn request(&mut self, at: usize, one: &Exchange) -> Vec<String> {
        let operation = &self.descriptions.operations[at];
        let document = &self.descriptions.documents[operation.document];
        let mut wrong = query_findings(document, operation, &one.query);
        let body = resolve(document, &operation.described["requestBody"]);
        if one.request.is_empty() {
            if body["required"] == true {
                wrong.push("the request's body is required and missing".to_owned());
            }
            return wrong.into_iter().map(|text| format!("request: {text}")).collect();
        }
        if body.is_null() {
            wrong.push("a body is sent where none is described".to_owned());
        } else if body["content"].get(&one.content_type).is_none() {
            wrong.push(format!("the body is sent as '{}'", one.content_type));
        }
        match serde_json::from_str(&one.request) {
            Ok(value) => wrong.extend(self.body(at, 0, &value)),
            Err(_) => wrong.push("the body is not JSON".to_owned()),
        }
        wrong.into_iter().map(|text| format!("request: {text}")).collect()
    }

    fn answer(&mut self, at: usize, one: &Exchange) -> Vec<String> {
        let operation = &self.descriptions.operations[at];
        let document = &self.descriptions.documents[operation.document];
        let status = one.status.to_string();
        let Some(described) = operation.described["responses"].get(&status) else {
            return vec![format!("{status}: the status is not described")];
        };
        let schema = json_schema(document, described).is_some();
        let wrong = match (&one.answer, schema) {
            (None, true) => vec!["a body is described and missing".to_owned()],
            // Many refusals have a body although none is described.
            (Some(_), false) if one.status < 300 => vec!["a body is not described".to_owned()],
            (Some(text), true) => match serde_json::from_str(text) {
                Ok(value) => self.body(at, one.status, &value),
                Err(_) => vec!["the body is not JSON".to_owned()],
            },
            _ => Vec::new(),
        };
        wrong.into_iter().map(|text| format!("{status}: {text}")).collect()
    }

    /// Checks a body against its schema; status 0 is the request's.
    fn body(&mut self, at: usize, status: u16, value: &Value) -> Vec<String> {
        let descriptions = &self.descriptions;
        let validator = self.validators.entry((at, status)).or_insert_with(|| {
            let operation = &descriptions.operations[at];
            let document = &descriptions.documents[operation.document];
            let holder = match status {
                0 => &operation.described["requestBody"],
                _ => &operation.described["responses"][status.to_string()],
            };
            let schema = translate(document, json_schema(document, holder)?);
            Some(jsonschema::draft202012::new(&schema).expect("a schema can be used"))
        });
        let Some(validator) = validator else {
            return Vec::new();
        };
        let errors = validator.iter_errors(value).map(|error| {
            let place: Vec<_> = error.instance_path().as_str().split('/').map(unnumbered).collect();
            let text: String = error.to_string().chars().take(300).collect();
            format!("{} {text}", place.join("/"))
        });
        errors.collect()
    }

    /// Deviations that explain no finding.
    pub fn never_hit(&self) -> Vec<&'static str> {
        let hits = DEVIATIONS.iter().zip(&self.hits);
        hits.filter(|(_, hits)| **hits == 0).map(|(deviation, _)| deviation.what).collect()
    }

    pub fn list(&self) -> String {
        let lines = self.findings.iter().map(|((call, text), (example, count))| {
            format!("{call}\n  {text} ({count} times)\n  for example: {example}\n")
        });
        format!(
            "{} deviations are not on the list:\n{}",
            self.findings.len(),
            lines.collect::<String>()
        )
    }

    pub fn tell(&self) {
        println!(
            "conformance: {} answers and {} requests of the client checked, {} not checkable; \
             {} deviations by the list, {} others",
            self.answers,
            self.requests,
            self.skipped,
            self.hits.iter().sum::<u64>(),
            self.findings.len()
        );
        for never in self.never_hit() {
            println!("conformance: did not come up: {never}");
        }
    }
}

/// All places in a list count as the same.
fn unnumbered(part: &str) -> &str {
    match part.parse::<usize>() {
        Ok(_) => "*",
        Err(_) => part,
    }
}
