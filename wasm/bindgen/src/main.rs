//! `bindgen MODULE DIRECTORY`: writes `module_bg.js`, the glue, and `module_bg.wasm`, the module that it is for.

use std::env::args_os;
use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let Ok([module, directory]) = <[_; 2]>::try_from(args_os().skip(1).collect::<Vec<_>>()) else {
        eprintln!("bindgen MODULE DIRECTORY");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    let generated = bindgen.bundler(true).and_then(|bindgen| {
        bindgen
            .input_path(&module)
            .out_name("module")
            // The package's types are written by hand.
            .typescript(false)
            // The tests look for what is in a module.
            .remove_name_section(false)
            .generate(&directory)
    });
    match generated {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bindgen: {error:?}");
            ExitCode::FAILURE
        }
    }
}
