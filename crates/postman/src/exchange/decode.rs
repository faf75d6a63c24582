//! Decompresses bodies.

use std::io::Read;

use bytes::Bytes;

/// The largest body, in bytes, compressed or not.
pub const LONGEST: usize = 64 * 1024 * 1024;

/// The decompressed body; unchanged if the encoding is unknown or damaged.
pub fn decoded(body: Bytes, encoding: Option<&str>) -> Bytes {
    let encoding = encoding.unwrap_or_default().trim().to_ascii_lowercase();
    let read = match encoding.as_str() {
        "gzip" | "x-gzip" => all(flate2::read::MultiGzDecoder::new(body.as_ref())),
        "deflate" => all(flate2::read::ZlibDecoder::new(body.as_ref()))
            .or_else(|| all(flate2::read::DeflateDecoder::new(body.as_ref()))),
        "br" => all(brotli_decompressor::Decompressor::new(body.as_ref(), 4096)),
        _ => None,
    };
    read.map_or(body, Bytes::from)
}

fn all(from: impl Read) -> Option<Vec<u8>> {
    let mut read = Vec::new();
    from.take(LONGEST as u64).read_to_end(&mut read).ok()?;
    Some(read)
}
