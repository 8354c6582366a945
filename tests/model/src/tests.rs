//! Expectations worked out by hand from the contract.

mod addresses;
mod body;
mod documented;
mod field;
mod fields;
mod fixes;
mod heads;
mod mix;
mod objects;
mod policy_files;
mod syntax;

use crate::{Diagnostic, Edit, Outcome, Policy, check};

/// A finding as `code pointer «the bytes at its place» parameters`, then the bytes of its related
/// place, then what each edit of its fix puts in the place of what.
fn say(body: &[u8], diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, pointer, offset, length, .. } = diagnostic;
    let at = |offset: usize, length: usize| String::from_utf8_lossy(&body[offset..offset + length]).into_owned();
    let json = Diagnostic { related: None, fix: None, ..diagnostic.clone() }.to_json();
    let column = format!("\"column\":{}", diagnostic.column);
    let parameters = json.split_once(&column).map_or("", |(_, rest)| rest.trim_end_matches('}'));
    let mut line = format!("{code} {pointer} «{}»", at(*offset, *length));
    line += &parameters.replace(",\"", " ").replace('"', "");
    if let Some((offset, length)) = diagnostic.related {
        line += &format!(" related «{}»", at(offset, length));
    }
    for Edit { offset, length, text } in diagnostic.fix.iter().flatten() {
        line += &format!(" fix «{}» «{text}»", at(*offset, *length));
    }
    line
}

fn findings(outcome: &Outcome, body: &[u8]) -> Vec<String> {
    outcome.violations.iter().chain(&outcome.warnings).map(|found| say(body, found)).collect()
}

/// What the policy says of a body: the findings, or the normalized text and the warnings.
fn with(policy: &str, body: &str) -> Vec<String> {
    let policy = Policy::from_json(policy.as_bytes()).expect("a valid policy");
    let outcome = check(&policy, body.as_bytes());
    let mut all = findings(&outcome, body.as_bytes());
    if let Some(request) = outcome.request {
        all.insert(0, String::from_utf8(request).expect("UTF-8"));
    }
    all
}

/// The same under the default policy.
fn of(body: &str) -> Vec<String> {
    with("{}", body)
}

/// A body for WEB with these members beside the descriptor.
fn web(members: &str) -> String {
    format!("{{{members},\"clientApplicationDescriptor\":{{\"channelType\":\"WEB\",\"deviceAddress\":\"d\"}}}}")
}

/// What is said of one attachment.
fn attachment(members: &str) -> Vec<String> {
    let mut all = of(&web(&format!("\"text\":\"t\",\"attachments\":[{{{members}}}]")));
    if all[0].starts_with('{') {
        let start = all[0].find("[{").expect("an attachment") + 1;
        let end = all[0].find("],\"client").expect("a descriptor");
        all[0] = all[0][start..end].to_owned();
    }
    all
}

/// What is said of an address in a channel, the normalized address first.
fn address_with(policy: &str, channel: &str, address: &str) -> Vec<String> {
    let body = format!(
        "{{\"text\":\"t\",\"clientApplicationDescriptor\":{{\"channelType\":\"{channel}\",\
         \"clientId\":\"c\",\"appMarker\":\"m\",\"deviceAddress\":{}}}}}",
        crate::json::quote(address)
    );
    let mut all = with(policy, &body);
    if let Some((_, rest)) = all[0].split_once("\"deviceAddress\":\"") {
        all[0] = rest.trim_end_matches("\"}}").to_owned();
    }
    all.into_iter().map(|line| line.split(" /").next().unwrap_or_default().to_owned()).collect()
}

fn address(channel: &str, text: &str) -> Vec<String> {
    address_with("{}", channel, text)
}
