//! The contenders: what each promises when it answers, and how it is started.

use std::path::{Path, PathBuf};

use super::cores::Cores;
use super::form::Form;
use super::ours::Site;
use super::server::{Launch, Server, free_address};
use crate::Fault;

/// Who takes the load over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// Our collector, on so many cores.
    Headcount(usize),
    /// Rotel, which forwards to nothing.
    Rotel,
    /// The OpenTelemetry Collector, which appends to a file.
    OtelCollector,
    /// VictoriaLogs.
    VictoriaLogs,
}

/// Where the peers' binaries are: whatever is missing does not take part.
#[derive(Debug, Clone)]
pub(crate) struct Peers {
    folder: PathBuf,
}

impl Peers {
    /// Those in a folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The binary of a contender; a sentence where it is not there.
    fn binary(&self, name: &str) -> Result<PathBuf, Fault> {
        let path = self.folder.join(name);
        if path.is_file() {
            Ok(path)
        } else {
            Err(format!("`{name}` is not in the folder of peers: see `bench/peers`").into())
        }
    }

    /// Each peer's version, in a sentence.
    pub(crate) fn versions(&self) -> String {
        let said = |name: &str, argument: &str| match self.binary(name) {
            Ok(path) => {
                let said = crate::machine::said(&path.to_string_lossy(), &[argument]);
                let unknown = || format!("{name}, which does not say its version");
                said.lines().next().map_or_else(unknown, str::to_owned)
            }
            Err(_) => format!("{name} is not here"),
        };
        format!(
            "Peers: {}; {}; {}; {}.",
            said("rotel-agent", "--version"),
            said("otelcol", "--version"),
            said("victoria-logs", "--version"),
            super::postgres::version(),
        )
    }
}

impl Contender {
    /// All of them, in the order of a turn.
    pub(crate) const ALL: [Self; 5] = [
        Self::Headcount(1),
        Self::Headcount(2),
        Self::Rotel,
        Self::OtelCollector,
        Self::VictoriaLogs,
    ];

    /// For a table.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Headcount(1) => "**headcount**, one core",
            Self::Headcount(_) => "**headcount**, two cores",
            Self::Rotel => "rotel → nothing",
            Self::OtelCollector => "OpenTelemetry Collector → file",
            Self::VictoriaLogs => "VictoriaLogs",
        }
    }

    /// What an answer of success means.
    pub(crate) fn promise(self) -> &'static str {
        match self {
            Self::Headcount(_) => "checked, told apart by id, counted, synced to disk",
            Self::Rotel => "decoded, then forgotten",
            Self::OtelCollector => "decoded, written to a file, not synced",
            Self::VictoriaLogs => "in memory, on disk seconds later; repetitions count again",
        }
    }

    /// How it is started, in words.
    pub(crate) fn started(self) -> &'static str {
        match self {
            Self::Headcount(_) => "`headcount serve --development`, the examples' catalogs",
            Self::Rotel => "`rotel-agent start --exporter blackhole`",
            Self::OtelCollector => {
                "`otelcol --config`: OTLP over HTTP to the file exporter, `format: proto`, \
                 nothing in between"
            }
            Self::VictoriaLogs => {
                "`victoria-logs -storageDataPath`; lines to \
                 `/insert/jsonline?_time_field=timestamp&_msg_field=eventType`"
            }
        }
    }

    /// How its own metrics count the events it has taken: lines that begin so.
    pub(crate) fn counter(self) -> Option<&'static str> {
        match self {
            Self::VictoriaLogs => Some("vl_rows_ingested_total"),
            _ => None,
        }
    }

    /// The forms that it takes.
    pub(crate) fn forms(self) -> &'static [Form] {
        match self {
            Self::Headcount(_) => &Form::ALL,
            Self::VictoriaLogs => &[Form::Native, Form::OtlpProtobuf],
            Self::Rotel | Self::OtelCollector => &[Form::OtlpProtobuf],
        }
    }

    /// How many cores it has.
    pub(crate) fn cores(self) -> usize {
        match self {
            Self::Headcount(count) => count,
            _ => 1,
        }
    }

    /// Where it takes a form. VictoriaLogs is told which keys of a line are the
    /// time and the message.
    pub(crate) fn path(self, form: Form) -> &'static str {
        match (self, form) {
            (Self::VictoriaLogs, Form::Native) => {
                "/insert/jsonline?_time_field=timestamp&_msg_field=eventType"
            }
            (Self::VictoriaLogs, _) => "/insert/opentelemetry/v1/logs",
            _ => form.path(),
        }
    }

    /// Starts it on empty folders.
    ///
    /// # Errors
    ///
    /// It is not here, or does not start.
    pub(crate) fn start(
        self,
        (site, peers): (&Site, &Peers),
        cores: &Cores,
        folder: &Path,
    ) -> Result<Server, Fault> {
        if let Self::Headcount(count) = self {
            site.clear()?;
            return Ok(site.start(cores, count)?.server);
        }
        let place = folder.join("peer");
        if place.exists() {
            std::fs::remove_dir_all(&place)?;
        }
        std::fs::create_dir_all(&place)?;
        let launch = self.launch(peers, &place)?;
        Server::start(&launch, cores, self.cores())
    }

    fn launch(self, peers: &Peers, place: &Path) -> Result<Launch, Fault> {
        let address = free_address()?;
        let http = address.to_string();
        let (name, arguments) = match self {
            Self::Headcount(_) => return Err("it has a site of its own".into()),
            Self::Rotel => {
                let grpc = free_address()?.to_string();
                let words = ["start", "--exporter", "blackhole", "--otlp-http-endpoint", &http];
                let words = [&words[..], &["--otlp-grpc-endpoint", &grpc]].concat();
                ("rotel-agent", words.into_iter().map(str::to_owned).collect())
            }
            Self::OtelCollector => {
                let configuration = place.join("otelcol.yaml");
                std::fs::write(&configuration, otelcol_yaml(&http, place))?;
                let path = configuration.to_string_lossy().into_owned();
                ("otelcol", vec!["--config".to_owned(), path])
            }
            Self::VictoriaLogs => {
                let data = format!("-storageDataPath={}", place.join("data").display());
                ("victoria-logs", vec![data, format!("-httpListenAddr={http}")])
            }
        };
        let program = peers.binary(name)?;
        Ok(Launch { program, arguments, address, log: place.join("log"), user: None })
    }
}

/// The file exporter as its page has it, in protocol buffers.
fn otelcol_yaml(http: &str, place: &Path) -> String {
    let file = place.join("events");
    format!(
        "receivers:\n  otlp:\n    protocols:\n      http:\n        endpoint: {http}\n\
         exporters:\n  file:\n    path: {}\n    format: proto\n\
         service:\n  telemetry:\n    metrics:\n      level: none\n    logs:\n      level: error\n  \
         pipelines:\n    logs:\n      receivers: [otlp]\n      exporters: [file]\n",
        file.display(),
    )
}
