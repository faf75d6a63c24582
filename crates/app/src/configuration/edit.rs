//! Edits the profiles file and changes only the affected lines.
//!
//! Text in, text out; the caller writes the file. Comments, order, quoting and empty lines stay unchanged. The
//! result is parsed before it is returned, so an invalid file is never written.

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

use super::config::{Config, ConfigError, Profile};

/// The effect on the file's `default`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// It stays unchanged.
    Stays,
    /// It becomes this profile.
    Becomes,
}

/// Adds a profile, or replaces the settings of an existing one: a setting that is absent in `profile` is removed.
pub fn put(
    file: &str,
    text: &str,
    name: &str,
    profile: &Profile,
    default: Default,
) -> Result<String, ConfigError> {
    let mut document = parse(file, text)?;
    if default == Default::Becomes {
        set(document.as_table_mut(), "default", Some(name.into()));
    }
    let profiles = document.entry("profiles").or_insert_with(|| {
        let mut table = Table::new();
        // Write no line `[profiles]` above `[profiles.acme]`.
        table.set_implicit(true);
        Item::Table(table)
    });
    let odd = |what: &str| ConfigError::at(file, text, 0, &format!("{what} is not a table"));
    let profiles = profiles.as_table_like_mut().ok_or_else(|| odd("profiles"))?;
    if !profiles.contains_key(name) {
        profiles.insert(name, Item::Table(Table::new()));
    }
    let table = profiles.get_mut(name).and_then(Item::as_table_like_mut);
    fill(table.ok_or_else(|| odd(name))?, profile);
    checked(file, &document)
}

/// Removes a profile, and `default` if it names the profile. A comment directly above the profile is removed too;
/// a comment with an empty line below it stays.
pub fn take_out(file: &str, text: &str, name: &str) -> Result<String, ConfigError> {
    let mut document = parse(file, text)?;
    let above = comments_that_stay(&document, name);
    if let Some(profiles) = document.get_mut("profiles").and_then(Item::as_table_like_mut) {
        profiles.remove(name);
        if profiles.is_empty() {
            document.remove("profiles");
        }
    }
    if document.get("default").and_then(Item::as_str) == Some(name) {
        document.remove("default");
    }
    put_back(&mut document, &above);
    checked(file, &document)
}

fn parse(file: &str, text: &str) -> Result<DocumentMut, ConfigError> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let start = error.span().map_or(0, |span| span.start);
        ConfigError::at(file, text, start, error.message())
    })
}

fn checked(file: &str, document: &DocumentMut) -> Result<String, ConfigError> {
    let text = document.to_string();
    Config::parse(file, &text)?;
    Ok(text)
}

fn fill(table: &mut dyn TableLike, profile: &Profile) {
    let text = |text: &Option<String>| text.clone().map(Value::from);
    set(table, "cloud_url", text(&profile.cloud_url));
    set(table, "email", text(&profile.email));
    set(table, "api_token_command", text(&profile.api_token_command));
    set(table, "org_id", text(&profile.org_id));
    set(table, "directory_id", text(&profile.directory_id));
    set(table, "admin_url", text(&profile.admin_url));
    set(table, "org_api_key_command", text(&profile.org_api_key_command));
    set(table, "scim_directory_id", text(&profile.scim_directory_id));
    set(table, "scim_api_key_command", text(&profile.scim_api_key_command));
    set(table, "default_products", profile.default_products.as_deref().map(list));
    let protected = Some(&profile.protected).filter(|list| !list.is_empty());
    set(table, "protected", protected.map(|entries| list(entries)));
    set(table, "concurrency", profile.concurrency.map(|number| i64::from(number).into()));
    set(table, "rate", profile.rate.map(Value::from));
}

fn list(entries: &[String]) -> Value {
    Value::Array(entries.iter().map(String::as_str).collect::<Array>())
}

/// Sets or removes a value. An equal value stays as it was written, and so does the comment after a value.
fn set(table: &mut dyn TableLike, key: &str, wanted: Option<Value>) {
    let Some(mut wanted) = wanted else {
        table.remove(key);
        return;
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if same(old, &wanted) => {}
        Some(old) => {
            *wanted.decor_mut() = old.decor().clone();
            *old = wanted;
        }
        None => {
            table.insert(key, value(wanted));
        }
    }
}

fn same(old: &Value, wanted: &Value) -> bool {
    match (old, wanted) {
        (Value::Array(old), Value::Array(wanted)) => {
            old.len() == wanted.len() && old.iter().zip(wanted).all(|(old, new)| same(old, new))
        }
        (Value::String(old), Value::String(wanted)) => old.value() == wanted.value(),
        (Value::Integer(old), Value::Integer(wanted)) => old.value() == wanted.value(),
        (Value::Float(old), Value::Float(wanted)) => old.value() == wanted.value(),
        (Value::Integer(old), Value::Float(wanted)) => *old.value() as f64 == *wanted.value(),
        _ => false,
    }
}

