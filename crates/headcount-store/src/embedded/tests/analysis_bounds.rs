//! SQL over raw events: what a query may not do, and that it ends.

use std::time::Duration;

use headcount_testkit::Home;

use super::analysis::{SECONDS, Told, ask, filled, table};
use crate::{Analysis, AnalysisLimits};

#[test]
fn a_query_can_do_nothing_but_read() {
    let home = Home::new();
    drop(filled(&home));
    let file = home.path().join("headcount.db").display().to_string();
    let before = std::fs::read(&file).unwrap();
    let forbidden = "a query can only read";
    for (sql, told) in [
        ("SELECT load_extension('x')", forbidden),
        ("SELECT readfile('/etc/passwd')", "no such function"),
        ("SELECT writefile('x', 'y')", "no such function"),
        ("SELECT randomblob(9)", forbidden),
        ("SELECT zeroblob(9)", forbidden),
        ("SELECT fts5(1)", forbidden),
        ("SELECT sqlite_compileoption_get(1)", forbidden),
        ("SELECT sqlite_offset(day) FROM größer", ""),
        (&format!("ATTACH '{file}' AS a"), forbidden),
        ("DETACH main", forbidden),
        (&format!("VACUUM INTO '{file}.copy'"), "begin it with SELECT"),
        ("VACUUM", "begin it with SELECT"),
        ("PRAGMA user_version", forbidden),
        ("PRAGMA hard_heap_limit = 0", forbidden),
        ("PRAGMA temp_store_directory = '/tmp'", forbidden),
        ("SELECT * FROM pragma_database_list", forbidden),
        ("SELECT * FROM pragma_table_info('größer')", forbidden),
        ("SELECT * FROM dbstat", forbidden),
        ("SELECT * FROM sqlite_schema", forbidden),
        ("SELECT * FROM temp.sqlite_schema", forbidden),
        ("SELECT * FROM sqlite_dbpage", "no such table"),
        ("SELECT * FROM block", "no such table"),
        ("CREATE TABLE t(a)", forbidden),
        ("CREATE TEMP TABLE t AS SELECT * FROM größer", forbidden),
        ("CREATE VIEW v AS SELECT 1", forbidden),
        ("CREATE VIRTUAL TABLE v USING fts5(a)", forbidden),
        ("CREATE VIRTUAL TABLE v USING größer", forbidden),
        ("INSERT INTO größer(day) VALUES ('a')", "a query"),
        ("DELETE FROM größer", "may not be modified"),
        ("UPDATE größer SET day = 'a'", "may not be modified"),
        ("DROP TABLE größer", ""),
        ("ALTER TABLE größer RENAME TO a", ""),
        ("ANALYZE", forbidden),
        ("REINDEX", ""),
        ("BEGIN", forbidden),
        ("COMMIT", forbidden),
        ("SAVEPOINT a", forbidden),
        ("SELECT 1; SELECT 2", "more than one statement"),
        ("SELECT ?", ""),
        ("SELECT :a", ""),
        ("", "begin it with SELECT"),
        (" -- nothing", "begin it with SELECT"),
        ("SELECT \"missing\" FROM größer", "no such column"),
        ("SELECT day\nFROM größer\nWHERE missing = 1", "line 3: no such column"),
        ("SELECT * FROM nobody", "no such table: nobody"),
    ] {
        match ask(&home, sql) {
            Ok(rows) => panic!("{sql}: {rows:?}"),
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains(told) && error.lines().count() == 1, "{sql}: {error}");
            }
        }
    }
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert!(!home.path().join("headcount.db.copy").exists());
    assert!(!home.path().join("x").exists());
}

#[test]
fn a_query_ends_whatever_it_asks_for() {
    let home = Home::new();
    drop(filled(&home));
    let endless = "WITH RECURSIVE t(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM t)";
    let analysis = Analysis::open(home.path()).unwrap();
    let joined = ["größer"; 9].join(", ");
    let deep = format!("SELECT {}1{}", "(1 + ".repeat(500), ")".repeat(500));
    let nested = format!("SELECT {}1{}", "(SELECT ".repeat(300), ")".repeat(300));
    let many = ["SELECT 1"; 60].join(" UNION ALL ");
    let long = format!("SELECT 1 -- {}", "x".repeat(70_000));
    let wide = format!("SELECT {}", vec!["1"; 3_000].join(", "));
    for (sql, time, told) in [
        (format!("{endless} SELECT count(*) FROM t"), 1, "took longer than 1 second"),
        (format!("{endless} SELECT count(*) FROM t, größer"), 1, "took longer"),
        (
            "SELECT count(*) FROM größer a, größer b, größer c, größer d".to_owned(),
            1,
            "took longer",
        ),
        (
            format!(
                "{endless} SELECT count(*) FROM (SELECT DISTINCT printf('%0900000d', a) FROM t)"
            ),
            60,
            "more than 256 MiB",
        ),
        (
            format!("{endless} SELECT printf('%0900000d', a) AS b FROM t ORDER BY b"),
            60,
            "more than 256 MiB",
        ),
        (
            format!("{endless} SELECT group_concat(a) FROM (SELECT a FROM t LIMIT 250000)"),
            60,
            "longer than 1024 KiB",
        ),
        (
            format!("{endless} SELECT json_group_array(a) FROM (SELECT a FROM t LIMIT 250000)"),
            60,
            "longer than 1024 KiB",
        ),
        ("SELECT length(printf('%*c', 1000000000, 'x'))".to_owned(), 60, "longer than 1024 KiB"),
        (
            "SELECT replace(printf('%0900000d', 1), '0', '00')".to_owned(),
            60,
            "longer than 1024 KiB",
        ),
        ("SELECT hex(printf('%0900000d', 1))".to_owned(), 60, "longer than 1024 KiB"),
        (format!("SELECT '1' LIKE '{}'", "%1".repeat(200)), 60, "too complex"),
        (format!("SELECT count(*) FROM {joined}"), 60, "8 tables of events at once"),
        (deep, 60, "the query is wrong"),
        (nested, 60, "the query is wrong"),
        (many, 60, "too many terms"),
        (long, 60, ""),
        (wide, 60, "too many columns"),
    ] {
        let mut rows = Told::default();
        let limits = AnalysisLimits { time: Duration::from_secs(time) };
        let error = match analysis.query(&[table()], &sql, &limits, &mut rows) {
            Ok(()) => panic!("{sql:.200}: {} rows", rows.0.len()),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(told), "{sql:.200}: {error}");
    }
    // The cursors of a query that has ended are closed.
    let mut rows = Told::default();
    let eight = ["größer"; 8].join(", ");
    let few = format!("SELECT 1 FROM {eight} LIMIT 3");
    analysis.query(&[table()], &few, &SECONDS, &mut rows).unwrap();
    assert_eq!(rows.0.len(), 3);
}

#[test]
fn a_damaged_block_is_told_as_one() {
    let home = Home::new();
    drop(filled(&home));
    super::outside(home.path())
        .execute_batch("UPDATE block SET body = zeroblob(length(body))")
        .unwrap();
    let error = ask(&home, "SELECT count(*) FROM größer").unwrap_err();
    assert!(error.is_of_the_store(), "{error}");
    assert!(error.to_string().contains("restore the file from a backup"), "{error}");
}
