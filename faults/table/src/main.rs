//! The fault table: each call of the file system fails, with each error that
//! the manual names, in every command of five programs; and each cell is
//! judged.
//!
//! ```text
//! faults --programs DIR [--preload FILE] [--every] [--list] [NAME …]
//! ```
//!
//! Without names it runs every cell, or those whose name begins with one of
//! them, and prints the table. A name is `PRODUCT/STATE/COMMAND`, with
//! `/CALL/NUMBER/ERROR` behind it for one cell, of which it prints all that
//! happened. `--list` prints the names alone.
//!
//! | to change | open |
//! | --- | --- |
//! | which errors are tried | `errors/`, one file a system |
//! | which states and commands are tried | `scene.rs`; how a state comes about, `ground.rs` |
//! | what a product's files are called | `products.rs` |
//! | what must hold afterwards | `judge/` |
//! | how a command is run | `stage.rs` |
//! | how its calls fail | `inject/`, one file a system |

mod arguments;
mod cell;
mod errors;
mod ground;
mod home;
mod inject;
mod judge;
mod limits;
mod outcome;
mod products;
mod scene;
mod stage;
#[cfg(unix)]
mod system;
mod table;
mod worker;

use std::process::ExitCode;

use arguments::Action;

fn main() -> ExitCode {
    let done = match arguments::read(std::env::args().skip(1)) {
        Ok(Action::Table(told)) => table::run(&told),
        Ok(Action::Part { told, part }) => worker::run(&told, part),
        Ok(Action::List(told)) => worker::list(&told),
        Ok(Action::One(told, cell)) => worker::show(&told, &cell),
        Err(sentence) => {
            eprintln!("faults: {sentence}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("faults: {error}");
            ExitCode::from(2)
        }
    }
}
