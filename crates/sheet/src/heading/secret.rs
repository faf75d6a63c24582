//! Columns that hold passwords or keys. Their cells are masked in the reader, so that no later code can store,
//! show or quote one.
//!
//! A heading is recognized as a password's by its words, also with other words around them: `Password [Required]`
//! (Google Workspace), `Initial password [passwordProfile] Required` (Microsoft Entra), `Temp pwd`, `Kennwort`.
//! Masking a column without passwords costs a cell in a report; missing a column puts a password on disk. So in
//! doubt the column is masked, except for words that only share letters: `Passport number`, `Shipping`.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_security::skeleton;

use crate::heading::words::{folded, words};

/// The text that a report, a page or the journal has instead of a password.
pub const MASKED: &str = "[masked]";

/// Words by language, as [`folded`] spells them, long enough to be searched across spaces and inside compounds
/// (`Startpasswort`, `Mot de passe`).
const ANYWHERE: &[(&str, &str)] = &[
    ("English", "password passphrase passcode credential"),
    ("German", "passwort passwoert kennwort kennwoert codewort zugangsdaten anmeldedaten"),
    ("German, API key", "apischlussel apischluessel"),
    ("French", "motdepasse motpasse"),
    ("Spanish, Catalan, Galician", "contrasena contrasenya contrasinal credencial"),
    ("Portuguese", "palavrapasse palavrasecreta credenciai"),
    ("Italian", "paroladordine credenzial"),
    ("Dutch", "wachtwoord wachtzin toegangscode inloggegevens"),
    ("Swedish, Danish, Finnish", "losenord losenfras adgangskode adgangsord salasana"),
    ("Lithuanian, Indonesian, Malay", "slaptazod katasandi katalaluan"),
    ("Vietnamese", "matkhau"),
    ("Estonian, Basque", "salasona pasahitz"),
    ("Russian, Ukrainian, Bulgarian, Serbian", "парол лозинка"),
    ("Greek", "κωδικοςπροσβασης συνθηματικο"),
    ("Hebrew, Arabic", "סיסמ كلمةالمرور كلمةالسر"),
    ("Hindi, Thai", "पासवर्ड รหัสผ่าน"),
    ("Japanese", "パスワード パスフレーズ パスコード 合言葉 シークレット 認証コード"),
    ("Japanese, PIN, token, keys", "暗証番号 トークン アクセスキー 秘密鍵"),
    ("Chinese", "密码 密碼 口令 验证码 驗證碼"),
    ("Chinese, keys and tokens", "密钥 密鑰 金鑰 令牌"),
    ("Korean", "비밀번호 패스워드 암호 토큰"),
];

/// Words that are searched inside one word only: across spaces they would match other headings (`Backup WD`).
const IN_A_WORD: &str = "passwd pwd pswd kodeord";

/// Beginnings of words (Polish, Czech and Slovak, Hungarian, Portuguese, Turkish, Norwegian, Croatian, Icelandic).
/// `desenha` and `resenha` are other words and do not match.
const BEGINNINGS: &str =
    "haslo hasla heslo hesla jelszo senha sifre passord lozink zapork lykilord";

/// Endings of words: `apitoken`, `clientsecret`, `userpw`.
const ENDINGS: &str = "token tokens secret secrets apikey apikeys pw";

/// Whole words. Slovenian `geslo` is here because Dutch `gesloten` is another word.
const WORDS: &[(&str, &str)] = &[
    (
        "abbreviations, by language",
        "passw passwd пасс pwort kennw wachtw ww losen adgkode adgk hasl hesl jelsz senh contras motdep \
         motdpasse palavrap sifr salas slapt пар парл",
    ),
    (
        "words for a key that open a door",
        "bearer kodwort kodewort codewoord schlusselwort startcode",
    ),
    ("Dutch", "sleutelwoord startwoord beginwoord inlogcode"),
    ("German, answers", "sicherheitsantwort geheimantwort startkennung"),
    ("Greek", "κωδικος κωδικοσ κωδ"),
    ("of networks and sessions", "psk sessionid cookie cookies jwt jwts"),
    ("Albanian, Irish, Mongolian, Armenian", "fjalekalimi fjalekalim pasfhocal нууц գաղտնաբառ"),
    ("German, of authentication", "authentifizierungscode authentisierungscode"),
    ("abbreviations", "pw pws psw psswd pwrd pword mdp pin pins pincode puk otp otps totp hotp"),
    ("compounds", "creds passkey userpass temppass initpass initialpass loginpass pwhash"),
    ("German", "losung losungswort geheim geheimnis geheimwort geheimzahl geheimcode"),
    ("German, codes", "sicherheitscode zugangscode zugriffscode einmalcode bestatigungscode"),
    ("German, more codes", "wiederherstellungscode aktivierungscode"),
    ("German, keys", "zugangsschlussel sicherheitsschlussel geheimschlussel"),
    ("Spanish, Italian, Portuguese", "clave claves parola secreto secreta segreto segreta segredo"),
    ("French, Polish, Swedish", "jeton sekret hemlighet"),
    ("Slovenian, Estonian, Latvian, Romanian, Turkish", "geslo parool parole"),
    ("Russian", "токен секрет"),
];

