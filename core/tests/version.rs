//! The version stands in `Cargo.toml`; whatever repeats it says the same. `release/set-version` writes it.
#![cfg(not(miri))]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands behind `before` on the first line that has it, up to the next quotation mark, comma or space.
fn word(path: &str, before: &str) -> String {
    let text = read(path);
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{path} has no {before}")).1;
    rest.split(['"', ',', ' ', '\n']).next().unwrap_or_default().to_owned()
}

/// The names of the packages that have the version of the workspace.
fn packages() -> Vec<String> {
    let manifest = read("Cargo.toml");
    let members = manifest.split_once("members = [").and_then(|(_, rest)| rest.split_once(']')).expect("members").0;
    let of = |member: &str| {
        let manifest = format!("{}/Cargo.toml", member.trim().trim_matches('"'));
        assert!(read(&manifest).contains("\nversion.workspace = true\n"), "{manifest} has a version of its own");
        word(&manifest, "\nname = \"")
    };
    members.split(',').map(of).collect()
}

/// The lock files of the workspace and of the packages outside it.
fn lock_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name();
        if name == "Cargo.lock" {
            found.push(entry.path());
        } else if entry.file_type().expect("a type").is_dir()
            && name != "target"
            && name != "node_modules"
            && name != ".git"
        {
            lock_files(&entry.path(), found);
        }
    }
}

#[test]
fn every_place_has_the_version_of_the_workspace() {
    let mut found =
        vec![("CHANGELOG.md", word("CHANGELOG.md", "\n## ")), ("README.md", word("README.md", "**State.** "))];
    for package in ["", "-axum", "-batch", "-ffi"] {
        let before = format!(
            "\noutgoing-to-device{package} = {{ path = \"{}\", version = \"",
            match package {
                "" => "core",
                other => &other[1..],
            }
        );
        found.push(("Cargo.toml", word("Cargo.toml", &before)));
    }
    for path in ["wasm/package.json", "wasm/package-lock.json", "schema/openapi.json"] {
        let json: Value = serde_json::from_str(&read(path)).expect("JSON");
        let places = ["/version", "/packages//version", "/info/version"];
        let versions: Vec<_> = places.iter().filter_map(|place| json.pointer(place)?.as_str()).collect();
        assert!(!versions.is_empty(), "{path} has no version");
        found.extend(versions.into_iter().map(|version| (path, version.to_owned())));
    }
    found.push(("examples/envoy/Cargo.toml", word("examples/envoy/Cargo.toml", "\nversion = \"")));
    let number = |part| word("include/outgoing_to_device.h", &format!("#define OTD_VERSION_{part} "));
    found.push(("include/outgoing_to_device.h", ["MAJOR", "MINOR", "PATCH"].map(number).join(".")));

    let wrong: Vec<_> = found.iter().filter(|(_, version)| version != VERSION).collect();
    assert!(wrong.is_empty(), "not {VERSION}: {wrong:?}");
}

#[test]
fn every_lock_file_has_the_version_of_the_workspace() {
    let mut packages = packages();
    assert!(packages.contains(&"outgoing-to-device".to_owned()), "{packages:?}");
    packages.push("outgoing-to-device-envoy".to_owned());
    let mut seen = 0;
    let mut locks = Vec::new();
    lock_files(&root(), &mut locks);
    assert!(locks.len() >= 5, "{locks:?}");
    for path in locks {
        let lock = fs::read_to_string(&path).expect("a lock file");
        for package in &packages {
            if let Some((_, rest)) = lock.split_once(&format!("\nname = \"{package}\"\nversion = \"")) {
                assert_eq!(rest.split('"').next(), Some(VERSION), "{package} in {}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > packages.len(), "only {seen}");
}
