//! Why a request is not sent.

/// What is missing or wrong in one request, before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPrepared {
    /// Names without a value.
    #[error("no value for {}", names.iter().map(|it| format!("{{{{{it}}}}}")).collect::<Vec<_>>().join(", "))]
    Unresolved {
        /// The names.
        names: Vec<String>,
    },
    /// Variables that contain each other make a text too long.
    #[error(
        "the variable {{{{{name}}}}} makes a text too long: headcount replaces at most 100,000 variables in a text, \
         to at most 10 MB"
    )]
    TooLong {
        /// The variable.
        name: String,
    },
    /// A `:name` segment of the path has no value.
    #[error("the path variable :{0} has no value")]
    NoPathVariable(String),
    /// A value leaves a segment of the path empty.
    #[error("the path segment {0} is empty, so the request would go to another address")]
    EmptySegment(String),
    /// A value would lead out of the path.
    #[error(
        "the path segment {segment} is \"{value}\", so the request would go to another address"
    )]
    DotSegment {
        /// The segment with its variables.
        segment: String,
        /// What it became.
        value: String,
    },
    /// A variable of the credentials has an empty value.
    #[error("{what} is empty, so the request would be sent without a credential")]
    EmptyCredential {
        /// The value's name and its variable.
        what: String,
    },
    /// A value outside of quotes is not JSON.
    #[error(
        "the body is not valid JSON at line {line}, column {column}, where a value was inserted outside of quotes"
    )]
    NotJson {
        /// The line of the body.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// A header can't be sent.
    #[error("the header \"{0}\" has a character that can't be sent")]
    Header(String),
    /// The method can't be sent.
    #[error("the method \"{0}\" can't be sent")]
    Method(String),
    /// The port is not a number, or too large.
    #[error("the port \"{0}\" is not a number from 0 to 65535")]
    Port(String),
    /// The address can't be requested.
    #[error("Invalid URI \"{0}\"")]
    Address(String),
    /// A file of the body can't be read.
    #[error("the file \"{path}\" can't be read: {why}")]
    File {
        /// Its path in the collection.
        path: String,
        /// The system's words.
        why: String,
    },
}
