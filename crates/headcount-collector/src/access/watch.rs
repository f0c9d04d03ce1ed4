//! Looks at the credentials' file while a collector runs, on a thread of its
//! own.

use std::io;
use std::sync::Arc;

use crate::app::App;
use crate::health::LifeSign;
use crate::limits;
use crate::repeated_task::{Pauses, RepeatedTask};

/// Starts the thread.
pub(crate) fn watch(app: &Arc<App>, life_sign: LifeSign) -> io::Result<RepeatedTask> {
    let (gate, error_log) = (Arc::clone(&app.gate), Arc::clone(&app.error_log));
    let pauses =
        Pauses { first: limits::CREDENTIALS_INTERVAL, every: limits::CREDENTIALS_INTERVAL };
    let tell = move |looked: std::thread::Result<()>| {
        if looked.is_err() {
            error_log(
                "a look at the credentials panicked, and another one follows; this is a bug in \
                 Headcount: please report it",
            );
        }
    };
    RepeatedTask::start("headcount-access", pauses, life_sign, move || gate.look(), tell)
}
