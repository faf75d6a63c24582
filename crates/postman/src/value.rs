//! Shows a value as JavaScript does, because Postman replaces a variable with this text.

use serde_json::Value;

/// The result of JavaScript's `String(value)`. A function can't be stored and is `null` in Postman.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::String(text) => text.clone(),
        Value::Object(_) => "[object Object]".to_owned(),
        Value::Array(values) => {
            let shown = values.iter().map(|value| match value {
                Value::Null => String::new(),
                _ => shown(value),
            });
            shown.collect::<Vec<_>>().join(",")
        }
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) if whole.unsigned_abs() <= 1 << 53 => whole.to_string(),
            (_, Some(float)) => number_shown(float),
            _ => number.to_string(),
        },
    }
}

/// ECMAScript's Number::toString for base 10.
pub fn number_shown(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-6..21).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{}", exponent.abs())
}

/// The result of JavaScript's `Number(text)` for a text in a data file; `None` means NaN.
pub fn number_of(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0.0);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "Infinity" {
        return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(|it| it as f64);
    match unsigned.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") if unsigned == text => return radix(&text[2..], 16),
        Some("0b") if unsigned == text => return radix(&text[2..], 2),
        Some("0o") if unsigned == text => return radix(&text[2..], 8),
        _ => {}
    }
    let is_decimal = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if is_decimal { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{number_of, number_shown, shown};
    use serde_json::json;

    #[test]
    fn values_are_shown_as_javascript_shows_them() {
        let cases = [
            (json!(null), "null"),
            (json!(true), "true"),
            (json!("x"), "x"),
            (json!({"a": 1}), "[object Object]"),
            (json!([1, null, "b", [2, 3]]), "1,,b,2,3"),
            (json!(1.5), "1.5"),
            (json!(1e21), "1e+21"),
            (json!(1e-7), "1e-7"),
            (json!(0.000_001), "0.000001"),
            (json!(12_345_678_901_234_567_890_u64), "12345678901234567000"),
            (json!(-0.0), "0"),
        ];
        for (value, wanted) in cases {
            assert_eq!(shown(&value), wanted, "{value}");
        }
        assert_eq!(number_shown(f64::NAN), "NaN");
    }

    #[test]
    fn numbers_are_read_as_javascript_reads_them() {
        let cases = [
            ("", Some(0.0)),
            (" 12 ", Some(12.0)),
            ("00712", Some(712.0)),
            ("5e123", Some(5e123)),
            ("0x10", Some(16.0)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1_000", None),
            ("nan", None),
            ("inf", None),
            ("-Infinity", Some(f64::NEG_INFINITY)),
        ];
        for (text, wanted) in cases {
            assert_eq!(number_of(text), wanted, "{text:?}");
        }
    }
}
