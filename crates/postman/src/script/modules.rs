//! `require` for packages that the user has installed: Node's way to find a file, inside one folder.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The packages that Postman's scripts may require and that have to be installed, in the versions of Postman's
/// sandbox 4.7.1, which Newman 6.2.2 uses.
pub const PACKAGES: [(&str, &str); 11] = [
    ("moment", "2.30.1"),
    ("lodash", "4.17.21"),
    ("crypto-js", "3.3.0"),
    ("ajv", "6.12.5"),
    ("tv4", "1.3.0"),
    ("xml2js", "0.4.23"),
    ("cheerio", "0.22.0"),
    ("postman-collection", "4.4.0"),
    ("csv-parse", "1.2.4"),
    ("backbone", "1.6.0"),
    ("assert", "2.0.0"),
];

/// The largest file of a package, in bytes.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The folder of `--modules`.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    root: Option<PathBuf>,
}

impl Modules {
    /// No packages.
    pub fn none() -> Self {
        Self::default()
    }

    /// The packages of a `node_modules` folder, or of its parent folder.
    ///
    /// # Errors
    /// The folder does not exist.
    pub fn in_folder(folder: &Path) -> std::io::Result<Self> {
        let inner = folder.join("node_modules");
        let root = if inner.is_dir() { inner } else { folder.to_owned() };
        let root = root.canonicalize()?;
        if !root.is_dir() {
            return Err(std::io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { root: Some(root) })
    }

    /// Whether a package is installed.
    pub fn has(&self, name: &str) -> bool {
        self.root.as_ref().is_some_and(|root| root.join(name).join("package.json").is_file())
    }

    /// The file that `require(name)` in the file `from` means, and its text. `from` is empty for a script.
    pub fn load(&self, name: &str, from: &str) -> Option<(String, String)> {
        let root = self.root.as_ref()?;
        let path = if name.starts_with('.') {
            file(&normal(&Path::new(from).parent()?.join(name)))?
        } else {
            let mut folder = Path::new(from).parent().filter(|_| !from.is_empty()).unwrap_or(root);
            loop {
                let inner = if folder.ends_with("node_modules") {
                    folder.join(name)
                } else {
                    folder.join("node_modules").join(name)
                };
                if let Some(path) = file(&inner) {
                    break path;
                }
                if folder == root {
                    return None;
                }
                folder = folder.parent()?;
            }
        };
        // A link out of the folder is not followed.
        let path = path.canonicalize().ok()?;
        if !path.starts_with(root) || path.metadata().ok()?.len() > LONGEST {
            return None;
        }
        let text = fs::read_to_string(&path).ok()?;
        Some((path.to_string_lossy().into_owned(), text))
    }
}

fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => normal.push(part),
        }
    }
    normal
}

/// The file of a path: the path itself, with an extension, or a folder's main file.
fn file(path: &Path) -> Option<PathBuf> {
    let with = |ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
    let candidates = [path.to_owned(), with(".js"), with(".cjs"), with(".json")];
    if let Some(found) = candidates.into_iter().find(|path| path.is_file()) {
        return Some(found);
    }
    let manifest = fs::read_to_string(path.join("package.json")).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
    let main = required(&manifest).or_else(|| manifest.get("main")?.as_str().map(str::to_owned));
    if let Some(main) = main {
        let main = normal(&path.join(main));
        let with = |ending: &str| PathBuf::from(format!("{}{ending}", main.display()));
        let candidates = [main.clone(), with(".js"), with(".json"), main.join("index.js")];
        if let Some(found) = candidates.into_iter().find(|path| path.is_file()) {
            return Some(found);
        }
    }
    let index = path.join("index.js");
    index.is_file().then_some(index)
}

/// `exports["."].require`, used by newer packages.
fn required(manifest: &serde_json::Value) -> Option<String> {
    let mut entry = manifest.get("exports")?.get(".")?;
    for _ in 0..4 {
        if let Some(path) = entry.as_str() {
            return Some(path.to_owned());
        }
        let names = ["require", "node", "default"];
        entry = names.iter().find_map(|name| entry.get(name))?;
    }
    None
}
