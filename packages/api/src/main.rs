//! `headcount-api FILE`: what rustdoc's JSON says is public, a line an item.
//! What the compiler implements by itself is left out.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(file) = std::env::args_os().nth(1) else {
        eprintln!("usage: headcount-api FILE");
        return ExitCode::from(2);
    };
    let api = public_api::Builder::from_rustdoc_json(file)
        .omit_auto_derived_impls(true)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build();
    match api {
        Ok(api) => {
            print!("{api}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("headcount-api: {error}");
            ExitCode::FAILURE
        }
    }
}
