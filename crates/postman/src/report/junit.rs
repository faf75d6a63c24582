//! A JUnit report in Newman's form: a suite for each request, a case for each assertion.

use std::collections::BTreeMap;

use quick_xml::escape::escape;

use crate::run::{Run, Secrets};

use super::failures::Failure;

/// The results of a request's assertions over all iterations.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The request's full name.
    pub name: String,
    /// Its assertions in order.
    cases: Vec<Case>,
    /// How many errors of scripts and requests there are, and a line for each.
    errors: (usize, String),
    /// How many responses there are, and the sum of their times in milliseconds.
    times: (u32, u128),
}

/// An assertion: the message of its first failure, and the number of failures.
#[derive(Clone, Debug, Default)]
struct Case {
    name: String,
    message: String,
    failed: usize,
}

/// The report, with suites in the order of the collection.
pub fn junit(run: &Run, suites: &BTreeMap<usize, Suite>, secrets: &Secrets) -> String {
    let quoted = |text: &str| escape(secrets.masked(text).as_str()).into_owned();
    let total: f64 = suites.values().map(mean).sum();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" tests=\"{}\" time=\"{total:.3}\">\n",
        quoted(&run.collection.name),
        suites.values().map(|suite| suite.cases.len()).sum::<usize>()
    );
    for (position, suite) in suites {
        let failed = suite.cases.iter().filter(|case| case.failed > 0).count();
        let id = run.items.get(*position).map(|item| item.id.as_str()).unwrap_or_default();
        text += &format!(
            "  <testsuite name=\"{}\" id=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"{}\" time=\"{:.3}\">\n",
            quoted(&suite.name),
            quoted(id),
            suite.cases.len(),
            suite.errors.0,
            mean(suite)
        );
        if suite.errors.0 > 0 {
            text += &format!("    <system-err>{}</system-err>\n", quoted(&suite.errors.1));
        }
        for Case { name, message, failed } in &suite.cases {
            let open = format!(
                "    <testcase name=\"{}\" time=\"{:.3}\" classname=\"{}\"",
                quoted(name),
                mean(suite),
                quoted(&suite.name)
            );
            match failed {
                0 => text += &format!("{open}/>\n"),
                failed => {
                    let message = quoted(message);
                    text += &format!(
                        "{open}>\n      <failure type=\"AssertionFailure\" message=\"{message}\">Failed {failed} times. Error message: {message}</failure>\n    </testcase>\n"
                    );
                }
            }
        }
        text += "  </testsuite>\n";
    }
    text + "</testsuites>\n"
}

fn mean(suite: &Suite) -> f64 {
    match suite.times {
        (0, _) => 0.0,
        (count, time) => time as f64 / 1000.0 / f64::from(count),
    }
}

/// Adds a request to its suite.
pub fn add(suites: &mut BTreeMap<usize, Suite>, run: &Run, execution: &crate::run::Execution) {
    let suite = suites.entry(execution.cursor.position).or_default();
    if suite.name.is_empty() {
        suite.name = run.location(&execution.item).get(1..).unwrap_or_default().join(" / ");
    }
    if let Some(sent) = execution.own() {
        suite.times = (suite.times.0 + 1, suite.times.1 + sent.time.as_millis());
    }
    for assertion in execution.assertions() {
        if !suite.cases.iter().any(|case| case.name == assertion.name) {
            suite.cases.push(Case { name: assertion.name.clone(), ..Case::default() });
        }
    }
    for failure in super::failures::failures(execution, run.options.mode) {
        let is_of = |case: &&mut Case| failure.index.is_some() && case.name == failure.test;
        match suite.cases.iter_mut().find(is_of) {
            Some(case) => {
                if case.failed == 0 {
                    case.message.clone_from(&failure.message);
                }
                case.failed += 1;
            }
            None => {
                suite.errors.0 += 1;
                let Failure { name, message, at, .. } = failure;
                suite.errors.1 += &format!("{name}: {message} ({at})\n");
            }
        }
    }
}
