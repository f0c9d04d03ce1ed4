//! The public token that a product ships with, blanked for all tests of a
//! suite. It is for authors to copy: a token that is committed on purpose must
//! be the right one, and no test may use it by accident.
//!
//! In the suite's own helper, so that no test can forget it:
//!
//! ```
//! use headcount_testkit::{Home, ShippedToken, TestProgram};
//!
//! const CATALOG: &str = "[[destination]]\nkey = { value = \"pub0000\", build = \"TOOL_TOKEN\" }";
//!
//! fn program(home: &Home, args: &[&str]) -> TestProgram {
//!     let token = ShippedToken::of(CATALOG, "TOOL_TELEMETRY_ENDPOINT");
//!     token.neutralize(TestProgram::new("tool", home).args(args))
//! }
//!
//! // A test that means to send says so, and where to:
//! // program(&home, &["run"]).env("TOOL_TELEMETRY_ENDPOINT", &server.url())
//! # let _ = program(&Home::new(), &["run"]);
//! ```

use crate::TestProgram;

/// The token of a catalog, and how it is kept from being used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedToken {
    token: String,
    endpoint: &'static str,
}

impl ShippedToken {
    /// Where nobody listens: the port of the discard protocol, on this machine.
    pub const NOWHERE: &str = "http://127.0.0.1:9";

    /// The token in the text of a catalog, whose variable `endpoint` leads a
    /// program to another address.
    ///
    /// # Panics
    ///
    /// If there is no token in it.
    #[must_use]
    pub fn of(catalog: &str, endpoint: &'static str) -> Self {
        // `[identity]` may have a key of another kind.
        let destinations = catalog.lines().skip_while(|line| *line != "[[destination]]");
        let keys = destinations.filter_map(|line| line.strip_prefix("key = "));
        let token = keys.filter_map(|key| key.split('"').nth(1)).next();
        Self { token: token.expect("a key with a value").to_owned(), endpoint }
    }

    /// Returns the token, for the one test that checks that it is the right
    /// kind of token.
    #[must_use]
    pub fn real(&self) -> &str {
        &self.token
    }

    /// Returns the program with its token blanked: nothing that it ships leaves
    /// this machine, or arrives anywhere, whatever was built into it. What a
    /// test sets later counts instead.
    #[must_use]
    pub fn neutralize(&self, program: TestProgram) -> TestProgram {
        program.env(self.endpoint, Self::NOWHERE)
    }
}