/// The comments above a profile that do not belong to it: up to the last empty line.
fn comments_that_stay(document: &DocumentMut, name: &str) -> String {
    let table = document.get("profiles").and_then(|profiles| profiles.get(name));
    let prefix = table.and_then(Item::as_table).and_then(|table| table.decor().prefix());
    let prefix = prefix.and_then(|prefix| prefix.as_str()).unwrap_or_default();
    match prefix.rfind("\n\n") {
        Some(at) if prefix[..at].contains('#') => prefix[..at + 2].to_owned(),
        _ => String::new(),
    }
}

/// Appends comments to the end of the file, so that none is lost.
fn put_back(document: &mut DocumentMut, comments: &str) {
    if !comments.is_empty() {
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{trailing}{comments}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# Ours. Ask Mia before you change it.
default = \"acme\" # the big one

# The main site
[profiles.acme]
cloud_url = 'https://acme.atlassian.net'   # moved in 2024
email    = \"ada@acme.com\"
protected = [
  \"ceo@acme.com\", # never
]
rate = 20

# The test site
[profiles.\"acme test\"]
cloud_url = \"https://acme-test.atlassian.net\"
# the end
";

    fn profile(name: &str) -> Profile {
        Config::parse("f", FILE).unwrap().profiles.remove(name).unwrap()
    }

    #[test]
    fn only_what_changes_is_changed() {
        let acme = profile("acme");
        assert_eq!(put("f", FILE, "acme", &acme, Default::Becomes).unwrap(), FILE);
        let other =
            Profile { email: Some("bob@acme.com".into()), org_id: Some("o".into()), ..acme };
        let text = put("f", FILE, "acme", &other, Default::Stays).unwrap();
        let wanted = FILE
            .replace("ada@acme.com", "bob@acme.com")
            .replace("rate = 20\n", "rate = 20\norg_id = \"o\"\n");
        assert_eq!(text, wanted);
    }

    #[test]
    fn a_new_profile_is_at_the_end() {
        let new = Profile {
            cloud_url: Some("https://globex.atlassian.net".into()),
            protected: vec!["@\"x\"".into()],
            ..Profile::default()
        };
        let text = put("f", FILE, "globex", &new, Default::Stays).unwrap();
        let (before, after) = text.split_at(FILE.find("# the end").unwrap());
        assert!(FILE.starts_with(before));
        assert!(
            after.contains("[profiles.globex]\ncloud_url = \"https://globex.atlassian.net\"\n")
        );
        assert_eq!(Config::parse("f", &text).unwrap().profiles["globex"], new);
        let first = put("f", "", "globex", &new, Default::Becomes).unwrap();
        assert!(first.starts_with("default = \"globex\"\n"), "{first}");
        assert!(!first.contains("[profiles]"), "{first}");
    }

    #[test]
    fn a_profile_goes_with_its_own_comment_only() {
        let text = take_out("f", FILE, "acme").unwrap();
        let wanted = &FILE[FILE.find("# The test site").unwrap()..];
        assert!(text.contains(wanted.trim_end()), "{text}");
        assert!(!text.contains("main site") && !text.contains("default"), "{text}");
        let all = take_out("f", &text, "acme test").unwrap();
        assert!(Config::parse("f", &all).unwrap().profiles.is_empty());
        let header = "# Ours.\n\n[profiles.a]\nemail = \"a@b.c\"\n";
        assert!(take_out("f", header, "a").unwrap().contains("# Ours."));
    }

    #[test]
    fn every_way_to_write_a_profile_is_understood() {
        let new = Profile { email: Some("a@b.c".into()), ..Profile::default() };
        for text in [
            "profiles.a.email = \"x@y.z\"\n",
            "profiles = { a = { email = \"x@y.z\" } }\n",
            "[profiles]\na = { email = \"x@y.z\" }\n",
            "[profiles]\n[profiles.a]\nemail = \"x@y.z\"\n",
        ] {
            for name in ["a", "b"] {
                let put = put("f", text, name, &new, Default::Stays).unwrap();
                assert_eq!(Config::parse("f", &put).unwrap().profiles[name], new, "{put}");
            }
            let gone = take_out("f", text, "a").unwrap();
            assert!(Config::parse("f", &gone).unwrap().profiles.is_empty(), "{gone}");
        }
    }

    #[test]
    fn a_file_that_is_wrong_is_not_touched() {
        let new = Profile::default();
        for text in ["[profiles", "profiles = 3", "[profiles.a]\napi_token = \"k\"\n"] {
            let error = put("f", text, "b", &new, Default::Stays).unwrap_err();
            assert!(!error.to_string().contains("\"k\""), "{error}");
        }
    }
}
