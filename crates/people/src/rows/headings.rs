//! The headings of columns in headcount's own files, other programs' exports and people's spreadsheets. One table, by
//! field and source; several headings are separated by `|`.
//!
//! Headings are compared in [`normalized`](headcount_sheet::heading::words::normalized) form: without case, accents,
//! spaces, punctuation, and wrappings such as `[Required]` or `*`. So `E-Mail *`, `e_mail` and `Email` are one
//! entry.
//!
//! Sources: the create-user call's page and the articles' sample files (`emailAddress`, `Email`,
//! `Group`, `accountId`, `groupId`, `Username`); Atlassian's exports (support.atlassian.com, "Export
//! users", "Export accounts"; before September 2021 `group_name,username,full_name,email,active`,
//! confluence.atlassian.com/cloud/export-users-833925313); Google Workspace's templates
//! (support.google.com/a/answer/40057, and of a group's members); GAM's `print users` and `print
//! group-members` (github.com/GAM-team/GAM); Microsoft Entra's templates of bulk operations
//! (`<Item name> [propertyName] Required`, learn.microsoft.com/entra/identity/users/users-bulk-add,
//! groups-bulk-import-members) and its downloads; Okta's template of a CSV import and the attributes of its user
//! profile (developer.okta.com/docs/api/openapi/okta-management, `profile.email`, `profile.login`); Exchange's
//! `Get-Mailbox` (`PrimarySmtpAddress`); the attributes of LDAP (RFC 4524: `mail`, also called `rfc822Mailbox`) and
//! of `Get-ADUser` (`EmailAddress`, `UserPrincipalName`); the tables of Jira Server's and Crowd's users
//! (`cwd_user.email_address`); the reports of Workday (`Email - Primary Work`) and BambooHR (`Work Email`). The
//! entries by language are the words those programs' administration pages use in it.

/// Headings of one field from one source.
pub(super) struct Headings {
    /// The source.
    pub(super) source: &'static str,
    /// The headings, separated by `|`, the preferred one first.
    all: &'static str,
}

impl Headings {
    /// The headings.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.all.split('|')
    }
}

const fn of(source: &'static str, all: &'static str) -> Headings {
    Headings { source, all }
}

pub(super) const ACCOUNT_ID: &[Headings] = &[
    of("headcount, Atlassian", "accountId|User id|Atlassian ID"),
    of("Atlassian, more", "Atlassian account ID"),
    of("German", "Konto-ID|Kontokennung|Benutzer-ID|Atlassian-Konto-ID"),
    of("French", "ID de compte|ID du compte|Identifiant du compte|ID utilisateur"),
    of("Spanish", "ID de cuenta|ID de la cuenta|ID de usuario"),
    of("Portuguese", "ID da conta|ID de conta|ID do usuário|ID do utilizador"),
    of("Italian", "ID account|ID dell’account|ID utente"),
    of("Polish", "ID konta|Identyfikator konta|ID użytkownika"),
    of("Dutch", "Gebruikers-ID|Gebruiker-ID"),
    of("Swedish, Danish, Norwegian", "Användar-ID|Bruger-ID|Bruker-ID"),
    of("Finnish", "Tilin tunnus|Käyttäjän tunnus"),
    of("Japanese", "アカウントID|ユーザーID|ユーザID"),
];

