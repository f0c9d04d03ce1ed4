//! How events leave the machine.

/// How a product ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shipping {
    /// Which process or thread ships.
    pub mode: Mode,
    /// The arguments with which the host starts itself to ship, such as
    /// `["telemetry", "flush"]`.
    pub command: &'static [&'static str],
    /// The variable that marks the shipping process. It is set to `1`, and a
    /// process that has it does not start another shipper.
    pub marker: &'static str,
}

/// Which process or thread ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// When the host ends, it starts itself as a detached process.
    Detached,
    /// A thread of the host. The host never waits for it.
    Thread,
    /// A long-running host ships in the background.
    Daemon,
}
