//! Forms: urlencoded, and multipart.

use std::fs;
use std::path::Path;

use crate::model::{FormParam, Param};

use super::encode;
use super::error::NotPrepared;

/// The largest file that is sent, in bytes.
const LONGEST: u64 = 256 * 1024 * 1024;

/// An urlencoded form. Fields with the same name are next to each other, and numeric names come first, as in a
/// JavaScript object.
pub fn urlencoded(params: &[Param]) -> String {
    let mut fields: Vec<(&str, Vec<&str>)> = Vec::new();
    for param in params {
        let key = param.key.as_deref().unwrap_or("undefined");
        let value = param.value.as_deref().unwrap_or_default();
        match fields.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.push(value),
            None => fields.push((key, vec![value])),
        }
    }
    fields.sort_by_key(|(key, _)| index(key).map_or((1, 0), |index| (0, index)));
    let pairs = fields.iter().flat_map(|(key, values)| values.iter().map(move |it| (*key, *it)));
    let pairs = pairs.map(|(key, value)| format!("{}={}", encode::form(key), encode::form(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The number of a name that JavaScript treats as an index.
fn index(key: &str) -> Option<u32> {
    let number: u32 = key.parse().ok()?;
    (number < u32::MAX && number.to_string() == key).then_some(number)
}

/// A multipart form, as the package `form-data` writes it.
pub fn multipart(
    params: &[FormParam],
    folder: Option<&Path>,
    boundary: &str,
    skip_missing: bool,
) -> Result<Vec<u8>, NotPrepared> {
    let mut body = Vec::new();
    for param in params {
        let Some(files) = &param.files else {
            let kind = param.content_type.as_deref();
            part(
                &mut body,
                boundary,
                &param.key,
                param.file_name.as_deref(),
                kind,
                param.value.as_bytes(),
            );
            continue;
        };
        if files.is_empty() {
            part(&mut body, boundary, &param.key, Some(""), param.content_type.as_deref(), b"");
        }
        for path in files {
            let content = match read(folder, path) {
                Ok(content) => content,
                Err(_) if skip_missing => continue,
                Err(error) => return Err(error),
            };
            let own = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
            let name = param.file_name.clone().or(own).unwrap_or_default();
            let guessed = mime_guess::from_path(&name).first_or_octet_stream().to_string();
            let kind = param.content_type.as_deref().unwrap_or(&guessed);
            part(&mut body, boundary, &param.key, Some(&name), Some(kind), &content);
        }
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(body)
}

fn part(
    body: &mut Vec<u8>,
    boundary: &str,
    key: &str,
    file_name: Option<&str>,
    kind: Option<&str>,
    content: &[u8],
) {
    let quoted = |text: &str| text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let mut head =
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(key));
    if let Some(name) = file_name {
        head += &format!("; filename=\"{}\"", quoted(name));
    }
    if let Some(kind) = kind {
        head += &format!("\r\nContent-Type: {kind}");
    }
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(b"\r\n\r\n");
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n");
}

/// Reads a file of a body. A relative path starts at the folder. Without a folder no file is read, not even one
/// with an absolute path, because the collection came from elsewhere.
pub fn read(folder: Option<&Path>, path: &str) -> Result<Vec<u8>, NotPrepared> {
    let fail = |why: String| NotPrepared::File { path: path.to_owned(), why };
    let Some(folder) = folder else {
        let why =
            "an uploaded collection cannot read files of this computer; run it on the command line";
        return Err(fail(why.to_owned()));
    };
    let full = folder.join(path);
    let size = fs::metadata(&full).map_err(|error| fail(error.to_string()))?.len();
    if size > LONGEST {
        return Err(fail(format!("it is larger than {} MB", LONGEST / 1024 / 1024)));
    }
    fs::read(&full).map_err(|error| fail(error.to_string()))
}
