//! The collector as clients, operators and browsers see it: over a socket, on a
//! real folder, at a time that the test sets.

// `cfg(test)` is always true here; with it clippy takes the functions beside
// the tests for tests.
#[cfg(test)]
#[path = "collector/client.rs"]
mod client;
#[cfg(test)]
#[path = "collector/fixture.rs"]
mod fixture;
#[cfg(test)]
#[path = "collector/store_choice.rs"]
mod store_choice;
#[cfg(test)]
#[path = "collector/copies.rs"]
mod copies;
#[cfg(test)]
#[path = "collector/stored.rs"]
mod stored;
#[cfg(test)]
#[path = "collector/tls_client.rs"]
mod tls_client;

#[cfg(test)]
#[path = "collector/answered.rs"]
mod answered;
#[cfg(test)]
#[path = "collector/asking.rs"]
mod asking;
#[cfg(test)]
#[path = "collector/bounds.rs"]
mod bounds;
#[cfg(test)]
#[path = "collector/browsers.rs"]
mod browsers;
#[cfg(test)]
#[path = "collector/canaries.rs"]
mod canaries;
#[cfg(test)]
#[path = "collector/catalog_page.rs"]
mod catalog_page;
#[cfg(test)]
#[path = "collector/catalogs.rs"]
mod catalogs;
#[cfg(test)]
#[path = "collector/certificates.rs"]
mod certificates;
#[cfg(test)]
#[path = "collector/clacky.rs"]
mod clacky;
#[cfg(test)]
#[path = "collector/comparing.rs"]
mod comparing;
#[cfg(test)]
#[path = "collector/connections.rs"]
mod connections;
#[cfg(test)]
#[path = "collector/counting.rs"]
mod counting;
#[cfg(test)]
#[path = "collector/csv.rs"]
mod csv;
#[cfg(test)]
#[path = "collector/datadog.rs"]
mod datadog;
#[cfg(test)]
#[path = "collector/encrypted.rs"]
mod encrypted;
#[cfg(test)]
#[path = "collector/explained.rs"]
mod explained;
#[cfg(test)]
#[path = "collector/filtered.rs"]
mod filtered;
#[cfg(test)]
#[path = "collector/forgetting.rs"]
mod forgetting;
#[cfg(test)]
#[path = "collector/guarded.rs"]
mod guarded;
#[cfg(test)]
#[path = "collector/health.rs"]
mod health;
#[cfg(test)]
#[path = "collector/hostile.rs"]
mod hostile;
#[cfg(test)]
#[path = "collector/keeping.rs"]
mod keeping;
#[cfg(test)]
#[path = "collector/kept_catalogs.rs"]
mod kept_catalogs;
#[cfg(test)]
#[path = "collector/judged.rs"]
mod judged;
#[cfg(test)]
#[path = "collector/messages.rs"]
mod messages;
#[cfg(test)]
#[path = "collector/native.rs"]
mod native;
#[cfg(test)]
#[path = "collector/alerting.rs"]
mod alerting;
#[cfg(test)]
#[path = "collector/addresses.rs"]
mod addresses;
#[cfg(test)]
#[path = "collector/notes.rs"]
mod notes;
#[cfg(test)]
#[path = "collector/offline_asking.rs"]
mod offline_asking;
#[cfg(test)]
#[path = "collector/observed.rs"]
mod observed;
#[cfg(test)]
#[path = "collector/openapi.rs"]
mod openapi;
#[cfg(test)]
#[path = "collector/operated.rs"]
mod operated;
#[cfg(test)]
#[path = "collector/otlp.rs"]
mod otlp;
#[cfg(test)]
#[path = "collector/otlp_messages.rs"]
mod otlp_messages;
#[cfg(test)]
#[path = "collector/pages.rs"]
mod pages;
#[cfg(test)]
#[path = "collector/posthog.rs"]
mod posthog;
#[cfg(test)]
#[path = "collector/privacy.rs"]
mod privacy;
#[cfg(test)]
#[path = "collector/proxied.rs"]
mod proxied;
#[cfg(test)]
#[path = "collector/public.rs"]
mod public;
#[cfg(test)]
#[path = "collector/questions.rs"]
mod questions;
#[cfg(test)]
#[path = "collector/reload.rs"]
mod reload;
#[cfg(test)]
#[path = "collector/reporting.rs"]
mod reporting;
#[cfg(test)]
#[path = "collector/restart.rs"]
mod restart;
#[cfg(test)]
#[path = "collector/schema.rs"]
mod schema;
#[cfg(test)]
#[path = "collector/senders.rs"]
mod senders;
#[cfg(test)]
#[path = "collector/spellings.rs"]
mod spellings;
#[cfg(test)]
#[path = "collector/start.rs"]
mod start;
#[cfg(test)]
#[path = "collector/steps.rs"]
mod steps;
#[path = "collector/next.rs"]
mod next;
#[cfg(test)]
#[path = "collector/stores.rs"]
mod stores;
#[cfg(test)]
#[path = "collector/unasked.rs"]
mod unasked;
#[cfg(test)]
#[path = "collector/wrong_clock.rs"]
mod wrong_clock;
