//! A name that was read, and its number in the body.

/// A name that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'b> {
    pub(super) text: &'b str,
    pub(super) number: NameNumber,
}

/// The number of a name, outer and inner, in its body: fields of one body with
/// the same number have the same name. A name may also have no number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NameNumber(pub(super) u8);

/// Names of a body, by their numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NameSet([u64; NameNumber::COUNT / 64]);

impl NameSet {
    /// Adds a name, if it has a number.
    pub(super) fn add(&mut self, name: NameNumber) {
        if name != NameNumber::NONE {
            self.0[name.get() / 64] |= 1 << (name.get() % 64);
        }
    }

    #[inline(always)]
    pub(super) fn has(&self, name: NameNumber) -> bool {
        self.0[name.get() / 64] & 1 << (name.get() % 64) != 0
    }
}

impl NameNumber {
    /// The name has no number.
    pub const NONE: Self = Self(0);

    /// All numbers are below this one.
    pub const COUNT: usize = 256;

    /// The number; 0 is [`Self::NONE`].
    #[must_use]
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}
