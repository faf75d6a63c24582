//! Money, products and databases.

use super::numbers::{digits, letters};
use super::{Generator, pick};

const CURRENCIES: &[(&str, &str, &str)] = &[
    ("EUR", "Euro", "€"),
    ("USD", "US Dollar", "$"),
    ("GBP", "Pound Sterling", "£"),
    ("JPY", "Yen", "¥"),
    ("RON", "New Leu", "lei"),
    ("BRL", "Brazilian Real", "R$"),
    ("TRY", "Turkish Lira", "₺"),
    ("INR", "Indian Rupee", "₹"),
];
const ACCOUNTS: &[&str] = &["Checking Account", "Savings Account", "Credit Card Account"];
const ADJECTIVES: &[&str] = &["Gorgeous", "Generic", "Handmade", "Small", "Refined", "Practical"];
const MATERIALS: &[&str] = &["Metal", "Wooden", "Cotton", "Plastic", "Steel", "Granite"];
const PRODUCTS: &[&str] = &["Shoes", "Bacon", "Chair", "Table", "Keyboard", "Hat", "Towels"];
const DEPARTMENTS: &[&str] = &["Industrial", "Books", "Garden", "Music", "Toys", "Sports"];

pub const TABLE: &[Generator] = &[
    ("$randomBankAccount", |rng| digits(rng, 8)),
    ("$randomBankAccountName", |rng| pick(rng, ACCOUNTS)),
    ("$randomCreditCardMask", |rng| digits(rng, 4)),
    ("$randomBankAccountIban", |rng| format!("IL{}", digits(rng, 22))),
    ("$randomBankAccountBic", |rng| format!("{}1", letters(rng, 7, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"))),
    ("$randomBitcoin", |rng| {
        format!(
            "3{}",
            letters(rng, 25, b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
        )
    }),
    ("$randomPrice", |rng| format!("{}.{}", rng.u32(..1000), digits(rng, 2))),
    ("$randomTransactionType", |rng| pick(rng, &["deposit", "withdrawal", "payment", "invoice"])),
    ("$randomCurrencyCode", |rng| currency(rng).0.to_owned()),
    ("$randomCurrencyName", |rng| currency(rng).1.to_owned()),
    ("$randomCurrencySymbol", |rng| currency(rng).2.to_owned()),
    ("$randomDepartment", |rng| pick(rng, DEPARTMENTS)),
    ("$randomProduct", |rng| pick(rng, PRODUCTS)),
    ("$randomProductAdjective", |rng| pick(rng, ADJECTIVES)),
    ("$randomProductMaterial", |rng| pick(rng, MATERIALS)),
    ("$randomProductName", |rng| {
        format!("{} {} {}", pick(rng, ADJECTIVES), pick(rng, MATERIALS), pick(rng, PRODUCTS))
    }),
    ("$randomColor", |rng| pick(rng, &["purple", "red", "green", "blue", "teal", "olive"])),
    ("$randomDatabaseColumn", |rng| pick(rng, &["id", "email", "name", "token", "status"])),
    ("$randomDatabaseType", |rng| pick(rng, &["int", "text", "date", "bigint", "boolean"])),
    ("$randomDatabaseCollation", |rng| pick(rng, &["utf8_unicode_ci", "utf8_bin", "ascii_bin"])),
    ("$randomDatabaseEngine", |rng| pick(rng, &["InnoDB", "MyISAM", "MEMORY", "ARCHIVE"])),
];

fn currency(rng: &mut fastrand::Rng) -> (&'static str, &'static str, &'static str) {
    CURRENCIES.get(rng.usize(..CURRENCIES.len())).copied().unwrap_or(("EUR", "Euro", "€"))
}
