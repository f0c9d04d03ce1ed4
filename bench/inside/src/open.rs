//! One start: the decision, and what it reads, against reading the same files
//! bare.

use std::fs;
use std::hint::black_box;
use std::io;
use std::path::PathBuf;

use crate::bare;

/// Starts a turn.
const CALLS: u32 = 200;

/// Prints nanoseconds, a line a turn and variant; whether the answer is off is
/// for the environment to say.
pub(crate) fn measure(turns: u32) -> io::Result<()> {
    let folder = crate::folder()?;
    // Settings, state, id, and the administrator's policy, which is not there.
    let files: Vec<PathBuf> = ["settings.json", "telemetry-state.json", "device_id", "policy.json"]
        .into_iter()
        .map(|name| folder.join(name))
        .collect();
    let event = crate::event(1);
    for _ in 0..turns {
        let read = || {
            for file in &files {
                let _ = black_box(fs::read(file));
            }
            Ok(())
        };
        println!("bare {:.1}", bare::turn(CALLS, read)?);
        let open = || {
            black_box(crate::session().is_recording());
            Ok(())
        };
        println!("open {:.1}", bare::turn(CALLS, open)?);
        // The id and what was agreed to are read with the first event.
        let first = || {
            let _ = black_box(crate::session().line(&event));
            Ok(())
        };
        println!("first {:.1}", bare::turn(CALLS, first)?);
    }
    Ok(())
}
