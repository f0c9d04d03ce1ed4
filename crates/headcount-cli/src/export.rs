//! `headcount export`: the raw events of a product, as lines of JSON, CSV or
//! Parquet.

mod output_file;

use std::io::{self, BufWriter, Write as _};

use headcount_collector::offline::{self, ExportRange, ExportTarget, OfflineError};

use crate::args::{Export, ExportFormat};
use crate::print;
use crate::progress::Progress;
use output_file::OutputFile;

/// Bytes that are written at once.
const BUFFER: usize = 256 * 1024;

/// Writes the events. 1 where they cannot be read or written, 2 where the days
/// are in the wrong order. A reader that has seen enough is not an error.
pub(crate) fn run(export: &Export) -> u8 {
    if let (Some(from), Some(to)) = (export.from, export.to)
        && from > to
    {
        print::err(format_args!(
            "headcount export: --from ({from}) is after --to ({to}): swap them\n"
        ));
        return 2;
    }
    let exported = match &export.output {
        None => to_standard_output(export),
        Some(path) => match OutputFile::begin(path, &export.folder.data) {
            Ok(file) => to_file(export, file),
            Err(error) => Err(format!("cannot create {}: {error}", path.display())),
        },
    };
    match exported {
        Ok(()) => 0,
        Err(error) => {
            print::err(format_args!("headcount export: {error}\n"));
            1
        }
    }
}

fn write(export: &Export, target: ExportTarget<'_>) -> Result<(), OfflineError> {
    let range = ExportRange { from: export.from, to: export.to };
    let (data, product) = (&export.folder.data, &export.product);
    let mut progress = Progress::new();
    let exported = offline::export(data, product, range, target, &mut |events| {
        progress.tell(|| format!("{events} events written"));
    });
    progress.end();
    exported.map(drop)
}

fn to_standard_output(export: &Export) -> Result<(), String> {
    let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let target = match export.format {
        ExportFormat::Csv => ExportTarget::Csv(&mut out),
        _ => ExportTarget::Lines(&mut out),
    };
    let exported = write(export, target);
    // After an error nothing more is written at the end.
    let _ = out.into_parts();
    match exported {
        Err(error) if !error.is_broken_pipe() => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn to_file(export: &Export, output: OutputFile) -> Result<(), String> {
    let file = |error: io::Error| format!("cannot write {}: {error}", output.path().display());
    let own = output.file().map_err(file)?;
    let exported = match export.format {
        ExportFormat::Parquet => write(export, ExportTarget::Parquet(own)),
        format => {
            let mut out = BufWriter::with_capacity(BUFFER, own);
            let target = match format {
                ExportFormat::Csv => ExportTarget::Csv(&mut out),
                _ => ExportTarget::Lines(&mut out),
            };
            let exported = write(export, target);
            if exported.is_ok() {
                out.flush().map_err(file)?;
            }
            let _ = out.into_parts();
            exported
        }
    };
    exported.map_err(|error| error.to_string())?;
    let path = output.path().to_path_buf();
    output.finish().map_err(|error| format!("cannot write {}: {error}", path.display()))
}