pub(super) const EMAIL: &[Headings] = &[
    of("headcount, Atlassian", "emailAddress|Email"),
    of("Google Workspace, GAM", "primaryEmail|Primary email address|Member email"),
    of("Atlassian, more", "Atlassian account email|Atlassian email"),
    of("Okta", "profile.email|user.email"),
    of("Exchange, LDAP", "PrimarySmtpAddress|rfc822Mailbox"),
    of("Workday", "Email - Primary Work|Primary Work Email|Email Address - Work"),
    of("Microsoft Entra", "userPrincipalName|UPN|User principal name"),
    of("Microsoft Entra, members", "memberObjectIdOrUpn|Member object ID or user principal name"),
    of("German", "E-Mail-Adresse|E-Mailadresse|Mailadresse|Mail-Adresse"),
    of("French", "Courriel|Adresse e-mail|Adresse mail|Adresse courriel|Adresse électronique"),
    of("French, Microsoft", "Adresse de messagerie|Adresse de messagerie électronique"),
    of("Spanish", "Correo|Correo electrónico|Dirección de correo|Dirección de correo electrónico"),
    of("Spanish, more", "Dirección de e-mail|Dirección e-mail"),
    of("Portuguese", "Endereço de e-mail|Endereço e-mail|Correio eletrônico|Correio electrónico"),
    of("Portuguese, more", "Endereço de correio eletrónico|Endereço eletrônico"),
    of(
        "Italian",
        "Indirizzo e-mail|Indirizzo mail|Posta elettronica|Indirizzo di posta elettronica",
    ),
    of("Polish", "Adres e-mail|Adres mailowy|Poczta elektroniczna|Adres poczty elektronicznej"),
    of("Dutch", "E-mailadres|Mailadres|E-mail adres"),
    of("Japanese", "メールアドレス|メール|Eメール|Eメールアドレス|電子メール|電子メールアドレス"),
    of("Swedish, Danish, Norwegian", "E-post|E-postadress|E-postadresse|E-mailadresse"),
    of("Finnish", "Sähköposti|Sähköpostiosoite|Sähköpostin osoite"),
    of("Icelandic", "Netfang|Tölvupóstur|Tölvupóstfang"),
    of("Estonian, Latvian", "E-posti aadress|Meiliaadress|E-pasts|E-pasta adrese"),
    of("Lithuanian", "El. paštas|El. pašto adresas"),
    of("Czech, Turkish", "E-mailová adresa|E-posta|E-posta adresi"),
    of("Hungarian, Romanian", "E-mail cím|Adresă de e-mail|Adresa de e-mail"),
    of("Croatian, Serbian, Slovenian", "E-pošta|Adresa e-pošte|E-poštni naslov|Elektronska pošta"),
    of("Russian", "Электронная почта|Адрес электронной почты|Эл. почта"),
    of("Ukrainian, Bulgarian", "Електронна пошта|Адреса електронної пошти|Имейл|Имейл адрес"),
    of("Greek", "Διεύθυνση email|Διεύθυνση ηλεκτρονικού ταχυδρομείου"),
    of("Catalan", "Correu electrònic|Adreça electrònica|Adreça de correu electrònic"),
    of("Vietnamese, Indonesian", "Địa chỉ email|Alamat email|Alamat surel"),
    of("Chinese", "电子邮件|电子邮箱|邮箱|邮件地址|電子郵件"),
    of("Korean", "이메일|이메일 주소"),
];

/// A user's present address, next to a new one.
pub(super) const OLD_EMAIL: &[Headings] = &[
    of("headcount, Atlassian", "emailAddress|Email"),
    of(
        "people's own",
        "Old email|Old email address|Current email|Current email address|Email (old)",
    ),
    of("German", "Alte E-Mail|Alte E-Mail-Adresse|Bisherige E-Mail-Adresse"),
    of("French, Spanish", "Ancien e-mail|Ancienne adresse e-mail|Correo antiguo|Correo actual"),
];

/// A user's new address.
pub(super) const NEW_EMAIL: &[Headings] = &[
    of("headcount", "New email"),
    of("people's own", "New email address|New address|New mail|Email (new)"),
    of("German", "Neue E-Mail|Neue E-Mail-Adresse|Neue Adresse"),
    of("French, Spanish", "Nouvel e-mail|Nouvelle adresse e-mail|Correo nuevo|Nuevo correo"),
];

/// Words next to an address that say that it is the new one. CJK words may precede the address without a space.
pub(super) const NEW_WORDS: &[Headings] = &[
    of("English", "new|future"),
    of("German", "neu|neue|neuer|neues|künftige|zukünftige"),
    of("French", "nouveau|nouvel|nouvelle|futur|future"),
    of("Spanish, Portuguese", "nuevo|nueva|novo|nova"),
    of("Italian", "nuovo|nuova"),
    of("Catalan, Romanian", "nou|nova|nouă"),
    of("Dutch", "nieuw|nieuwe"),
    of("Swedish, Danish, Norwegian", "ny|nya|nye|nytt|nyt"),
    of("Icelandic", "nýr|ný|nýtt|nýja"),
    of("Finnish, Estonian", "uusi|uus"),
    of("Latvian, Lithuanian", "jauns|jauna|jaunais|jaunā|naujas|naujasis"),
    of("Polish", "nowy|nowa|nowe"),
    of("Czech", "nový|nová|nové"),
    of("Croatian, Serbian, Slovenian", "novi|nova|novo|nov"),
    of("Hungarian, Turkish", "új|yeni"),
    of("Russian", "новый|новая|новое"),
    of("Ukrainian, Bulgarian", "новий|нова|нове|нов|ново"),
    of("Greek", "νέο|νέα|νέος"),
    of("Vietnamese, Indonesian, Hindi", "mới|baru|नया|नई"),
    of("Japanese", "新しい|新規|新|変更後"),
    of("Chinese", "新的|新"),
    of("Korean", "새로운|새|신규"),
];

