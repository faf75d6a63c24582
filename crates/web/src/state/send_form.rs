//! Translates the limits in a form into the options of a run.

use headcount_app::options::{LIMITS, MaxChanges, SendOptions};
use headcount_engine::Verify;
use headcount_journal::Run;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::state::fields::Pairs;
use crate::state::refusal::{Refusal, Wrong};

/// The limits of a form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SendForm {
    /// Whether one row is applied first.
    canary: Option<String>,
    /// How many rows are applied first.
    pub canary_rows: String,
    /// The most changes.
    pub max_changes: String,
    /// The number of failures in a row after which the run stops.
    pub max_failures: String,
    /// Which rows are verified.
    pub verify: String,
    /// The most requests per second.
    pub rate: String,
    /// The most requests at the same time.
    pub concurrency: String,
    /// The number of changes that the user typed.
    pub typed: String,
}

impl SendForm {
    /// The options of the run.
    ///
    /// # Errors
    /// A field has an invalid value.
    pub fn args(&self) -> Result<SendOptions, Wrong> {
        let wrong = |field: &str, text: &str, instead: &str| {
            let text: String = text.trim().chars().take(40).collect();
            Wrong::new(field, format!("“{text}” cannot be used here: {instead}."))
        };
        let number = |field: &str, text: &str, instead: &str, default: u64| match text.trim() {
            "" => Ok(default),
            text => {
                text.replace([',', ' '], "").parse::<u64>().map_err(|_| wrong(field, text, instead))
            }
        };
        let rows = "write a number of rows, such as 1";
        let usual = SendOptions::default();
        let canary_rows = number("canary_rows", &self.canary_rows, rows, usual.canary)?;
        let max_changes = Some(self.max_changes.trim()).filter(|text| !text.is_empty());
        let max_changes = max_changes.map(str::parse::<MaxChanges>).transpose();
        let rate = Some(self.rate.trim()).filter(|text| !text.is_empty());
        let rate = rate.map(str::parse::<f64>).transpose().ok();
        let rate = rate.filter(|rate| rate.is_none_or(|rate| rate.is_finite() && rate > 0.0));
        let requests = "write a number from 1 to 256, or leave it empty";
        let concurrency = number("concurrency", &self.concurrency, requests, 0)?;
        let failures = "write a number, such as 10; 0 means never";
        Ok(SendOptions {
            canary: if self.canary.is_some() { canary_rows.max(1) } else { 0 },
            max_changes: max_changes.map_err(|_| {
                let instead = "write a number, such as 200, or a share, such as 5%";
                wrong("max_changes", &self.max_changes, instead)
            })?,
            max_failures: number("max_failures", &self.max_failures, failures, usual.max_failures)?,
            verify: Verify::from_word(&self.verify).unwrap_or(usual.verify),
            rate: rate.ok_or_else(|| {
                wrong("rate", &self.rate, "write a number above 0, such as 2.5, or leave it empty")
            })?,
            concurrency: (concurrency > 0).then(|| concurrency.min(256) as u32),
            ..usual
        })
    }

    /// Its limits, stored with the run, so that continuing it starts with them.
    pub fn limits(&self) -> Value {
        let Self { canary_rows, max_changes, max_failures, verify, rate, concurrency, .. } = self;
        json!({ LIMITS: {
            "canary_rows": canary_rows, "max_changes": max_changes, "max_failures": max_failures,
            "verify": verify, "rate": rate, "concurrency": concurrency,
        } })
    }

    /// The limits that are stored with a run, without the defaults.
    pub fn kept(run: &Run) -> Self {
        let kept = run.options.get(LIMITS).cloned().unwrap_or_default();
        serde_json::from_value(kept).unwrap_or_default()
    }

    /// Whether any limit differs from the default.
    pub fn has_limits(&self) -> bool {
        let Self { canary_rows, max_changes, max_failures, verify, rate, concurrency, .. } = self;
        let other = |text: &str, usual: &str| !["", usual].contains(&text.trim());
        let default = SendOptions::default();
        other(canary_rows, &default.canary.to_string())
            || other(max_failures, &default.max_failures.to_string())
            || other(verify, default.verify.word())
            || [max_changes, rate, concurrency].into_iter().any(|text| other(text, ""))
    }

    /// The input, by the fields' names.
    pub fn pairs(&self) -> Pairs {
        let Self { canary_rows, max_changes, max_failures, verify, rate, concurrency, .. } = self;
        let texts = [
            ("canary_rows", canary_rows),
            ("max_changes", max_changes),
            ("max_failures", max_failures),
            ("verify", verify),
            ("rate", rate),
            ("concurrency", concurrency),
            ("typed", &self.typed),
        ];
        let canary = self.canary.iter().map(|value| ("canary", value));
        let all = texts.into_iter().chain(canary);
        all.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// The input of a form that was refused.
    pub fn typed(refusal: &Refusal) -> Self {
        let text = |name| refusal.typed(name).unwrap_or_default().to_owned();
        Self {
            canary: refusal.typed("canary").map(str::to_owned),
            canary_rows: text("canary_rows"),
            max_changes: text("max_changes"),
            max_failures: text("max_failures"),
            verify: text("verify"),
            rate: text("rate"),
            concurrency: text("concurrency"),
            typed: text("typed"),
        }
    }

    /// Whether one row is applied first.
    pub fn has_canary(&self) -> bool {
        self.canary.is_some()
    }

    /// Whether the user typed this number.
    pub fn has_typed(&self, count: u64) -> bool {
        self.typed.trim().replace([',', '.', ' '], "").parse() == Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_understood_as_people_write_numbers() {
        let form = SendForm {
            canary: Some("yes".into()),
            canary_rows: "3".into(),
            max_changes: " 5% ".into(),
            max_failures: String::new(),
            verify: "all".into(),
            rate: "2.5".into(),
            concurrency: "1,000".into(),
            typed: " 1,234 ".into(),
        };
        let args = form.args().unwrap();
        assert_eq!((args.canary, args.max_failures), (3, 10));
        assert_eq!(args.max_changes, Some(MaxChanges::Share(5.0)));
        assert_eq!((args.rate, args.concurrency), (Some(2.5), Some(256)));
        assert_eq!(args.verify, Verify::All);
        assert!(form.has_typed(1234) && !form.has_typed(1235));
        assert!(!SendForm::default().has_typed(0));
    }

    #[test]
    fn without_the_tick_there_is_no_canary_and_nonsense_is_refused() {
        assert_eq!(SendForm::default().args().unwrap().canary, 0);
        for (field, form) in [
            ("max_changes", SendForm { max_changes: "many".into(), ..SendForm::default() }),
            ("rate", SendForm { rate: "-1".into(), ..SendForm::default() }),
            ("rate", SendForm { rate: "inf".into(), ..SendForm::default() }),
            ("concurrency", SendForm { concurrency: "x".into(), ..SendForm::default() }),
            ("max_failures", SendForm { max_failures: "1.5".into(), ..SendForm::default() }),
            ("canary_rows", SendForm { canary_rows: "one".into(), ..SendForm::default() }),
        ] {
            assert_eq!(form.args().unwrap_err().field, field, "{form:?}");
        }
    }
}
