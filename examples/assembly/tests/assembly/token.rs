//! The token that ships: the right kind, and blanked in this suite.

use headcount_testkit::{Home, ShippedToken};

use crate::stage::{assembly, shipped_token};

#[test]
fn the_shipped_token_is_a_client_token_and_never_an_api_key() {
    let token = shipped_token();
    let digits = token.real().strip_prefix("pub").expect("a client token begins with `pub`");
    assert_eq!(digits.len(), 32);
    assert!(digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[test]
fn no_test_of_this_suite_uses_it_unless_it_says_so() {
    let status = assembly(&Home::new(), &["telemetry", "status", "--json"]).stdout_text();
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    let url = status["destinations"][0]["url"].as_str().unwrap();
    assert!(url.starts_with(ShippedToken::NOWHERE), "{url}");
}
