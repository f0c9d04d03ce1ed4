//! OTLP: both encodings are equivalent, and what real senders write is decoded.

use headcount_catalog::{Dialect, Encoding, Raw};
use headcount_wire::otlp::{decode, decode_protobuf};

use super::products::{MOMENT, catalogs, records, sent};

/// As OpenTelemetry's JavaScript exporter writes it: numbers for whole numbers,
/// an empty value, unknown fields (wire formats, B1).
#[test]
fn real_senders_are_read() {
    let body = br#"{"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"x"}},
        {"key":"n","value":{}}],"droppedAttributesCount":0},"scopeLogs":[{"scope":{"name":"s"},"logRecords":[
        {"timeUnixNano":1795218080123000000,"observedTimeUnixNano":"1","eventName":"run","attributes":[
        {"key":"code","value":{"new":true,"intValue":3}},{"key":"text","value":{"intValue":"-4"}},{"key":"half","value":{"doubleValue":0.5}},
        {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"}]}}},{"key":"deep","value":{"arrayValue":{"values":[{"arrayValue":{}}]}}},
        {"key":"map","value":{"kvlistValue":{"values":[]}}},{"value":{"stringValue":"keyless"}}],"droppedAttributesCount":0}]}]},{}]}"#;
    let export = decode(body).unwrap();
    let records = export.records().unwrap();
    assert_eq!(records.len(), 1);
    let unchecked = &records[0].unchecked;
    assert_eq!((records[0].service, unchecked.given.event), (Some("x"), Some("run")));
    assert_eq!(unchecked.given.time, Some(MOMENT));
    let fields: Vec<(&str, &Raw<'_>)> =
        unchecked.fields.iter().map(|(key, raw)| (key.as_ref(), raw)).collect();
    assert_eq!(
        fields,
        [
            ("code", &Raw::Integer(3)),
            ("text", &Raw::Integer(-4)),
            ("half", &Raw::Decimal(0.5)),
            ("list", &Raw::List(vec![Raw::Text("a")])),
            ("deep", &Raw::List(vec![Raw::Other])),
            ("map", &Raw::Other),
        ]
    );
}

#[test]
fn what_is_not_an_export_is_refused_or_empty() {
    assert!(decode(b"nonsense").is_err());
    assert!(decode(b"[]").is_err());
    for empty in [&b"{}"[..], b"{\"resourceLogs\":null}", b"{\"resourceLogs\":[{\"scopeLogs\":7}]}"]
    {
        assert_eq!(decode(empty).unwrap().records().unwrap().len(), 0);
    }
}

#[test]
fn both_encodings_say_the_same() {
    for catalog in catalogs() {
        let records = records(&catalog);
        let json = sent(&catalog, &records, (Dialect::Otlp, Encoding::Json)).body;
        let bytes = sent(&catalog, &records, (Dialect::Otlp, Encoding::Protobuf)).body;
        let (json, bytes) = (decode(&json).unwrap(), decode_protobuf(&bytes).unwrap());
        assert_eq!(json.records().unwrap(), bytes.records().unwrap());
        assert_eq!(json.records().unwrap().len(), records.len());
    }
}

/// As Python's exporter writes it: an event without `eventName`.
#[test]
fn an_older_sender_names_its_event_in_an_attribute() {
    let body = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[
        {"observedTimeUnixNano":"1795218080123000000","attributes":[{"key":"event.name","value":{"stringValue":"run"}}]}]}]}]}"#;
    let export = decode(body).unwrap();
    let records = export.records().unwrap();
    assert_eq!(records[0].unchecked.given.event, Some("run"));
    assert_eq!(records[0].unchecked.given.time, Some(MOMENT));
}
