//! The tables of `docs/reference/counting.md`, and the words around them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use headcount_catalog::{Age, Day, Period};

use crate::Scale;
use crate::products::Product;
use crate::truth::{ByPeriod, Truth, Weeks};

/// Everything that a run has found out.
pub(crate) struct Report {
    pub(crate) scale: Scale,
    pub(crate) first: Day,
    pub(crate) last: Day,
    pub(crate) truth: Truth,
    /// What the collector says of each product.
    pub(crate) seen: Vec<Seen>,
    pub(crate) outcomes: BTreeMap<(&'static str, String), u64>,
    /// How many machines are of which sort.
    pub(crate) people: Vec<(String, u64)>,
}

/// What the collector says of one product.
pub(crate) struct Seen {
    pub(crate) active: ByPeriod,
    pub(crate) weeks: Weeks,
}

const OPENING: &str = "# Counting without an id: how well it works

With `scheme = \"none\"` and `count = [\"day\", \"week\", \"month\"]` nothing that is sent stands for a device. The machine marks its
first event of a day, of a week and of a month, and says roughly since when it has been counted: `0`, `1`, `2-3`, `4-7` or
`8+` weeks. A collector adds the marks up. This page says what that costs in accuracy.

It is generated: do not edit it, run it again.

```console
$ cargo run --release -p headcount-cli --example counting
```
";

const METHOD: &str = "
The machines are made up. Each has a habit, a time zone, a day on which it begins, and mostly one on which it is given up. What they
run is real: the counting of the SDK on every machine, then a collector that takes every record in over HTTP, judges it by its
catalog and stores it. The same uses of the same machines go to three products: one counts without an id, one has a random id,
one a random id that is replaced every month. Records are lost when a process ends in the moment between its mark and its record,
when the machine is offline for longer than the 30 days of `on-machine`, and when the person refuses while they wait.
One delivery of a hundred comes twice.
";

const REASONS: &str = "
## What makes the differences

| cause | without an id | with a random id |
| --- | --- | --- |
| a delivery is lost | its marks are lost: the device is missing from that day, and from that week or month if its first event of them was lost, even if it was active later | the device is missing only if all its events of that day, week or month are lost |
| the first delivery ever is lost | the device is never *new*: a cohort lacks it, and it comes back older | it is new with the first event that arrives |
| a delivery is late | nothing: a mark belongs to the day of its event | the same |
| a delivery comes twice | nothing: a duplicate marks nothing | the same |
| a person refuses | never counted | the same |
| the system is installed anew | a new device, counted a second time in that day, week and month; its old cohort loses it for good | the same |
| `telemetry clear` | not counted twice, and its age begins anew | a new device |
| the state file is lost | nothing is marked until the next period, and the age begins anew without the device being *new* | a new device |
| the clock is wrong | marks are of the wrong day near midnight | the same |
| the id is replaced every month | there is none | every device is new once a month, and no month knows another |

The numbers are sums: nothing in them stands for a device, and so nothing in them can be taken back either. A share of devices that
come back can be above 100 %, if devices come whose first mark never arrived.

## Steps: who can be followed

The question `steps` asks who did one thing after the other, so it must know that two events are of one device or of one session. An id
that stays does that. An id that is replaced every month does it within a month: a chain ends on the last day, and who is active in two months
counts as two. A device without an id cannot be followed, which is what having no id is for; its sessions can, if its events tell one. The
collector says which of it a product has, and never shows a zero in its place. [collector.md](../collector.md#steps) has the rule.

## What a record still tells

Two events of one machine look like two events of two machines. This is what is left, and what it tells:

- **A mark.** An event with `day` in `first` is some machine's first event of that day; two such events of one day are of two machines.
  An event without a mark is of a machine that has marked that day already.
- **The age.** It is on marked events only, in five steps. While a product has few devices of one age, an event of that age may
  stand alone: the only machine that is `8+` weeks old is easy to follow from day to day.
- **Rare values.** A property or an envelope entry with a value that few machines have (a version nobody else runs, a rare
  platform, a locale) can link events whatever the scheme is. `count` adds nothing to that and takes nothing away.
- **Time.** Events that are sent together arrive in one request, and a collector could note that. Ours does not: it keeps the
  event's own time, cut to the grain of the catalog, and no address. With a grain of a second, events that follow each other
  closely are probably of one machine; with a grain of a day nothing follows.
";

impl Report {
    /// The whole page.
    pub(crate) fn text(&self) -> String {
        let mut page = OPENING.to_owned();
        let Scale { machines, days, seed } = self.scale;
        // Writing into a `String` cannot fail.
        let _ = writeln!(
            page,
            "\nThis run: {machines} machines over {days} days, {} to {}, seed {seed}.\nIt takes about half a \
             minute once it is built, and the same seed gives the same page.",
            self.first, self.last
        );
        page.push_str(METHOD);
        page.push_str("\n| machines | |\n| --- | ---: |\n");
        for (sort, count) in &self.people {
            let _ = writeln!(page, "| {sort} | {count} |");
        }
        self.active(&mut page);
        self.new_devices(&mut page);
        self.retention(&mut page);
        page.push_str(REASONS);
        self.arrivals(&mut page);
        page
    }

    /// The first days of the periods of a kind that lie in the run as a whole.
    pub(crate) fn starts(&self, period: Period) -> Vec<Day> {
        let mut starts: Vec<Day> = (0..self.scale.days)
            .map(|days| period.start(self.first.plus(i32::try_from(days).unwrap_or(0))))
            .collect();
        starts.dedup();
        let is_over = |start: &Day| {
            // The last day of the period: the one before the next begins.
            let mut last = *start;
            while period.start(last.plus(1)) == *start {
                last = last.plus(1);
            }
            *start >= self.first && last <= self.last
        };
        starts.retain(is_over);
        starts
    }

    /// Its whole weeks.
    pub(crate) fn weeks(&self) -> Vec<Day> {
        self.starts(Period::Week)
    }

    /// The average of all periods of a kind.
    pub(crate) fn average(&self, counts: &ByPeriod, period: Period) -> f64 {
        let starts = self.starts(period);
        let all: u64 = starts.iter().filter_map(|start| counts.get(&(period, *start))).sum();
        all as f64 / starts.len().max(1) as f64
    }

    /// The largest difference in one period, in percent of the truth.
    fn worst(&self, counts: &ByPeriod, period: Period) -> f64 {
        let of = |counts: &ByPeriod, start: &Day| {
            counts.get(&(period, *start)).copied().unwrap_or(0) as f64
        };
        let starts = self.starts(period);
        let differences = starts.iter().map(|start| {
            let agreed = of(&self.truth.agreed, start).max(1.0);
            (of(counts, start) - agreed) * 100.0 / agreed
        });
        differences.fold(0.0, |worst: f64, own| if own.abs() > worst.abs() { own } else { worst })
    }

    fn active(&self, page: &mut String) {
        page.push_str(
            "\n## Active devices\n\nThe average of all whole days, weeks and months, the difference from the \
             machines whose person agrees, and the largest difference in a single one.\n\n\
             | active | in use | of those, the person agrees | without an id | with a random id | \
             with a monthly id |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
        );
        for (period, name) in Period::ALL {
            let [used, agreed] =
                [&self.truth.used, &self.truth.agreed].map(|counts| self.average(counts, period));
            let _ = write!(page, "| by {name} | {used:.1} | {agreed:.1} |");
            for seen in &self.seen {
                let counted = self.average(&seen.active, period);
                let difference = (counted - agreed) * 100.0 / agreed;
                let worst = self.worst(&seen.active, period);
                let _ = write!(page, " {counted:.1} ({difference:+.2} %, worst {worst:+.1} %) |");
            }
            page.push('\n');
        }
    }

    fn new_devices(&self, page: &mut String) {
        let weeks = self.weeks();
        page.push_str(
            "\n## New devices\n\nAll devices that were new in a whole week. The collector answers this without ids \
             only; with ids it was counted from the raw events, all of which were kept for it.\n\n\
             | | the person agrees | without an id | with a random id | with a monthly id |\n\
             | --- | ---: | ---: | ---: | ---: |\n",
        );
        let sum = |of: &Weeks| weeks.iter().map(|week| of.new_in(*week)).sum::<u64>();
        let agreed = sum(&self.truth.weeks);
        let _ = write!(page, "| new | {agreed} |");
        for seen in &self.seen {
            let counted = sum(&seen.weeks);
            let difference = (counted as f64 - agreed as f64) * 100.0 / agreed.max(1) as f64;
            let _ = write!(page, " {counted} ({difference:+.1} %) |");
        }
        page.push('\n');
    }

    fn retention(&self, page: &mut String) {
        let weeks = self.weeks();
        page.push_str(
            "\n## Devices that come back\n\nOf the devices that were new so long before, the share that was active \
             in a week; the average of all whole weeks, and the difference in percentage points.\n\n\
             | new | the person agrees | without an id | with a random id | with a monthly id |\n\
             | --- | ---: | ---: | ---: | ---: |\n",
        );
        for age in &Age::ALL[1..] {
            let truth = self.truth.weeks.retained(*age, &weeks) * 100.0;
            let _ = write!(page, "| {} | {truth:.1} % |", when(*age));
            for seen in &self.seen {
                let counted = seen.weeks.retained(*age, &weeks) * 100.0;
                let _ = write!(page, " {counted:.1} % ({:+.1}) |", counted - truth);
            }
            page.push('\n');
        }
    }

    fn arrivals(&self, page: &mut String) {
        page.push_str("\n## What became of the records\n\n| outcome |");
        let names = Product::ALL.map(Product::name);
        names.iter().for_each(|name| page.push_str(&format!(" {name} |")));
        page.push_str("\n| --- | ---: | ---: | ---: |\n");
        let mut outcomes: Vec<&String> = self.outcomes.keys().map(|(_, outcome)| outcome).collect();
        outcomes.sort_unstable();
        outcomes.dedup();
        for outcome in outcomes {
            let _ = write!(page, "| {outcome} |");
            for name in names {
                let count = self.outcomes.get(&(name, outcome.clone())).copied().unwrap_or(0);
                let _ = write!(page, " {count} |");
            }
            page.push('\n');
        }
    }
}

/// `2 to 3 weeks before`.
fn when(age: Age) -> String {
    match age.weeks() {
        (1, Some(1)) => "1 week before".to_owned(),
        (fewest, Some(most)) => format!("{fewest} to {most} weeks before"),
        (fewest, None) => format!("{fewest} weeks before or more"),
    }
}