/// Pairs of words that mean a secret only together (`Secret key`, but not `Project key`; `Recovery code`, but not
/// `Country code`).
const PAIRS: &[(&str, &str)] = &[
    (
        "key keys chave cle chiave schlussel schluessel sleutel klucz nyckel nogle nokkel klic \
         anahtar avain ключ キー 鍵 키",
        "activation bitlocker wifi wlan wi fi network api secret secreta secrete segreta access acces acceso acesso accesso private security \
         recovery encryption auth authentication org organization organisation admin ssh gpg pgp \
         shared signing client licence license master service token session mfa totp backup \
         tajny prywatny privat account aws azure апи",
    ),
    (
        "code codes codigo codigos codice codici kod kody kode コード 코드 код",
        "recovery backup access security verification activation time onetime mfa fa pin login \
         auth authentication secret pass unlock reset acces acceso acesso accesso recuperation \
         recuperacion recuperacao recupero verificacion verificacao verifica seguridad seguranca \
         sicurezza confidentiel secreto segreto unique dostepu odzyskiwania доступа 認証 復旧",
    ),
    ("link links url urls", "magic reset invite invitation signin login webhook"),
    ("string strings", "connection sas"),
    (
        "answer answers antwort antwoord reponse respuesta risposta resposta odpowiedz svar phrase \
         seed",
        "security secret secrete secreta segreta recovery seed otp mfa seguridad seguranca sicurezza \
         securite sicherheits sicherheitsfrage beveiligingsvraag bezpieczenstwa sakerhetsfraga",
    ),
];

/// Words for "key" that mean a secret only as the whole heading; next to other words they mean any key.
const ALONE: &str = "chiave chave sleutel schlussel schluessel cle klucz nyckel anahtar 鍵 密钥 密鑰 \
                     zugang logindaten erstlogin erstanmeldung initialkennung initialsignin \
                     initiallogin firstlogin firstsignin initial default contra auth magicword \
                     sicherheitsfrage";

/// Words for "key" that turn the word next to them into a word for "password". (They also mean "keyword"; in doubt
/// the column is masked.)
const KEY_WORDS: &str = "parolachiave palavrachave";

/// Next to one of these words, `pass` is not a password: a passport, a ski pass, an exam.
const NO_PASS: &str = "no nr number nummer num reise country expiry expires type boarding ski \
                       season day fail rate bus port";

/// Words that are also recognized with a typing error.
const MISSPELT: &str = "password passwort kennwort wachtwoord contrasena passphrase";

/// The length of the longest of [`MISSPELT`] with one letter too many.
const LONGEST: usize = 11;

/// The lists above in a form in which a word is found without a search through all of them.
struct Known {
    /// [`ANYWHERE`] in the normalized form of headings, without accents and marks.
    anywhere: Vec<String>,
    /// [`WORDS`].
    words: HashSet<&'static str>,
    /// [`WORDS`], [`ALONE`], [`KEY_WORDS`], [`IN_A_WORD`].
    whole: HashSet<&'static str>,
    no_pass: HashSet<&'static str>,
    pairs: Vec<[HashSet<&'static str>; 2]>,
    /// What the words of [`is_disguised`] look like.
    shapes: Vec<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let set = |list: &'static str| list.split_whitespace().collect::<HashSet<_>>();
    let stems = ANYWHERE.iter().flat_map(|(_, stems)| stems.split(' '));
    let known: HashSet<_> = WORDS.iter().flat_map(|(_, list)| list.split_whitespace()).collect();
    let others = [ALONE, KEY_WORDS, IN_A_WORD].into_iter().flat_map(set);
    Known {
        anywhere: stems.map(|stem| words(stem).concat()).collect(),
        whole: known.iter().copied().chain(others).collect(),
        words: known,
        no_pass: set(NO_PASS),
        pairs: PAIRS.iter().map(|(alone, with)| [set(alone), set(with)]).collect(),
        shapes: DISGUISED.iter().map(|stem| shape(stem)).collect(),
    }
});

