//! The contenders: how each is called.

use std::path::{Path, PathBuf};

use crate::Fault;
use crate::build::{self, Built, Node, Recipe};
use crate::endpoint::Endpoint;
use crate::homes::Home;
use crate::process::{Call, Watch};

/// Everything a measurement needs.
#[derive(Debug)]
pub(crate) struct Stage {
    bare: PathBuf,
    floor: PathBuf,
    headcount: PathBuf,
    curl: PathBuf,
    out: PathBuf,
    spawn: PathBuf,
    otel: PathBuf,
    posthog: PathBuf,
    inside: PathBuf,
    /// The host in Node, or why there is none.
    pub(crate) node: Result<Node, String>,
    /// The collector's binary.
    pub(crate) collector: PathBuf,
    /// The folder with the catalog of the host with Headcount.
    pub(crate) catalogs: PathBuf,
    /// A home in which a person has said yes.
    pub(crate) agreed: Home,
    /// Ends what overstays.
    pub(crate) watch: Watch,
    /// A folder for anything.
    pub(crate) scratch: PathBuf,
}

/// A host in one of its states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    /// Without telemetry.
    Bare,
    /// With Headcount's API, compiled to nothing.
    CompiledOut,
    /// With Headcount, and a variable that says off.
    Off,
    /// With Headcount on, recording, nothing to be started: it is marked as a
    /// shipper's own child.
    NothingDue,
    /// With Headcount on, recording, and starting its shipper.
    Shipping,
    /// The same, shipping through the system's `curl`.
    ShippingByCurl,
    /// Starting `/bin/true`, detached.
    Floor,
    /// Starting itself with the event, detached.
    Spawn,
    /// opentelemetry-otlp.
    Otel,
    /// posthog-rs.
    Posthog,
    /// Node without telemetry.
    NodeBare,
    /// posthog-node.
    NodePosthog,
}

impl Contender {
    /// For a table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bare => "without telemetry",
            Self::CompiledOut => "**headcount**, compiled out",
            Self::Off => "**headcount**, off by a variable",
            Self::NothingDue => "**headcount**, on, nothing due",
            Self::Shipping => "**headcount**, on, shipper started",
            Self::ShippingByCurl => "**headcount** with `curl`, shipper started",
            Self::Floor => "detached `/bin/true`",
            Self::Spawn => "a process an event",
            Self::Otel => "opentelemetry-otlp",
            Self::Posthog => "posthog-rs",
            Self::NodeBare => "Node without telemetry",
            Self::NodePosthog => "posthog-node",
        }
    }

    /// The one it is compared with.
    pub(crate) fn base(self) -> Self {
        if self == Self::NodePosthog { Self::NodeBare } else { Self::Bare }
    }
}

impl Stage {
    /// Sets it: a person says yes once.
    ///
    /// # Errors
    ///
    /// A host is missing or fails.
    pub(crate) fn set(built: &Built, scratch: &Path) -> Result<Self, Fault> {
        let program = |recipe: Recipe| Ok::<_, Fault>(built.host(recipe)?.program.clone());
        let stage = Self {
            bare: program(build::BARE)?,
            floor: program(build::FLOOR)?,
            headcount: program(build::HEADCOUNT)?,
            curl: program(build::CURL)?,
            out: program(build::OUT)?,
            spawn: program(build::SPAWN)?,
            otel: program(build::OTEL)?,
            posthog: program(build::POSTHOG)?,
            inside: program(build::INSIDE)?,
            node: built.node.clone(),
            collector: built.collector.clone(),
            catalogs: built.catalog.clone(),
            agreed: Home::empty(scratch)?,
            watch: Watch::start(),
            scratch: scratch.to_path_buf(),
        };
        stage.telemetry(&stage.agreed).saying(&["telemetry", "on"]).output()?;
        // With the id and the state that the first event leaves behind.
        stage.inside(&stage.agreed).saying(&["fill", "1"]).output()?;
        std::fs::remove_file(stage.agreed.queue())?;
        Ok(stage)
    }

    /// A home in which a person has said yes.
    ///
    /// # Errors
    ///
    /// It cannot be copied.
    pub(crate) fn home(&self) -> Result<Home, Fault> {
        self.agreed.copy()
    }

    /// The host with Headcount, as a person calls it.
    pub(crate) fn telemetry(&self, home: &Home) -> Call {
        call(&self.headcount, home)
    }

    /// The shipper, as the host starts it.
    pub(crate) fn shipper(&self, home: &Home, endpoint: &Endpoint) -> Call {
        let mut call = self.telemetry(home).saying(&["telemetry", "flush"]);
        call.variables.extend(endpoint.ours());
        call.with("HELLO_TELEMETRY_FLUSH", "1")
    }

    /// The process that looks at itself.
    pub(crate) fn inside(&self, home: &Home) -> Call {
        call(&self.inside, home)
    }

    /// A contender's call; none for Node where it is not there.
    pub(crate) fn call(&self, who: Contender, home: &Home, endpoint: &Endpoint) -> Option<Call> {
        let ours = |call: Call| Call {
            variables: call.variables.into_iter().chain(endpoint.ours()).collect(),
            ..call
        };
        let peer = |call: Call| Call {
            variables: call.variables.into_iter().chain(endpoint.peers()).collect(),
            ..call
        };
        let node = || {
            let node = self.node.as_ref().ok()?;
            Some(call(&node.program, home).saying(&[&node.script.to_string_lossy()]))
        };
        Some(match who {
            Contender::Bare => call(&self.bare, home),
            Contender::Floor => call(&self.floor, home),
            Contender::Off => ours(self.telemetry(home)).with("HELLO_TELEMETRY", "0"),
            Contender::NothingDue => ours(self.telemetry(home)).with("HELLO_TELEMETRY_FLUSH", "1"),
            Contender::Shipping => ours(self.telemetry(home)),
            Contender::CompiledOut => ours(call(&self.out, home)),
            Contender::ShippingByCurl => ours(call(&self.curl, home)),
            Contender::Spawn => peer(call(&self.spawn, home)),
            Contender::Otel => peer(call(&self.otel, home)),
            Contender::Posthog => peer(call(&self.posthog, home)),
            Contender::NodeBare => node()?,
            Contender::NodePosthog => peer(node()?),
        })
    }
}

fn call(program: &Path, home: &Home) -> Call {
    Call { program: program.to_path_buf(), arguments: Vec::new(), variables: home.variables() }
}