/// Words next to an address that say that it is the present one or one before.
pub(super) const OLD_WORDS: &[Headings] = &[
    of("English", "old|current|previous|former|existing|present"),
    of("German", "alt|alte|alter|altes|bisherige|aktuell|aktuelle|derzeitige|vorherige|frühere"),
    of("French", "ancien|ancienne|actuel|actuelle|précédent|précédente"),
    of("Spanish", "viejo|vieja|antiguo|antigua|actual|anterior|previo"),
    of("Portuguese", "velho|antigo|antiga|atual|actual|anterior"),
    of("Italian", "vecchio|vecchia|attuale|precedente"),
    of("Catalan, Romanian", "antic|antiga|vechi|veche|actuală"),
    of("Dutch", "oud|oude|huidig|huidige|vorig|vorige"),
    of(
        "Swedish, Danish, Norwegian",
        "gammal|gamla|gammalt|gammel|gamle|gammelt|nuvarande|nuværende|nåværende|tidigare|tidligere",
    ),
    of("Icelandic", "gamall|gömul|gamalt|gamla|núverandi|fyrra"),
    of("Finnish, Estonian", "vanha|nykyinen|edellinen|vana|praegune"),
    of("Latvian, Lithuanian", "vecs|vecais|vecā|senas|senasis"),
    of("Polish", "stary|stara|stare|obecny|aktualny|dotychczasowy|poprzedni"),
    of("Czech", "starý|stará|staré|původní|předchozí|stávající"),
    of("Croatian, Serbian, Slovenian", "stari|stara|staro|trenutni|trenutna"),
    of("Hungarian, Turkish", "régi|jelenlegi|eski|mevcut"),
    of("Russian", "старый|старая|старое|текущий|прежний"),
    of("Ukrainian, Bulgarian", "старий|стара|старе|поточна|стар|старо"),
    of("Greek", "παλιό|παλιά|παλαιό|τρέχον"),
    of("Vietnamese, Indonesian, Hindi", "cũ|lama|पुराना|पुरानी"),
    of("Japanese", "古い|旧|現在の|現|以前の|変更前"),
    of("Chinese", "旧的|旧|舊|原|当前|目前"),
    of("Korean", "이전|기존|현재|구"),
];

pub(super) const DISPLAY_NAME: &[Headings] = &[
    of("headcount, Atlassian", "displayName|User name"),
    of("Google Workspace, Okta", "Full name|name.fullName"),
    of("German", "Anzeigename|Vollständiger Name"),
    of("French", "Nom complet|Nom d’affichage|Nom et prénom"),
    of("Spanish, Portuguese", "Nombre completo|Nombre para mostrar|Nome completo|Nome de exibição"),
    of("Italian", "Nome visualizzato|Nome e cognome"),
    of("Polish", "Imię i nazwisko|Nazwa wyświetlana"),
    of("Dutch", "Volledige naam|Weergavenaam"),
    of("Swedish", "Visningsnamn|Fullständigt namn"),
    of("Danish, Norwegian", "Visningsnavn|Vist navn|Fulde navn|Fullt navn"),
    of("Finnish", "Näyttönimi|Koko nimi"),
    of("Japanese", "表示名|氏名|名前"),
];

/// Names in an export of users.
pub(super) const NAME_IN_EXPORT: &[Headings] = &[
    of("headcount, Atlassian", "displayName|User name"),
    of("Atlassian, before 2021", "full_name"),
    of("Atlassian, managed accounts", "Name"),
];

/// A new group's name.
pub(super) const NEW_GROUP: &[Headings] = &[
    of("headcount, Atlassian", "name|Group name|Group"),
    of("German", "Gruppenname|Name der Gruppe|Gruppe"),
    of("French", "Nom du groupe|Nom de groupe|Groupe"),
    of("Spanish", "Nombre del grupo|Nombre de grupo|Grupo"),
    of("Portuguese", "Nome do grupo|Nome de grupo"),
    of("Italian", "Nome gruppo|Nome del gruppo|Gruppo"),
    of("Polish", "Nazwa grupy|Grupa"),
    of("Dutch", "Groepsnaam|Naam van groep|Groep"),
    of("Swedish, Danish, Norwegian", "Gruppnamn|Gruppenavn|Grupp"),
    of("Finnish", "Ryhmän nimi|Ryhmä"),
    of("Japanese", "グループ名|グループ"),
];

