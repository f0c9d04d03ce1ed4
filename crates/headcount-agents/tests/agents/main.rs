//! Hooks as agents call them: one payload after the other, and what is recorded
//! of them in a home of their own.

mod hostile;
mod payloads;
mod sessions;
mod stage;
mod transcripts;
