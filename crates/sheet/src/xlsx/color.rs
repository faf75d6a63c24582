//! Colors in a workbook, and whether a person can tell two of them apart.
//!
//! Source: ECMA-376, part 1: 18.8.3 `bgColor` (the attributes of every color), 18.8.27 `indexedColors`, 20.1.6.2
//! `clrScheme`.

use quick_xml::events::BytesStart;

use crate::xlsx::package::{Broken, Package, attribute};

/// If all channels (0 to 255) differ by less than this, two colors look the same.
const CLOSE: u8 = 20;

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) [u8; 3]);

impl Rgb {
    pub(crate) const WHITE: Self = Self([255; 3]);
    pub(crate) const BLACK: Self = Self([0; 3]);

    /// Whether text of this color cannot be read on a background of the other.
    pub(crate) fn is_close(self, other: Self) -> bool {
        self.0.iter().zip(other.0).all(|(one, two)| one.abs_diff(two) < CLOSE)
    }

    fn of_hex(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('#');
        // The first two of eight digits are the alpha channel, which spreadsheet programs ignore.
        let digits = text.len().checked_sub(6).and_then(|from| text.get(from..))?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// A lighter color (`tint` above 0, up to 1) or a darker one (below 0).
    fn tinted(self, tint: f64) -> Self {
        let shifted = |channel: u8| {
            let channel = f64::from(channel);
            let mixed = match tint < 0.0 {
                true => channel * (1.0 + tint.max(-1.0)),
                false => channel + (255.0 - channel) * tint.min(1.0),
            };
            mixed.round() as u8
        };
        Self(self.0.map(shifted))
    }
}

/// The theme's colors, which the workbook refers to by number.
#[derive(Default)]
pub(crate) struct Theme {
    colors: Vec<Option<Rgb>>,
}

impl Theme {
    /// Reads the theme. If the workbook has none, only black and white are known.
    pub(crate) fn read(package: &mut Package) -> Result<Self, Broken> {
        let mut colors = Vec::new();
        let mut is_scheme = false;
        package.each_element(&package.part("theme"), |element| {
            match element.local_name().as_ref() {
                "clrScheme" => is_scheme = true,
                "fontScheme" => return Ok(false),
                "sysClr" if is_scheme => colors.push(match attribute(element, "val").as_deref() {
                    Some("window") => Some(Rgb::WHITE),
                    Some("windowText") => Some(Rgb::BLACK),
                    _ => attribute(element, "lastClr").and_then(|hex| Rgb::of_hex(&hex)),
                }),
                "srgbClr" if is_scheme => {
                    colors.push(attribute(element, "val").and_then(|hex| Rgb::of_hex(&hex)));
                }
                _ => {}
            }
            Ok(true)
        })?;
        if colors.len() < 4 {
            colors = vec![Some(Rgb::BLACK), Some(Rgb::WHITE)];
        }
        // The order in the file is dark 1, light 1, dark 2, light 2; the numbers begin with light 1.
        for pair in colors.chunks_exact_mut(2).take(2) {
            pair.swap(0, 1);
        }
        Ok(Self { colors })
    }

    /// The color of an element (`color`, `fgColor`, `bgColor`); `None` if it is automatic or unknown.
    pub(crate) fn color(&self, element: &BytesStart<'_>) -> Option<Rgb> {
        let number =
            |name| attribute(element, name).and_then(|text| text.trim().parse::<usize>().ok());
        let color = match attribute(element, "rgb") {
            Some(hex) => Rgb::of_hex(&hex)?,
            None => match number("theme") {
                Some(theme) => (*self.colors.get(theme)?)?,
                None => indexed(number("indexed")?)?,
            },
        };
        let tint = attribute(element, "tint").and_then(|text| text.trim().parse::<f64>().ok());
        Some(color.tinted(tint.unwrap_or(0.0)))
    }
}

/// The colors of the old palette in which text can be invisible: its black, white and light colors, and the
/// system's text and window color.
fn indexed(at: usize) -> Option<Rgb> {
    match at {
        0 | 8 | 64 => Some(Rgb::BLACK),
        1 | 9 | 65 => Some(Rgb::WHITE),
        2 | 10 => Some(Rgb([255, 0, 0])),
        3 | 11 => Some(Rgb([0, 255, 0])),
        4 | 12 | 39 => Some(Rgb([0, 0, 255])),
        5 | 13 | 34 => Some(Rgb([255, 255, 0])),
        22 => Some(Rgb([192, 192, 192])),
        23 => Some(Rgb([128, 128, 128])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_that_a_person_cannot_tell_apart_are_close() {
        for (one, two, is_close) in [
            ("FFFFFFFF", "FFFFFF", true),
            ("00FFFFFF", "FFF2F2F2", true),
            ("FF1F4E78", "1F4E79", true),
            ("FFFFFFFF", "FFD9D9D9", false),
            ("FFFF0000", "FF00FF00", false),
            ("FF000000", "FFFFFFFF", false),
        ] {
            let [one_rgb, two_rgb] = [one, two].map(|hex| Rgb::of_hex(hex).unwrap());
            assert_eq!(one_rgb.is_close(two_rgb), is_close, "{one} {two}");
        }
        assert_eq!(Rgb::of_hex("FFF"), None);
        assert_eq!(Rgb::WHITE.tinted(-0.05), Rgb([242; 3]));
        assert_eq!(Rgb::BLACK.tinted(0.5), Rgb([128; 3]));
    }
}
