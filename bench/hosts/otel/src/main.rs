//! The host with opentelemetry-otlp: one log record a run, flushed before it
//! ends.

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry_otlp::{LogExporter, Protocol, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;

fn main() {
    println!("Hello.");
    let Ok(endpoint) = std::env::var("PROOF_ENDPOINT") else { return };
    let exporter = LogExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/logs"))
        .build();
    let Ok(exporter) = exporter else { return };
    let resource = Resource::builder_empty().with_service_name("hello").build();
    let provider =
        SdkLoggerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let logger = provider.logger("hello");
    let mut record = logger.create_log_record();
    record.set_event_name("command");
    record.add_attribute("command", "hello");
    record.add_attribute("success", true);
    record.add_attribute("version", env!("CARGO_PKG_VERSION"));
    record.add_attribute("os", std::env::consts::OS);
    logger.emit(record);
    // An endpoint that is away is no reason to fail.
    let _ = provider.shutdown();
}
