//! Plans on a simulated computer: a job from a sheet (text or workbook, with or without exports), or the undo of a
//! run.

use headcount_atlassian::admin::Resources;
use headcount_atlassian::{CallError, Site};
use headcount_journal::{NewRun, Run};
use headcount_model::door::Doors;
use headcount_model::job::Job;
use headcount_model::protected::Protected;
use headcount_model::user::Product;
use headcount_people::directory::Directory;
use headcount_people::directory::exports::{read_groups, read_users};
use headcount_people::jobs::{self, Need};
use headcount_people::plan::look_up::{Asking, hidden_accounts, look_up, look_up_undo};
use headcount_people::plan::undo::{Asked, plan_undo};
use headcount_people::plan::{PlanError, plan_rows, read_rows};
use headcount_people::resolve::Spec;
use headcount_people::resolve::{Guards, OwnAccount};
use headcount_people::rows::Columns;
use headcount_people::rows::open;
use headcount_people::sync::{HEADINGS, Reader, Rules, SyncSpec, draft};
use headcount_sheet::{Input, Options, Sheet, Source};
use serde_json::json;
use tokio::time::timeout;

use super::process::{FOREVER, Keys, Machine};

fn opened(bytes: &[u8]) -> Sheet {
    let source = Source { name: "sim".into(), input: Input::Bytes(bytes.to_vec()) };
    open(source, &Options::default()).unwrap()
}

/// Reads what the command line reads first, so that the doors of the plan are open: the organization, and for some
/// jobs its directory.
pub async fn find_doors(site: &Site, need: Need) -> Result<(), CallError> {
    let Some(admin) = &site.admin else { return Ok(()) };
    match need {
        Need::Jira => Ok(()),
        Need::JiraOrDirectory if site.jira.is_some() => Ok(()),
        Need::Org | Need::Any => admin.org().await.map(drop),
        Need::Directory | Need::JiraOrDirectory | Need::DirectoryOrJira | Need::Provisioning => {
            admin.find_home().await
        }
    }
}

/// The guards of a job, as the command line reads them.
pub async fn guards_of(
    site: &Site,
    job: Job,
    protected: &Protected,
    own_account: &OwnAccount,
) -> Result<Guards, String> {
    let (protected, own_account) = (protected.clone(), own_account.clone());
    let hidden = match job {
        Job::CreateUsers | Job::Sync => hidden_accounts(site, &protected).await,
        _ => Ok(Vec::new()),
    };
    Ok(Guards { own_account, protected, hidden: hidden.map_err(|error| error.to_string())? })
}

impl Machine {
    /// The directory from the exports.
    fn exported(&self) -> Directory {
        let mut directory = Directory::default();
        if let Some((users, groups)) = &self.exports {
            read_users(&mut directory, opened(users.as_bytes()), &Options::default()).unwrap();
            read_groups(&mut directory, opened(groups.as_bytes()), &Options::default()).unwrap();
        }
        directory
    }

    /// The open doors: the identity provider's directory, or all others.
    fn doors(&self) -> Doors {
        self.site.doors().provisioning_or_others(self.keys == Keys::Scim)
    }

    /// The account of the credentials, if it can be read.
    async fn myself(&self, job: Job) -> Result<OwnAccount, String> {
        let need = match self.keys {
            Keys::Scim => Need::Provisioning,
            Keys::Both | Keys::Jira | Keys::Org => Need::of_new(job, self.invite),
        };
        find_doors(&self.site, need).await.map_err(|error| error.to_string())?;
        let Some(jira) = &self.site.jira else { return Ok(OwnAccount::default()) };
        let account = jira.myself().await.map_err(|error| error.to_string())?.id;
        Ok(OwnAccount { account: Some(account), mail: None })
    }

    /// The organization's names for the site's apps, if users are invited.
    async fn resources(&self) -> Result<Option<Resources>, String> {
        let Some(admin) = self.site.admin.as_ref().filter(|_| self.invite) else { return Ok(None) };
        admin.resources(None).await.map(Some).map_err(|error| error.to_string())
    }

    fn new_run(&self, job: Job, headings: &[String]) -> NewRun {
        NewRun {
            job,
            site: self.site.name.clone(),
            organization: None,
            profile: "sim".into(),
            input: "sim.csv".into(),
            headings: headings.to_vec(),
            options: match (self.keys, self.invite) {
                (Keys::Scim, _) => json!({ "by": jobs::BY_SCIM }),
                (_, true) => json!({ "by": "invite" }),
                (_, false) => self.options.clone(),
            },
            undoes: None,
            at: self.clock.now(),
        }
    }

