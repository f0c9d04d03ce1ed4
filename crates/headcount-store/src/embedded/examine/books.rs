//! Checks that what is there and what is gone is what was acknowledged.

use std::collections::BTreeMap;

use rusqlite::{Connection, Error};

use super::report::{BooksReport, DayCounts};

/// The sums of one product.
#[derive(Default)]
struct ProductSums {
    stored: u64,
    live: u64,
    erased: u64,
    expired: u64,
}

pub(super) fn check(
    connection: &Connection,
    counts: &DayCounts,
    report: &mut BooksReport,
) -> Result<(), Error> {
    let mut sums: BTreeMap<String, ProductSums> = BTreeMap::new();
    for ((product, _), rows) in counts {
        sums.entry(product.clone()).or_default().live += rows;
    }
    let mut read = connection.prepare(include_str!("../../sql/read_stored.sql"))?;
    let mut rows = read.query(())?;
    while let Some(row) = rows.next()? {
        let sums = sums.entry(row.get(0)?).or_default();
        let count = row.get::<_, i64>(2)?.unsigned_abs();
        match row.get_ref(1)?.as_str()? {
            "stored" => sums.stored += count,
            "erased" => sums.erased += count,
            "expired" => sums.expired += count,
            _ => {}
        }
    }
    for (product, ProductSums { stored, live, erased, expired }) in sums {
        if stored != live + erased + expired {
            report.find(format!(
                "{stored} events of {product} were acknowledged as stored, and {live} are there, \
                 {erased} were erased and {expired} expired, which is {} in all; restore the file \
                 from a backup.",
                live + erased + expired
            ));
        }
    }
    let orphans: i64 =
        connection.query_row(include_str!("../../sql/count_orphans.sql"), (), |row| row.get(0))?;
    if orphans > 0 {
        report.find(format!(
            "{orphans} sealed chunks or pages belong to no segment; restore the file from a \
             backup."
        ));
    }
    Ok(())
}
