//! Takes out what nobody reads, and merges weeks that are over.

use headcount_catalog::Day;

use super::{Housekeeper, Statement};
use crate::{StoreError, limits};

/// Takes generations out that hold no more.
pub(super) fn clean(keeper: Housekeeper<'_>) -> Result<(), StoreError> {
    let ask = keeper.statement("old_generations", "");
    let ask = ask.with("seconds", limits::clickhouse::GENERATION_SECONDS);
    let (before,): (u64,) = keeper.client.row(&ask)?;
    let with = |name| keeper.statement(name, "").with("before", before);
    let old: (u64, u64, u64) = keeper.client.row(&with("has_old_cells"))?;
    for (count, name) in [(old.0, "clean_cells"), (old.1, "clean_devices"), (old.2, "clean_erased")]
    {
        if count > 0 {
            keeper.run(&with(name))?;
        }
    }
    Ok(())
}

/// Makes one part of each week that is over: nothing has to be merged then when
/// it is read. Returns the number of rows in them.
pub(super) fn merge_weeks(keeper: Housekeeper<'_>, today: Day) -> Result<u64, StoreError> {
    // Today and the day before are open.
    let ask: Statement = keeper.statement("parts_of_weeks", "").with("closed", today.plus(-1));
    let weeks: Vec<(String, u64)> = keeper.client.rows(&ask)?;
    for (week, _) in &weeks {
        keeper.run(&keeper.statement("merge_week", "").with("week", week))?;
    }
    Ok(weeks.into_iter().map(|(_, rows)| rows).sum())
}
