//! Runs cells, one after the other.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::arguments::{Depth, Part, Told};
use crate::cell::Cell;
use crate::ground::Ground;
use crate::judge;
use crate::limits;
use crate::outcome::Outcome;
use crate::scene::{Scene, scenes};
use crate::stage::Stage;

/// Memory, where the system has a file system for it: nothing is written to a
/// disk, and no sync waits for one.
const IN_MEMORY: &str = "/dev/shm";

fn scratch() -> io::Result<tempfile::TempDir> {
    let in_memory = Path::new(IN_MEMORY);
    if cfg!(unix)
        && in_memory.is_dir()
        && let Ok(folder) = tempfile::tempdir_in(in_memory)
    {
        return Ok(folder);
    }
    tempfile::tempdir()
}

/// The path as the system tells it of an open file, without the start that
/// Windows gives it: programs are told the short form.
fn plain(path: &Path) -> io::Result<PathBuf> {
    let path = fs::canonicalize(path)?;
    let text = path.to_string_lossy();
    Ok(text.strip_prefix(r"\\?\").map_or_else(|| path.clone(), PathBuf::from))
}

/// Runs a share of the cells, and prints a line for each.
///
/// # Errors
///
/// Returns an error if a state cannot be prepared, or a command not started.
pub(crate) fn run(told: &Told, part: Part) -> io::Result<bool> {
    let scratch = scratch()?;
    let stage = Stage::new(told.built.clone(), plain(scratch.path())?)?;
    // To prepare a row takes as long as some of its cells, in Wine.
    let has_many = |least| wanted(told).count() >= least * part.of;
    let rows = limits::ROWS_A_WORKER.is_some_and(has_many).then_some(part);
    let mut number = part.number;
    each(&stage, told, rows, |ground, cell| {
        number += 1;
        if rows.is_none() && !number.is_multiple_of(part.of) {
            return Ok(());
        }
        let judged = judge::run(&stage, cell, ground)
            .map_err(|error| io::Error::other(format!("{}: {error}", cell.name())))?;
        let (outcome, why) = match judged.verdict {
            Ok(outcome) => (outcome, String::new()),
            Err(why) => (Outcome::Violated, stage.shown(&why)),
        };
        let took = judged.took.as_millis();
        writeln!(io::stdout(), "{}\t{}\t{took}\t{why}", outcome.name(), cell.name())
    })
}

/// Prints the name of each cell.
///
/// # Errors
///
/// Returns an error if a state cannot be prepared, or a command not started.
pub(crate) fn list(told: &Told) -> io::Result<bool> {
    let scratch = scratch()?;
    let stage = Stage::new(told.built.clone(), plain(scratch.path())?)?;
    each(&stage, told, None, |_, cell| writeln!(io::stdout(), "{}", cell.name()))
}

/// The rows that are wanted.
fn wanted(told: &Told) -> impl Iterator<Item = Scene> {
    let is_deep = told.depth == Depth::Every;
    let scenes = scenes().into_iter().filter(move |scene| is_deep || scene.is_usual());
    scenes.filter(|scene| told.wants(&scene.name()))
}

/// Prepares each scene, or a share of them, and does something for each of its
/// cells.
fn each(
    stage: &Stage,
    told: &Told,
    rows: Option<Part>,
    mut act: impl FnMut(&Ground, &Cell) -> io::Result<()>,
) -> io::Result<bool> {
    let is_deep = told.depth == Depth::Every;
    let is_own = |row: usize| rows.is_none_or(|part| row % part.of == part.number - 1);
    for (_, scene) in wanted(told).enumerate().filter(|(row, _)| is_own(*row)) {
        let ground = Ground::of(stage, scene)?;
        let cells = ground.cells(scene).into_iter().filter(|cell| is_deep || cell.is_usual());
        for cell in cells.filter(|cell| told.wants(&cell.name())) {
            act(&ground, &cell)?;
        }
    }
    Ok(true)
}

/// Runs one cell and prints what happened.
///
/// # Errors
///
/// Returns an error if the state cannot be prepared, or the command not
/// started.
pub(crate) fn show(told: &Told, cell: &Cell) -> io::Result<bool> {
    let scratch = scratch()?;
    let stage = Stage::new(told.built.clone(), plain(scratch.path())?)?;
    let ground = Ground::of(&stage, cell.scene)?;
    println!("before: {}, {} events wait", ground.word, ground.lines.len());
    println!("without the failure: {:#?}", ground.ended);
    stage.restore(&ground.home)?;
    let (_, met) = stage.run_under(cell)?;
    println!("met: {met}");
    for (path, (mode, content)) in stage.tree()? {
        println!("left: {mode:o} {path}");
        if content.is_some_and(|content| content.len() < 400) {
            println!("{}", fs::read_to_string(stage.home().join(path))?);
        }
    }
    let judge::Judged { ended, took, verdict } = judge::run(&stage, cell, &ground)?;
    println!("with it, in {} ms: {ended:#?}\n{verdict:?}", took.as_millis());
    Ok(verdict.is_ok())
}
