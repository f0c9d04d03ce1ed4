//! One start of OpenClacky, and the runs of its agent: where both are reported.

use headcount::person::{self, Audience, Terminal};
use headcount::{Session, Surroundings, Telemetry};

use crate::agent::{self, RunResult, Setup};
use crate::telemetry::Brand;
use crate::{brand, report};

/// The variable that says who started the program.
const LAUNCHED_BY: &str = "CLACKY_LAUNCHED_BY";

/// OpenClacky from its start to its end. Threads may share it.
#[derive(Debug)]
pub(crate) struct Clacky {
    session: Session,
    surroundings: Surroundings,
}

impl Clacky {
    /// Starts: prints the notice if it is due, and reports the start.
    pub(crate) fn start(telemetry: &Telemetry, terminal: Terminal) -> Self {
        let session = telemetry.open();
        if let Some(notice) = person::notice(&session, terminal, Audience::ForPeople) {
            notice.print();
        }
        let clacky = Self { session, surroundings: telemetry.surroundings().clone() };
        let launched_by = clacky.surroundings.variable(LAUNCHED_BY);
        let platform = clacky.surroundings.platform;
        let event = report::startup(platform, clacky.brand(), launched_by.as_deref());
        clacky.session.record(&event);
        clacky
    }

    /// Runs the agent on a message, and reports the run.
    pub(crate) fn run(&self, setup: &Setup, message: &str) -> Option<RunResult> {
        let result = agent::run(setup, message);
        self.session.record(&report::task(self.brand(), result.as_ref()));
        result
    }

    /// Ends. What is not sent yet goes to one detached attempt, and nothing is
    /// waited for.
    pub(crate) fn finish(self) {
        self.session.finish();
    }

    /// The brand. It is not looked for while nothing is reported.
    fn brand(&self) -> Option<Brand> {
        let home = self.surroundings.home.as_deref();
        self.session.is_recording().then(|| brand::load(home)).flatten()
    }
}
