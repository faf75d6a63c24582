//! Finds the words about users, groups and apps that a crate uses in names and texts, including SQL. Comments may
//! say what a step is for, and tests may use examples.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{Visit, visit_item_mod};
use syn::{Attribute, Ident, ItemMod, LitStr, Macro};

use crate::source::{Crate, is_test};

/// Words that only the crate `people` may use.
const OF_PEOPLE: [&str; 10] = [
    "account",
    "mail",
    "email",
    "user",
    "group",
    "member",
    "membership",
    "product",
    "person",
    "people",
];

/// The same words with another meaning: in SQL, in SQLite, and for rows or steps that are counted together.
const OTHERWISE: [&str; 7] = [
    "GROUP BY",
    "json_group_array",
    "user_version",
    "step_groups",
    "StepGroup",
    "row_groups",
    "RowGroup",
];

/// Each use of such a word: the file, and the name or text.
pub fn of_people(of: &Crate) -> Vec<String> {
    let tests: BTreeSet<Vec<String>> = of.files.iter().flat_map(test_modules).collect();
    let mut found = Vec::new();
    for file in of.files.iter().filter(|file| !tests.contains(&file.module)) {
        let mut names = Names::default();
        names.visit_file(&file.syntax());
        let bad = names.0.into_iter().filter(|name| is_of_people(name));
        found.extend(bad.map(|name| format!("{}: {name}", file.name)));
    }
    found
}

/// Whether a name or a text has such a word: `AccountId`, `made_account`, `SELECT mail FROM steps`.
pub fn is_of_people(name: &str) -> bool {
    let mut name = name.to_owned();
    for other in OTHERWISE {
        name = name.replace(other, "");
    }
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.ends_with(|last: char| last.is_uppercase()) {
            words.push(' ');
        }
        words.push(if letter.is_alphanumeric() { letter } else { ' ' });
    }
    let words = words.to_lowercase();
    let mut words = words.split(' ');
    words.any(|word| OF_PEOPLE.iter().any(|of| word == *of || word.strip_suffix('s') == Some(*of)))
}

/// The jobs and kinds of steps that a file names outside its tests, for example `Job::AddMembers`. It searches the
/// text, so macros are included.
pub fn of_jobs(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    // In `rows`, kinds of spreadsheets are imported as `Job`.
    let knows_jobs = code.contains("headcount_model::job");
    let mut found = BTreeSet::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for of in ["Job::", "StepKind::"] {
            if of == "Job::" && !knows_jobs {
                continue;
            }
            for (at, _) in line.match_indices(of) {
                let is_part = line[..at].ends_with(|c: char| c.is_alphanumeric());
                let rest = &line[at + of.len()..];
                let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                let is_variant = rest[..end].contains(|c: char| c.is_lowercase())
                    && rest.starts_with(|c: char| c.is_uppercase());
                if is_variant && !is_part {
                    found.insert(format!("{of}{}", &rest[..end]));
                }
            }
        }
    }
    found
}

/// The files that `#[cfg(test)] mod tests;` names.
fn test_modules(file: &crate::source::File) -> Vec<Vec<String>> {
    let modules = file.syntax().items.into_iter().filter_map(|item| match item {
        syn::Item::Mod(module) if is_test(&module.attrs) => Some(module.ident.to_string()),
        _ => None,
    });
    modules.map(|name| [file.module.as_slice(), &[name]].concat()).collect()
}

#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn add_tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Ident(name) => drop(self.0.insert(name.to_string())),
                TokenTree::Literal(text) => drop(self.0.insert(text.to_string())),
                TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit_item_mod(self, module);
        }
    }

    fn visit_ident(&mut self, name: &'ast Ident) {
        self.0.insert(name.to_string());
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.0.insert(text.value());
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.add_tokens(called.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}
