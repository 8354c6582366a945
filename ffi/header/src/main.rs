//! Writes `include/outgoing_to_device.h` from the C interface and its documentation; with
//! `--verify` it only says whether the file is up to date.

use outgoing_to_device::Code;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let ffi = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no parent")?;
    let path = ffi.with_file_name("include").join("outgoing_to_device.h");
    let mut config = cbindgen::Config::from_file(ffi.join("cbindgen.toml"))?;
    config.after_includes = Some(format!("{}\n{}", config.after_includes.unwrap_or_default(), codes()?));
    let mut header = Vec::new();
    cbindgen::Builder::new().with_crate(ffi).with_config(config).generate()?.write(&mut header);
    let header = for_c(&String::from_utf8(header)?);
    if std::env::args().any(|argument| argument == "--verify") {
        let same = std::fs::read_to_string(&path)? == header;
        println!("include/outgoing_to_device.h is {}", if same { "up to date" } else { "not what ffi/src makes" });
        return Ok(if same { ExitCode::SUCCESS } else { ExitCode::from(2) });
    }
    std::fs::write(path, header)?;
    Ok(ExitCode::SUCCESS)
}

/// The registry of codes as an enumeration.
fn codes() -> Result<String, std::fmt::Error> {
    let mut text = String::from(
        "/** The codes of diagnostics; `otd_code_name` has the names, which are stable for ever. */\nenum otd_code {\n",
    );
    for code in Code::ALL {
        let name = code.as_str().to_uppercase();
        writeln!(text, "  /** {} */\n  OTD_CODE_{name} = {},", code.meaning(), code.number())?;
    }
    // C++98 and C89 have no comma behind the last one, and it warns with -pedantic.
    text.truncate(text.len() - 2);
    text.push_str("\n};");
    Ok(text)
}

/// Leaves out what speaks to Rust programmers and the `//` comments, which C89 does not know, and puts
/// comments of one line on one line.
fn for_c(header: &str) -> String {
    let header = header.replace(" *\n * # Safety\n * See the three rules above.\n", "");
    let mut text = String::new();
    let mut lines = header.lines();
    while let Some(line) = lines.next() {
        let mut rest = lines.clone();
        let (first, second) = (rest.next(), rest.next());
        match (line.trim_start(), first.map(str::trim_start), second.map(str::trim_start)) {
            ("/**", Some(comment), Some("*/")) => {
                let indent = &line[..line.len() - 3];
                text.push_str(&format!("{indent}/** {} */\n", comment.trim_start_matches("* ")));
                lines = rest;
            }
            _ if line.trim_start().starts_with(['*', '/']) => text.push_str(&format!("{line}\n")),
            _ => text.push_str(&format!("{}\n", line.split("//").next().unwrap_or(line).trim_end())),
        }
    }
    text
}
