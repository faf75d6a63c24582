//! Decodes the bytes of an export.

/// The text of a file in any of the supported encodings.
pub(super) fn text(bytes: &[u8]) -> String {
    let utf16 = |read: fn([u8; 2]) -> u16| {
        let units: Vec<_> = bytes[2..].chunks_exact(2).map(|two| read([two[0], two[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xff, 0xfe, ..] => utf16(u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_of_several_encodings() {
        assert_eq!(text(b"\xff\xfea\0\xfc\0"), "aü");
        assert_eq!(text(b"\xfe\xff\0a\0\xfc"), "aü");
        assert_eq!(text(b"a\xfc"), "aü");
        assert_eq!(text("aü".as_bytes()), "aü");
    }
}
