//! `profile`.

use std::path::PathBuf;

use clap::Subcommand;

/// Profiles.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Ask for a site and how to sign in to it, check the keys, and keep it
    #[command(after_help = ADD_HELP)]
    Add(Box<AddArgs>),
    /// Make profiles of environments that Postman exported
    Import(ImportArgs),
    /// List the profiles
    List,
    /// Show a profile; never its keys
    Show {
        /// Its name; the one that would be taken if absent
        name: Option<String>,
    },
    /// Try the keys of a profile: are they accepted, and what may each do? Changes nothing
    Check {
        /// Its name; the one that would be taken if absent
        name: Option<String>,
    },
    /// Take a profile out of the file, and its keys out of the keyring
    Remove {
        /// Its name
        name: String,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
}

const ADD_HELP: &str = "\
Keys are never arguments. Without a terminal they come from HEADCOUNT_API_TOKEN and \
HEADCOUNT_ORG_API_KEY, from a command, or from standard input, a key a line, the API token first:

  printf '%s\\n' \"$TOKEN\" \"$ORG_KEY\" | headcount profile add acme --api-token-stdin \\
    --org-api-key-stdin --cloud-url https://acme.atlassian.net --email you@acme.com";

/// `profile add`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AddArgs {
    /// How it is to be called
    pub name: String,
    /// The site, like https://acme.atlassian.net
    #[arg(long, value_name = "URL")]
    pub cloud_url: Option<String>,
    /// The e-mail of the account that made the API token
    #[arg(long, value_name = "MAIL")]
    pub email: Option<String>,
    #[command(flatten)]
    pub token: TokenArgs,
    #[command(flatten)]
    pub org_key: OrgKeyArgs,
    /// The organisation's id, where its key shows several
    #[arg(long, value_name = "ID")]
    pub org_id: Option<String>,
    /// The directory to search in; all if absent
    #[arg(long, value_name = "ID")]
    pub directory_id: Option<String>,
    /// Where the admin APIs live; https://api.atlassian.com if absent
    #[arg(long, value_name = "URL")]
    pub admin_url: Option<String>,
    /// Products of new users whose row names none
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub default_products: Vec<String>,
    /// E-mails, @domains, account ids and group names that no job may touch
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub protected: Vec<String>,
    #[command(flatten)]
    pub keep: KeepArgs,
}

/// Where the API token comes from.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(multiple = false)]
pub struct TokenArgs {
    /// A command that prints the API token, run each time it is needed
    #[arg(long, value_name = "COMMAND")]
    pub api_token_command: Option<String>,
    /// Read the API token from standard input: its first line
    #[arg(long)]
    pub api_token_stdin: bool,
}

/// Where the organisation API key comes from.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(multiple = false)]
pub struct OrgKeyArgs {
    /// A command that prints the organisation API key, run each time it is needed
    #[arg(long, value_name = "COMMAND")]
    pub org_api_key_command: Option<String>,
    /// Read the organisation API key from standard input: its next line
    #[arg(long)]
    pub org_api_key_stdin: bool,
}

/// How a profile is kept.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct KeepArgs {
    /// Take it when no profile is named
    #[arg(long)]
    pub default: bool,
    /// Change the profile of this name if there is one
    #[arg(long)]
    pub replace: bool,
    /// Keep it without trying the keys
    #[arg(long)]
    pub no_check: bool,
}

/// `profile import`.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportArgs {
    /// Environments as Postman exports them; those of one site become one profile
    #[arg(required = true, value_name = "ENVIRONMENT.json")]
    pub files: Vec<PathBuf>,
    /// How the profile is to be called; from the site's address if absent
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub keep: KeepArgs,
}
