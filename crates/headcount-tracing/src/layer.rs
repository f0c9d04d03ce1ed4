//! The layer: which callsites are looked at, and when an event is recorded.

use std::fmt;
use std::time::Instant;

use headcount::TypedEvent;
use headcount::catalog::{Catalog, Reason};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::draft::{Draft, Name, Refused, known};

/// The target of callsites that are looked at.
pub const TARGET: &str = "headcount";

/// A layer that records spans and events with the target [`TARGET`] as events
/// of a catalog.
pub struct CatalogLayer<R> {
    catalog: &'static Catalog,
    record: R,
    told: Option<Told>,
}

type Told = Box<dyn Fn(Refused) + Send + Sync>;

/// What a span has of the layer.
struct Begun {
    draft: Draft,
    at: Instant,
}

impl<R: Fn(&dyn TypedEvent) + Send + Sync + 'static> CatalogLayer<R> {
    /// A layer that hands events to `record`, such as
    /// `move |event| session.record(event)`, on the thread of the callsite.
    pub fn new(catalog: &'static Catalog, record: R) -> Self {
        Self { catalog, record, told: None }
    }

    /// Tells `told` what was not recorded and why: for a developer, in a debug
    /// build or a test. It must not log with the target [`TARGET`].
    #[must_use]
    pub fn on_refusal(self, told: impl Fn(Refused) + Send + Sync + 'static) -> Self {
        Self { told: Some(Box::new(told)), ..self }
    }

    fn finish(&self, draft: Draft) {
        let (whole, refused) = draft.whole();
        refused.into_iter().for_each(|refused| self.tell(refused));
        if let Some(event) = whole {
            (self.record)(&event);
        }
    }

    fn tell(&self, refused: Refused) {
        if let Some(told) = &self.told {
            told(refused);
        }
    }

    fn unknown(&self) {
        self.tell(Refused { event: None, property: None, reason: Reason::UnknownEvent });
    }
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target() == TARGET
}

impl<S, R> Layer<S> for CatalogLayer<R>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    R: Fn(&dyn TypedEvent) + Send + Sync + 'static,
{
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        if !is_ours(event.metadata()) {
            return;
        }
        match Name::of(self.catalog, event) {
            Some(mut draft) => {
                event.record(&mut draft);
                self.finish(draft);
            }
            None => self.unknown(),
        }
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if !is_ours(attributes.metadata()) {
            return;
        }
        let Some(event) = known(self.catalog, attributes.metadata().name()) else {
            return self.unknown();
        };
        let mut draft = Draft::of(event);
        attributes.record(&mut draft);
        if let Some(span) = context.span(id) {
            span.extensions_mut().replace(Begun { draft, at: Instant::now() });
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(begun) = span.extensions_mut().get_mut::<Begun>() {
            values.record(&mut begun.draft);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        // Taken out first: recording may open spans of its own.
        let begun = span.extensions_mut().remove::<Begun>();
        if let Some(Begun { mut draft, at }) = begun {
            draft.took(at.elapsed());
            self.finish(draft);
        }
    }
}

impl<R> fmt::Debug for CatalogLayer<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let product = self.catalog.product.name;
        out.debug_struct("CatalogLayer").field("product", &product).finish_non_exhaustive()
    }
}
