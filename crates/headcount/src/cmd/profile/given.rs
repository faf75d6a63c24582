//! The settings of a profile in options and the environment.

use headcount_app::configuration::config::Profile;
use headcount_app::failure::Failure;
use headcount_app::profile::draft::{Draft, Key, check_products};
use headcount_atlassian::place::KeyKind;
use headcount_people::check::Standing;

use crate::args::AddArgs;
use crate::context::Context;

/// Adds the settings in the options to the existing ones.
pub fn settings(args: &AddArgs, profile: &mut Profile) -> Result<(), Failure> {
    let lay = |over: &Option<String>, setting: &mut Option<String>| {
        if let Some(text) = over.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            *setting = Some(text.to_owned());
        }
    };
    lay(&args.cloud_url, &mut profile.cloud_url);
    lay(&args.email, &mut profile.email);
    lay(&args.org_id, &mut profile.org_id);
    lay(&args.directory_id, &mut profile.directory_id);
    lay(&args.admin_url, &mut profile.admin_url);
    lay(&args.token.api_token_command, &mut profile.api_token_command);
    lay(&args.org_key.org_api_key_command, &mut profile.org_api_key_command);
    lay(&args.provisioning.scim_directory_id, &mut profile.scim_directory_id);
    lay(&args.provisioning.scim_api_key_command, &mut profile.scim_api_key_command);
    check_products(&args.default_products)?;
    if !args.default_products.is_empty() {
        profile.default_products = Some(args.default_products.clone());
    }
    if !args.protected.is_empty() {
        profile.protected.clone_from(&args.protected);
    }
    Ok(())
}

/// A credential in the environment, unless it belongs to another site.
pub fn of_environment(
    kind: KeyKind,
    draft: &Draft,
    context: &Context,
) -> Result<Option<Key>, Failure> {
    let env = &context.app.environment;
    let key = match kind {
        KeyKind::ApiToken => &env.api_token,
        KeyKind::OrgApiKey => &env.org_api_key,
        KeyKind::ScimApiKey => &env.scim_api_key,
    };
    let Some(key) = key else { return Ok(None) };
    let of = |url: &Option<String>, admin_url: &Option<String>| {
        let mut other = Draft::new(&draft.name, None)?;
        other.profile.cloud_url.clone_from(url);
        other.profile.admin_url.clone_from(admin_url);
        other.access()
    };
    let (here, there) = (draft.access()?, of(&env.cloud_url, &env.admin_url)?);
    let same = match kind {
        KeyKind::ApiToken => there.cloud_url.is_none() || there.cloud_url == here.cloud_url,
        KeyKind::OrgApiKey | KeyKind::ScimApiKey => {
            env.admin_url.is_none() || there.admin_url == here.admin_url
        }
    };
    Ok(same.then(|| Key::Elsewhere(key.clone())))
}

/// Whether a credential could only not be checked now, and need not be wrong.
pub fn only_out_of_reach(standing: Standing) -> bool {
    standing == Standing::Unreachable
}
