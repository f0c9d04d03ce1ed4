//! What becomes an event, and what never does.

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex};

    use headcount::TypedEvent;
    use headcount::catalog::{Reason, Value};
    use headcount_tracing::{CatalogLayer, Refused};
    use tracing_subscriber::prelude::*;

    mod telemetry {
        headcount::catalog!("../../examples/wren/telemetry.toml");
    }
    use telemetry::CATALOG;

    type Seen = Vec<(&'static str, Vec<Option<Value>>)>;

    /// Runs this with the layer, and returns what was recorded and refused.
    fn seen(act: impl FnOnce()) -> (Seen, Vec<Refused>) {
        let (recorded, refused) = (Arc::<Mutex<Seen>>::default(), Arc::<Mutex<Vec<_>>>::default());
        let (to, told) = (Arc::clone(&recorded), Arc::clone(&refused));
        let record = move |event: &dyn TypedEvent| {
            to.lock().unwrap().push((event.definition().name, event.values()));
        };
        let layer = CatalogLayer::new(&CATALOG, record)
            .on_refusal(move |why| told.lock().unwrap().push(why));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), act);
        let recorded = std::mem::take(&mut *recorded.lock().unwrap());
        (recorded, std::mem::take(&mut *refused.lock().unwrap()))
    }

    /// The words and numbers of the only event.
    fn only(seen: &Seen) -> Vec<String> {
        assert_eq!(seen.len(), 1, "{seen:?}");
        let said = |value: &Option<Value>| match value {
            Some(Value::Word(word)) => word.as_str().to_owned(),
            Some(Value::Flag(flag)) => flag.to_string(),
            Some(Value::Number(number)) => number.to_string(),
            other => format!("{other:?}"),
        };
        seen[0].1.iter().map(said).collect()
    }

    fn refusal(property: Option<&'static str>, reason: Reason) -> (Option<&'static str>, Reason) {
        (property, reason)
    }

    fn told(refused: &[Refused]) -> Vec<(Option<&'static str>, Reason)> {
        refused.iter().map(|refused| (refused.property, refused.reason)).collect()
    }

    #[test]
    fn an_event_with_the_target_is_recorded_by_the_kinds_of_the_catalog() {
        let (recorded, refused) = seen(|| {
            tracing::info!(
                target: "headcount", event = "command", name = "build", worked = true,
                took = 9_000_000_u64, "a message"
            );
        });
        // Capped at an hour.
        assert_eq!(only(&recorded), ["build", "true", "3600000"]);
        assert_eq!(refused, []);
    }

    #[test]
    fn a_span_is_recorded_when_it_closes_with_what_was_recorded_meanwhile() {
        let (recorded, refused) = seen(|| {
            let span = tracing::info_span!(
                target: "headcount", "command", name = "test", worked = tracing::field::Empty
            );
            span.in_scope(|| tracing::info!("inside"));
            span.record("worked", false);
            let again = span.clone();
            drop(span);
            drop(again);
        });
        let values = only(&recorded);
        assert_eq!(values[..2], ["test", "false"]);
        assert!(values[2].parse::<u64>().is_ok_and(|took| took < 60_000), "{values:?}");
        assert_eq!(refused, []);
    }

    #[test]
    fn nothing_else_is_looked_at() {
        let (recorded, refused) = seen(|| {
            tracing::info!(event = "command", name = "build", worked = true, took = 1);
            tracing::info!(target: "headcounts", event = "command", name = "build", worked = true, took = 1);
            tracing::error!("cannot read {}", "/home/me/plans.txt");
            let _span = tracing::info_span!("command", name = "build", worked = true).entered();
        });
        assert_eq!((recorded, refused), (Vec::new(), Vec::new()));
    }

    /// A text that says when somebody reads it.
    struct Private<'a>(&'a AtomicBool);

    impl fmt::Display for Private<'_> {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.store(true, Ordering::Relaxed);
            out.write_str("build")
        }
    }

    impl fmt::Debug for Private<'_> {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            fmt::Display::fmt(self, out)
        }
    }

    #[test]
    fn what_would_have_to_be_formatted_is_never_formatted() {
        let read = AtomicBool::new(false);
        let (recorded, refused) = seen(|| {
            tracing::info!(target: "headcount", event = "command", name = %Private(&read), worked = true, took = 1);
            tracing::info!(target: "headcount", event = "command", name = ?Private(&read), worked = true, took = 1);
            tracing::info!(target: "headcount", event = %Private(&read), name = "build", worked = true, took = 1);
            tracing::info!(
                target: "headcount", event = "command", name = "build", worked = true, took = 1,
                path = %Private(&read), "{}", Private(&read)
            );
        });
        assert!(!read.load(Ordering::Relaxed));
        assert_eq!(only(&recorded), ["build", "true", "1"]);
        assert_eq!(
            told(&refused),
            [
                refusal(Some("name"), Reason::BadProperty),
                refusal(Some("name"), Reason::BadProperty),
                refusal(None, Reason::UnknownEvent),
            ]
        );
    }

    #[test]
    fn what_the_catalog_does_not_allow_is_refused_without_its_value() {
        let (recorded, refused) = seen(|| {
            tracing::info!(target: "headcount", event = "command", name = "rm -rf /home/me", worked = true, took = 1);
            tracing::info!(target: "headcount", event = "command", name = "build", worked = "yes", took = 1);
            tracing::info!(target: "headcount", event = "command", name = "build", took = 1);
            tracing::info!(target: "headcount", event = "/home/me", name = "build");
            tracing::info!(target: "headcount", event = "telemetry_report", uploads_tried = 1, uploads_failed = 0);
            let _span = tracing::info_span!(target: "headcount", "/home/me").entered();
        });
        assert_eq!(recorded, Vec::new());
        let unknown = refusal(None, Reason::UnknownEvent);
        assert_eq!(
            told(&refused),
            [
                refusal(Some("name"), Reason::OutsideSet),
                refusal(Some("worked"), Reason::BadProperty),
                refusal(Some("worked"), Reason::MissingProperty),
                unknown,
                unknown,
                unknown,
            ]
        );
        assert!(!format!("{refused:?}").contains("/home"), "{refused:?}");
    }
}
