//! Builds the C and C++ contenders into one shared library for each kind of machine. Their sources
//! are those that the crates simdjson-sys and yyjson-sys carry, and Debian's rapidjson-dev.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// simdjson picks its On-Demand kernel when it is compiled: of x86-64-v2 alone, which has no PCLMUL,
/// it makes the slow fallback, so PCLMUL is added.
const BUILDS: [(&str, &[&str]); 2] = [("portable", &["-march=x86-64-v2", "-mpclmul"]), ("native", &["-march=native"])];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for source in ["peer.hpp", "simdjson.cpp", "yyjson.cpp", "rapidjson.cpp"] {
        println!("cargo:rerun-if-changed=cpp/{source}");
    }
    if env::var_os("CARGO_FEATURE_PEERS").is_none() {
        return;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    println!("cargo:rustc-env=PEERS={}", out.display());
    let metadata = metadata();
    let simdjson = package(&metadata, "simdjson-sys").join("vendor/simdjson");
    let yyjson = package(&metadata, "yyjson-sys").join("yyjson/src");
    for (build, flags) in BUILDS {
        let object = |compiler: &str, source: &Path, name: &str| {
            let object = out.join(format!("{name}-{build}.o"));
            let mut command = Command::new(compiler);
            command.args(["-O3", "-DNDEBUG", "-fPIC", "-fvisibility=hidden", "-fno-plt"]).args(flags);
            if compiler == "g++" {
                command.args(["-std=c++17", "-Icpp"]);
            }
            command.arg("-I").arg(&simdjson).arg("-I").arg(&yyjson);
            run(command.arg("-c").arg(source).arg("-o").arg(&object));
            object
        };
        let objects = [
            object("g++", &simdjson.join("simdjson.cpp"), "simdjson"),
            object("g++", Path::new("cpp/simdjson.cpp"), "check-simdjson"),
            object("gcc", &yyjson.join("yyjson.c"), "yyjson"),
            object("g++", Path::new("cpp/yyjson.cpp"), "check-yyjson"),
            object("g++", Path::new("cpp/rapidjson.cpp"), "check-rapidjson"),
        ];
        let library = out.join(format!("libpeers-{build}.so"));
        run(Command::new("g++").args(["-shared", "-Wl,-Bsymbolic", "-o"]).arg(&library).args(&objects));
    }
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}");
}

fn metadata() -> String {
    let cargo = env::var_os("CARGO").unwrap();
    let output = Command::new(cargo).args(["metadata", "--format-version=1", "--locked"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The directory of a package, whose manifest's path stands in cargo's metadata.
fn package(metadata: &str, name: &str) -> PathBuf {
    let manifests = metadata.split("\"manifest_path\":\"").skip(1);
    let mut directories = manifests.filter_map(|rest| rest.split_once("/Cargo.toml\"")).map(|(path, _)| path);
    let found = directories.find(|path| path.rsplit('/').next().is_some_and(|dir| dir.starts_with(name)));
    found.unwrap_or_else(|| panic!("no sources of {name}")).into()
}
