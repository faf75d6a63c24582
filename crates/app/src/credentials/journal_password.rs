//! The password of a journal's database, by the same ways as credentials: a command of the profiles file, else the
//! operating system's keyring. What the address and psql's variables and password file say wins over both.

use headcount_journal_postgres::Address;
use headcount_model::secret::{ExposeSecret, SecretString};

use super::command::printed;
use super::keyring::{NoRing, Ring};
use crate::failure::Failure;

/// The address with its password, if it needs one and one is found. The keyring may be absent: then the server says what
/// it wants.
///
/// # Errors
/// The command fails.
pub fn supply(address: Address, command: Option<&str>) -> Result<Address, Failure> {
    if !address.lacks_password() {
        return Ok(address);
    }
    let found = match command {
        Some(command) => Some(printed("the command for the journal's password", command)?),
        None => Ring::open().and_then(|ring| ring.named(&entry(&address))).unwrap_or_default(),
    };
    Ok(match found {
        Some(password) => address.with_password(password.expose_secret()),
        None => address,
    })
}

/// Saves the password in the keyring.
///
/// # Errors
/// There is no keyring, or it refuses.
pub fn keep(address: &Address, password: &SecretString) -> Result<(), NoRing> {
    Ring::open()?.put_named(&entry(address), password)
}

/// The name of the keyring's entry: all journals of a database share the password of its user.
fn entry(address: &Address) -> String {
    let address = address.to_string();
    format!("password of the journal {}", address.split('?').next().unwrap_or_default())
}
