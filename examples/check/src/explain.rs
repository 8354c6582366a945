//! `--explain CODE`: the contract's part on a code, for reading on a terminal.

use outgoing_to_device::Code;

const CONTRACT: &str = include_str!("../../../docs/contract.md");

/// The part under the code's heading, to the next heading.
pub(crate) fn explain(code: Code) -> String {
    let part = CONTRACT.split_once(&format!("### `{code}`\n")).map_or("", |(_, part)| part);
    let mut text = format!("{code}\n\n");
    let mut example = false;
    for line in part.lines() {
        match line.strip_prefix("```") {
            Some(_) if example => example = false,
            // The words behind `json` say what the example is.
            Some(kind) => {
                example = true;
                let kind = kind.trim_start_matches("json").trim();
                text.push_str(&format!("{}:\n", kind));
            }
            None if example => text.push_str(&format!("    {line}\n")),
            None if line.starts_with('#') => break,
            None => text.push_str(&format!("{line}\n")),
        }
    }
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_part() {
        for code in Code::ALL {
            let text = explain(*code);
            assert!(text.lines().count() > 3, "{text}");
            assert!(!text.contains("```") && !text.contains("\n#"), "{text}");
        }
    }
}
