#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::run("register_map", data));
