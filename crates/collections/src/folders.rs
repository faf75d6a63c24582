//! The folders of a collection, from which a user chooses one.

use headcount_postman::document::Document;
use headcount_postman::load::File;
use headcount_postman::model::Collection;

/// Folders that are listed at most.
const MOST: usize = 500;

/// A folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// What `--folder` takes: its name, or its id if another folder or a request has this name, too.
    pub choice: String,
    /// The names from the outermost folder to this one.
    pub path: Vec<String>,
    /// How many requests are in it.
    pub requests: usize,
}

/// The folders with requests, in the collection's order; none if the file cannot be read.
pub fn folders(file: &File) -> Vec<Folder> {
    let document = Document::new(&file.name, file.bytes.clone());
    let read = document.and_then(|document| Collection::read(&document));
    read.map(|collection| of(&collection)).unwrap_or_default()
}

fn of(collection: &Collection) -> Vec<Folder> {
    let name = |at: usize| collection.groups.get(at).map(|group| group.name.clone());
    let same = |name: &str| {
        let folders = collection.groups.iter().skip(1).filter(|group| group.name == name);
        folders.count() + collection.items.iter().filter(|item| item.name == name).count()
    };
    let mut found = Vec::new();
    for (at, group) in collection.groups.iter().enumerate().skip(1).take(MOST) {
        let mut inside = collection.items.iter().filter(|item| item.groups.contains(&at));
        let Some(first) = inside.next() else { continue };
        let depth = first.groups.iter().position(|it| *it == at).unwrap_or_default();
        let path = first.groups[1..=depth].iter().filter_map(|at| name(*at));
        let is_alone = !group.name.is_empty() && same(&group.name) == 1;
        found.push(Folder {
            choice: if is_alone { group.name.clone() } else { group.id.clone() },
            path: path.collect(),
            requests: inside.count() + 1,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_folder_is_chosen_by_its_name_or_else_by_its_id() {
        let item = |name: &str| json!({"name": name, "request": "http://a"});
        let folder = |id: &str, name: &str, item: serde_json::Value| json!({"id": id, "name": name, "item": item});
        let collection = json!({"info": {"name": "c"}, "item": [
            folder("1", "a", json!([item("x"), folder("2", "b", json!([item("y")]))])),
            folder("3", "empty", json!([])),
            folder("4", "c", json!([folder("5", "b", json!([item("z")]))])),
            folder("6", "x", json!([item("w")])),
        ]});
        let file = File { name: "c.json".to_owned(), bytes: collection.to_string().into_bytes() };
        let found: Vec<_> = folders(&file)
            .into_iter()
            .map(|it| (it.choice, it.path.join("/"), it.requests))
            .collect();
        let wanted =
            [("a", "a", 2), ("2", "a/b", 1), ("c", "c", 1), ("5", "c/b", 1), ("6", "x", 1)];
        let wanted =
            wanted.map(|(choice, path, requests)| (choice.to_owned(), path.to_owned(), requests));
        assert_eq!(found, wanted);
    }
}
