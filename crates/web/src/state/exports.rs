//! Lists that were made: files that can be downloaded for a while.

use headcount_app::export::What;
use headcount_people::export::Exported;
use tempfile::NamedTempFile;

/// A file that was made. It goes with its last holder.
pub struct Export {
    /// Of what.
    pub what: What,
    /// The profile.
    pub profile: String,
    /// The site's name.
    pub site: String,
    /// What it came to.
    pub exported: Exported,
    /// What is not in it.
    pub notes: Vec<String>,
    /// Its headings.
    pub headings: Vec<String>,
    /// Its first rows.
    pub first: Vec<Vec<String>>,
    /// The file.
    pub file: NamedTempFile,
}
