//! Errors of addresses.

/// A text that is no address.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// PostgreSQL's client does not understand it. Its message never repeats the text, which may have a password.
    #[error("the address of the journal cannot be understood: {0}")]
    Unclear(String),
    /// The schema is none.
    #[error("“{0}” cannot be the name of a schema: use letters, digits, and “_”, at most 63")]
    Schema(String),
}
