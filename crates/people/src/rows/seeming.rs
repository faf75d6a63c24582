//! Guesses the meaning of headings that are in no table: `Company email`, `Group membership`, `Emial`.
//!
//! A column that looks like one of the job's is never skipped silently, because a lost group is a missing
//! permission and a lost app a paid seat. So headcount asks about it ([`Columns::find`](super::Columns::find)),
//! and only a column that certainly has another meaning is ignored: another person's email (`Manager email`), a
//! column about emails (`Email verified`), columns that another program marks as its own.

use std::collections::HashSet;
use std::sync::{LazyLock, OnceLock};

use super::deciding::says_what_to_do;
use super::headings::{GROUP_WORDS, MAIL_WORDS, SECOND_MAILS};
use super::needs::{Need, needs};
use super::wanted::{Field, Job, LEFT_OUT, field, headings_of, spelt, told};
use headcount_sheet::heading::names::column;
use headcount_sheet::heading::words::folded;
use headcount_sheet::{Heading, HeadingLine};

/// What a heading seems to mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seeming {
    /// The user's email.
    Mail,
    /// An email that is certainly not the one that Atlassian knows the user by.
    OtherMail,
    /// Groups, by name.
    Group,
    /// Groups, by id.
    GroupId,
    /// Apps, products, licenses.
    Product,
    /// Something else.
    Other,
}

static MAIL: Words = Words::of(
    "email emails mail mails upn correo courriel courriels correio メール 이메일 邮箱 \
               netfang tolvupostur tolvupostfang имейл ईमेल อีเมล",
);

/// Next to `mail`, these words still mean the user's own email.
static OWN: Words = Words::of(
    "e email mail mails emails address addresses adresse adressen adres adresy \
                   direccion direcciones endereco enderecos indirizzo indirizzi electronico \
                   electronica eletronico eletronica elettronica electronique id work business \
                   company corporate office official user users login primary main member employee \
                   person people atlassian jira confluence new current trabajo trabalho lavoro \
                   travail professionnel professionnelle geschaftlich geschaftliche dienstlich \
                   dienstliche firmen sluzbowy zakelijk アドレス account adress arbete arbets jobb \
                   arbejds jobbe arbeids tyo",
);

/// Next to `mail`, these words mean another person's email.
static OTHERS: Words = Words::of(
    "manager managers supervisor boss lead leader approver requester requestor \
                      sponsor owner owners assistant delegate contact emergency parent guardian \
                      spouse creator created author by inviter referrer reporter hr helpdesk \
                      support group groups list vorgesetzter vorgesetzte vorgesetzten \
                      fuhrungskraft chef chefens sjefens responsable superieur jefe gerente gestor capo \
                      responsabile przelozony przelozonego kierownik leidinggevende 上司 管理者 \
                      narmaste naermeste overordnet leder leders esihenkilo esihenkilon esimies \
                      esimiehen yfirmadur",
);

/// Next to `mail`, these words mean a column about emails, not an email.
static ABOUT: Words = Words::of(
    "verified verification sent status enabled disabled domain domains format \
                     language notification notifications notify type provider signature opt count \
                     number date time sent subject body template text bounce bounced subscribed \
                     alias aliases forwarding quota size server mailbox preference preferences \
                     confirmed valid server client frequency reason",
);

static GROUP: Words = Words::of(
    "group groups usergroup usergroups gruppe gruppen groupe groupes grupo grupos \
                     gruppo gruppi grupa grupy groep groepen grupp grupper gruppnamn gruppenavn ryhma \
                     ryhman ryhmat skupina グループ memberof membership \
                     memberships mitgliedschaft mitgliedschaften benutzergruppe benutzergruppen",
);

/// Next to `group`, these words mean another kind of group.
static NO_GROUP: Words = Words::of(
    "age blood pay salary tax cost ethnic focus target peer product owner owners \
                        manager email mail emails mails type description count number created date is",
);

static PRODUCT: Words = Words::of(
    "product products produkt produkte produit produits producto productos \
                       produto produtos prodotto prodotti produkty producten 製品 プロダクト app \
                       apps application applications license licenses licence licences lizenz \
                       lizenzen licencia licencias licenca licencas licenza licenze licencja \
                       licencje licentie licenties seat seats",
);

/// Next to `product`, these words still mean the apps that the user should have.
static PRODUCTS_TOO: Words = Words::of(
    "access jira confluence atlassian name names user users initial default \
                            assigned assignment wanted requested new role roles type required list \
                            key keys to of the and or cloud software site",
);

/// Apps by their own names, and words next to them.
static APP: Words = Words::of("jira confluence");
static BESIDE_APP: Words =
    Words::of("jira confluence software service management desk work cloud license licence");

/// Access, to an app or to the site.
static ACCESS: Words =
    Words::of("access zugriff zugang acces acceso acesso accesso dostep toegang アクセス");
static SITE: Words = Words::of("site cloud atlassian");

static ID: Words = Words::of("id ids guid uuid");

