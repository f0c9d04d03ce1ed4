//! Looks at the credentials' file while a collector runs, on a thread of its
//! own.

use std::io;
use std::sync::Arc;

use crate::app::App;
use crate::health::LifeSign;
use crate::limits;
use crate::operator_log::LogPart;
use crate::repeated_task::{Pauses, RepeatedTask};

/// Starts the thread.
pub(crate) fn watch(app: &Arc<App>, life_sign: LifeSign) -> io::Result<RepeatedTask> {
    let (gate, log) = (Arc::clone(&app.gate), app.log.clone());
    let pauses =
        Pauses { first: limits::CREDENTIALS_INTERVAL, every: limits::CREDENTIALS_INTERVAL };
    let tell = move |looked: std::thread::Result<()>| {
        if looked.is_err() {
            log.error(
                LogPart::Credentials,
                "a look at the credentials panicked, and another one follows; this is a bug in \
                 Headcount: please report it",
            );
        }
    };
    RepeatedTask::start("headcount-access", pauses, life_sign, move || gate.look(), tell)
}
