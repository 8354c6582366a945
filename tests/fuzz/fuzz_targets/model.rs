//! Any bytes: the library says what the model says.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((choice, body)) = data.split_first() {
        outgoing_to_device_fuzz::compare(*choice, body);
    }
});
