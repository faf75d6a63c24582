//! Which plans of a profile need approval: the setting `approval`.
//!
//! ```toml
//! approval = 2                                             # every plan: the planner and one other account
//! approval = { people = 2, takes_away = true, above = 50 } # only these plans
//! ```

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// How many accounts the smallest and the largest rule asks for.
const LEAST: u32 = 2;
const MOST: u32 = 10;

/// Which plans need approval, and by how many accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approval {
    /// How many accounts have to agree to a plan; one of them is the planner's.
    pub people: u32,
    /// Plans of jobs that take something away need it.
    pub takes_away: bool,
    /// Plans with more changes need it.
    pub above: Option<u64>,
}

impl Approval {
    /// How many others have to approve a plan. A plan without changes needs no approval.
    pub fn others(&self, takes_away: bool, changes: u64) -> u32 {
        let is_for_all = !self.takes_away && self.above.is_none();
        let is_long = self.above.is_some_and(|above| changes > above);
        let is_needed = is_for_all || (self.takes_away && takes_away) || is_long;
        if is_needed && changes > 0 { self.people - 1 } else { 0 }
    }
}

impl fmt::Display for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} accounts agree to ", self.people)?;
        match (self.takes_away, self.above) {
            (false, None) => f.write_str("every plan"),
            (true, None) => f.write_str("plans that take something away"),
            (false, Some(above)) => write!(f, "plans with more than {above} changes"),
            (true, Some(above)) => {
                write!(f, "plans that take something away or have more than {above} changes")
            }
        }
    }
}

/// The setting as a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    #[serde(default = "least")]
    people: i64,
    #[serde(default)]
    takes_away: bool,
    above: Option<i64>,
}

fn least() -> i64 {
    i64::from(LEAST)
}

fn people<E: Error>(number: i64) -> Result<u32, E> {
    let fits = |number: &u32| (LEAST..=MOST).contains(number);
    u32::try_from(number).ok().filter(fits).ok_or_else(|| {
        E::custom(format!(
            "approval is the number of accounts that agree to a plan, with the planner's: {LEAST} to {MOST}"
        ))
    })
}

impl<'de> Deserialize<'de> for Approval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Setting)
    }
}

/// Reads a number or a table.
struct Setting;

impl<'de> Visitor<'de> for Setting {
    type Value = Approval;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a number of accounts, such as 2, or { people = 2, takes_away = true, above = 50 }",
        )
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Approval, E> {
        Ok(Approval { people: people(number)?, takes_away: false, above: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Approval, A::Error> {
        let Rule { people: number, takes_away, above } =
            Rule::deserialize(MapAccessDeserializer::new(map))?;
        let above = above.map(u64::try_from).transpose();
        let above =
            above.map_err(|_| A::Error::custom("above is a number of changes: 0 or more"))?;
        Ok(Approval { people: people(number)?, takes_away, above })
    }
}

#[cfg(test)]
mod tests {
    use crate::configuration::config::Config;

    use super::*;

    fn read(setting: &str) -> Result<Approval, String> {
        let text = format!("[profiles.a]\napproval = {setting}\n");
        let config = Config::parse("config.toml", &text).map_err(|error| error.to_string())?;
        Ok(config.profiles["a"].approval.unwrap())
    }

    #[test]
    fn the_setting_names_the_plans_that_need_approval() {
        // For each setting: how many others approve a job that takes away and one that does not, with 0, 50, 51 changes.
        for (setting, takes_away, gives) in [
            ("2", [0, 1, 1], [0, 1, 1]),
            ("3", [0, 2, 2], [0, 2, 2]),
            ("{}", [0, 1, 1], [0, 1, 1]),
            ("{ people = 3 }", [0, 2, 2], [0, 2, 2]),
            ("{ takes_away = true }", [0, 1, 1], [0, 0, 0]),
            ("{ takes_away = false }", [0, 1, 1], [0, 1, 1]),
            ("{ above = 50 }", [0, 0, 1], [0, 0, 1]),
            ("{ above = 0 }", [0, 1, 1], [0, 1, 1]),
            ("{ people = 2, takes_away = true, above = 50 }", [0, 1, 1], [0, 0, 1]),
        ] {
            let rule = read(setting).unwrap();
            for (is_taking, wanted) in [(true, takes_away), (false, gives)] {
                let found = [0, 50, 51].map(|changes| rule.others(is_taking, changes));
                assert_eq!(found, wanted, "{setting}, takes away: {is_taking}");
            }
        }
    }

    #[test]
    fn a_setting_that_means_nothing_is_an_error_with_its_line() {
        for (setting, says) in [
            ("1", "2 to 10"),
            ("0", "2 to 10"),
            ("-2", "2 to 10"),
            ("11", "2 to 10"),
            ("{ people = 1 }", "2 to 10"),
            ("true", "a number of accounts"),
            ("\"2\"", "a number of accounts"),
            ("2.5", "a number of accounts"),
            ("{ take_away = true }", "take_away"),
            ("{ above = -1 }", "above"),
        ] {
            let error = read(setting).unwrap_err();
            assert!(error.contains("line 2") && error.contains(says), "{setting}: {error}");
        }
    }
}
