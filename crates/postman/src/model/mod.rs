//! The types of the exported files.

mod auth;
mod behavior;
mod body;
mod braces;
mod collection;
mod headers;
mod item;
mod param;
mod request;
mod scope;
mod script;
mod url;
mod url_read;
mod url_text;

pub use auth::{Auth, AuthKind};
pub use behavior::Behavior;
pub use body::{Body, BodyMode, FormParam, GraphQl};
pub use collection::{Collection, FolderChoice, Group};
pub use headers::Header;
pub use item::RequestItem;
pub use param::Param;
pub use request::Request;
pub use scope::{Cast, Scope, Variable};
pub use script::{Listen, Script};
pub use url::{PathVariable, Url};
pub use url_text::{parse as parse_url, parse_opaque as parse_opaque_url};
