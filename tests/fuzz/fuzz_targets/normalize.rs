//! A normalized request is accepted again, stays as it is, and serde_json reads the same in it.
#![no_main]

use outgoing_to_device::{Checker, Outcome, max_normalized_len};
use outgoing_to_device_fuzz::{policy, with_checker};
use serde_json::Value;

const PRIVATE: &[u8] = b"$serde_json::private";

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((choice, body)) = data.split_first() else { return };
    let policy = policy(*choice);
    with_checker(|checker| {
        let outcome = checker.check(policy, body);
        let Outcome::Accepted(accepted) = &outcome else { return };
        let request = &accepted.request;
        let normalized = request.to_json();
        assert!(normalized.len() <= max_normalized_len(body.len()));
        assert!(request.as_normalized().is_none_or(|stands| stands == normalized));
        // A key that serde_json takes for its own, and would read a number in.
        if normalized.windows(PRIVATE.len()).any(|key| key == PRIVATE) {
            return;
        }
        let value: Value = serde_json::from_slice(&normalized).expect("JSON");
        let text = |value: &Value| value.as_str().map(str::to_owned);
        assert_eq!(text(&value["text"]).as_deref(), Some(request.text()));
        let descriptor = &value["clientApplicationDescriptor"];
        assert_eq!(text(&descriptor["channelType"]).as_deref(), Some(request.channel_type()));
        assert_eq!(text(&descriptor["clientId"]).as_deref(), request.client_id());
        assert_eq!(text(&descriptor["unauthorizedClientId"]).as_deref(), request.unauthorized_client_id());
        assert_eq!(text(&descriptor["appMarker"]).as_deref(), request.app_marker());
        assert_eq!(text(&descriptor["deviceAddress"]).as_deref(), Some(request.device_address()));
        let attachments = value["attachments"].as_array().expect("always there");
        assert_eq!(attachments.len(), request.attachments().len());
        for (value, attachment) in attachments.iter().zip(request.attachments()) {
            assert_eq!(text(&value["url"]).as_deref(), Some(attachment.url()));
            assert_eq!(text(&value["name"]).as_deref(), attachment.name());
            assert_eq!(text(&value["type"]).as_deref(), attachment.media_type());
            assert_eq!(value["size"].as_u64(), attachment.size());
        }
        if normalized.len() > policy.limits().body as usize {
            return;
        }
        let mut other = Checker::new();
        let again = other.check(policy, &normalized);
        let Outcome::Accepted(same) = &again else { panic!("{:?}", again.violations()) };
        assert_eq!(same.request.to_json(), normalized);
        if !outcome.truncated() && !again.truncated() {
            // The descriptor stands under its own name then; a key that begins like it stays.
            let place = |pointer: String| match pointer.strip_prefix("/applicationDescriptor") {
                Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/clientApplicationDescriptor{rest}"),
                _ => pointer,
            };
            let known: Vec<_> = outcome.warnings().map(|w| (w.code(), place(w.pointer().to_string()))).collect();
            for warning in again.warnings() {
                assert!(known.contains(&(warning.code(), warning.pointer().to_string())), "{warning} is new");
            }
        }
    });
});
