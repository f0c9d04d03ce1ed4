//! The operator's log on standard error: `tracing` events, which a subscriber
//! of ours prints as lines of text or of JSON.

use std::fmt;
use std::io::{self, Write};

use headcount_catalog::Grain;
use headcount_collector::{LogField, LogLevel, LogRecord, OperatorLog, TimeSource};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use crate::args::LogFormat;
use crate::print;

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineForm {
    /// For a person: time, level, part, sentence, fields.
    Text,
    /// For the journal of systemd, which adds the time and reads the level from
    /// the beginning of a line.
    Journal,
    /// One object of JSON.
    Json,
}

impl LineForm {
    /// Text for the journal has no second time stamp.
    pub(super) fn of(format: LogFormat, is_journal: bool) -> Self {
        match (format, is_journal) {
            (LogFormat::Json, _) => Self::Json,
            (LogFormat::Text, true) => Self::Journal,
            (LogFormat::Text, false) => Self::Text,
        }
    }
}

/// Whether standard error is the journal, as systemd says it: the device and
/// the inode of its end.
#[cfg(target_os = "linux")]
pub(super) fn is_journal(stream: Option<&str>) -> bool {
    use std::os::linux::fs::MetadataExt as _;

    let Some(stream) = stream else { return false };
    std::fs::metadata("/proc/self/fd/2")
        .is_ok_and(|end| format!("{}:{}", end.st_dev(), end.st_ino()) == stream)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_journal(_stream: Option<&str>) -> bool {
    false
}

/// The log on standard error, from this level on.
pub(super) fn on_standard_error(form: LineForm, least: LogLevel, clock: TimeSource) -> OperatorLog {
    to(form, least, clock, || StandardError)
}

fn to<W>(form: LineForm, least: LogLevel, clock: TimeSource, out: W) -> OperatorLog
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level(least))
        .event_format(Lines { form, clock })
        .with_writer(out)
        .finish();
    let dispatch = Dispatch::new(subscriber);
    OperatorLog::new(move |record| {
        tracing::dispatcher::with_default(&dispatch, || emit(record));
    })
}

fn level(level: LogLevel) -> Level {
    match level {
        LogLevel::Info => Level::INFO,
        LogLevel::Warn => Level::WARN,
        LogLevel::Error => Level::ERROR,
    }
}

/// Makes an event of a record. An event's fields are fixed where it is
/// written, so all of them are here, and those without a value are not seen.
fn emit(record: &LogRecord) {
    let mut fields = EventFields::default();
    record.fields.iter().for_each(|field| fields.set(*field));
    let EventFields { route, status, reason, product, count, seconds } = fields;
    let (part, sentence) = (record.part.name(), &*record.sentence);
    macro_rules! event {
        ($level:expr) => {
            tracing::event!(
                target: "headcount",
                $level,
                part,
                sentence,
                route,
                status,
                reason,
                product,
                count,
                seconds,
            )
        };
    }
    match record.level {
        LogLevel::Info => event!(Level::INFO),
        LogLevel::Warn => event!(Level::WARN),
        LogLevel::Error => event!(Level::ERROR),
    }
}

#[derive(Default)]
struct EventFields {
    route: Option<&'static str>,
    status: Option<u16>,
    reason: Option<&'static str>,
    product: Option<&'static str>,
    count: Option<u64>,
    seconds: Option<f64>,
}

impl EventFields {
    fn set(&mut self, field: LogField) {
        match field {
            LogField::Route(route) => self.route = Some(route.name()),
            LogField::Status(status) => self.status = Some(status),
            LogField::Reason(reason) => self.reason = Some(reason),
            LogField::Product(product) => self.product = Some(product),
            LogField::Count(count) => self.count = Some(count),
            LogField::Seconds(seconds) => self.seconds = Some(seconds),
            // A kind of field that this binary does not know yet.
            _ => {}
        }
    }
}

