//! From a thread that stands at a function to the kind of its call and its
//! file.

use std::path::Path;

use crate::debuggee::{Process, Registers};
use crate::functions::{File, Function, Kind};

/// Of winnt.h: access that only looks at a file. `FILE_READ_ATTRIBUTES`,
/// `READ_CONTROL`, `SYNCHRONIZE`.
const LOOKS: u64 = 0x80 | 0x2_0000 | 0x10_0000;
/// `FILE_OPEN` and `FILE_CREATE` of winternl.h.
const OPEN: u64 = 1;
const CREATE: u64 = 2;
/// `FILE_DIRECTORY_FILE` and `FILE_DELETE_ON_CLOSE` of winternl.h.
const FOLDER: u64 = 0x1;
const DELETE_ON_CLOSE: u64 = 0x1000;

/// What is at the start of a path of a kernel's call.
const PREFIXES: [&str; 2] = [r"\??\", r"\\?\"];

/// The kind of a call.
pub(crate) fn kind(function: &Function, registers: &Registers) -> &'static str {
    let number = |at| registers.short_argument(at);
    match function.kind {
        Kind::Always(kind) => kind,
        Kind::Opens { access, disposition, options } => {
            let options = number(options);
            let disposition = disposition.map_or(OPEN, number);
            if options & DELETE_ON_CLOSE != 0 {
                "delete"
            } else if disposition == CREATE && options & FOLDER != 0 {
                "mkdir"
            } else if disposition != OPEN {
                "create"
            } else if number(access) & !LOOKS == 0 {
                "stat"
            } else {
                "open"
            }
        }
        // `FILE_INFORMATION_CLASS` of wdm.h.
        Kind::Sets { class } => match number(class) {
            4 => "attributes",
            10 | 65 => "rename",
            11 | 72 => "link",
            13 | 64 => "delete",
            19 | 20 => "truncate",
            _ => "set",
        },
    }
}

/// The path of a call's file; `None` if it is none of the file system.
pub(crate) fn path(function: &Function, process: Process, registers: &Registers) -> Option<String> {
    let units = match function.file {
        File::Handle => process.path_of(registers.argument(0))?,
        File::Attributes(at) => {
            // `OBJECT_ATTRIBUTES`: the folder is its second word of eight
            // bytes, the name its third. `UNICODE_STRING`: the bytes, and the
            // text.
            let [_, folder, name] = process.numbers(registers.argument(at)).ok()?;
            let [bytes, text_at] = process.numbers(name).ok()?;
            let mut text = vec![0; usize::from(bytes as u16)];
            process.read_into(text_at, &mut text).ok()?;
            let name = text.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
            if folder == 0 {
                name.collect()
            } else {
                let mut path = process.path_of(folder)?;
                if !text.is_empty() {
                    path.push(u16::from(b'\\'));
                    path.extend(name);
                }
                path
            }
        }
    };
    let path = String::from_utf16_lossy(&units);
    let bare = PREFIXES.iter().find_map(|prefix| path.strip_prefix(prefix));
    Some(bare.unwrap_or(&path).to_owned())
}

/// Whether a path is below a folder. Names differ by more than case.
pub(crate) fn is_below(path: &str, folder: &Path) -> bool {
    let folder = folder.to_string_lossy().to_lowercase();
    path.to_lowercase().strip_prefix(&folder).is_some_and(|rest| rest.starts_with('\\'))
}
