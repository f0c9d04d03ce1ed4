//! Counting devices without an id: a device marks its first event of a day, of
//! a week and of a month, and says roughly how long ago its first one ever was.

use crate::{Day, Kind};

/// A period of which a device marks its first event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// A day, UTC.
    Day,
    /// A week, from Monday.
    Week,
    /// A month.
    Month,
}

/// The names of the periods, which are the words of a mark.
const PERIODS: [&str; 3] = ["day", "week", "month"];

/// How long ago the first event of a device was, in weeks.
const AGES: [&str; 5] = ["0", "1", "2-3", "4-7", "8+"];

/// The first weeks of [`AGES`].
const AGE_WEEKS: [u32; 5] = [0, 1, 2, 4, 8];

impl Period {
    /// Every period with its name, the shortest first.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Day, PERIODS[0]), (Self::Week, PERIODS[1]), (Self::Month, PERIODS[2])];

    /// The values of the marks on an event.
    pub const MARKS: Kind = Kind::Choices { set: &PERIODS, other: None };

    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        PERIODS[self as usize]
    }

    /// Returns the first day of the period that a day is in.
    #[must_use]
    pub fn start(self, day: Day) -> Day {
        match self {
            Self::Day => day,
            Self::Week => day.week_start(),
            Self::Month => day.month_start(),
        }
    }

    /// Returns the first day of the period before the one that a day is in.
    #[must_use]
    pub fn before(self, day: Day) -> Day {
        self.start(self.start(day).plus(-1))
    }
}

/// How long a device has been counted, roughly: whole weeks since the week of
/// its first event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Age(u8);

impl Age {
    /// Every age, the youngest first.
    pub const ALL: [Self; 5] = [Self(0), Self(1), Self(2), Self(3), Self(4)];

    /// The values of the age on an event.
    pub const KIND: Kind = Kind::Choice { set: &AGES, other: None };

    /// Returns the age in the week of `day` of a device whose first event was
    /// in the week of `since`. A device from the future is new.
    ///
    /// ```
    /// use headcount_catalog::{Age, Day};
    ///
    /// let day = |text| Day::parse(text).expect("a day");
    /// let (sunday, monday) = (day("2026-11-22"), day("2026-11-23"));
    /// assert_eq!(Age::between(sunday, monday).name(), "1");
    /// assert_eq!(Age::between(monday, day("2026-11-29")).name(), "0");
    /// assert_eq!(Age::between(monday, day("2026-12-14")).weeks(), (2, Some(3)));
    /// ```
    #[must_use]
    pub fn between(since: Day, day: Day) -> Self {
        let days = day.week_start().days_since(since.week_start());
        let weeks = u32::try_from(days / 7).unwrap_or(0);
        let is_below = |age: &&Self| AGE_WEEKS[usize::from(age.0)] <= weeks;
        Self::ALL.iter().rev().find(is_below).copied().unwrap_or(Self(0))
    }

    /// Returns the word: `2-3`.
    #[must_use]
    pub fn name(self) -> &'static str {
        AGES[usize::from(self.0)]
    }

    /// Returns the age with this name.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|age| age.name() == name)
    }

    /// Returns the fewest and the most weeks; no most for the oldest.
    #[must_use]
    pub fn weeks(self) -> (u32, Option<u32>) {
        let place = usize::from(self.0);
        (AGE_WEEKS[place], AGE_WEEKS.get(place + 1).map(|next| next - 1))
    }
}

/// The marks of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks<'a> {
    /// The periods of which it is the device's first event.
    pub periods: &'a [Period],
    /// How long the device has been counted.
    pub age: Age,
}
