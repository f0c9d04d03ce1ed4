//! Tests of installing and removing.

mod agent_config;
mod chance;
mod files;
mod looks;
mod made;
mod refused;
mod texts;