/// Writes events as lines.
struct Lines {
    form: LineForm,
    clock: TimeSource,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _context: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Line::default();
        event.record(&mut line);
        let level = *event.metadata().level();
        let time = (self.clock)().format(Grain::Second);
        match self.form {
            LineForm::Text => {
                write!(out, "{time} {:<5} ", name(level))?;
                line.write_text(&mut out)
            }
            LineForm::Journal => {
                // As in syslog(3): err, warning, info.
                let priority = match level {
                    Level::ERROR => 3,
                    Level::WARN => 4,
                    _ => 6,
                };
                write!(out, "<{priority}>")?;
                line.write_text(&mut out)
            }
            LineForm::Json => line.write_json(&time, name(level), &mut out),
        }
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        _ => "info",
    }
}

/// The fields of an event, in their order.
#[derive(Default)]
struct Line {
    part: String,
    sentence: String,
    fields: Vec<(&'static str, Value)>,
}

impl Line {
    fn write_text(&self, out: &mut Writer<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.part, self.sentence)?;
        for (name, value) in &self.fields {
            match value {
                // A word of a closed list, or the name of a product.
                Value::String(word) => write!(out, " {name}={word}")?,
                number => write!(out, " {name}={number}")?,
            }
        }
        writeln!(out)
    }

    fn write_json(&self, time: &str, level: &str, out: &mut Writer<'_>) -> fmt::Result {
        let (part, sentence) = (Value::from(&*self.part), Value::from(&*self.sentence));
        write!(out, "{{\"time\":\"{time}\",\"level\":\"{level}\"")?;
        write!(out, ",\"part\":{part},\"sentence\":{sentence}")?;
        for (name, value) in &self.fields {
            write!(out, ",\"{name}\":{value}")?;
        }
        writeln!(out, "}}")
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "part" => value.clone_into(&mut self.part),
            "sentence" => value.clone_into(&mut self.sentence),
            name => self.fields.push((name, value.into())),
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.fields.push((field.name(), value.into()));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.fields.push((field.name(), value.into()));
    }

    /// Every field of ours has one of the types above.
    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

/// Standard error. If nobody reads it, a line is lost and nothing else.
struct StandardError;

impl Write for StandardError {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        print::err(String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use headcount_catalog::Time;
    use headcount_collector::LogPart;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn printed(form: LineForm, least: LogLevel) -> String {
        let kept = Kept::default();
        let out = kept.clone();
        let clock: TimeSource = Arc::new(|| Time::from_seconds(1_795_176_000));
        let log = to(form, least, clock, move || out.clone());
        log.info(LogPart::Process, "listening \"here\"");
        let refused = LogRecord::new(LogLevel::Warn, LogPart::Requests, "requests are refused")
            .with(LogField::Reason("unknown-key"))
            .with(LogField::Status(401))
            .with(LogField::Product("atomic"))
            .with(LogField::Count(3))
            .with(LogField::Seconds(60.0));
        log.tell(&refused);
        log.error(LogPart::Store, "the disk is full");
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn text_is_a_line_a_record() {
        assert_eq!(
            printed(LineForm::Text, LogLevel::Info),
            "2026-11-20T12:00:00Z info  process: listening \"here\"\n\
             2026-11-20T12:00:00Z warn  requests: requests are refused status=401 \
             reason=unknown-key product=atomic count=3 seconds=60.0\n\
             2026-11-20T12:00:00Z error store: the disk is full\n"
        );
    }

    #[test]
    fn the_journal_adds_its_own_time() {
        let text = printed(LineForm::Journal, LogLevel::Warn);
        assert!(text.starts_with("<4>requests: requests are refused "), "{text}");
        assert!(text.ends_with("\n<3>store: the disk is full\n"), "{text}");
        assert!(!is_journal(None) && !is_journal(Some("1:2")));
        assert_eq!(LineForm::of(LogFormat::Json, true), LineForm::Json);
        assert_eq!(LineForm::of(LogFormat::Text, true), LineForm::Journal);
    }

    #[test]
    fn json_is_an_object_a_line() {
        let text = printed(LineForm::Json, LogLevel::Info);
        let lines: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["sentence"], "listening \"here\"");
        assert_eq!(lines[1]["count"], 3);
        assert_eq!(lines[1]["level"], "warn");
        assert_eq!(lines[2]["time"], "2026-11-20T12:00:00Z");
        assert_eq!(lines[2].as_object().unwrap().len(), 4, "nothing that has no value");
    }

    #[test]
    fn what_is_less_important_is_not_printed() {
        assert_eq!(printed(LineForm::Text, LogLevel::Error).lines().count(), 1);
    }
}