/// Whether a heading means a password, a key or a token.
pub fn is_secret(heading: &str) -> bool {
    is_secret_by(heading, &words(heading))
}

/// Whether the last of these words, alone or with those before it, means a password, a key or a token: `pwd`, `mot de
/// passe`, `api key`.
pub(crate) fn tells_of_a_secret(words: &[String]) -> bool {
    let Some((last, before)) = words.split_last() else { return false };
    let (whole, known) = (words.concat(), before.concat());
    let holds = |stem: &String| {
        (!whole.is_ascii() || stem.is_ascii())
            && whole.contains(stem.as_str())
            && !known.contains(stem.as_str())
    };
    let two = &words[words.len().saturating_sub(2)..];
    is_secret_word(last, two) || KNOWN.anywhere.iter().any(holds) || is_pair(two)
}

/// Headings of ids of tokens: an id opens no door, and `token revoke` reads it.
const IDS: [&str; 2] = ["tokenid", "apitokenid"];

/// The same if the [`words`] of the heading are known.
pub(crate) fn is_secret_by(heading: &str, words: &[String]) -> bool {
    // `$` replaces `s` in `Pa$$word`.
    if heading.contains('$') && is_secret(&heading.replace('$', "s")) {
        return true;
    }
    let whole = words.concat();
    if IDS.contains(&whole.as_str()) {
        return false;
    }
    let holds =
        |stem: &String| (!whole.is_ascii() || stem.is_ascii()) && whole.contains(stem.as_str());
    KNOWN.whole.contains(whole.as_str())
        || KNOWN.anywhere.iter().any(holds)
        || is_misspelt(&whole)
        || words.iter().any(|word| is_secret_word(word, words))
        || is_pair(words)
        || is_disguised(heading)
}

fn is_secret_word(word: &str, all: &[String]) -> bool {
    if word == "pass" {
        return !all.iter().any(|other| KNOWN.no_pass.contains(other.as_str()));
    }
    let any = |list: &str, fits: &dyn Fn(&str) -> bool| list.split(' ').any(fits);
    KNOWN.words.contains(word)
        || any(IN_A_WORD, &|stem| word.contains(stem))
        || any(BEGINNINGS, &|stem| word.starts_with(stem))
        || any(ENDINGS, &|stem| word.ends_with(stem))
        || is_misspelt(word)
}

fn is_misspelt(word: &str) -> bool {
    // A longer word differs from each of them in more than one letter.
    (7..=LONGEST * 4).contains(&word.len())
        && (7..=LONGEST).contains(&word.chars().count())
        && !word.starts_with("passport")
        && MISSPELT.split(' ').any(|right| strsim::osa_distance(word, right) <= 1)
}

fn is_pair(words: &[String]) -> bool {
    let has = |list: &HashSet<&str>| words.iter().any(|word| list.contains(word.as_str()));
    KNOWN.pairs.iter().any(|[alone, with]| has(alone) && has(with))
}

/// Words that are also recognized in letters of another script.
const DISGUISED: [&str; 4] = ["password", "passwort", "kennwort", "passphrase"];

fn shape(text: &str) -> String {
    skeleton(text).filter(|c| c.is_alphanumeric()).collect()
}

/// Whether the heading has letters of another script that look like the Latin ones: `Pаsswоrd` with Cyrillic `а`
/// and `о`.
fn is_disguised(heading: &str) -> bool {
    if heading.is_ascii() {
        return false;
    }
    let heading = shape(&folded(heading));
    KNOWN.shapes.iter().any(|stem| heading.contains(stem.as_str()))
}
