//! The exit code and the hint of each error of the crates below.

use crate::configuration::choose::ChooseError;
use crate::configuration::config::ConfigError;
use headcount_atlassian::access::AddressError;
use headcount_atlassian::endpoint::Host;
use headcount_atlassian::proxy::ProxyError;
use headcount_atlassian::{CallError, CallErrorKind, Hint as Known, OpenError};
use headcount_engine::RunError;
use headcount_journal::{ApprovalProblem, JournalError, RunId, ServerProblem};
use headcount_people::directory::lookup::LookupError;
use headcount_people::export::{ExportError, FileError};
use headcount_people::plan::PlanError;
use headcount_people::sync::SyncError;
use headcount_report::ReportError;
use headcount_sheet::SheetError;

use crate::failure::{CREDENTIAL, Failure, GUARD, UNREACHABLE, USAGE};
use crate::hint::Hint;

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::of(USAGE, &error)
    }
}

impl From<SheetError> for Failure {
    fn from(error: SheetError) -> Self {
        Self::of(USAGE, &error)
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        let failure = Self::of(USAGE, &error);
        failure.hint(match error {
            JournalError::Open { .. } | JournalError::LockFile { .. } => Hint::OtherJournal {
                instead: "check the folder, its permissions and the free space of its disk",
                then: "",
            },
            JournalError::Network { .. } => Hint::OtherJournal {
                instead: "two machines could apply one plan there",
                then: "HEADCOUNT_JOURNAL sets the file permanently; choose a disk of this computer",
            },
            JournalError::ReadOnly { .. } => {
                Hint::OtherJournal { instead: "nothing was sent; make the file writable", then: "" }
            }
            JournalError::NotAFile { .. } => Hint::OtherJournal { instead: "", then: "" },
            JournalError::NotAJournal { .. } => {
                Hint::OtherJournal { instead: "", then: "this one was not changed" }
            }
            JournalError::Newer { .. } => {
                Hint::OtherJournal { instead: "use the newer headcount", then: "" }
            }
            JournalError::Older { .. } => Hint::Settings(
                "when all who share it have this version, upgrade it: headcount journal migrate"
                    .into(),
            ),
            JournalError::Server { problem, .. } => Hint::Settings(server_hint(problem).into()),
            JournalError::Encoding { .. } => Hint::Settings(
                "create a database for it: createdb --encoding=UTF8 --template=template0 NAME"
                    .into(),
            ),
            JournalError::Failed { .. } => Hint::RepairAndResume,
            JournalError::Gone { .. } => {
                "nothing more was sent; if the file was moved, move it back and resume the run by its id; if it \
                 is lost, give the command again: changes that were already made end as `unchanged`"
                    .into()
            }
            JournalError::Damaged { .. } | JournalError::Broken { .. } => Hint::OtherJournal {
                instead: "nothing more was sent; put the file aside and restore it from a copy",
                then: "then run the job again: headcount finds what is already applied",
            },
            JournalError::NoSuchRun(_) => Hint::ListRuns,
            JournalError::NoRuns => Hint::GiveJob,
            JournalError::Approval { run, problem } => approval_hint(&run, &problem),
            JournalError::NotEmpty => {
                "name a new file, a new database, or a new schema (?schema=NAME); nothing was written".into()
            }
            JournalError::WrongState { .. } => Hint::ShowRun(None),
            JournalError::Locked { .. } => "wait until that process ends, or stop it first".into(),
            JournalError::OthersTurn { run, .. } => Hint::WaitOrQueue(run),
            JournalError::LeaseEnded { run } => Hint::Settings(
                format!("nothing more was sent; to continue it: headcount run resume {run}").into(),
            ),
            JournalError::Unreadable { .. } | JournalError::IllegalMove { .. } => {
                "nothing more was sent; please report this with the journal's version".into()
            }
        })
    }
}

