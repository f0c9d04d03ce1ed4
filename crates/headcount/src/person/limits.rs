//! Every limit of what a person is shown, with its unit and its arithmetic.

/// Columns of a terminal whose width is unknown.
pub(super) const WIDTH: usize = 80;

/// Fewest columns for which a bar is drawn: 20 for a name, 10 for a bar, and a
/// count.
pub(super) const WIDTH_LEAST: usize = 40;

/// Most columns used: longer lines are not read at a glance.
pub(super) const WIDTH_MOST: usize = 100;

/// Most columns that text for people is wrapped to: what is wider is not read
/// line by line.
pub(super) const WRAP_MOST: usize = 200;

/// Columns of a name beside a bar.
pub(super) const NAME_COLUMNS: usize = 28;

/// Days that `view` draws: two weeks fit on any screen.
pub(super) const VIEW_DAYS: i32 = 14;

/// Values of a property that `view` lists; the rest is summed up.
pub(super) const VIEW_VALUES: usize = 5;

/// Events that the question lists one by one: with the lines above and below,
/// as many as fit on a screen of 24 lines.
pub(super) const QUESTION_EVENTS: usize = 10;

/// Times the question is asked again after an example was shown. After that the
/// answer is no.
#[cfg(feature = "prompt")]
pub(super) const EXAMPLES: usize = 8;

/// Columns of a text in the question's box, which has a frame of six around it.
#[cfg(feature = "prompt")]
pub(super) const BOX_COLUMNS: usize = 72;
