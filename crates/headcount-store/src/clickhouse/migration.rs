//! Makes the tables, and brings those of an older version up to date.
//!
//! Each file of `sql/tables/` is one migration. Its row in `migrations` is
//! written after its statements, each of which may be run again: one that was
//! ended half-way is begun again.

use std::collections::HashMap;

use super::sql_files::TABLES;
use super::statement::{argument, expanded, text_of};
use super::{Client, Statement};
use crate::StoreError;
use crate::block::xxh64;

/// Makes what is not there.
///
/// # Errors
///
/// Returns an error if the server refuses, or if the tables are of a newer
/// version.
pub(super) fn migrate(client: &Client) -> Result<(), StoreError> {
    let cluster = client.address().cluster.as_deref();
    // While a node of a cluster is away, a statement for all of them waits.
    if !is_there(client)? {
        run_all(client, "001_migrations", cluster)?;
    }
    let known = known(client)?;
    for (place, (name, text)) in TABLES.iter().enumerate() {
        let (version, text) = (place as u32 + 1, xxh64(text.as_bytes()));
        match known.get(&version) {
            Some(done) if *done == text => continue,
            Some(_) => return Err(altered(client, name)),
            None => {}
        }
        run_all(client, name, cluster)?;
        let row = format!("INSERT INTO migrations VALUES ({version}, '{name}', {text}, now())");
        client.run(&Statement::new(row))?;
    }
    Ok(())
}

/// Whether the server answers, the user may ask, and the tables that are there
/// are not of a newer version. Whether the user may write is not tried: it
/// changes nothing.
///
/// # Errors
///
/// Returns an error that says what stands in the way.
pub(super) fn look(client: &Client) -> Result<(), StoreError> {
    match is_there(client)? {
        false => Ok(()),
        true => known(client).map(drop),
    }
}

/// Whether there is a list of migrations.
fn is_there(client: &Client) -> Result<bool, StoreError> {
    let there = "SELECT count() FROM system.tables \
                 WHERE database = currentDatabase() AND name = 'migrations'";
    client.row::<(u64,)>(&Statement::new(there)).map(|(tables,)| tables > 0)
}

/// The migrations that have been run to their end, and the hashes of their
/// files.
fn known(client: &Client) -> Result<HashMap<u32, u64>, StoreError> {
    let rows: Vec<(u32, u64)> =
        client.rows(&Statement::new("SELECT version, text FROM migrations FINAL"))?;
    let known: HashMap<u32, u64> = rows.into_iter().collect();
    let newest = TABLES.len() as u32;
    match known.keys().filter(|version| **version > newest).max() {
        None => Ok(known),
        Some(newer) => Err(StoreError::new(format!(
            "the tables of {} have version {newer}, and this version of Headcount knows those up to \
             {newest}; use the newer version that made them, or choose another database",
            client.address()
        ))),
    }
}

fn altered(client: &Client, name: &str) -> StoreError {
    StoreError::new(format!(
        "the database of {} was made by a version of Headcount that is not released: its {name} is \
         another one; choose an empty database",
        client.address()
    ))
}

fn run_all(client: &Client, name: &str, cluster: Option<&str>) -> Result<(), StoreError> {
    statements(name, cluster).into_iter().try_for_each(|sql| client.run(&Statement::new(sql)))
}

/// The statements of a migration, for a single node or a cluster.
pub(super) fn statements(name: &str, cluster: Option<&str>) -> Vec<String> {
    let (_, source) = TABLES.iter().find(|(known, _)| *known == name).expect("a migration's name");
    let head = |word: &str| source.lines().find_map(|line| line.strip_prefix(word));
    let table = head("-- table: ").expect("each file names its table").trim();
    let shard = head("-- shard: ").map(str::trim);
    let text = text_of(&TABLES, name);
    let Some(cluster) = cluster else {
        let engine = |argument: &str| format!("ReplacingMergeTree({argument})");
        let text = with_engine(&text, engine);
        let words = [
            ("table", table),
            ("on_cluster", ""),
            ("merge_tree", "MergeTree"),
            ("window", "non_replicated_deduplication_window"),
        ];
        return vec![expanded(text, &words)];
    };
    let on_cluster = format!("ON CLUSTER '{cluster}'");
    let (local, place) = match shard {
        Some(_) => (
            format!("{table}_local"),
            format!("'/clickhouse/tables/{{shard}}/{{database}}/{table}', '{{replica}}'"),
        ),
        None => (
            table.to_owned(),
            format!(
                "'/clickhouse/tables/everywhere/{{database}}/{table}', '{{shard}}-{{replica}}'"
            ),
        ),
    };
    let engine = |argument: &str| match argument {
        "" => format!("ReplicatedReplacingMergeTree({place})"),
        version => format!("ReplicatedReplacingMergeTree({place}, {version})"),
    };
    let text = with_engine(&text, engine);
    let merge_tree = format!("ReplicatedMergeTree({place})");
    let words = [
        ("table", &*local),
        ("on_cluster", &*on_cluster),
        ("merge_tree", &*merge_tree),
        ("window", "replicated_deduplication_window"),
    ];
    let mut all = vec![expanded(text, &words)];
    if let Some(shard) = shard {
        all.push(format!(
            "CREATE TABLE IF NOT EXISTS {table} {on_cluster} AS {local}\n\
             ENGINE = Distributed('{cluster}', currentDatabase(), '{local}', {shard})"
        ));
    }
    all
}

/// Replaces `@replacing(…)`.
fn with_engine(text: &str, engine: impl Fn(&str) -> String) -> String {
    let Some((before, after)) = text.split_once("@replacing") else { return text.to_owned() };
    let (version, after) = argument(after);
    format!("{before}{}{after}", engine(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_form_for_one_node_and_one_for_a_cluster() {
        let one = statements("002_events", None);
        assert_eq!(one.len(), 1);
        assert!(one[0].contains("ENGINE = ReplacingMergeTree(rank)"), "{}", one[0]);
        let many = statements("002_events", Some("main"));
        assert!(many[0].starts_with("CREATE TABLE IF NOT EXISTS events_local ON CLUSTER 'main' ("));
        assert!(many[1].ends_with(
            "ENGINE = Distributed('main', currentDatabase(), 'events_local', sipHash64(id))"
        ));
        for (name, _) in TABLES {
            for statement in [statements(name, None), statements(name, Some("main"))].concat() {
                assert!(!statement.contains('@'), "{statement}");
            }
        }
    }
}
