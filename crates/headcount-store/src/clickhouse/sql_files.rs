//! The SQL that is sent to the server: the files of `sql/`, by their names.

/// A file of SQL: its name without the ending, and its text.
pub(super) type SqlFile = (&'static str, &'static str);

/// The tables, in the order in which they are made.
pub(super) const TABLES: [SqlFile; 22] = [
    ("001_migrations", include_str!("sql/tables/001_migrations.sql")),
    ("002_events", include_str!("sql/tables/002_events.sql")),
    ("003_batches", include_str!("sql/tables/003_batches.sql")),
    ("004_cells", include_str!("sql/tables/004_cells.sql")),
    ("005_device_days", include_str!("sql/tables/005_device_days.sql")),
    ("006_counted", include_str!("sql/tables/006_counted.sql")),
    ("007_vocabulary", include_str!("sql/tables/007_vocabulary.sql")),
    ("008_pairs", include_str!("sql/tables/008_pairs.sql")),
    ("009_outcomes", include_str!("sql/tables/009_outcomes.sql")),
    ("010_rejected", include_str!("sql/tables/010_rejected.sql")),
    ("011_erasures", include_str!("sql/tables/011_erasures.sql")),
    ("012_erased_cells", include_str!("sql/tables/012_erased_cells.sql")),
    ("013_kept_devices", include_str!("sql/tables/013_kept_devices.sql")),
    ("014_cohorts", include_str!("sql/tables/014_cohorts.sql")),
    ("015_older_devices", include_str!("sql/tables/015_older_devices.sql")),
    ("016_products", include_str!("sql/tables/016_products.sql")),
    ("017_leases", include_str!("sql/tables/017_leases.sql")),
    ("018_version_columns", include_str!("sql/tables/018_version_columns.sql")),
    ("019_tellers", include_str!("sql/tables/019_tellers.sql")),
    ("020_moves", include_str!("sql/tables/020_moves.sql")),
    ("021_last_batches", include_str!("sql/tables/021_last_batches.sql")),
    ("022_generations", include_str!("sql/tables/022_generations.sql")),
];

/// Pieces that other statements include.
pub(super) const PARTS: [SqlFile; 47] = [
    ("all_cells", include_str!("sql/parts/all_cells.sql")),
    ("all_events", include_str!("sql/parts/all_events.sql")),
    ("bounds_now", include_str!("sql/parts/bounds_now.sql")),
    ("bounds_told", include_str!("sql/parts/bounds_told.sql")),
    ("cells", include_str!("sql/parts/cells.sql")),
    ("cells_and_new", include_str!("sql/parts/cells_and_new.sql")),
    ("cells_of_all", include_str!("sql/parts/cells_of_all.sql")),
    ("cells_of_event", include_str!("sql/parts/cells_of_event.sql")),
    ("cells_of_mark", include_str!("sql/parts/cells_of_mark.sql")),
    ("cells_of_number", include_str!("sql/parts/cells_of_number.sql")),
    ("cells_of_pair", include_str!("sql/parts/cells_of_pair.sql")),
    ("cells_of_value", include_str!("sql/parts/cells_of_value.sql")),
    ("copies_sought", include_str!("sql/parts/copies_sought.sql")),
    ("copies_told", include_str!("sql/parts/copies_told.sql")),
    ("counted_cells", include_str!("sql/parts/counted_cells.sql")),
    ("counted_copies", include_str!("sql/parts/counted_copies.sql")),
    ("counted_since", include_str!("sql/parts/counted_since.sql")),
    ("covered_events", include_str!("sql/parts/covered_events.sql")),
    ("events_of_person", include_str!("sql/parts/events_of_person.sql")),
    ("filter", include_str!("sql/parts/filter.sql")),
    ("first_of_period", include_str!("sql/parts/first_of_period.sql")),
    ("has_row", include_str!("sql/parts/has_row.sql")),
    ("held_now", include_str!("sql/parts/held_now.sql")),
    ("held_told", include_str!("sql/parts/held_told.sql")),
    ("is_counted", include_str!("sql/parts/is_counted.sql")),
    ("is_new", include_str!("sql/parts/is_new.sql")),
    ("is_of_person", include_str!("sql/parts/is_of_person.sql")),
    ("is_over", include_str!("sql/parts/is_over.sql")),
    ("living_cohorts", include_str!("sql/parts/living_cohorts.sql")),
    ("middle", include_str!("sql/parts/middle.sql")),
    ("new_events", include_str!("sql/parts/new_events.sql")),
    ("periods_of_days", include_str!("sql/parts/periods_of_days.sql")),
    ("present", include_str!("sql/parts/present.sql")),
    ("present_and_new", include_str!("sql/parts/present_and_new.sql")),
    ("present_by_period", include_str!("sql/parts/present_by_period.sql")),
    ("raw_source", include_str!("sql/parts/raw_source.sql")),
    ("raw_version", include_str!("sql/parts/raw_version.sql")),
    ("rows_of", include_str!("sql/parts/rows_of.sql")),
    ("settled_text", include_str!("sql/parts/settled_text.sql")),
    ("shown_values", include_str!("sql/parts/shown_values.sql")),
    ("shown_version", include_str!("sql/parts/shown_version.sql")),
    ("step_events", include_str!("sql/parts/step_events.sql")),
    ("told_before", include_str!("sql/parts/told_before.sql")),
    ("told_since", include_str!("sql/parts/told_since.sql")),
    ("told_values", include_str!("sql/parts/told_values.sql")),
    ("visit_events", include_str!("sql/parts/visit_events.sql")),
    ("with_standing", include_str!("sql/parts/with_standing.sql")),
];