/// Fields of the create-user call that the API no longer takes, as its page spells them.
pub(super) const OLD_KEY: &[Headings] = &[of("the create-user call", "key")];
pub(super) const OLD_NAME: &[Headings] = &[of("the create-user call", "name")];
pub(super) const OLD_PASSWORD: &[Headings] = &[of("the create-user call", "password")];
pub(super) const OLD_NOTIFICATION: &[Headings] = &[of("the create-user call", "notification")];
pub(super) const OLD_APPLICATION_KEYS: &[Headings] =
    &[of("the create-user call", "applicationKeys")];

pub(super) const GROUP_ID: &[Headings] = &[
    of("headcount, Atlassian", "groupId"),
    of("German", "Gruppen-ID"),
    of("French", "ID de groupe|ID du groupe|Identifiant du groupe"),
    of("Spanish, Portuguese", "ID de grupo|ID del grupo|ID do grupo"),
    of("Italian", "ID gruppo|ID del gruppo"),
    of("Polish", "ID grupy|Identyfikator grupy"),
    of("Dutch", "Groeps-ID|Groep-ID"),
    of("Swedish, Danish, Norwegian, Finnish", "Grupp-ID|Gruppe-ID|Ryhmän tunnus"),
    of("Japanese", "グループID"),
];

pub(super) const GROUP_NAME: &[Headings] = &[
    of("headcount, Atlassian", "Group name"),
    of("German", "Gruppenname|Name der Gruppe"),
    of("French", "Nom du groupe|Nom de groupe"),
    of("Spanish", "Nombre del grupo|Nombre de grupo"),
    of("Portuguese", "Nome do grupo|Nome de grupo"),
    of("Italian", "Nome gruppo|Nome del gruppo"),
    of("Polish", "Nazwa grupy"),
    of("Dutch", "Groepsnaam|Naam van groep"),
    of("Swedish, Danish, Norwegian", "Gruppnamn|Gruppenavn"),
    of("Finnish", "Ryhmän nimi"),
    of("Japanese", "グループ名"),
];

pub(super) const GROUP: &[Headings] = &[
    of("headcount", "Group"),
    of("German", "Gruppe"),
    of("French", "Groupe"),
    of("Spanish, Portuguese", "Grupo"),
    of("Italian", "Gruppo"),
    of("Polish", "Grupa"),
    of("Dutch", "Groep"),
    of("Swedish, Finnish", "Grupp|Ryhmä"),
    of("Japanese", "グループ"),
];

pub(super) const GROUPS: &[Headings] = &[
    of("headcount", "groups"),
    of("German", "Gruppen"),
    of("French", "Groupes"),
    of("Spanish, Portuguese", "Grupos"),
    of("Italian", "Gruppi"),
    of("Polish", "Grupy"),
    of("Dutch", "Groepen"),
    of("Swedish, Danish, Norwegian, Finnish", "Grupper|Ryhmät"),
    of("Japanese", "グループ"),
];

/// The groups of a new user next to a column with one group. Japanese has one word for both, so it is not here.
pub(super) const MORE_GROUPS: &[Headings] = &[
    of("headcount", "groups"),
    of("German", "Gruppen"),
    of("French", "Groupes"),
    of("Spanish, Portuguese", "Grupos"),
    of("Italian", "Gruppi"),
    of("Polish", "Grupy"),
    of("Dutch", "Groepen"),
    of("Swedish, Danish, Norwegian, Finnish", "Grupper|Ryhmät"),
];

pub(super) const PRODUCTS: &[Headings] = &[
    of("headcount", "products"),
    of("German", "Produkte"),
    of("French", "Produits"),
    of("Spanish, Portuguese", "Productos|Produtos"),
    of("Italian", "Prodotti"),
    of("Polish", "Produkty"),
    of("Dutch", "Producten"),
    of("Swedish, Danish, Norwegian, Finnish", "Produkter|Tuotteet"),
    of("Japanese", "製品|プロダクト"),
];

/// One app, for `access grant` and `access revoke`.
pub(super) const APP: &[Headings] = &[
    of("headcount", "Product|App|Application|products"),
    of("German", "Produkt|Anwendung"),
    of("French", "Produit|Application"),
    of("Spanish, Portuguese", "Producto|Produto|Aplicación|Aplicativo"),
    of("Italian, Polish", "Prodotto|Applicazione|Aplikacja"),
    of("Dutch, Japanese", "Toepassing|製品|アプリ"),
];

