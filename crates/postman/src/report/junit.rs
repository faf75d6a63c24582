//! A JUnit report in Newman's form: a suite for each request, a case for each assertion.

use std::collections::BTreeMap;

use quick_xml::escape::escape;

use crate::run::{Run, Secrets};

use super::failures::Failure;

/// What became of one assertion over all iterations.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The request's full name.
    pub name: String,
    /// Its assertions in order, each with its failures.
    pub cases: Vec<(String, Vec<Failure>)>,
    /// Errors of scripts and requests.
    pub errors: Vec<Failure>,
    /// Response times in milliseconds.
    pub times: Vec<u128>,
}

/// The report; suites by the request's place in the collection.
pub fn junit(run: &Run, suites: &BTreeMap<usize, Suite>, secrets: &Secrets) -> String {
    let quoted = |text: &str| escape(secrets.masked(text).as_str()).into_owned();
    let total: f64 = suites.values().map(mean).sum();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{}\" time=\"{total:.3}\">\n",
        quoted(&run.collection.name),
        suites.values().map(|suite| suite.cases.len()).sum::<usize>()
    );
    for (position, suite) in suites {
        let failed = suite.cases.iter().filter(|(_, failures)| !failures.is_empty()).count();
        let id = run.items.get(*position).map(|item| item.id.as_str()).unwrap_or_default();
        text += &format!(
            "  <testsuite name=\"{}\" id=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"{}\" time=\"{:.3}\">\n",
            quoted(&suite.name),
            quoted(id),
            suite.cases.len(),
            suite.errors.len(),
            mean(suite)
        );
        if !suite.errors.is_empty() {
            let lines =
                suite.errors.iter().map(|it| format!("{}: {} ({})\n", it.name, it.message, it.at));
            text +=
                &format!("    <system-err>{}</system-err>\n", quoted(&lines.collect::<String>()));
        }
        for (name, failures) in &suite.cases {
            let open = format!(
                "    <testcase name=\"{}\" time=\"{:.3}\" classname=\"{}\"",
                quoted(name),
                mean(suite),
                quoted(&suite.name)
            );
            match failures.first() {
                None => text += &format!("{open}/>\n"),
                Some(first) => {
                    text += &format!(
                        "{open}>\n      <failure type=\"AssertionFailure\" message=\"{}\">Failed {} times. Error message: {}</failure>\n    </testcase>\n",
                        quoted(&first.message),
                        failures.len(),
                        quoted(&first.message)
                    );
                }
            }
        }
        text += "  </testsuite>\n";
    }
    text + "</testsuites>\n"
}

fn mean(suite: &Suite) -> f64 {
    if suite.times.is_empty() {
        return 0.0;
    }
    suite.times.iter().map(|time| *time as f64 / 1000.0).sum::<f64>() / suite.times.len() as f64
}

/// Adds a request to its suite.
pub fn add(suites: &mut BTreeMap<usize, Suite>, run: &Run, execution: &crate::run::Execution) {
    let suite = suites.entry(execution.cursor.position).or_default();
    if suite.name.is_empty() {
        suite.name = run.location(&execution.item).get(1..).unwrap_or_default().join(" / ");
    }
    if let Some(sent) = execution.own() {
        suite.times.push(sent.time.as_millis());
    }
    for assertion in execution.assertions() {
        if !suite.cases.iter().any(|(name, _)| *name == assertion.name) {
            suite.cases.push((assertion.name.clone(), Vec::new()));
        }
    }
    for failure in super::failures::failures(execution, run.options.mode) {
        match suite
            .cases
            .iter_mut()
            .find(|(name, _)| failure.index.is_some() && *name == failure.test)
        {
            Some((_, failures)) => failures.push(failure),
            None => suite.errors.push(failure),
        }
    }
}