/// What to do about a plan that cannot be approved or applied.
fn approval_hint(run: &RunId, problem: &ApprovalProblem) -> Hint {
    match problem {
        ApprovalProblem::Missing { .. } | ApprovalProblem::OwnPlan(_) => Hint::Approve(run.clone()),
        ApprovalProblem::Twice(_) => {
            "nothing was changed; if the plan needs more approvals, other accounts give them".into()
        }
        ApprovalProblem::UnknownActor => Hint::Settings(
            "nothing was changed; use your API token (cloud_url, email and API token)".into(),
        ),
        ApprovalProblem::Already { .. } => Hint::Apply(run.clone()),
        ApprovalProblem::NotNeeded => Hint::ShowRun(Some(run.clone())),
        ApprovalProblem::Rejected { .. } => {
            "nothing was sent; correct the spreadsheet, and make a new plan".into()
        }
        ApprovalProblem::Changed => "nothing was sent; reject it, and make a new plan".into(),
    }
}

/// What to do about a server that cannot be used.
fn server_hint(problem: ServerProblem) -> &'static str {
    match problem {
        ServerProblem::Unreachable => {
            "nothing was sent; check host and port of HEADCOUNT_JOURNAL, and that the server runs \
             and accepts connections from this machine"
        }
        ServerProblem::Busy => {
            "nothing was sent; try again later, or raise max_connections of the server"
        }
        ServerProblem::Refused => {
            "check the user, and the password in PGPASSWORD, the password file (~/.pgpass) or \
             HEADCOUNT_JOURNAL; the server's pg_hba.conf decides who may connect"
        }
        ServerProblem::NoDatabase => {
            "create it (createdb NAME), or correct its name in HEADCOUNT_JOURNAL"
        }
        ServerProblem::NoRight => {
            "let the owner of the database run headcount journal init, and grant this user rights \
             to the schema and its tables"
        }
        ServerProblem::Tls => {
            "check sslmode and sslrootcert in HEADCOUNT_JOURNAL (PGSSLMODE, PGSSLROOTCERT), and the \
             server's certificate"
        }
    }
}

impl From<crate::journal::AddressError> for Failure {
    fn from(error: crate::journal::AddressError) -> Self {
        Self::of(USAGE, &error).hint(Hint::Settings(
            "the form of an address is postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full"
                .into(),
        ))
    }
}

impl From<ChooseError> for Failure {
    fn from(error: ChooseError) -> Self {
        Self::of(USAGE, &error).hint(Hint::Settings(error.hint().into_boxed_str()))
    }
}