/// A list of words in normalized form.
struct Words {
    spelt: &'static str,
    folded: OnceLock<HashSet<String>>,
}

impl Words {
    const fn of(spelt: &'static str) -> Self {
        Self { spelt, folded: OnceLock::new() }
    }

    fn has(&self, word: &str) -> bool {
        let fold = || self.spelt.split_whitespace().map(folded).collect();
        self.folded.get_or_init(fold).contains(word)
    }
}

/// What a heading seems to mean, for any job.
pub(super) fn seeming(heading: &Heading) -> Seeming {
    let mut words = heading.words().to_vec();
    words.retain(|word| !word.chars().all(char::is_numeric));
    let has = |list: &Words| words.iter().any(|word| list.has(word));
    if is_second_mail(heading) || heading.is_of_another_program() {
        return if has(&MAIL) { Seeming::OtherMail } else { Seeming::Other };
    }
    if is_mail(&words) {
        return if has(&OTHERS) || has(&ABOUT) { Seeming::OtherMail } else { Seeming::Mail };
    }
    match told(Job::Memberships, heading) {
        Some((Field::GroupId, _)) => return Seeming::GroupId,
        Some((Field::Group | Field::GroupName, _)) => return Seeming::Group,
        _ => {}
    }
    let is_compound = |word: &String| word.starts_with("gruppen") || word.starts_with("groeps");
    if has(&GROUP) || words.iter().any(is_compound) || words.concat() == "memberof" {
        return match () {
            () if has(&NO_GROUP) => Seeming::Other,
            () if has(&ID) => Seeming::GroupId,
            () => Seeming::Group,
        };
    }
    let is_product = |word: &String| PRODUCT.has(word) || PRODUCTS_TOO.has(word);
    if has(&PRODUCT) && words.iter().all(is_product) {
        return Seeming::Product;
    }
    // `Jira`, `Confluence access`, `Site access`.
    let is_beside = |word: &String| BESIDE_APP.has(word) || ACCESS.has(word);
    let is_of_site = |word: &String| SITE.has(word) || ACCESS.has(word);
    let is_app = has(&APP) && words.iter().all(is_beside);
    match is_app || (has(&ACCESS) && has(&SITE) && words.iter().all(is_of_site)) {
        true => Seeming::Product,
        false => Seeming::Other,
    }
}

/// Whether a column of emails is certainly not about the row's own user: `Manager`, `Requested by`, `Recovery
/// email`.
pub(super) fn is_of_another_person(heading: &Heading) -> bool {
    let words = heading.words();
    // Cells without a heading have an error of their own. `Requested by` counts; `Leaves by Friday` does not.
    let is_other =
        |(at, word): (usize, &String)| OTHERS.has(word) && (word != "by" || at + 1 == words.len());
    words.is_empty()
        || seeming(heading) == Seeming::OtherMail
        || heading.is_of_another_program()
        || words.iter().enumerate().any(is_other)
}

fn is_mail(words: &[String]) -> bool {
    // `Työsähköposti`, `Epostadress`, `E-poštni naslov`.
    let ends = |word: &String| {
        ["email", "mailadresse", "epost"].iter().any(|end| word.ends_with(end))
            || word.contains("sahkoposti")
            || word.starts_with("epost")
    };
    let follows = |word: &String| word.starts_with("mail") || word.starts_with("post");
    words.iter().any(|word| MAIL.has(word) || ends(word))
        || words.windows(2).any(|two| two[0] == "e" && follows(&two[1]))
}

/// Whether a heading is a frequent word for the user's own email, such as `Work email`.
fn is_own_mail(heading: &Heading) -> bool {
    let mut words = heading.words().iter();
    seeming(heading) == Seeming::Mail && words.all(|word| OWN.has(word) || MAIL.has(word))
}

fn is_second_mail(heading: &Heading) -> bool {
    static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| spelt(SECOND_MAILS));
    KNOWN.contains(heading.normalized())
}

/// The field of a frequent word in people's own spreadsheets: `Mail`, `Team`. It is only used if no heading names
/// the field.
pub(super) fn plain_word(need: &Need, heading: &Heading) -> Option<Field> {
    static MAILS: LazyLock<HashSet<String>> = LazyLock::new(|| spelt(MAIL_WORDS));
    static GROUPS: LazyLock<HashSet<String>> = LazyLock::new(|| spelt(GROUP_WORDS));
    let tells = |field| need.one_of.contains(&field).then_some(field);
    let word = heading.normalized();
    if MAILS.contains(word) || is_own_mail(heading) {
        return tells(Field::Email);
    }
    // The headings of exports are known, so `Name` is only a new group's.
    if GROUPS.contains(word) { tells(Field::Name).or(tells(Field::Group)) } else { None }
}

/// Whether headcount asks about an unknown heading, or uses it if no other column fits.
pub fn is_doubtful(job: Job, heading: &str) -> bool {
    let heading = &Heading::of(heading);
    needs(job).iter().any(|need| plain_word(need, heading).is_some())
        || seems_to_tell(job, heading).is_some()
        || seems_weakly_to_tell(job, heading).is_some()
}