    /// Plans a job from the text of a sheet. `Err` means no plan, with the message.
    pub async fn plan(&mut self, job: Job, sheet: impl AsRef<[u8]>) -> Result<Run, String> {
        let options = Options::default();
        let mut sheet = opened(sheet.as_ref());
        let columns = Columns::of(&sheet, jobs::of(job).sheet, &options).unwrap();
        let new = self.new_run(job, sheet.headings());
        let (run, lock) = self.journal.begin(&new).unwrap();
        let planned = async {
            let read =
                read_rows(&mut self.journal, &run, &mut sheet, &columns, &mut |_| {}).unwrap();
            let mut directory = self.exported();
            let own_account = self.myself(job).await?;
            self.own_account = own_account.clone();
            let exported = self.exports.is_some();
            let asking = Asking {
                run: &run,
                intents: &read.intents,
                own_account: &own_account,
                people_from_exports: exported,
                groups_from_exports: exported,
            };
            look_up(&mut self.journal, asking, &self.site, &mut directory, &mut |_| {})
                .await
                .map_err(|error| error.to_string())?;
            let spec = Spec {
                revoke_tokens: self.options[jobs::REVOKE_TOKENS] == true,
                job,
                products: vec![Product::JiraSoftware],
                invite: self.resources().await?,
                message: None,
                guards: guards_of(&self.site, job, &self.protected, &own_account).await?,
                doors: self.doors(),
            };
            match plan_rows(&mut self.journal, &run, &read.intents, &directory, &spec) {
                Err(PlanError::Contradiction(why)) => Err(why),
                planned => {
                    planned.unwrap();
                    Ok::<_, String>(())
                }
            }
        };
        let planned = timeout(FOREVER, planned).await.expect("planning hangs");
        self.seal(run, planned, lock)
    }

    /// Plans a sync with the text of a list. `Err` means no plan, with the message.
    pub async fn plan_sync(&mut self, list: &str, rules: &Rules) -> Result<Run, String> {
        let job = jobs::SYNC;
        self.invite = self.keys == Keys::Org;
        let read = Reader::read_all(&Options::default(), &|options: &Options| {
            let input = Input::Bytes(list.as_bytes().to_vec());
            open(Source { name: "sim".into(), input }, options)
        });
        let read = read.unwrap();
        assert_eq!(read.bad, 0, "{:?}", read.problems);
        let new = self.new_run(job, &HEADINGS.map(str::to_owned));
        let (run, lock) = self.journal.begin(&new).unwrap();
        let planned = async {
            let own_account = self.myself(job).await?;
            self.own_account = own_account.clone();
            let spec = Spec {
                revoke_tokens: false,
                job,
                products: vec![Product::JiraSoftware],
                invite: self.resources().await?,
                message: None,
                guards: guards_of(&self.site, job, &self.protected, &own_account).await?,
                doors: self.doors(),
            };
            let apps = match (read.list.says_products(), &self.site.admin) {
                (true, Some(admin)) => {
                    Some(admin.resources(None).await.map_err(|error| error.to_string())?)
                }
                (true, None) | (false, _) => None,
            };
            let sync = SyncSpec { list: &read.list, rules, apps: apps.as_ref(), spec: &spec };
            let mut directory = Directory::default();
            draft(&mut self.journal, &run, sync, &self.site, &mut directory, &mut |_| {})
                .await
                .map_err(|error| error.to_string())
        };
        let planned = timeout(FOREVER, planned).await.expect("planning hangs");
        self.seal(run, planned.map(drop), lock)
    }

    /// Plans the undo of a run.
    pub async fn plan_undo(&mut self, undone: &Run, remove_created: bool) -> Result<Run, String> {
        let job = jobs::of(undone.job).inverse;
        let new = NewRun { undoes: Some(undone.id.clone()), ..self.new_run(job, &undone.headings) };
        let (run, lock) = self.journal.begin(&new).unwrap();
        let planned = async {
            let mut directory = Directory::default();
            let own_account = self.myself(job).await?;
            self.own_account = own_account.clone();
            look_up_undo(&self.journal, &run, undone, &self.site, &mut directory, &mut |_| {})
                .await
                .map_err(|error| error.to_string())?;
            let guards = guards_of(&self.site, job, &self.protected, &own_account).await?;
            let doors = self.doors();
            plan_undo(
                &mut self.journal,
                &run,
                &directory,
                &guards,
                &doors,
                Asked {
                    undone: &undone.id,
                    remove_created,
                    now: self.site.clock.now().map(|time| time.at_least),
                },
            )
            .unwrap();
            Ok::<_, String>(())
        };
        let planned = timeout(FOREVER, planned).await.expect("planning hangs");
        self.seal(run, planned, lock)
    }

    fn seal(
        &mut self,
        run: Run,
        planned: Result<(), String>,
        _lock: headcount_journal::RunLock,
    ) -> Result<Run, String> {
        if let Err(why) = planned {
            self.tell(format!("no plan: {why}"));
            self.journal.discard(&run.id).unwrap();
            return Err(why);
        }
        self.journal.seal(&run.id, self.clock.now()).unwrap();
        Ok(self.run(&run))
    }
}
