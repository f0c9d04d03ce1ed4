//! Reading a long transcript, beside a program that only counts its lines.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::home::{HookHome, fed, peak_mib};
use crate::Fault;
use crate::limits::{Effort, HOOK_MIB, TRANSCRIPT_BYTES, TRANSCRIPT_GB_S};
use crate::page::{Met, Section, Table, Verdict};
use crate::process::Watch;
use crate::sample::Sample;

/// What an agent writes most: its own text, with source code in it. 2,000 bytes
/// a line.
const TEXT: &str = "fn main() { let answer = ask(\\\"what?\\\"); print(answer); } // and so on. ";

/// A command every so many lines.
const COMMAND_EVERY: usize = 5_000;

/// Measures it.
///
/// # Errors
///
/// The files cannot be written, or a program fails.
pub(crate) fn measure(home: &HookHome, watch: &Watch, effort: Effort) -> Result<Section, Fault> {
    let folder = home.folder.join(".claude/projects/-srv-demo");
    fs::create_dir_all(&folder)?;
    let (long, short) = (folder.join("long.jsonl"), folder.join("short.jsonl"));
    write(&long, TRANSCRIPT_BYTES)?;
    write(&short, 10_000)?;
    let call = home.call("hook", &["claude", "SessionEnd"]);
    let count = home.program(Path::new("/usr/bin/wc"), vec!["-l".to_owned()]);
    let payload = |round: u32, path: &PathBuf| -> Result<PathBuf, Fault> {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
        let rest = format!(",\"reason\":\"other\",\"transcript_path\":\"{}\"", path.display());
        home.transcript_payload(&format!("{}{round}", name.unwrap_or_default()), &rest)
    };
    let (mut with, mut without, mut counted) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..effort.transcript_rounds() {
        for (path, times) in [(&long, &mut with), (&short, &mut without)] {
            home.clean()?;
            home.pause()?;
            times.push(fed(&call, &payload(round, path)?, watch)?);
        }
        counted.push(fed(&count, &long, watch)?);
    }
    home.clean()?;
    let peak = peak_mib(&call, &payload(u32::MAX, &long)?)?;
    let [with, without, counted] = [with, without, counted].map(Sample::of);
    let bytes = fs::metadata(&long)?.len() as f64;
    let rate = bytes / (with.median() - without.median()) / 1e9;
    let mut table = Table::new(&["a transcript of 100 MB", "ms", "GB/s"]);
    table.row([
        "**`headcount hook`** at the end of a session".to_owned(),
        with.told(1e3, 1),
        format!("{rate:.2}, without the call itself"),
    ]);
    table.row(["the same with one of 10 kB".to_owned(), without.told(1e3, 1), String::new()]);
    table.row([
        "`wc -l`".to_owned(),
        counted.told(1e3, 1),
        format!("{:.2}", bytes / counted.median() / 1e9),
    ]);
    Ok(Section {
        title: "A transcript",
        text: format!(
            "{} rounds; the file is in the system's cache. Lines of 2,000 bytes, a command that a person typed \
             every {COMMAND_EVERY} lines.",
            effort.transcript_rounds()
        ),
        tables: vec![table],
        verdicts: vec![
            Verdict::new(
                "reading a transcript",
                format!("{TRANSCRIPT_GB_S} GB/s at least"),
                format!("{rate:.2} GB/s"),
                Met::within(TRANSCRIPT_GB_S, rate),
            ),
            Verdict::new(
                "reading a transcript: memory",
                format!("{HOOK_MIB} MiB"),
                format!("{peak:.1} MiB"),
                Met::within(peak, HOOK_MIB),
            ),
        ],
    })
}

/// Writes a transcript of about this length.
fn write(path: &Path, bytes: usize) -> Result<(), Fault> {
    let mut file = BufWriter::new(File::create(path)?);
    let text = TEXT.repeat(2_000 / TEXT.len());
    let line = format!(
        "{{\"type\":\"assistant\",\"message\":{{\"role\":\"assistant\",\"content\":[{{\"type\":\"text\",\"text\":\"{text}\"}}]}},\"timestamp\":\"2026-11-20T10:00:00Z\"}}\n"
    );
    let command = "{\"type\":\"user\",\"isSidechain\":false,\"message\":{\"role\":\"user\",\"content\":\"<command-message>commit</command-message>\\n<command-name>/commit</command-name>\"},\"timestamp\":\"2026-11-20T10:00:00Z\"}\n";
    let (mut written, mut lines) = (0, 0);
    while written < bytes {
        let next = if lines % COMMAND_EVERY == 1 { command } else { line.as_str() };
        file.write_all(next.as_bytes())?;
        (written, lines) = (written + next.len(), lines + 1);
    }
    Ok(file.flush()?)
}
