//! Tests of rollups.