/// Questions.
pub(super) const QUESTIONS: [SqlFile; 32] = [
    ("across", include_str!("sql/questions/across.sql")),
    ("active", include_str!("sql/questions/active.sql")),
    ("active_kept", include_str!("sql/questions/active_kept.sql")),
    ("by_property", include_str!("sql/questions/by_property.sql")),
    ("events", include_str!("sql/questions/events.sql")),
    ("failures", include_str!("sql/questions/failures.sql")),
    ("failures_by", include_str!("sql/questions/failures_by.sql")),
    ("first_raw", include_str!("sql/questions/first_raw.sql")),
    ("has_kept", include_str!("sql/questions/has_kept.sql")),
    ("marks", include_str!("sql/questions/marks.sql")),
    ("new_copies", include_str!("sql/questions/new_copies.sql")),
    ("outcomes", include_str!("sql/questions/outcomes.sql")),
    ("product_names", include_str!("sql/questions/product_names.sql")),
    ("products", include_str!("sql/questions/products.sql")),
    ("quantiles", include_str!("sql/questions/quantiles.sql")),
    ("raw_across", include_str!("sql/questions/raw_across.sql")),
    ("raw_active", include_str!("sql/questions/raw_active.sql")),
    ("raw_by_property", include_str!("sql/questions/raw_by_property.sql")),
    ("raw_events", include_str!("sql/questions/raw_events.sql")),
    ("raw_failures", include_str!("sql/questions/raw_failures.sql")),
    ("raw_failures_by", include_str!("sql/questions/raw_failures_by.sql")),
    ("raw_next", include_str!("sql/questions/raw_next.sql")),
    ("raw_next_days", include_str!("sql/questions/raw_next_days.sql")),
    ("raw_quantiles", include_str!("sql/questions/raw_quantiles.sql")),
    ("raw_size", include_str!("sql/questions/raw_size.sql")),
    ("raw_step_days", include_str!("sql/questions/raw_step_days.sql")),
    ("raw_steps", include_str!("sql/questions/raw_steps.sql")),
    ("read_events", include_str!("sql/questions/read_events.sql")),
    ("rejected", include_str!("sql/questions/rejected.sql")),
    ("retention", include_str!("sql/questions/retention.sql")),
    ("snapshot", include_str!("sql/questions/snapshot.sql")),
    ("versions", include_str!("sql/questions/versions.sql")),
];