impl From<AddressError> for Failure {
    fn from(error: AddressError) -> Self {
        Self::of(USAGE, &error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::of(USAGE, &error).hint(
            "credentials are never in this file; name a command with api_token_command instead",
        )
    }
}

impl From<ProxyError> for Failure {
    fn from(error: ProxyError) -> Self {
        Self::of(USAGE, &error)
            .hint("if there is no proxy, unset the variable; if some hosts need no proxy, name them in NO_PROXY")
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::of(USAGE, &error)
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        Self::of(USAGE, &error).hint(Hint::ReportAgain)
    }
}

impl From<LookupError> for Failure {
    fn from(error: LookupError) -> Self {
        let exit = error.call().map_or(USAGE, call_exit);
        let failure = Self::of(exit, &error);
        if matches!(error, LookupError::NamesClosed(_)) {
            return failure.hint(Hint::GiveExports {
                instead: "give the credential's account more permissions on the site",
            });
        }
        if matches!(error, LookupError::Contradicted { .. }) {
            return failure.hint(
                "export the users again. If you edited the file, check that no column was sorted without the others",
            );
        }
        if matches!(error, LookupError::GroupsContradicted { .. }) {
            return failure.hint("export the groups again, or leave --groups out");
        }
        match error.call() {
            Some(call) => failure.hint(call_hint(call)),
            None => failure,
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let exit = match &error {
            ExportError::NotWhole { .. } => UNREACHABLE,
            error => error.call().map_or(USAGE, call_exit),
        };
        let failure = Self::of(exit, &error);
        match error.call() {
            Some(call) => failure.hint(read_hint(call)),
            None => failure,
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Sheet(error) => error.into(),
            FileError::Export(error) => error.into(),
            error => Self::of(USAGE, &error),
        }
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        Self::of(call_exit(&error), &error).hint(call_hint(&error))
    }
}

fn call_exit(error: &CallError) -> u8 {
    match error.kind {
        CallErrorKind::Credential => CREDENTIAL,
        _ if error.passes_by_itself() => UNREACHABLE,
        _ => USAGE,
    }
}

fn call_hint(error: &CallError) -> &'static str {
    match error.kind {
        _ if error.says_address_not_allowed() => {
            "the organization has an IP allowlist, and this computer's address is not on it: run headcount \
             from an allowed network, or have the address added in admin.atlassian.com > Security"
        }
        CallErrorKind::Credential if error.hint == Some(Known::Ended) => {
            "the credential has expired, was revoked, or lost its permissions: create a new one"
        }
        CallErrorKind::Credential | CallErrorKind::Forbidden { .. }
            if error.hint == Some(Known::Scope) =>
        {
            match error.endpoint.host() {
                Host::Jira => {
                    "the credential is valid but lacks a scope: create one without scopes, or with the scope that is \
                     named, at https://id.atlassian.com/manage-profile/security/api-tokens; `headcount profile \
                     check` lists the jobs that work with this one"
                }
                Host::Scim => "the SCIM API key does not allow this: generate a new one",
                Host::Admin => {
                    "the credential is valid but lacks a scope: create one without scopes at \
                     https://admin.atlassian.com under Settings > API keys; `headcount profile check` lists \
                     the jobs that work with this one"
                }
            }
        }
        CallErrorKind::Credential if error.hint == Some(Known::Captcha) => {
            "sign in once in a browser with the account of the API token, solve the CAPTCHA, and run the \
             command again"
        }
        CallErrorKind::Credential => {
            "the credential is wrong, has expired (it lasts at most a year), or is the wrong kind: a \
             site needs an API token with its account's email, an organization needs an \
             organization API key"
        }
        CallErrorKind::Redirected => "nothing was sent. Correct the address in the profile",
        CallErrorKind::Odd if error.hint == Some(Known::Page) => {
            "nothing was sent. Open the site's address in a browser on this machine: a proxy or a \
             sign-in page may answer in its place"
        }
        CallErrorKind::Untrusted => {
            "nothing was sent, not even the credential. Check the address. If a company's proxy opens \
             TLS connections, the operating system must trust its certificate; on Linux the \
             variable SSL_CERT_FILE can name a file of trusted certificates"
        }
        CallErrorKind::Forbidden { .. } if error.hint == Some(Known::Closed) => {
            "organizations on the older user management have no directory API, and an organization API key with scopes may \
             not allow it; with an API token headcount can read the site itself"
        }
        CallErrorKind::Forbidden { .. } => {
            "the credential's account needs more permissions on the site"
        }
        _ if error.passes_by_itself() => "nothing was sent; try again later",
        _ => "nothing was sent",
    }
}

/// The same if nothing was to be sent.
fn read_hint(error: &CallError) -> &'static str {
    match error.kind {
        _ if error.passes_by_itself() => "try again later",
        CallErrorKind::Credential | CallErrorKind::Forbidden { .. } => call_hint(error),
        _ => "try again; if the error stays, check what the site says",
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::LookUp(error) => error.into(),
            PlanError::Journal(error) => error.into(),
            PlanError::Sheet(error) => error.into(),
            PlanError::Contradiction(words) => {
                Self::new(USAGE, format!("{words}; nothing was sent"))
            }
        }
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Plan(error) => error.into(),
            SyncError::List(error) => {
                let exit = if error.is_of_a_guard() { GUARD } else { USAGE };
                Self::new(exit, format!("{error}; nothing was sent")).hint(error.todo())
            }
        }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            // Nothing of the run was sent.
            RunError::Journal(
                error @ (JournalError::OthersTurn { .. } | JournalError::Locked { .. }),
            ) => error.into(),
            RunError::Journal(error) => Self { exit: GUARD, ..error.into() },
            error @ RunError::Worker { .. } => Self::of(GUARD, &error),
        }
    }
}
