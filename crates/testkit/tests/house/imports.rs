//! Finds which file of a crate imports which: by `use`, by paths in code, and by paths in macros. Imports of tests
//! do not count. Names that a `mod.rs` re-exports from its own files do not count, either.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{Visit, visit_item_mod, visit_path};
use syn::{ItemFn, ItemMod, ItemUse, Macro, Path, UseTree, Visibility};

use crate::source::{Crate, File, is_test};

/// For each file, the files that it imports, as indexes into the crate's files.
pub fn of(of: &Crate) -> Vec<BTreeSet<usize>> {
    let modules = (of.files.iter().enumerate())
        .map(|(at, file)| (file.module.clone(), at))
        .collect::<BTreeMap<_, _>>();
    let found: Vec<_> = of.files.iter().map(Found::in_file).collect();
    let world = World { modules, found: &found };
    (of.files.iter().enumerate())
        .map(|(at, _)| {
            let used = found[at].used.iter().filter_map(|path| world.file_of(path, 0));
            used.filter(|other| *other != at).collect()
        })
        .collect()
}

struct World<'f> {
    modules: BTreeMap<Vec<String>, usize>,
    found: &'f [Found],
}

impl World<'_> {
    /// The file that defines a path's last name; re-exports are followed.
    fn file_of(&self, path: &[String], depth: usize) -> Option<usize> {
        let long = (0..=path.len()).rev().find(|end| self.modules.contains_key(&path[..*end]))?;
        let file = self.modules[&path[..long]];
        let Some(name) = path.get(long).filter(|_| depth < 8) else { return Some(file) };
        match self.found[file].handed_on.get(name) {
            Some(from) => self.file_of(from, depth + 1),
            None => Some(file),
        }
    }
}

/// The paths in a file, each from the crate's root.
struct Found {
    module: Vec<String>,
    used: Vec<Vec<String>>,
    /// The names that the file re-exports, with their paths.
    handed_on: BTreeMap<String, Vec<String>>,
}

impl Found {
    fn in_file(file: &File) -> Self {
        let (used, handed_on) = (Vec::new(), BTreeMap::new());
        let mut found = Self { module: file.module.clone(), used, handed_on };
        found.visit_file(&file.syntax());
        found
    }

    /// The path from the crate's root. `None` for a path of another crate or a name of this file.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let up = path.iter().take_while(|word| *word == "super").count();
        match path.first()?.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([&self.module, &path[1..]].concat()),
            "super" => {
                let base = self.module.len().checked_sub(up)?;
                Some([&self.module[..base], &path[up..]].concat())
            }
            _ => None,
        }
    }

    fn add(&mut self, path: &[String]) {
        self.used.extend(self.absolute(path));
    }

    fn add_tree(&mut self, tree: &UseTree, before: &[String], is_handed_on: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&path.tree, &with(&path.ident), is_handed_on),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(tree, before, is_handed_on);
                }
            }
            UseTree::Glob(_) => self.add(before),
            UseTree::Name(name) if name.ident == "self" => self.add(before),
            UseTree::Name(name) => self.take(&with(&name.ident), &name.ident, is_handed_on),
            UseTree::Rename(rename) => {
                self.take(&with(&rename.ident), &rename.rename, is_handed_on);
            }
            #[expect(unreachable_patterns, reason = "the parser may learn more")]
            _ => {}
        }
    }

    fn take(&mut self, path: &[String], name: &syn::Ident, is_handed_on: bool) {
        if !is_handed_on {
            return self.add(path);
        }
        // `pub use need::Need` is a path from this module.
        let from = self.absolute(path).unwrap_or_else(|| [&self.module, path].concat());
        self.handed_on.insert(name.to_string(), from);
    }

    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(word) if path.is_empty() || colons == 2 => {
                    path.push(word.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                }
                other => {
                    self.add(&std::mem::take(&mut path));
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.add_tokens(group.stream()),
                        TokenTree::Ident(word) => path.push(word.to_string()),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
        }
        self.add(&path);
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        // A module inside a file is part of that file, so `super` means the file itself there.
        if module.content.is_some() && !is_test(&module.attrs) {
            self.module.push(module.ident.to_string());
            visit_item_mod(self, module);
            self.module.pop();
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_test(&function.attrs) {
            syn::visit::visit_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if !is_test(&item.attrs) {
            let is_handed_on = !matches!(item.vis, Visibility::Inherited);
            self.add_tree(&item.tree, &[], is_handed_on);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let words: Vec<_> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        if words.len() > 1 {
            self.add(&words);
        }
        visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        self.add_tokens(item.tokens.clone());
    }
}
