//! Which headings mean a password or a key, in many languages and wrappings.

use crate::rows::wanted::every_heading;
use headcount_sheet::heading::secret::is_secret;
use headcount_sheet::heading::words::words;

#[test]
fn headings_that_mean_a_password_or_a_key() {
    let mut missed = Vec::new();
    for heading in listed(
        "password | PASSWORD | Password [Required] | Password* | Password (optional) | \
Initial password [passwordProfile] Required | passwordProfile | Temp pwd | PW | pw: | \
P/W | p.w. | Pwd | pwd1 | TempPwd | temp_pwd | userPassword | \
Password Hash Function [UPLOAD ONLY] | Change Password at Next Sign-In | password2 | \
Pass | Pass word | Passphrase | pass-code | PIN | Pin code | userPIN | \
New PIN (4 digits) | Secret | Client secret | clientSecret | Login credentials | \
Pasword | Passwrod | Passsword | P@ssword | passwd | psw | INITIAL_PW | userpw | \
ＰＡＳＳＷＯＲＤ | Pass\u{200b}word | Pаsswоrd | Security answer | Recovery phrase | \
API token | apiToken | apitoken | Access-Token | Token | refresh_token | apiKey | \
API-Key | apikey | APIKEY | Org API key | orgApiKey | Secret key | Private key | \
SSH key | accessKey | OTP | TOTP secret | Recovery code | Recovery codes | \
Backup code | 2FA code | MFA secret | One-time code | License key | API-Schlüssel | \
Clé API | clave API | Chave de acesso | Klucz API | APIキー | アクセストークン | Passwort | \
Passwort* | Passwörter | Startpasswort | Einmal-Passwort | Kennwort | \
Initialkennwort | KENNWORT | Geheimzahl | Zugangsdaten | Zugangscode | Mot de passe | \
mot-de-passe | MotDePasse | Mot de passe initial | MDP | Code d’accès | Code secret | \
Contraseña | contrasen\u{303}a | CONTRASEÑA | Contrasena | Clave | Clave de acceso | \
Contraseña temporal (obligatoria) | Senha | Senha provisória | Palavra-passe | \
Código de acesso | Parola d’ordine | Parola | Password iniziale | Codice di accesso | \
Hasło | hasło tymczasowe | HASŁO | Has\u{142}o | Haslo | Wachtwoord | \
Tijdelijk wachtwoord | Toegangscode | パスワード | 初期パスワード | パスワード（必須） | ﾊﾟｽﾜｰﾄﾞ | \
ハ\u{309a}スワート\u{3099} | 仮PW | 暗証番号 | PIN番号 | パスフレーズ | Heslo | heslo uživatele | \
Lösenord | Tillfälligt lösenord | Adgangskode | Kodeord | Passord | Salasana | \
Şifre | ŞİFRE | Geçici şifre | Пароль | Временный пароль | 密码 | 初始密码 | 密碼 | 口令 | \
비밀번호 | Jelszó | Parolă | Lozinka | Κωδικός πρόσβασης | סיסמה | كلمة المرور | \
पासवर्ड | รหัสผ่าน | Mật khẩu | Kata sandi | \
Parola chiave | Palabra clave | Palavra-chave | Schlüsselwort | Kennw. | Wachtw. | Ww | Ww. | \
PWort | passw | Passw. | passwd. | Kodwort | Sleutelwoord | Startcode | Κωδικός | ΚΩΔΙΚΟΣ | Chiave | \
Chave | Sleutel | Schlüssel | Clé | Klucz | Bearer | Bearer-Token | Sicherheitsantwort | \
Antwort auf die Sicherheitsfrage | Security answer | Security question answer | Réponse secrète | \
Salasõna | Pasahitza | JWT | Magic link | Reset link | Invite link | Webhook URL | Connection string | Lösen. | Hasł. | Hesl. | Contras. | M.d.p. | Adg.kode | Mot de p.",
    ) {
        if !is_secret(heading) {
            missed.push((heading, words(heading)));
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn words_that_only_share_letters_are_none() {
    let mut missed = Vec::new();
    for heading in listed(
        " | Email | Group | Name | Spinning | Shipping | Passport number | Passport | \
Pass number | Passenger | Compass | Bypass | Key | key | Issue key | Project key | \
Keyword | Mots-clés | Issue-Schlüssel | Clé du projet | \
Country code | Postal code | Cost code | Code | Secretary | Secretariat | Pinned | \
Pinterest | Opinion | Upward | Backup WD | Recovery email | \
Recovery Phone [MUST BE IN THE E.164 FORMAT] | MFA enabled | 2fa | Tokyo | Monkey | \
Gesloten | Desenha | Resenha | User id | accountId | applicationKeys | products | \
notification | Org role | Last seen in Jira - acme | Security question | \
Reisepass-Nr. | Pass/Fail | Department | Kostenstelle | メール | グループ | Группа | Notes | \
Login",
    ) {
        if is_secret(heading) {
            missed.push((heading, words(heading)));
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

/// What a job reads is never masked away.
#[test]
fn no_heading_of_a_job_is_secret_but_the_password() {
    for (.., heading) in every_heading() {
        assert_eq!(is_secret(heading), heading == "password", "{heading}");
    }
}

/// Headings between bars.
fn listed(headings: &'static str) -> impl Iterator<Item = &'static str> {
    headings.split('|').map(str::trim)
}
