//! The programs that the table runs: the example products, and `headcount
//! record` for a product in another language.

/// One program, and the words it takes.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) name: &'static str,
    /// The file name of the program.
    pub(crate) program: &'static str,
    /// The catalog, for the program that is told one.
    pub(crate) catalog: Option<&'static str>,
    /// An ordinary command, which records.
    pub(crate) ordinary: &'static [&'static str],
    /// How that command ends.
    pub(crate) code: i32,
    /// The hidden command that ships.
    pub(crate) flush: &'static [&'static str],
    /// The variable that keeps a process from starting a shipper.
    pub(crate) marker: &'static str,
    /// The variable that names the endpoint.
    pub(crate) endpoint: &'static str,
    /// A variable that refuses, which a failed `off` names.
    pub(crate) variable: &'static str,
    /// The settings file, below the home.
    pub(crate) settings: &'static str,
    /// What the person has in that file besides; empty if it is telemetry's
    /// own.
    pub(crate) own_settings: &'static str,
    /// Where the id is, below the home.
    pub(crate) id: &'static str,
    /// The queue's folder below the home, and the start and end of its names.
    pub(crate) queue: (&'static str, &'static str, &'static str),
    /// Our own folder, below the home.
    pub(crate) state: &'static str,
    /// Whether `off` deletes the id.
    pub(crate) off_deletes_id: bool,
    /// Whether `status` is itself an event.
    pub(crate) records_status: bool,
    /// Whether the id has a month.
    pub(crate) rotates: bool,
}

/// A path in the folder that the catalog of `atomic` names for this system.
#[cfg(unix)]
macro_rules! in_atomic {
    ($path:literal) => {
        concat!(".local/share/atomic", $path)
    };
}
#[cfg(windows)]
macro_rules! in_atomic {
    ($path:literal) => {
        concat!("AppData/Local/atomic", $path)
    };
}

/// The same for `assembly`.
#[cfg(unix)]
macro_rules! in_assembly {
    ($path:literal) => {
        concat!(".config/assemblyai", $path)
    };
}
#[cfg(windows)]
macro_rules! in_assembly {
    ($path:literal) => {
        concat!("AppData/Local/assemblyai", $path)
    };
}

/// As `examples/atomcode/telemetry.toml` has it.
const ATOMCODE: Product = Product {
    name: "atomcode",
    program: "atomcode",
    catalog: None,
    ordinary: &["-p", "hi"],
    code: 0,
    flush: &["telemetry", "flush"],
    marker: "ATOMCODE_TELEMETRY_FLUSH",
    endpoint: "ATOMCODE_TELEMETRY_ENDPOINT",
    variable: "ATOMCODE_TELEMETRY",
    settings: ".atomcode/config.toml",
    own_settings: "# Mine.\n[model]\nname = \"one\"\n",
    id: ".atomcode/device_id",
    queue: (".atomcode/telemetry/queue", "events.", "ndjson"),
    state: ".atomcode/telemetry-state",
    off_deletes_id: false,
    records_status: false,
    rotates: false,
};

/// Every program.
pub(crate) const PRODUCTS: [Product; 5] = [
    Product {
        name: "atomic",
        program: "atomic",
        catalog: None,
        ordinary: &["update"],
        code: 0,
        flush: &["--upload-telemetry"],
        marker: "ATOMIC_TELEMETRY_UPLOAD",
        endpoint: "ATOMIC_TELEMETRY_ENDPOINT",
        variable: "ATOMIC_TELEMETRY",
        settings: in_atomic!("/telemetry.json"),
        own_settings: "",
        id: in_atomic!("/telemetry.json"),
        queue: (in_atomic!(""), "telemetry-events.", "jsonl"),
        state: in_atomic!("/telemetry-state"),
        off_deletes_id: true,
        records_status: false,
        rotates: true,
    },
    ATOMCODE,
    Product {
        name: "archon",
        program: "archon",
        catalog: None,
        ordinary: &["version"],
        code: 0,
        flush: &["telemetry", "flush"],
        marker: "ARCHON_TELEMETRY_FLUSH",
        endpoint: "ARCHON_TELEMETRY_ENDPOINT",
        variable: "ARCHON_TELEMETRY",
        settings: ".archon/config.yaml",
        own_settings: "# Mine.\nmodel: one\n",
        id: ".archon/telemetry-id",
        queue: (".archon", "telemetry-events.", "jsonl"),
        state: ".archon/telemetry-state",
        off_deletes_id: false,
        records_status: false,
        rotates: false,
    },
    Product {
        name: "assembly",
        program: "assembly",
        catalog: None,
        ordinary: &["whoami"],
        // It wants a key.
        code: 4,
        flush: &["telemetry", "flush"],
        marker: "AAI_TELEMETRY_FLUSH",
        endpoint: "AAI_TELEMETRY_ENDPOINT",
        variable: "AAI_TELEMETRY_DISABLED",
        settings: in_assembly!("/config.toml"),
        own_settings: "# Mine.\nmodel = \"one\"\n",
        id: in_assembly!("/config.toml"),
        queue: (in_assembly!(""), "telemetry-events.", "jsonl"),
        state: in_assembly!("/telemetry-state"),
        off_deletes_id: false,
        records_status: true,
        rotates: false,
    },
    Product {
        name: "record",
        program: "headcount",
        catalog: Some("examples/atomcode/telemetry.toml"),
        ordinary: &[
            "record",
            "open_atomcode",
            "mode=tui",
            "session_id=00000000-0000-4000-8000-000000000000",
        ],
        flush: &["flush"],
        ..ATOMCODE
    },
];

impl Product {
    /// The words of a command, with the catalog behind the first one where the
    /// program is told one.
    pub(crate) fn words(&self, command: &[&str]) -> Vec<String> {
        let mut words: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
        if let Some(catalog) = self.catalog {
            words.splice(1..1, ["--catalog".to_owned(), catalog.to_owned()]);
        }
        words
    }
}
