//! Finds wildcards over jobs, step kinds and doors. A match that names one of them must name all of them; then a
//! new one does not silently take the last arm. In a tuple, each place counts for itself.

use std::collections::BTreeSet;

use syn::spanned::Spanned;
use syn::visit::{Visit, visit_expr_match, visit_item_mod};
use syn::{Arm, ExprMatch, ItemMod, Pat, Path};

use crate::source::{File, is_test};

/// Enums for which a match names every variant.
const NAMED: [&str; 3] = ["Job", "StepKind", "Api"];

/// The lines of a file with a match that has both a wildcard and a variant of these enums.
pub fn wildcards(file: &File) -> Vec<usize> {
    let mut found = Wildcards(Vec::new());
    found.visit_file(&file.syntax());
    found.0
}

struct Wildcards(Vec<usize>);

impl<'ast> Visit<'ast> for Wildcards {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit_item_mod(self, module);
        }
    }

    fn visit_expr_match(&mut self, matched: &'ast ExprMatch) {
        let patterns: Vec<(&Arm, &Pat)> = matched
            .arms
            .iter()
            .flat_map(|arm| cases(&arm.pat).map(move |pat| (arm, pat)))
            .collect();
        let places: BTreeSet<Option<usize>> =
            patterns.iter().flat_map(|(_, pattern)| named_places(pattern)).collect();
        for (arm, pattern) in patterns {
            let is_caught = |place: &Option<usize>| catches_all(pattern, *place);
            if places.iter().any(is_caught) {
                self.0.push(arm.pat.span().start().line);
            }
        }
        visit_expr_match(self, matched);
    }
}

/// The alternatives of a pattern.
fn cases(pattern: &Pat) -> Box<dyn Iterator<Item = &Pat> + '_> {
    match pattern {
        Pat::Or(or) => Box::new(or.cases.iter().flat_map(cases)),
        Pat::Paren(inner) => cases(&inner.pat),
        Pat::Reference(inner) => cases(&inner.pat),
        // With a guard, the arm takes only some values.
        Pat::Guard(_) => Box::new(std::iter::empty()),
        other => Box::new(std::iter::once(other)),
    }
}

/// The places in a tuple pattern that name such a variant. `None` is the pattern itself.
fn named_places(pattern: &Pat) -> Vec<Option<usize>> {
    match pattern {
        Pat::Tuple(tuple) => (tuple.elems.iter().enumerate())
            .filter(|(_, part)| cases(part).any(is_named))
            .map(|(at, _)| Some(at))
            .collect(),
        other => Vec::from_iter(is_named(other).then_some(None)),
    }
}

fn is_named(pattern: &Pat) -> bool {
    let of = |path: &Path| {
        let names: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        names.len() >= 2 && NAMED.contains(&names[names.len() - 2].as_str())
    };
    match pattern {
        Pat::Path(path) => of(&path.path),
        Pat::TupleStruct(inner) => inner.elems.iter().any(|part| cases(part).any(is_named)),
        _ => false,
    }
}

/// Whether a pattern takes every value in this place.
fn catches_all(pattern: &Pat, place: Option<usize>) -> bool {
    match (pattern, place) {
        (Pat::Wild(_), _) => true,
        (Pat::Ident(name), _) => name.subpat.is_none() && is_variable(&name.ident.to_string()),
        (Pat::Tuple(tuple), Some(at)) => {
            // `..` takes every place after it; their number is not known.
            let rest = tuple.elems.iter().position(|part| matches!(part, Pat::Rest(_)));
            match rest {
                Some(rest) if rest <= at => false,
                _ => tuple
                    .elems
                    .iter()
                    .nth(at)
                    .is_some_and(|part| cases(part).any(|case| catches_all(case, None))),
            }
        }
        _ => false,
    }
}

/// A variant or constant starts with a capital letter; `None` is a variant.
fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_lowercase() || first == '_')
}
