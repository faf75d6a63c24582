//! Comments on the cells of a sheet, also threaded ones. A person writes there what concerns the row, such as
//! `do not deactivate`.
//!
//! Source: ECMA-376, part 1: 18.7.3 `comment`, 18.7.7 `text`; [MS-XLSX] 2.6.206 `threadedComment`.

use std::collections::HashMap;

use quick_xml::events::Event;

use crate::xlsx::package::{Broken, Package, attribute};
use crate::xlsx::places::position;

/// The comments by row, from 0: each with its column, from 0, and its text.
pub(crate) type Comments = HashMap<u32, Vec<(usize, String)>>;

/// The comments of a sheet.
pub(crate) fn comments(package: &mut Package, path: &str) -> Result<Comments, Broken> {
    let mut comments = Comments::new();
    for relation in package.relations(path)? {
        if matches!(relation.kind.as_str(), "comments" | "threadedComment") {
            read_part(package, &relation.target, &mut comments)?;
        }
    }
    Ok(comments)
}

fn read_part(package: &mut Package, path: &str, comments: &mut Comments) -> Result<(), Broken> {
    let Some(mut xml) = package.xml(path)? else { return Ok(()) };
    let (mut buffer, mut place, mut text) = (Vec::new(), None, String::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(element) => {
                if matches!(element.local_name().as_ref(), "comment" | "threadedComment") {
                    place = attribute(&element, "ref").and_then(|name| position(&name));
                    text.clear();
                }
            }
            Event::Text(part) if place.is_some() => text.push_str(part.as_ref()),
            Event::GeneralRef(_) | Event::CData(_) if place.is_some() => text.push('\''),
            Event::End(element) => match element.local_name().as_ref() {
                "comment" | "threadedComment" => {
                    if let Some((row, column)) = place.take() {
                        let text = text.trim().to_owned();
                        comments.entry(row).or_default().push((column as usize, text));
                    }
                }
                // Parts of a text are no words of their own, but its lines and the author's name are.
                "p" | "text" => text.push(' '),
                _ => {}
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
