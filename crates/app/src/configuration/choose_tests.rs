use super::choose::{ChooseError, Chosen, Environment, KeySource, choose};
use super::config::Config;

const TWO: &str = r#"
[profiles.acme]
cloud_url = "https://acme.atlassian.net/"
email = "admin@acme.com"
api_token_command = "print-token"
protected = ["@acme.com"]

[profiles.other]
cloud_url = "other.atlassian.net"
email = "admin@other.com"
api_token_command = "print-token"
"#;

fn config(text: &str) -> Config {
    Config::parse("profiles.toml", text).unwrap()
}

fn env(pairs: &[(&str, &str)]) -> Environment {
    let get = |name: &str| {
        pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    };
    Environment {
        profile: get("profile"),
        cloud_url: get("url"),
        admin_url: get("admin"),
        email: get("email"),
        api_token: get("token").map(Into::into),
        org_id: get("org"),
        directory_id: None,
        org_api_key: get("key").map(Into::into),
        scim_directory_id: get("scim"),
        scim_api_key: get("scim-key").map(Into::into),
    }
}

const WHOLE: &[(&str, &str)] =
    &[("url", "https://x.atlassian.net"), ("email", "a@x.com"), ("token", "t")];

fn chosen(named: Option<&str>, env: &Environment, text: &str) -> Result<Chosen, ChooseError> {
    choose(named, env, &config(text))
}

#[test]
fn which_site_is_never_guessed() {
    assert!(matches!(chosen(None, &env(&[]), ""), Err(ChooseError::Nothing)));
    assert!(matches!(chosen(None, &env(&[]), TWO), Err(ChooseError::NoDefault { .. })));
    assert!(matches!(chosen(Some("acne"), &env(&[]), TWO), Err(ChooseError::NoSuchProfile { .. })));
    let half = env(&[("url", "https://x.atlassian.net"), ("token", "t")]);
    let error = chosen(None, &half, "").unwrap_err();
    assert!(
        error.to_string().contains("but not the account's email (HEADCOUNT_EMAIL, email)"),
        "{error}"
    );
    assert!(matches!(chosen(None, &env(&[("org", "1")]), ""), Err(ChooseError::Half { .. })));
}

#[test]
fn the_named_one_is_taken_else_the_environment_else_the_default() {
    assert_eq!(chosen(Some("acme"), &env(&[]), TWO).unwrap().name, "acme");
    assert_eq!(chosen(None, &env(&[("profile", "other")]), TWO).unwrap().name, "other");
    assert_eq!(chosen(None, &env(WHOLE), TWO).unwrap().name, "environment");
    assert_eq!(
        chosen(None, &env(&[]), &format!("default = \"other\"\n{TWO}")).unwrap().name,
        "other"
    );
    assert!(chosen(Some("sandbox"), &env(WHOLE), TWO).unwrap().is_sandbox);
    assert_eq!(chosen(None, &env(&[("key", "k")]), "").unwrap().name, "environment");
}

#[test]
fn the_environment_wins_but_keys_stay_with_their_site() {
    let other_token = env(&[("token", "t2")]);
    let chosen_one = chosen(Some("acme"), &other_token, TWO).unwrap();
    assert!(matches!(chosen_one.api_token, Some(KeySource::Value(_))));
    let other_site = env(&[("url", "https://evil.example.com")]);
    assert!(matches!(chosen(Some("acme"), &other_site, TWO), Err(ChooseError::OtherSite { .. })));
    let same_site = env(&[("url", "acme.atlassian.net")]);
    assert!(matches!(
        chosen(Some("acme"), &same_site, TWO).unwrap().api_token,
        Some(KeySource::Command(_))
    ));
}

#[test]
fn on_another_site_the_profiles_organization_is_left_out() {
    let text = "[profiles.a]\ncloud_url = \"https://a.atlassian.net\"\nemail = \"a@a.com\"\n\
                api_token_command = \"t\"\norg_id = \"org-a\"\norg_api_key_command = \"k\"\n";
    let env = env(&[("url", "https://b.atlassian.net"), ("email", "b@b.com"), ("token", "t")]);
    let named = chosen(Some("a"), &env, text).unwrap();
    assert!(named.org_api_key.is_none() && named.org_id.is_none());
    let unnamed = chosen(None, &env, text).unwrap();
    assert_eq!(unnamed.name, "environment");
    assert!(unnamed.org_api_key.is_none() && unnamed.org_id.is_none());
}

#[test]
fn a_key_in_the_file_is_reported_and_not_kept() {
    let error = Config::parse("p.toml", "[profiles.a]\napi_token = \"x\"\n").unwrap_err();
    assert_eq!(error.line, 2);
    assert!(error.to_string().contains("unknown field `api_token`"), "{error}");
    let pasted = Config::parse("p.toml", "[profiles.a]\nemail = s3cret-key\n").unwrap_err();
    assert!(!pasted.to_string().contains("s3cret"), "{pasted}");
}
