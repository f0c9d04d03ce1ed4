//! What `inspect` shows is what is sent, to the byte, in every dialect.

use headcount::person;
use headcount_testkit::Home;

use super::receiver::Receiver;
use super::scene::{NOW, catalog, open, record_all};

#[test]
fn what_is_shown_is_what_is_sent() {
    for (product, destination) in [
        ("atomic", "kind = \"otlp\"\nendpoint = \"https://a.example\""),
        ("atomic", "kind = \"otlp\"\nendpoint = \"https://a.example\"\nencoding = \"protobuf\""),
        ("archon", "kind = \"posthog\"\nendpoint = \"https://a.example\"\nkey = \"phc_test\""),
        ("assembly", ""),
        ("clacky", ""),
    ] {
        let destination = match destination {
            "" => String::new(),
            destination => format!("[[destination]]\n{destination}\n"),
        };
        let (catalog, home) = (catalog(product, &destination), Home::new());
        let session = open(catalog, &home, NOW);
        record_all(&session, catalog, 2);
        let words = ["inspect", "--json"].map(str::to_owned);
        let shown = person::run(&session, &words).out;
        let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let receiver = Receiver::new(catalog, Vec::new());
        session.flush(&receiver);
        let sent = receiver.requests();
        assert_eq!(shown.as_array().map(Vec::len), Some(sent.len()), "{product}");
        for (shown, sent) in shown.as_array().unwrap().iter().zip(&sent) {
            assert_eq!(shown["url"], sent.url);
            assert_eq!(shown["method"], "POST");
            assert_eq!(shown["headers"].as_object().unwrap().len(), sent.headers.len());
            for (name, value) in &sent.headers {
                assert_eq!(shown["headers"][name], *value);
            }
            match sent.text() {
                Some(text) => assert_eq!(shown["body"], text),
                None => {
                    let text = shown["bodyBase64"].as_str().unwrap();
                    let body = headcount_wire::base64::decode(text.as_bytes());
                    // What is no text is shown as it goes, compression
                    // included.
                    assert_eq!(body.as_deref(), Some(&sent.sent()[..]));
                }
            }
        }
    }
}
