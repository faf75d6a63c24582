#![no_main]

#[path = "../entries.rs"]
#[expect(dead_code, reason = "one target of several")]
mod entries;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entries::postman_data(bytes));
