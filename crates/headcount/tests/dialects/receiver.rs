//! A receiver of every dialect in one: it tells them apart by their paths,
//! reads them with the decoders that a collector has, and answers in kind.

use std::cell::RefCell;
use std::time::Duration;

use headcount::Catalog;
use headcount::catalog::{Reason, Unchecked};
use headcount::ship::{Request, Response, Transport, TransportError, TransportErrorKind};
use headcount_wire::native::BatchAnswer;
use headcount_wire::{Outcome, clacky, datadog, http, native, otlp, posthog, unchecked, write};

/// What a receiver does, instead of taking everything, with requests whose path
/// begins like that.
pub(crate) enum Mood {
    /// Nobody is there.
    Dead,
    /// It says this and keeps nothing.
    Says(u16, &'static str),
}

pub(crate) struct Receiver {
    catalog: &'static Catalog,
    moods: Vec<(&'static str, Mood)>,
    requests: RefCell<Vec<Request>>,
    arrived: RefCell<Vec<(String, String)>>,
}

impl Receiver {
    pub(crate) fn new(catalog: &'static Catalog, moods: Vec<(&'static str, Mood)>) -> Self {
        Self { catalog, moods, requests: RefCell::default(), arrived: RefCell::default() }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.borrow().clone()
    }

    /// The lines that arrived at a path, in order.
    pub(crate) fn arrived(&self, path: &str) -> Vec<String> {
        let arrived = self.arrived.borrow();
        let there = arrived.iter().filter(|(at, _)| at.starts_with(path));
        there.map(|(_, line)| line.clone()).collect()
    }

    /// Whatever a decoder makes of a body is judged, and nothing may be
    /// dropped.
    fn take(&self, path: &str, unchecked: Vec<Result<Unchecked<'_>, Reason>>) -> usize {
        let taken = unchecked.len();
        for unchecked in unchecked {
            let mut checked =
                unchecked.and_then(|unchecked| self.catalog.check(&unchecked)).unwrap();
            assert_eq!(checked.dropped, [], "{path}");
            // OpenClacky's payloads have neither; a collector mints both.
            let sample = self.catalog.sample(checked.event, super::scene::now());
            checked.id = checked.id.or(sample.id);
            checked.time = checked.time.or(sample.time);
            let line = write(self.catalog, &checked).unwrap();
            self.arrived.borrow_mut().push((path.to_owned(), line));
        }
        taken
    }

    fn answer(&self, path: &str, request: &Request) -> (u16, Option<&'static str>, Vec<u8>) {
        let body = &request.body[..];
        let json = Some("application/json");
        let header = |name: &str| {
            let found = request.headers.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| value.as_str())
        };
        match path {
            "/api/v1/events" => {
                let arrivals = native::decode(body).unwrap();
                let unchecked =
                    arrivals.iter().map(|it| it.as_ref().map_err(|it| *it).and_then(unchecked));
                let outcomes = vec![Outcome::Stored; self.take(path, unchecked.collect())];
                (200, json, BatchAnswer { outcomes }.encode().into_bytes())
            }
            "/v1/logs" if header("content-type") == Some(otlp::CONTENT_TYPE_PROTOBUF) => {
                let export = otlp::decode_protobuf(body).unwrap();
                let records = export.records().unwrap().into_iter();
                self.take(path, records.map(|record| Ok(record.unchecked)).collect());
                (
                    200,
                    Some(otlp::CONTENT_TYPE_PROTOBUF),
                    otlp::encode_answer_protobuf(otlp::Signal::Logs, &[]),
                )
            }
            "/v1/logs" => {
                let export = otlp::decode(body).unwrap();
                let records = export.records().unwrap().into_iter();
                self.take(path, records.map(|record| Ok(record.unchecked)).collect());
                (200, json, otlp::encode_answer(otlp::Signal::Logs, &[]).into_bytes())
            }
            "/batch/" => {
                let captures = posthog::decode(body).unwrap();
                let captures = captures.captures().unwrap();
                assert!(captures.iter().all(|it| it.key() == Some("phc_test")));
                self.take(path, captures.iter().map(|it| it.unchecked(self.catalog)).collect());
                (200, json, posthog::encode_answer().into())
            }
            "/api/v2/logs" => {
                let logs = datadog::decode(body).unwrap();
                let unchecked =
                    logs.logs().map(|log| log.and_then(|log| log.unchecked(self.catalog)));
                self.take(path, unchecked.collect());
                (202, json, datadog::encode_answer().into())
            }
            "/plain" => {
                let events = http::decode(body).unwrap();
                self.take(path, events.events().map(|event| event.and_then(unchecked)).collect());
                (200, json, http::encode_answer().into())
            }
            path => {
                let event = clacky::event(self.catalog, path).expect("a path of the catalog's");
                let payload = clacky::decode(body).unwrap();
                self.take(path, vec![payload.unchecked(self.catalog, event.name)]);
                (200, json, clacky::encode_answer().into())
            }
        }
    }
}

impl Transport for Receiver {
    fn send(&self, request: &Request, _limit: Duration) -> Result<Response, TransportError> {
        let address = request.url.strip_prefix("http://127.0.0.1:9").expect("on this machine");
        let path = address.split('?').next().unwrap_or("");
        let mood = self.moods.iter().find(|(begins, _)| path.starts_with(begins));
        let (status, content_type, body) = match mood.map(|(_, mood)| mood) {
            Some(Mood::Dead) => {
                return Err(TransportError::new(
                    TransportErrorKind::Unreachable,
                    "nobody is there",
                ));
            }
            Some(Mood::Says(status, body)) => (*status, None, (*body).into()),
            None => self.answer(path, request),
        };
        self.requests.borrow_mut().push(request.clone());
        let content_type = content_type.map(str::to_owned);
        Ok(Response { status, content_type, body, ..Response::default() })
    }
}
