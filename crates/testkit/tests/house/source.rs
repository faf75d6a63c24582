//! The crates of this workspace and their source files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::{Visit, visit_impl_item_fn, visit_item_fn, visit_item_mod, visit_trait_item_fn};
use syn::{Attribute, ImplItemFn, ItemFn, ItemMod, TraitItemFn};

/// A crate of the workspace.
pub struct Crate {
    /// The name of its folder.
    pub name: String,
    /// Its source files.
    pub files: Vec<File>,
    manifest: String,
}

/// A source file.
pub struct File {
    /// Its path in the workspace.
    pub name: String,
    /// Its module's path in its crate: `["site", "need"]`; the root has none.
    pub module: Vec<String>,
    /// Its text.
    pub text: String,
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All crates of the workspace.
pub fn crates() -> Vec<Crate> {
    let folders = fs::read_dir(workspace().join("crates")).expect("there are crates");
    let mut names: Vec<_> = folders
        .map(|folder| folder.expect("a folder").file_name().to_string_lossy().into_owned())
        .filter(|name| workspace().join("crates").join(name).join("Cargo.toml").exists())
        .collect();
    names.sort();
    names.into_iter().map(Crate::read).collect()
}

impl Crate {
    fn read(name: String) -> Self {
        let folder = workspace().join("crates").join(&name);
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        let mut files = Vec::new();
        collect(&folder.join("src"), &format!("crates/{name}/src"), &[], &mut files);
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Self { name, files, manifest }
    }

    /// The names of the crates that it uses outside its tests.
    pub fn dependencies(&self) -> BTreeSet<&str> {
        let mut is_in = false;
        let mut names = BTreeSet::new();
        for line in self.manifest.lines() {
            if line.starts_with('[') {
                is_in = line.ends_with("dependencies]") && !line.contains("dev-");
            } else if is_in && let Some(at) = line.find(['.', ' ', '=']) {
                names.insert(&line[..at]);
            }
        }
        names
    }
}

fn collect(folder: &Path, shown: &str, module: &[String], files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a folder of source").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let shown = format!("{shown}/{name}");
        if entry.path().is_dir() {
            let inner = [module, &[name]].concat();
            collect(&entry.path(), &shown, &inner, files);
        } else if let Some(stem) = name.strip_suffix(".rs") {
            let module = match stem {
                "lib" | "main" | "mod" => module.to_vec(),
                stem => [module, &[stem.to_owned()]].concat(),
            };
            let text = fs::read_to_string(entry.path()).expect("a source file");
            files.push(File { name: shown, module, text });
        }
    }
}

impl File {
    /// Lines that are not blank and not only a comment.
    pub fn code_lines(&self) -> usize {
        let lines = self.text.lines().map(str::trim_start);
        lines.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
    }

    /// The parsed file.
    pub fn syntax(&self) -> syn::File {
        syn::parse_file(&self.text).expect("it parses")
    }

    /// The functions outside tests, each with its number of lines.
    pub fn functions(&self) -> Vec<(String, usize)> {
        let mut lengths = Lengths::default();
        lengths.visit_file(&self.syntax());
        lengths.0
    }
}

/// Whether an item is compiled only for tests.
pub fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute
                    .meta
                    .require_list()
                    .is_ok_and(|list| list.tokens.to_string() == "test"))
    })
}

#[derive(Default)]
struct Lengths(Vec<(String, usize)>);

impl Lengths {
    fn add(&mut self, name: &syn::Ident, from: impl Spanned, to: impl Spanned) {
        let lines = to.span().end().line + 1 - from.span().start().line;
        self.0.push((name.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Lengths {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.add(&function.sig.ident, &function.sig, &function.block);
        visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.add(&function.sig.ident, &function.sig, &function.block);
        visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig.ident, &function.sig, block);
        }
        visit_trait_item_fn(self, function);
    }
}
