//! Hidden commands are named nowhere: the one that ships, and an older name of
//! `login`.

use headcount_testkit::{Home, assert_is_hidden};

use crate::stage::program;

#[test]
fn flush_stays_hidden_from_every_help() {
    let home = Home::new();
    assert_is_hidden(|args| program(&home, args), "flush");
}

#[test]
fn codingplan_stays_hidden_from_every_help() {
    let home = Home::new();
    assert_is_hidden(|args| program(&home, args), "codingplan");
}
