//! Hints as commands.

use headcount_app::hint::{Hint, Need, Whose};
use headcount_journal::RunId;
use headcount_people::jobs::Credentials;

/// A hint for a terminal.
pub fn words(hint: &Hint) -> String {
    match hint {
        Hint::Words(words) | Hint::Settings(words) => words.to_string(),
        Hint::ListRuns => "`headcount run list` shows all runs".into(),
        Hint::ShowRun(run) => {
            let run = run.as_ref().map_or("RUN", |run| run.as_str());
            format!("`headcount run show {run}` shows its state")
        }
        Hint::Apply(run) => format!("to apply it: headcount run apply {run}"),
        Hint::Approve(run) => approve(run),
        Hint::WaitOrStop(_) => "wait until the run ends, or stop it with Ctrl-C first".into(),
        Hint::WaitOrQueue(run) => wait_or_queue(run),
        Hint::RepairAndResume => {
            "nothing more was sent; make room on the disk, make the file writable or start the journal's server, then \
             `headcount run resume last`; if no plan was shown yet, give the command again"
                .into()
        }
        Hint::ReportAgain => {
            "the run itself is in the journal: `headcount run report` writes the report again"
                .into()
        }
        Hint::GiveJob => "a job creates one: headcount member add FILE".into(),
        Hint::OtherJournal { instead, then } => other_journal(instead, then),
        Hint::ProfilesNamed => {
            "--config or HEADCOUNT_CONFIG must name a file that exists and can be read; \
             `headcount profile add` creates it"
                .into()
        }
        Hint::ProfilesOrEnvironment => {
            "correct its permissions, name another file with --config, or set HEADCOUNT_CLOUD_URL, \
             HEADCOUNT_EMAIL and HEADCOUNT_API_TOKEN (HEADCOUNT_ORG_API_KEY for the organization)"
                .into()
        }
        Hint::NameProfile(site) => format!("name the profile of {site} with --profile"),
        Hint::ListProfiles => "`headcount profile list` shows the profiles".into(),
        Hint::UseSandbox => "it needs no settings: headcount --profile sandbox …".into(),
        Hint::SayOwnAccount => {
            "set HEADCOUNT_EMAIL, or email in the profile, to the email of your \
                                own Atlassian account"
                .into()
        }
        Hint::MaxChangesAsNumber => "give --max-changes a number".into(),
        Hint::GiveExports { instead } => {
            format!("{instead}; or give Atlassian's exports (--users, --groups)")
        }
        Hint::ExportHas(whose) => export_has(*whose).into(),
        Hint::GiveCredentials(need) => credentials(*need).into(),
        Hint::PrintOrSet(kind) => {
            let option = kind.command_setting().replace('_', "-");
            let variable = kind.variable();
            format!(
                "with --{option}, name a command of your password manager that prints the \
                 credential, or set {variable} each time"
            )
        }
    }
}

fn approve(run: &RunId) -> String {
    format!(
        "nothing was sent; another administrator approves it: headcount run approve {run}; or rejects it: headcount \
         run reject {run} --why TEXT"
    )
}

fn wait_or_queue(run: &RunId) -> String {
    format!(
        "nothing was sent; wait until that run has ended, or let a worker wait for it: headcount run queue {run}"
    )
}

fn other_journal(instead: &str, then: &str) -> String {
    let named = match instead {
        "" => "name another file with --journal".to_owned(),
        instead => format!("{instead}, or name another file with --journal"),
    };
    if then.is_empty() { named } else { format!("{named}; {then}") }
}

fn export_has(whose: Whose) -> &'static str {
    match whose {
        Whose::Users => {
            "--users takes Atlassian's export of users, with the columns `User id` and `email`"
        }
        Whose::Groups => {
            "--groups takes Atlassian's export of users with their groups, with the columns \
             `Group id` and `Group name`"
        }
    }
}

fn credentials(need: Need) -> &'static str {
    match need.credentials() {
        Credentials::ApiToken => {
            "`headcount profile add NAME` asks for it; or set HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL \
             and HEADCOUNT_API_TOKEN, or cloud_url, email and api_token_command in the profile"
        }
        Credentials::OrgApiKey => {
            "`headcount profile add NAME` asks for it; or set HEADCOUNT_ORG_API_KEY, or \
             org_api_key_command in the profile; create a key at admin.atlassian.com under \
             Settings > API keys"
        }
        Credentials::OrgAndScim => {
            "set HEADCOUNT_ORG_API_KEY, HEADCOUNT_SCIM_DIRECTORY_ID and HEADCOUNT_SCIM_API_KEY, or \
             `headcount profile add NAME --scim-directory-id ID` asks for the keys; Atlassian shows the \
             directory's id and key when user provisioning is set up"
        }
        Credentials::Either => {
            "set HEADCOUNT_ORG_API_KEY, or HEADCOUNT_CLOUD_URL, HEADCOUNT_EMAIL and \
             HEADCOUNT_API_TOKEN"
        }
    }
}