/// The same next to a column with the products of new users, which has the other headings.
pub(super) const ONE_APP: &[Headings] = &[
    of("headcount", "Product|App|Application"),
    of("German", "Produkt|Anwendung"),
    of("French", "Produit|Application"),
    of("Spanish, Portuguese", "Producto|Produto|Aplicación|Aplicativo"),
    of("Italian, Polish", "Prodotto|Applicazione|Aplikacja"),
    of("Dutch, Japanese", "Toepassing|アプリ"),
];

/// The role in an app.
pub(super) const ROLE: &[Headings] = &[
    of("headcount", "Role|App role|Product role"),
    of("German, Dutch, Polish", "Rolle|Rol|Rola"),
    of("French, Spanish, Portuguese, Italian, Japanese", "Rôle|Función|Papel|Ruolo|ロール"),
];

/// The decision of an access review. A column `Decision` is found by its cells, because people's own mean other things.
pub(super) const DECISION: &[Headings] = &[of("headcount", "Review decision")];

/// The id of an API token.
pub(super) const TOKEN: &[Headings] = &[of("headcount", "Token id|API token id")];

pub(super) const ORG_ROLE: &[Headings] =
    &[of("Atlassian", "Org role|Organization role|Organisation role")];

pub(super) const DESCRIPTION: &[Headings] = &[
    of("headcount, Atlassian", "description"),
    of("German, Dutch", "Beschreibung|Beschrijving|Omschrijving"),
    of("Spanish, Portuguese", "Descripción|Descrição"),
    of("Italian, Polish, Japanese", "Descrizione|Opis|説明"),
];

pub(super) const USER_STATUS: &[Headings] =
    &[of("Atlassian", "User status|Status"), of("Atlassian, before 2021", "active")];

/// The state that a list wants for its user. A column that says what to do is an [`ACTION`].
pub(super) const STATUS: &[Headings] = &[
    of("headcount, Atlassian", "status|User status"),
    of("people's own", "Account status|State|User state|Account state"),
    of("German", "Kontostatus|Benutzerstatus|Zustand"),
    of("French, Spanish, Portuguese", "Statut|Estado|État|Situação"),
    of("Italian, Polish, Japanese", "Stato|Stan|状態|ステータス"),
];

/// The action for the row.
pub(super) const ACTION: &[Headings] = &[
    of("people's own", "Action|Operation|Verb|Change type|Requested action|Add/Remove"),
    of("wanted states", "Status wanted|Wanted status|Desired status|Target status|New status"),
    of("German", "Aktion|Vorgang|Maßnahme|Gewünschter Status"),
    of("Spanish, Portuguese", "Acción|Operación|Ação|Operação|Estado deseado|Estado desejado"),
    of("Italian, Polish", "Azione|Operazione|Akcja|Operacja"),
    of("Dutch, Japanese", "Actie|Bewerking|アクション|操作|処理"),
    of("Swedish, Danish, Norwegian, Finnish", "Åtgärd|Handling|Toiminto|Toimenpide"),
];

/// Frequent words for the email column in people's own spreadsheets; used if no heading of [`EMAIL`] is there.
pub(super) const MAIL_WORDS: &[Headings] = &[
    of("people's own", "Mail|Mails|Mail address|Email ID|Emails|Work email|Business email"),
    of("people's own, more", "Company email|User email|Primary email|Login email|Corporate email"),
    of("people's own, by account", "Account email"),
    of("Jira, Okta", "Login|profile.login|user.login"),
];

/// Frequent words for the group column in people's own spreadsheets; used if no heading of a group is there.
pub(super) const GROUP_WORDS: &[Headings] = &[
    of("people's own", "Team|Team name|User group|Jira group|Usergroup"),
    of("German, Dutch", "Benutzergruppe|Gebruikersgroep"),
];

/// Second emails by the names that other programs give them; next to the first email of the same export, they have
/// no other meaning.
pub(super) const SECOND_MAILS: &[Headings] = &[
    of("Google Workspace", "Recovery email|Home secondary email|Work secondary email"),
    of("Okta, Microsoft Entra", "secondEmail|otherMails|Alternate email address|proxyAddresses"),
    of("Okta, JumpCloud", "profile.secondEmail|user.secondEmail|alternateEmail"),
];
