//! Circles: for each folder, its files and folders that import each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports;
use crate::source::{Crate, File};

/// A folder, and the files and folders in it that form one circle.
pub type Circle = (String, Vec<String>);

/// The circles of a crate.
pub fn of(of: &Crate) -> Vec<Circle> {
    let imports = imports::of(of);
    let mut folders: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (at, others) in imports.iter().enumerate() {
        for other in others {
            let (folder, from, to) = parting(&of.files[at], &of.files[*other]);
            folders.entry(folder).or_default().entry(from).or_default().insert(to);
        }
    }
    (folders.iter())
        .flat_map(|(folder, edges)| {
            circles(edges).into_iter().map(move |circle| (folder.clone(), circle))
        })
        .collect()
}

/// The last folder that contains both files, and the part of it that contains each file.
fn parting(one: &File, other: &File) -> (String, String, String) {
    let (one, other): (Vec<_>, Vec<_>) =
        (one.name.split('/').collect(), other.name.split('/').collect());
    let shared = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    (one[..shared].join("/"), one[shared].to_owned(), other[shared].to_owned())
}

/// Groups of names in which each name leads to every other.
fn circles(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reached: BTreeMap<_, _> = edges.keys().map(|name| (name, reach(name, edges))).collect();
    let leads = |from: &String, to: &String| reached.get(from).is_some_and(|all| all.contains(to));
    let mut found = BTreeSet::new();
    for name in edges.keys().filter(|name| leads(name, name)) {
        let circle: Vec<_> = edges
            .keys()
            .filter(|other| leads(name, other) && leads(other, name))
            .cloned()
            .collect();
        found.insert(circle);
    }
    found.into_iter().collect()
}

/// Every name that can be reached from this one.
fn reach<'e>(
    name: &'e String,
    edges: &'e BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<&'e String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![name];
    while let Some(name) = next.pop() {
        for other in edges.get(name).into_iter().flatten() {
            if reached.insert(other) {
                next.push(other);
            }
        }
    }
    reached
}
