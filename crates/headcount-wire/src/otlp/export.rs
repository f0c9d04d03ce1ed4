//! An export request before it is encoded: what JSON and protocol buffers have
//! in common.

use std::borrow::Cow;

use headcount_catalog::{Arch, Catalog, Checked, Platform, Source, Value, Words};

use crate::json::Written;
use crate::{LineError, fields};

/// `SEVERITY_NUMBER_INFO`.
pub(super) const INFO: u8 = 9;

/// The name and version of the instrumentation scope, the library that made the
/// records.
pub(super) const SCOPE_NAME: &str = "headcount";
pub(super) const SCOPE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Log records that share a resource.
pub(super) struct Group<'a> {
    pub(super) resource: Vec<Attribute<'a>>,
    pub(super) logs: Vec<Log<'a>>,
}

/// One log record.
pub(super) struct Log<'a> {
    /// Nanoseconds since 1970.
    pub(super) time: Option<u64>,
    pub(super) name: &'a str,
    pub(super) attributes: Vec<Attribute<'a>>,
}

/// A `KeyValue`.
#[derive(PartialEq)]
pub(super) struct Attribute<'a> {
    pub(super) key: Cow<'static, str>,
    pub(super) value: Any<'a>,
}

/// An `AnyValue`.
#[derive(PartialEq)]
pub(super) enum Any<'a> {
    Text(Cow<'a, str>),
    Flag(bool),
    Whole(i64),
    Decimal(f64),
    List(Vec<&'a str>),
}

/// Groups consecutive records by their resource.
pub(super) fn groups<'a>(
    catalog: &Catalog,
    records: &'a [Checked],
) -> Result<Vec<Group<'a>>, LineError> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for record in records {
        let (resource, log) = log_record(catalog, record)?;
        match groups.last_mut() {
            Some(last) if last.resource == resource => last.logs.push(log),
            _ => groups.push(Group { resource, logs: vec![log] }),
        }
    }
    Ok(groups)
}

fn log_record<'a>(
    catalog: &Catalog,
    record: &'a Checked,
) -> Result<(Vec<Attribute<'a>>, Log<'a>), LineError> {
    let mut resource = vec![attribute("", "service.name", text(catalog.product.name))];
    let mut log = Log { time: None, name: record.event.name, attributes: Vec::new() };
    fields::each(catalog, record, |field| {
        let described = described(field.source, &field.value);
        match (field.source, field.value) {
            (Source::Event, _) => {}
            (Source::Time(_), Written::Time(time, grain)) => {
                let milliseconds = u64::try_from(time.cut(grain).milliseconds()).unwrap_or(0);
                log.time = milliseconds.checked_mul(1_000_000);
            }
            (Source::Version | Source::Platform(_) | Source::Arch(_), _) => {
                resource.extend(described);
            }
            // Strict receivers refuse an attribute without a value.
            (_, Written::Null) => {}
            (_, value) => {
                log.attributes
                    .extend(any(value).map(|any| attribute(field.holder, field.name, any)));
            }
        }
    })?;
    Ok((resource, log))
}

/// Returns the resource attribute for this entry, if OpenTelemetry's semantic
/// conventions have one.
fn described<'a>(source: &Source, value: &Written<'a>) -> Option<Attribute<'a>> {
    let Written::Value(value) = value else { return None };
    match (source, value) {
        (Source::Version, Value::Token(version)) => {
            Some(attribute("", "service.version", text(version.as_str())))
        }
        (Source::Platform(words), Value::Word(word)) => {
            let platform = Platform::read(*words, word.as_str())?;
            Some(attribute("", "os.type", text(platform.word(Words::OpenTelemetry))))
        }
        (Source::Arch(words), Value::Word(word)) => {
            let arch = Arch::read(*words, word.as_str())?;
            Some(attribute("", "host.arch", text(arch.word(Words::OpenTelemetry))))
        }
        _ => None,
    }
}

fn attribute<'a>(holder: &'static str, name: &'static str, value: Any<'a>) -> Attribute<'a> {
    let key = match holder {
        "" => Cow::Borrowed(name),
        holder => Cow::Owned(format!("{holder}.{name}")),
    };
    Attribute { key, value }
}

fn text(text: &str) -> Any<'_> {
    Any::Text(Cow::Borrowed(text))
}

fn any<'a>(written: Written<'a>) -> Option<Any<'a>> {
    Some(match written {
        Written::Text(word) => text(word),
        Written::Id(id) => Any::Text(Cow::Owned(id.to_string())),
        Written::Time(time, grain) => Any::Text(Cow::Owned(time.format(grain))),
        Written::Value(value) => match value {
            Value::Flag(flag) => Any::Flag(*flag),
            Value::Number(number) => Any::Whole(*number),
            Value::Decimal(decimal) => Any::Decimal(decimal.get()),
            Value::Word(word) => text(word.as_str()),
            Value::Token(token) => text(token.as_str()),
            Value::Time(time, grain) => Any::Text(Cow::Owned(time.format(*grain))),
            Value::Words(words) => Any::List(words.iter().map(|word| word.as_str()).collect()),
            Value::Tokens(tokens) => {
                Any::List(tokens.iter().map(headcount_catalog::Token::as_str).collect())
            }
        },
        Written::Whole(_) | Written::Flag(_) | Written::Null | Written::Raw(_) => return None,
    })
}
