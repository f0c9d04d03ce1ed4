//! A decision that no rule made, and so a permit that nobody gave.

use headcount::consent::{ConsentState, Opinion, Says, Why};
use headcount::Decision;

fn main() {
    let winner = Opinion { says: Says::Grant, why: Why::Default };
    let _ = Decision { state: ConsentState::On, winner }.permit();
}