/// What keeps the books.
pub(super) const HOUSE: [SqlFile; 64] = [
    ("add_cells", include_str!("sql/house/add_cells.sql")),
    ("add_devices", include_str!("sql/house/add_devices.sql")),
    ("clean_cells", include_str!("sql/house/clean_cells.sql")),
    ("clean_devices", include_str!("sql/house/clean_devices.sql")),
    ("clean_erased", include_str!("sql/house/clean_erased.sql")),
    ("copies", include_str!("sql/house/copies.sql")),
    ("count_cells", include_str!("sql/house/count_cells.sql")),
    ("count_devices", include_str!("sql/house/count_devices.sql")),
    ("count_erased", include_str!("sql/house/count_erased.sql")),
    ("count_expired", include_str!("sql/house/count_expired.sql")),
    ("count_moved", include_str!("sql/house/count_moved.sql")),
    ("count_old_days", include_str!("sql/house/count_old_days.sql")),
    ("counted_days", include_str!("sql/house/counted_days.sql")),
    ("day_batches", include_str!("sql/house/day_batches.sql")),
    ("days_to_count", include_str!("sql/house/days_to_count.sql")),
    ("days_to_fold", include_str!("sql/house/days_to_fold.sql")),
    ("days_to_settle", include_str!("sql/house/days_to_settle.sql")),
    ("days_with_devices", include_str!("sql/house/days_with_devices.sql")),
    ("end_erasure", include_str!("sql/house/end_erasure.sql")),
    ("erase_cells", include_str!("sql/house/erase_cells.sql")),
    ("erase_devices", include_str!("sql/house/erase_devices.sql")),
    ("erase_events", include_str!("sql/house/erase_events.sql")),
    ("erase_older", include_str!("sql/house/erase_older.sql")),
    ("erase_teller", include_str!("sql/house/erase_teller.sql")),
    ("erase_tellings", include_str!("sql/house/erase_tellings.sql")),
    ("erased_days", include_str!("sql/house/erased_days.sql")),
    ("expire_cohorts", include_str!("sql/house/expire_cohorts.sql")),
    ("expire_devices", include_str!("sql/house/expire_devices.sql")),
    ("expire_events", include_str!("sql/house/expire_events.sql")),
    ("expire_kept", include_str!("sql/house/expire_kept.sql")),
    ("expire_rejected", include_str!("sql/house/expire_rejected.sql")),
    ("expired_weeks", include_str!("sql/house/expired_weeks.sql")),
    ("fold_cells", include_str!("sql/house/fold_cells.sql")),
    ("fold_devices", include_str!("sql/house/fold_devices.sql")),
    ("forget_older", include_str!("sql/house/forget_older.sql")),
    ("forget_tellers", include_str!("sql/house/forget_tellers.sql")),
    ("forget_values", include_str!("sql/house/forget_values.sql")),
    ("has_devices", include_str!("sql/house/has_devices.sql")),
    ("has_old_cells", include_str!("sql/house/has_old_cells.sql")),
    ("has_old_numbers", include_str!("sql/house/has_old_numbers.sql")),
    ("has_older", include_str!("sql/house/has_older.sql")),
    ("has_tellers", include_str!("sql/house/has_tellers.sql")),
    ("keep_cohorts", include_str!("sql/house/keep_cohorts.sql")),
    ("keep_older", include_str!("sql/house/keep_older.sql")),
    ("keep_periods", include_str!("sql/house/keep_periods.sql")),
    ("last_batches", include_str!("sql/house/last_batches.sql")),
    ("last_generation", include_str!("sql/house/last_generation.sql")),
    ("merge_week", include_str!("sql/house/merge_week.sql")),
    ("note_erasure", include_str!("sql/house/note_erasure.sql")),
    ("note_product", include_str!("sql/house/note_product.sql")),
    ("old_generations", include_str!("sql/house/old_generations.sql")),
    ("open_erasures", include_str!("sql/house/open_erasures.sql")),
    ("parts_of_weeks", include_str!("sql/house/parts_of_weeks.sql")),
    ("read_lease", include_str!("sql/house/read_lease.sql")),
    ("read_moves", include_str!("sql/house/read_moves.sql")),
    ("reserve_generation", include_str!("sql/house/reserve_generation.sql")),
    ("settle_cells", include_str!("sql/house/settle_cells.sql")),
    ("settle_kept", include_str!("sql/house/settle_kept.sql")),
    ("take_lease", include_str!("sql/house/take_lease.sql")),
    ("tell_fixed", include_str!("sql/house/tell_fixed.sql")),
    ("tell_vocabulary", include_str!("sql/house/tell_vocabulary.sql")),
    ("that_hold", include_str!("sql/house/that_hold.sql")),
    ("this_term", include_str!("sql/house/this_term.sql")),
    ("weeks_of_device", include_str!("sql/house/weeks_of_device.sql")),
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_a_folder_is_named_here() {
        let all: [(&str, &[SqlFile]); 4] =
            [("tables", &TABLES), ("parts", &PARTS), ("questions", &QUESTIONS), ("house", &HOUSE)];
        let sql = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/clickhouse/sql");
        for (folder, named) in all {
            let entries = fs::read_dir(sql.join(folder)).expect("the folder is there");
            let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
            names.sort();
            let stems: Vec<_> =
                names.iter().filter_map(|path| path.file_stem()?.to_str()).collect();
            assert_eq!(stems, named.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        }
    }
}
