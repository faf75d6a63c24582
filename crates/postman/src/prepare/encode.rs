//! Percent-encoding, with the sets of `postman-url-encoder` 3.0.5.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters to encode in a path: the WHATWG path set.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'#')
    .add(b'?')
    .add(b'{')
    .add(b'}');

/// The characters to encode in a query: the WHATWG query set, and `'`.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'\'').add(b'<').add(b'>');

/// The characters of data that are not encoded: none that separates, quotes, or means a space.
const DATA: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'(')
    .remove(b')')
    .remove(b':')
    .remove(b'@')
    .remove(b',')
    .remove(b';')
    .remove(b'$');

/// RFC 3986's unreserved characters are not encoded.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub fn path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

pub fn query(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

pub fn data(text: &str) -> String {
    utf8_percent_encode(text, DATA).to_string()
}

pub fn form(text: &str) -> String {
    utf8_percent_encode(text, FORM).to_string()
}
