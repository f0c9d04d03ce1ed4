//! Tests the binary, with a module for each command.

#[cfg(test)]
#[path = "main/ask.rs"]
mod ask;
#[cfg(test)]
#[path = "main/ask_numbers.rs"]
mod ask_numbers;
#[cfg(test)]
#[path = "main/ask_over_tls.rs"]
mod ask_over_tls;
#[cfg(test)]
#[path = "main/backup.rs"]
mod backup;
#[cfg(test)]
#[path = "main/check.rs"]
mod check;
#[cfg(test)]
#[path = "main/check_config.rs"]
mod check_config;
#[cfg(test)]
#[path = "main/choose.rs"]
mod choose;
#[cfg(test)]
#[path = "main/demo.rs"]
mod demo;
#[cfg(test)]
#[path = "main/diff.rs"]
mod diff;
#[cfg(test)]
#[path = "main/doctor.rs"]
mod doctor;
#[cfg(test)]
#[path = "main/docs.rs"]
mod docs;
#[cfg(test)]
#[path = "main/first_runs.rs"]
mod first_runs;
#[cfg(test)]
#[cfg(unix)]
#[path = "main/five_canaries.rs"]
mod five_canaries;
#[cfg(test)]
#[path = "main/five_products.rs"]
mod five_products;
#[cfg(test)]
#[path = "main/generate.rs"]
mod generate;
#[cfg(test)]
#[path = "main/hooks.rs"]
mod hooks;
#[cfg(test)]
#[path = "main/keys.rs"]
mod keys;
#[cfg(test)]
#[path = "main/alerts.rs"]
mod alerts;
#[cfg(test)]
#[path = "main/mcp.rs"]
mod mcp;
#[cfg(test)]
#[path = "main/new.rs"]
mod new;
#[cfg(test)]
#[path = "main/notes.rs"]
mod notes;
#[cfg(test)]
#[path = "main/offline.rs"]
mod offline;
#[cfg(test)]
#[path = "main/person.rs"]
mod person;
#[cfg(test)]
#[path = "main/record.rs"]
mod record;
#[cfg(test)]
#[path = "main/replay.rs"]
mod replay;
#[cfg(test)]
#[path = "main/schema.rs"]
mod schema;
#[cfg(test)]
#[path = "main/schema_cases.rs"]
mod schema_cases;
#[cfg(test)]
#[path = "main/serve.rs"]
mod serve;
#[cfg(test)]
#[path = "main/serving.rs"]
mod serving;
#[cfg(test)]
#[path = "main/shells.rs"]
mod shells;
#[cfg(test)]
#[path = "main/sql.rs"]
mod sql;
#[cfg(test)]
#[path = "main/stage.rs"]
mod stage;
#[cfg(test)]
#[cfg(unix)]
#[path = "main/superuser.rs"]
mod superuser;
#[cfg(test)]
#[cfg(unix)]
#[path = "main/under_load/mod.rs"]
mod under_load;
#[cfg(test)]
#[path = "main/watch.rs"]
mod watch;
#[cfg(test)]
#[path = "main/infer.rs"]
mod infer;
#[cfg(test)]
#[path = "main/import.rs"]
mod import;
