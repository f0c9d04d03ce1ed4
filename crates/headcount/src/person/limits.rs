//! Every limit of what a person is shown, with its unit and its arithmetic.

/// Columns of a terminal whose width nobody tells.
pub(super) const WIDTH: usize = 80;

/// Columns below which no bar can be drawn: 20 of a name, 10 of a bar, a count.
pub(super) const WIDTH_LEAST: usize = 40;

/// Columns beyond which a bar says no more: a line of 100 is read at a glance.
pub(super) const WIDTH_MOST: usize = 100;

/// Columns of a name beside a bar.
pub(super) const NAME_COLUMNS: usize = 28;

/// Days that `view` draws: two weeks fit on any screen.
pub(super) const VIEW_DAYS: i32 = 14;

/// Values of a property that `view` names; the rest is one number.
pub(super) const VIEW_VALUES: usize = 5;

/// Events that the question lists one by one: with a head and a foot as many
/// lines as a screen of 24 has room for.
pub(super) const QUESTION_EVENTS: usize = 10;

/// Times an answer is asked for again after an example was shown; then it is
/// no.
#[cfg(feature = "prompt")]
pub(super) const EXAMPLES: usize = 8;

/// Columns of a text in the question's box, which has a frame of six around it.
#[cfg(feature = "prompt")]
pub(super) const BOX_COLUMNS: usize = 72;
