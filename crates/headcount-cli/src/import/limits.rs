//! The limits of an import, with their units and arithmetic.

/// Bytes of all files together. The whole of OpenTelemetry's own conventions
/// has 3 MB; a week of a product's events fits, too.
pub(super) const BYTES: u64 = 64 * 1024 * 1024;

/// Files of a registry: OpenTelemetry's own has 400.
pub(super) const FILES: usize = 4_000;

/// Folders within folders of a registry: OpenTelemetry's own has four.
pub(super) const FOLDERS: usize = 16;

/// Levels of YAML or of a JSON Schema: a member of an enumeration of an
/// attribute of a group has 8.
pub(super) const DEPTH: usize = 64;

/// Values of a YAML document, with what aliases repeat. A value takes at most
/// 100 bytes of memory, so all of them take at most 200 MB.
pub(super) const VALUES: usize = 2_000_000;

/// Groups that extend one another: two or three in use.
pub(super) const EXTENDED: usize = 32;

/// Events that a catalog can have.
pub(super) const EVENTS: usize = headcount_catalog::limits::EVENTS;

/// Properties that an event can have.
pub(super) const PROPERTIES: usize = headcount_catalog::limits::PROPERTIES;

/// Characters of a brief that becomes the reason of an event, or a comment.
pub(super) const BRIEF: usize = 160;

/// Bytes of the kind in an annotation: 512 words of 80 bytes, with quotation
/// marks and commas.
pub(super) const KIND_BYTES: usize = 44 * 1024;

/// The cap of a number that says none: its author should lower it.
pub(super) const COUNT_CAP: u64 = 1_000_000;
