//! Writes `include/outgoing_to_device.h` and `include/outgoing_to_device_batch.h` from the C interface and its
//! documentation; with `--verify` it only says whether they are up to date.

use outgoing_to_device::Code;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("no root")?;
    let verify = std::env::args().any(|argument| argument == "--verify");
    let mut status = ExitCode::SUCCESS;
    for (from, name, more) in
        [("ffi", "outgoing_to_device.h", codes()?), ("batch", "outgoing_to_device_batch.h", String::new())]
    {
        let path = root.join("include").join(name);
        let mut config = cbindgen::Config::from_file(root.join(from).join("cbindgen.toml"))?;
        config.after_includes = Some(format!("{}\n{more}", config.after_includes.unwrap_or_default()));
        let mut header = Vec::new();
        cbindgen::Builder::new().with_crate(root.join(from)).with_config(config).generate()?.write(&mut header);
        let header = for_c(&String::from_utf8(header)?);
        if !verify {
            std::fs::write(path, header)?;
        } else if std::fs::read_to_string(path)? == header {
            println!("include/{name} is up to date");
        } else {
            println!("include/{name} is not what {from}/src makes");
            status = ExitCode::from(2);
        }
    }
    Ok(status)
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
