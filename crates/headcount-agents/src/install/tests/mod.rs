//! Tests of installing and removing.

mod texts;
