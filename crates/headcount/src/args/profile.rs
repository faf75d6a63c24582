//! `profile`.

use std::path::PathBuf;

use clap::Subcommand;

/// Profiles.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Ask for a site and its credentials, check the credentials, and save the profile
    #[command(after_help = ADD_HELP)]
    Add(Box<AddArgs>),
    /// Make profiles from environments that Postman exported
    Import(ImportArgs),
    /// List the profiles
    List,
    /// Show a profile, without its credentials
    Show {
        /// Name of the profile [default: your default profile]
        name: Option<String>,
    },
    /// Try a profile's credentials and show which jobs they allow; changes nothing
    Check {
        /// Name of the profile [default: your default profile]
        name: Option<String>,
    },
    /// Remove a profile from the file, and its credentials from the keyring
    Remove {
        /// Name of the profile
        name: String,
        /// Continue without asking
        #[arg(long)]
        yes: bool,
    },
}

const ADD_HELP: &str = "\
Credentials are never arguments. Without a terminal they come from HEADCOUNT_API_TOKEN and \
HEADCOUNT_ORG_API_KEY, from a command, or from standard input: the API token on the first line, \
the organization API key on the next:

  printf '%s\\n' \"$TOKEN\" \"$ORG_KEY\" | headcount profile add acme --api-token-stdin \\
    --org-api-key-stdin --cloud-url https://acme.atlassian.net --email you@acme.com";

/// `profile add`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AddArgs {
    /// Name for the profile
    pub name: String,
    /// Address of the site, such as https://acme.atlassian.net
    #[arg(long, value_name = "URL")]
    pub cloud_url: Option<String>,
    /// Email of your Atlassian account, which made the API token. Give it with an organization API key, too:
    /// headcount never takes your own access away
    #[arg(long, value_name = "MAIL")]
    pub email: Option<String>,
    #[command(flatten)]
    pub token: TokenArgs,
    #[command(flatten)]
    pub org_key: OrgKeyArgs,
    /// Id of the organization; needed if the API key can see more than one
    #[arg(long, value_name = "ID")]
    pub org_id: Option<String>,
    /// Directory to search and to change [default: search all; send changes only if there is exactly one]
    #[arg(long, value_name = "ID")]
    pub directory_id: Option<String>,
    /// Address of the admin APIs [default: https://api.atlassian.com]
    #[arg(long, value_name = "URL")]
    pub admin_url: Option<String>,
    /// Products for rows without any
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub default_products: Vec<String>,
    /// Emails, @domains, account ids, group names and group ids that no job may change
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub protected: Vec<String>,
    #[command(flatten)]
    pub provisioning: ProvisioningArgs,
    #[command(flatten)]
    pub keep: KeepArgs,
}

/// The identity provider's directory.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ProvisioningArgs {
    /// Id of the identity provider's directory, for `--by scim`; Atlassian shows it with the key of the directory
    #[arg(long, value_name = "ID")]
    pub scim_directory_id: Option<String>,
    /// Command that prints the SCIM API key (the key of that directory), run each time it is needed
    #[arg(long, value_name = "COMMAND", conflicts_with = "scim_api_key_stdin")]
    pub scim_api_key_command: Option<String>,
    /// Read the SCIM API key from the next line of standard input
    #[arg(long)]
    pub scim_api_key_stdin: bool,
}

/// Where the API token comes from.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(multiple = false)]
pub struct TokenArgs {
    /// Command that prints the API token, run each time it is needed
    #[arg(long, value_name = "COMMAND")]
    pub api_token_command: Option<String>,
    /// Read the API token from the first line of standard input
    #[arg(long)]
    pub api_token_stdin: bool,
}

/// Where the organization API key comes from.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(multiple = false)]
pub struct OrgKeyArgs {
    /// Command that prints the organization API key, run each time it is needed
    #[arg(long, value_name = "COMMAND")]
    pub org_api_key_command: Option<String>,
    /// Read the organization API key from standard input: from the second line, or from the first without
    /// --api-token-stdin
    #[arg(long)]
    pub org_api_key_stdin: bool,
}

/// How a profile is kept.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct KeepArgs {
    /// Use this profile if a command names none
    #[arg(long)]
    pub default: bool,
    /// Change the profile of this name if it exists
    #[arg(long)]
    pub replace: bool,
    /// Save without trying the credentials
    #[arg(long)]
    pub no_check: bool,
}

/// `profile import`.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportArgs {
    /// Environments that Postman exported; files for the same site become one profile
    #[arg(required = true, value_name = "ENVIRONMENT.json")]
    pub files: Vec<PathBuf>,
    /// Name for the profile [default: from the site's address]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub keep: KeepArgs,
}
