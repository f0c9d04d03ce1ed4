//! How events leave the machine.

/// How a product ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shipping {
    /// Who does it.
    pub mode: Mode,
    /// The arguments with which the host starts itself to ship, such as
    /// `["telemetry", "flush"]`.
    pub command: &'static [&'static str],
    /// The variable that marks the child, set to `1`: a process that finds it
    /// starts no shipper.
    pub marker: &'static str,
}

/// Who ships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The host starts itself detached when it ends.
    Detached,
    /// A thread of the host, never waited for.
    Thread,
    /// A long-running host ships in the background.
    Daemon,
}
