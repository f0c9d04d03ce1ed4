//! The plans of a product: one a dialect, made when it is first spoken.

use std::sync::{Arc, OnceLock};

use headcount_catalog::Catalog;
use headcount_store::RowSchema;
use headcount_wire::flat::BodyForm;

use super::columns::Columns;
use super::version_plan::VersionPlan;

/// The plans of a product.
#[derive(Debug)]
pub(crate) struct ProductPlans {
    /// All versions of the catalog, the newest first.
    versions: Vec<Catalog>,
    columns: Columns,
    schema: Arc<RowSchema>,
    plans: [OnceLock<Plan>; BodyForm::ALL.len()],
}

/// How the events of one product are judged in one dialect.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) product: &'static str,
    /// The shape of the rows. It is the same in all dialects.
    pub(crate) schema: Arc<RowSchema>,
    /// The newest first.
    pub(super) versions: Vec<VersionPlan>,
}

impl ProductPlans {
    /// `versions` are all versions of the catalog, at least one, the newest
    /// first.
    pub(crate) fn new(versions: Vec<Catalog>) -> Self {
        let columns = Columns::of(&versions);
        let schema = Arc::new(columns.schema(&versions));
        Self { versions, columns, schema, plans: Default::default() }
    }

    /// The plan of a dialect.
    pub(crate) fn plan(&self, form: BodyForm) -> &Plan {
        self.plans[form as usize].get_or_init(|| self.make(form))
    }

    fn make(&self, form: BodyForm) -> Plan {
        let Self { versions, columns, schema, .. } = self;
        let place = |name: &str| {
            let place = schema.event(name).and_then(|place| u16::try_from(place).ok());
            place.expect("the schema has the events of all versions")
        };
        let plan = |catalog| VersionPlan::new(catalog, versions, form, columns, place);
        let product = versions.first().map_or("", |newest| newest.product.name);
        let versions = versions.iter().map(plan).collect();
        Plan { product, schema: Arc::clone(schema), versions }
    }
}
