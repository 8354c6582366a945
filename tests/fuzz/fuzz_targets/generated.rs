//! Requests that the model's generator builds from the fuzzer's choices: the library says what the
//! model says.
#![no_main]

use model::generate::{self, Rng};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((choice, choices)) = data.split_first() {
        let body = generate::body(&mut Rng::from_choices(choices));
        // Bodies of a megabyte are the model's to be slow with, elsewhere.
        if body.len() < 20_000 {
            outgoing_to_device_fuzz::compare(*choice, &body);
        }
    }
});