/// The field that an unknown heading seems to mean: by its words, or with a typing error.
pub(super) fn seems_to_tell(job: Job, heading: &Heading) -> Option<Field> {
    let seeming = seeming(heading);
    if seeming == Seeming::OtherMail {
        return None;
    }
    let is = |one: Seeming, field: Field| (seeming == one).then_some(field);
    let group = || {
        is(Seeming::Group, Field::Group)
            .or(is(Seeming::GroupId, Field::GroupId))
            .or(is_team(heading).then_some(Field::Group))
            .or(is_teams_id(heading).then_some(Field::GroupId))
    };
    let by_words = match job {
        Job::CreateUsers => is(Seeming::Mail, Field::Email)
            .or(is(Seeming::Group, Field::Groups))
            .or(is(Seeming::GroupId, Field::Groups))
            .or(is(Seeming::Product, Field::Products)),
        Job::List => is(Seeming::Mail, Field::Email)
            .or(is(Seeming::Group, Field::Groups))
            .or(is(Seeming::GroupId, Field::Groups))
            .or(is_team(heading).then_some(Field::Groups))
            .or(is(Seeming::Product, Field::Products)),
        Job::Users => is(Seeming::Mail, Field::Email),
        // Which of two columns with addresses is the new one is said by its heading, never guessed.
        Job::NewEmails => None,
        Job::Memberships => is(Seeming::Mail, Field::Email).or_else(group),
        Job::Groups => group(),
        Job::Access => {
            is(Seeming::Mail, Field::Email).or_else(group).or(is(Seeming::Product, Field::App))
        }
        Job::Actions => {
            is(Seeming::Mail, Field::Email).or_else(group).or(is(Seeming::Product, Field::App))
        }
        Job::Tokens => is(Seeming::Mail, Field::Email),
        Job::CreateGroups => is(Seeming::Group, Field::Name),
        Job::UsersExport | Job::GroupsExport => return None,
    };
    let action = || says_what_to_do(heading).then_some(Field::Action);
    by_words.or_else(|| misspelt(job, heading)).or_else(action)
}

/// Whether it is a team's id: if a `Team` means a group, it is the group's.
fn is_teams_id(heading: &Heading) -> bool {
    let words = heading.words();
    let (ids, rest): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| ID.has(word));
    let rest: String = rest.into_iter().map(String::as_str).collect();
    !ids.is_empty() && is_team(&Heading::of(&rest))
}

fn is_team(heading: &Heading) -> bool {
    static TEAMS: LazyLock<HashSet<String>> = LazyLock::new(|| spelt(GROUP_WORDS));
    TEAMS.contains(heading.normalized())
}

/// The field that a heading means only if no other column does: next to `Groups`, a `Team` is only a team.
pub(super) fn seems_weakly_to_tell(job: Job, heading: &Heading) -> Option<Field> {
    (job == Job::CreateUsers && is_team(heading)).then_some(Field::Groups)
}

/// The columns with the user's emails, by heading or `--map`, for any job.
pub(super) fn mail_columns(headings: &HeadingLine, map: &[(String, String)]) -> Vec<usize> {
    let columns = |is_it: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let named = map.iter().filter(|(name, _)| is_it(name));
        named.filter_map(|(_, one)| column(headings, one).ok()).collect()
    };
    let mapped = columns(&|name| field(Job::Users, name) == Some(Field::Email));
    let left_out = columns(&|name| name == LEFT_OUT);
    let holds = |at: &usize| {
        let heading = &headings[*at];
        let told = told(Job::Users, heading).map(|(field, _)| field);
        mapped.contains(at)
            || ((told == Some(Field::Email) || seeming(heading) == Seeming::Mail)
                && !left_out.contains(at))
    };
    (0..headings.len()).filter(holds).collect()
}

/// The shortest heading in which a typing error is recognized: `Main` is not `Mail`.
const LONG_ENOUGH: usize = 5;

/// The field whose heading it would be without one wrong letter (`Emial`, `Grup`, `acountId`). `active` is not
/// `Actie`: for `Action`, typing errors are not recognized.
fn misspelt(job: Job, heading: &Heading) -> Option<Field> {
    if heading.is_of_another_program() {
        return None;
    }
    let heading = heading.normalized();
    let is_near = |known: &String| {
        heading.chars().next() == known.chars().next()
            && heading.len().abs_diff(known.len()) <= 4
            && heading.chars().count().max(known.chars().count()) >= LONG_ENOUGH
            && strsim::osa_distance(heading, known) == 1
    };
    let asked = |field: Field| !field.harmless() && field != Field::Action;
    let mut fields = headings_of(job).iter().filter(|(field, _)| asked(*field));
    fields.find(|(_, known)| known.iter().any(is_near)).map(|(field, _)| *field)
}
