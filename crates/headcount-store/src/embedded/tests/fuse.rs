//! Writes of the store's tables that fail, from one on.

use std::path::Path;

use rusqlite::Connection;

const TABLES: [&str; 8] = [
    "block",
    "sealed_until",
    "sealed_segment",
    "sealed_chunk",
    "sealed_ids",
    "gone_events",
    "erasure",
    "watermark",
];

const ROLLUP_TABLES: [&str; 9] = [
    "rollup_value",
    "rollup_series",
    "rollup_cells",
    "rollup_product",
    "rollup_marks",
    "device_page",
    "device_set",
    "rollup_period",
    "rollup_cohort",
];

/// From now on, so many writes succeed, and all others fail.
pub(super) fn burn_after(folder: &Path, writes: i64) {
    let connection = Connection::open(folder.join("headcount.db")).unwrap();
    let mut sql =
        format!("CREATE TABLE fuse (length INTEGER); INSERT INTO fuse VALUES ({writes});");
    for table in TABLES.into_iter().chain(ROLLUP_TABLES) {
        for what in ["INSERT", "UPDATE", "DELETE"] {
            sql += &format!(
                "CREATE TRIGGER fuse_{table}_{what} BEFORE {what} ON {table} BEGIN
                    UPDATE fuse SET length = length - 1;
                    SELECT RAISE(ABORT, 'broken for a test') FROM fuse WHERE length < 0;
                 END;"
            );
        }
    }
    connection.execute_batch(&sql).unwrap();
}

/// Takes the fuse out.
pub(super) fn mend(folder: &Path) {
    let connection = Connection::open(folder.join("headcount.db")).unwrap();
    for table in TABLES.into_iter().chain(ROLLUP_TABLES) {
        for what in ["INSERT", "UPDATE", "DELETE"] {
            connection.execute_batch(&format!("DROP TRIGGER fuse_{table}_{what}")).unwrap();
        }
    }
    connection.execute_batch("DROP TABLE fuse").unwrap();
}
