//! Records in the batches of requests: what a request has in common, and how
//! much fits.

use headcount_catalog::{Catalog, Checked, Dialect};
use headcount_wire::{HomeLifetime, Rate, capacity};

use super::limits;

/// A record that is to be sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outgoing {
    pub(super) record: Checked,
    /// Bytes of its line.
    pub(super) bytes: usize,
    pub(super) rate: Rate,
    pub(super) home: HomeLifetime,
}

/// What the records of one request have in common.
#[derive(Debug, Clone, PartialEq)]
struct Route {
    /// A request has one path, and some events have their own.
    path: Option<&'static str>,
    /// Of a queue, a request never carries two ids. Those of an export are
    /// pseudonyms of many people, which travel together.
    device: Option<String>,
    rate: Rate,
    home: HomeLifetime,
}

/// A batch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Batch {
    route: Route,
    bytes: usize,
    pub(super) records: Vec<Checked>,
}

impl Batch {
    pub(super) fn rate(&self) -> Rate {
        self.route.rate
    }

    pub(super) fn home(&self) -> HomeLifetime {
        self.route.home
    }
}

/// Whose ids the records have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ids {
    /// Of one machine: a request never carries two.
    OfOneMachine,
    /// Pseudonyms of many.
    OfMany,
}

/// The batches that are being filled.
#[derive(Debug)]
pub(super) struct Filling {
    catalog: &'static Catalog,
    dialect: Dialect,
    ids: Ids,
    open: Vec<Batch>,
}

impl Filling {
    pub(super) fn new(catalog: &'static Catalog, dialect: Dialect, ids: Ids) -> Self {
        Self { catalog, dialect, ids, open: Vec::new() }
    }

    /// Adds a record. Returns a batch that is full, or that has waited longest
    /// if there are too many.
    pub(super) fn add(&mut self, outgoing: Outgoing) -> Option<Batch> {
        let Outgoing { record, bytes, rate, home } = outgoing;
        let device = match self.ids {
            Ids::OfOneMachine => record.device(self.catalog).map(str::to_owned),
            Ids::OfMany => None,
        };
        let route = Route { path: record.event.path, device, rate, home };
        let room = capacity(self.dialect);
        let place = self.open.iter().position(|batch| batch.route == route);
        let Some(place) = place else {
            let oldest = (self.open.len() >= limits::OPEN_BATCHES).then(|| self.open.remove(0));
            self.open.push(Batch { route, bytes, records: vec![record] });
            return oldest;
        };
        let batch = &mut self.open[place];
        if batch.records.len() < room.events && batch.bytes + bytes <= room.bytes {
            batch.bytes += bytes;
            batch.records.push(record);
            return None;
        }
        let next = Batch { route, bytes, records: vec![record] };
        Some(std::mem::replace(batch, next))
    }

    /// The batches that are not full, once nothing more comes.
    pub(super) fn finish(self) -> Vec<Batch> {
        self.open
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::{Time, parse};

    use super::*;

    fn wren() -> &'static Catalog {
        let text = include_str!("../../../../examples/wren/telemetry.toml");
        Box::leak(Box::new(parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))))
    }

    fn outgoing(catalog: &Catalog, rate: Rate, bytes: usize) -> Outgoing {
        let record = catalog.sample(&catalog.events[0], Time::from_seconds(1_795_218_080));
        Outgoing { record, bytes, rate, home: HomeLifetime::Lasting }
    }

    #[test]
    fn a_batch_is_full_by_events_or_by_bytes() {
        let catalog = wren();
        let room = capacity(Dialect::Headcount);
        let mut filling = Filling::new(catalog, Dialect::Headcount, Ids::OfMany);
        for _ in 0..room.events {
            assert_eq!(filling.add(outgoing(catalog, Rate::WHOLE, 10)), None);
        }
        let full = filling.add(outgoing(catalog, Rate::WHOLE, room.bytes)).unwrap();
        assert_eq!(full.records.len(), room.events);
        let full = filling.add(outgoing(catalog, Rate::WHOLE, 1)).unwrap();
        assert_eq!(full.records.len(), 1);
        let sizes: Vec<usize> = filling.finish().iter().map(|own| own.records.len()).collect();
        assert_eq!(sizes, [1]);
    }

    #[test]
    fn a_rate_is_that_of_a_whole_request() {
        let catalog = wren();
        let mut filling = Filling::new(catalog, Dialect::Headcount, Ids::OfMany);
        for rate in [Rate::WHOLE, Rate::ALL[3], Rate::WHOLE] {
            assert_eq!(filling.add(outgoing(catalog, rate, 10)), None);
        }
        let batches = filling.finish();
        let told: Vec<_> = batches.iter().map(|own| (own.rate(), own.records.len())).collect();
        assert_eq!(told, [(Rate::WHOLE, 2), (Rate::ALL[3], 1)]);
    }

    #[test]
    fn no_more_batches_are_open_than_the_limit() {
        let atomic = include_str!("../../catalogs/atomic.toml");
        let catalog: &'static Catalog = Box::leak(Box::new(parse(atomic).unwrap()));
        let place = catalog
            .envelope
            .iter()
            .position(|entry| matches!(entry.source, headcount_catalog::Source::Device))
            .unwrap();
        let mut filling = Filling::new(catalog, Dialect::Headcount, Ids::OfOneMachine);
        let mut sent = 0;
        for number in 0..limits::OPEN_BATCHES + 2 {
            let mut outgoing = outgoing(catalog, Rate::WHOLE, 10);
            let id = format!("00000000-0000-4000-8000-{number:012x}");
            outgoing.record.envelope[place] =
                headcount_catalog::Kind::Reference(headcount_catalog::Reference::Session)
                    .token(&id)
                    .ok()
                    .map(headcount_catalog::Value::Token);
            sent += usize::from(filling.add(outgoing).is_some());
        }
        assert_eq!((sent, filling.finish().len()), (2, limits::OPEN_BATCHES));
    }
}
