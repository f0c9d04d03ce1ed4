//! What a scene starts from, and what the command does there without a failure.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use serde_json::Value as Json;

use crate::cell::{At, Cell};
use crate::errors::CALLS;
use crate::home::{self, Tree};
use crate::scene::{Scene, State};
use crate::stage::{Ended, Shipper, Stage};

/// What a scene starts from.
#[derive(Debug)]
pub(crate) struct Ground {
    /// The home that each cell gets a copy of.
    pub(crate) home: PathBuf,
    /// `on`, `local` or `off`.
    pub(crate) word: String,
    pub(crate) tree: Tree,
    pub(crate) lines: Vec<String>,
    pub(crate) id: Option<String>,
    /// What proves whose the id is.
    pub(crate) secret: Option<String>,
    /// How the command ends without a failure.
    pub(crate) ended: Ended,
    /// What it leaves then.
    pub(crate) left: Tree,
    /// What the product's ordinary command prints to standard error there.
    pub(crate) usual_err: String,
    /// How often it makes each call.
    pub(crate) calls: BTreeMap<&'static str, u64>,
}

/// Asks the product whether it is on.
pub(crate) fn word(stage: &Stage, scene: &Scene) -> io::Result<String> {
    let words = scene.product.words(&["telemetry", "status", "--json"]);
    let said = stage.run(scene.product, &words, Shipper::IsNotStarted)?;
    let json: Option<Json> = serde_json::from_str(&said.out).ok();
    let state = json.as_ref().and_then(|json| json.get("state")?.as_str());
    Ok(state.map_or_else(|| format!("unknown: {}{}", said.out, said.err), str::to_owned))
}

impl Ground {
    /// Prepares a scene.
    pub(crate) fn of(stage: &Stage, scene: Scene) -> io::Result<Self> {
        let home = stage.kept(&format!("{}-{}", scene.product.name, scene.state.name()));
        if !home.exists() {
            prepare(stage, &scene)?;
            fs::rename(stage.home(), &home)?;
        }
        stage.restore(&home)?;
        let tree = stage.tree()?;
        let word = word(stage, &scene)?;
        stage.restore(&home)?;
        let usual = stage.run(
            scene.product,
            &scene.product.words(scene.product.ordinary),
            Shipper::IsNotStarted,
        )?;
        stage.restore(&home)?;
        // Any call and any error: none fails.
        let cell = Cell { scene, call: &CALLS[0], at: At::All, fault: CALLS[0].errors[0] };
        let (ended, met) = stage.run_noted(&cell)?;
        let mut calls = BTreeMap::new();
        for line in met.lines() {
            let name = line.split(' ').next().unwrap_or_default();
            if let Some(call) = CALLS.iter().find(|call| call.name == name) {
                *calls.entry(call.name).or_insert(0) += 1;
            }
        }
        stage.was_reached();
        Ok(Self {
            lines: home::lines(&tree, scene.product),
            id: home::id(&tree, scene.product),
            secret: home::secret(&tree, scene.product),
            left: stage.tree()?,
            home,
            word,
            tree,
            ended,
            usual_err: usual.err,
            calls,
        })
    }

    /// The words of the command's cells, all calls together.
    pub(crate) fn cells(&self, scene: Scene) -> Vec<Cell> {
        let times = |name| self.calls.get(name).copied().unwrap_or(0);
        CALLS.iter().flat_map(|call| Cell::of(scene, call, times(call.name))).collect()
    }
}

/// Brings the home into a state, by the product's own commands.
fn prepare(stage: &Stage, scene: &Scene) -> io::Result<()> {
    let product = scene.product;
    match fs::remove_dir_all(stage.home()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir(stage.home())?,
    }
    // As every profile has it.
    if cfg!(windows) {
        for name in ["Local", "Roaming"] {
            fs::create_dir_all(stage.home().join("AppData").join(name))?;
        }
    }
    let run = |words: Vec<String>, code| -> io::Result<()> {
        let ended = stage.run(product, &words, Shipper::IsNotStarted)?;
        if ended.code == Some(code) {
            return Ok(());
        }
        Err(io::Error::other(format!("{words:?} ended with {:?}: {}", ended.code, ended.err)))
    };
    let person = |word: &str| run(product.words(&["telemetry", word]), 0);
    let record = || run(product.words(product.ordinary), product.code);
    if scene.state == State::Never {
        return Ok(());
    }
    if !product.own_settings.is_empty() {
        let settings = stage.home().join(product.settings);
        if let Some(folder) = settings.parent() {
            home::make_private_folder(folder)?;
        }
        home::write_private(&settings, product.own_settings)?;
    }
    person("on")?;
    match scene.state {
        State::Never => {}
        State::Queued => {
            record()?;
            run(product.words(product.flush), 0)?;
            record()?;
        }
        State::Waiting => record()?,
        State::Unminted => person("clear")?,
        State::Old => {
            record()?;
            age(stage, scene)?;
        }
        State::Off => {
            record()?;
            person("off")?;
        }
        State::Refused => {
            record()?;
            let settings = stage.home().join(product.settings);
            let text = fs::read_to_string(&settings)?;
            fs::write(settings, text.replace("true", "false"))?;
        }
        State::Local => {
            person("local")?;
            record()?;
        }
    }
    Ok(())
}

/// Makes the id one of another month.
fn age(stage: &Stage, scene: &Scene) -> io::Result<()> {
    let settings = stage.home().join(scene.product.settings);
    let text = fs::read_to_string(&settings)?;
    let lines = text.lines().map(|line| {
        if line.contains("\"rotatedAt\"") {
            "  \"rotatedAt\": \"2025-02-01T00:00:00Z\""
        } else {
            line
        }
    });
    fs::write(&settings, lines.collect::<Vec<_>>().join("\n") + "\n")
}
