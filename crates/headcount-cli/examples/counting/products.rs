//! Three products whose catalogs differ in one thing: how they tell devices
//! apart.

use headcount_catalog::Catalog;

use crate::life::Delivery;

/// A way to tell devices apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Product {
    /// `scheme = "none"`, and marks.
    Counting,
    /// `scheme = "random"`.
    Random,
    /// The same with `rotate = "monthly"`.
    Monthly,
}

impl Product {
    pub(crate) const ALL: [Self; 3] = [Self::Counting, Self::Random, Self::Monthly];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Counting => "counting",
            Self::Random => "random",
            Self::Monthly => "monthly",
        }
    }

    /// # Errors
    ///
    /// The mistakes of the catalog.
    pub(crate) fn catalog(self) -> Result<Catalog, String> {
        let identity = match self {
            Self::Counting => "scheme = \"none\"\ncount = [\"day\", \"week\", \"month\"]",
            Self::Random => "scheme = \"random\"\nfile = \"id\"",
            Self::Monthly => "scheme = \"random\"\nrotate = \"monthly\"\nfile = \"id\"",
        };
        let device = match self {
            Self::Counting => "",
            Self::Random | Self::Monthly => "device = \"device\"\n",
        };
        let text = include_str!("telemetry.toml")
            .replace("NAME", self.name())
            .replace("scheme = \"none\"", identity)
            .replace("\"*\"", &format!("{device}\"*\""));
        headcount_catalog::parse(&text).map_err(|mistakes| mistakes.to_string())
    }

    /// The line of a record, as its client writes it.
    pub(crate) fn line(self, delivery: &Delivery) -> String {
        let id = headcount_catalog::EventId::new(delivery.day, delivery.id.to_be_bytes());
        let own = match self {
            Self::Counting => marks(delivery),
            Self::Random => device(delivery.device),
            Self::Monthly => device(delivery.monthly),
        };
        let day = delivery.day;
        format!("{{\"id\":\"{id}\",\"event\":\"run\",\"time\":\"{day}T00:00:00Z\"{own}}}\n")
    }
}

fn device(number: u64) -> String {
    let id = headcount_catalog::EventId::from_bits(u128::from(number));
    format!(",\"device\":\"{id}\"")
}

fn marks(delivery: &Delivery) -> String {
    let Some((periods, age)) = &delivery.marks else { return String::new() };
    let first: Vec<String> =
        periods.iter().map(|period| format!("\"{}\"", period.name())).collect();
    format!(",\"first\":[{}],\"age\":\"{age}\"", first.join(","))
}
