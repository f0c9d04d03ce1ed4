//! The life of one machine: it records with the client's own counting, and
//! delivers sooner, later, twice or never.

use headcount::MarkedPeriods;
use headcount_catalog::{Day, Period};

use crate::chance::Chance;
use crate::machine::{DAY, Machine, Mishap};
use crate::truth::Truth;

/// Days that records wait on a machine: `on-machine` of the catalogs.
const ON_MACHINE: i64 = 30;

/// A process that ends between the mark and the record.
const ENDS_BETWEEN: f64 = 0.000_5;

/// A delivery whose answer is lost comes once more.
const COMES_TWICE: f64 = 0.01;

/// What the products of the run count.
const COUNT: [Period; 3] = [Period::Day, Period::Week, Period::Month];

/// One record on its way to the collector.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// The day of its arrival, since the first day.
    pub(crate) arrives: i64,
    /// The day of the machine's clock.
    pub(crate) day: Day,
    pub(crate) id: u128,
    /// The periods of which it is the first event, and the age.
    pub(crate) marks: Option<(Vec<Period>, &'static str)>,
    /// The id that a product with `scheme = "random"` has.
    pub(crate) device: u64,
    /// The same with `rotate = "monthly"`.
    pub(crate) monthly: u64,
}

/// What the client keeps on the machine.
struct Client {
    marked: MarkedPeriods,
    device: u64,
    /// The id of a month, and its first day.
    monthly: (u64, Option<Day>),
    /// Whether anything was recorded here.
    has_begun: bool,
}

impl Client {
    fn new(chance: &mut Chance) -> Self {
        let (device, monthly) = (chance.next(), (chance.next(), None));
        Self { marked: MarkedPeriods::none(), device, monthly, has_begun: false }
    }

    fn suffer(&mut self, mishap: Mishap, today: Day, chance: &mut Chance) {
        let fresh = Self::new(chance);
        let marked = match mishap {
            Mishap::Reinstall => MarkedPeriods::none(),
            Mishap::Clear => {
                let mut marked = self.marked.clone();
                marked.begin_anew();
                marked
            }
            Mishap::Loss if self.has_begun => MarkedPeriods::unknown(today),
            Mishap::Loss => MarkedPeriods::none(),
        };
        let has_begun = self.has_begun && mishap != Mishap::Reinstall;
        *self = Self { marked, has_begun, ..fresh };
    }

    fn monthly(&mut self, today: Day, chance: &mut Chance) -> u64 {
        let month = today.month_start();
        if self.monthly.1.is_some_and(|of| of != month) {
            self.monthly.0 = chance.next();
        }
        self.monthly.1 = Some(month);
        self.monthly.0
    }
}

/// Lives one machine's life, and tells the truth about it. Returns what is
/// delivered.
pub(crate) fn live(machine: &mut Machine, first_day: Day, truth: &mut Truth) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    let mut client = Client::new(machine.chance());
    let mut mishaps = machine.mishaps.clone().into_iter().peekable();
    let on =
        |seconds: i64| first_day.plus(i32::try_from(seconds.div_euclid(DAY)).unwrap_or(i32::MAX));
    let mut uses_of_machine = truth.machine();
    for local_day in machine.first..=machine.last {
        let agrees = machine.agrees(local_day);
        while let Some((_, mishap)) = mishaps.next_if(|(day, _)| *day <= local_day) {
            let today = on(local_day * DAY + machine.clock);
            client.suffer(mishap, today, machine.chance());
        }
        for time in machine.uses(local_day).into_iter().filter(|time| *time >= 0) {
            uses_of_machine.use_on(on(time), agrees);
            if !agrees {
                continue;
            }
            let today = on(time + machine.clock);
            client.has_begun = true;
            let marks = client.marked.take(&COUNT, today);
            let device = client.device;
            let monthly = client.monthly(today, machine.chance());
            let id =
                u128::from(machine.chance().next()) << 64 | u128::from(machine.chance().next());
            if machine.chance().happens(ENDS_BETWEEN) {
                continue;
            }
            let recorded = time.div_euclid(DAY);
            let Some(arrives) = machine.delivered(recorded) else { continue };
            // What waits is deleted when it is too old, and when the person
            // refuses.
            if arrives - recorded > ON_MACHINE || !machine.agrees(arrives) {
                continue;
            }
            let marks = marks.map(|(periods, age)| (periods, age.name()));
            let delivery = Delivery { arrives, day: today, id, marks, device, monthly };
            if machine.chance().happens(COMES_TWICE) {
                let arrives = arrives + machine.chance().between(0, 3);
                deliveries.push(Delivery { arrives, ..delivery.clone() });
            }
            deliveries.push(delivery);
        }
    }
    truth.add(uses_of_machine);
    deliveries
}
