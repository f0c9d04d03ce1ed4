"""The answers that the store on ClickHouse must give, by looking at every event."""

import collections
import datetime
import math
import struct

EPOCH = datetime.date(1970, 1, 1)
AGES = ["", "0", "1", "2-3", "4-7", "8+"]
PERIODS = ["day", "week", "month"]
TELLERS, MOST = 5, 1000


def date(day):
    return (EPOCH + datetime.timedelta(day)).isoformat()


def start(day, period):
    told = EPOCH + datetime.timedelta(day)
    if period == "week":
        told -= datetime.timedelta(told.weekday())
    elif period == "month":
        told = told.replace(day=1)
    return told.isoformat()


def middle(number, is_whole):
    """As embedded/rollups/histogram.rs has it."""
    if math.isnan(number) or number < (1 if is_whole else 2.0 ** -20):
        return 0.0
    top = struct.unpack("<Q", struct.pack("<d", number))[0] >> 47
    lower, upper = (struct.unpack("<d", struct.pack("<Q", each << 47))[0] for each in (top, top + 1))
    if is_whole and upper - lower <= 1:
        return lower
    return lower + (upper - lower - is_whole) / 2


def rank(pairs, share):
    pairs = sorted(pairs)
    wanted, seen = math.ceil(sum(count for _, count in pairs) * share), 0
    for number, count in pairs:
        seen += count
        if seen >= wanted:
            return number
    return 0.0


class Brute:
    """Of the batches, in the order in which they count: of two events with one id, the one of the smaller
    batch number stays."""

    def __init__(self, product, batches, counted_first=()):
        """`counted_first` are (node, batch): what is counted already stays, whatever comes later."""
        living = {}
        first = set(counted_first)
        for node, batch, events in sorted(batches, key=lambda one: ((one[0], one[1]) not in first, one[1], one[0])):
            for event in events:
                if event.product == product:
                    living.setdefault((event.day, event.id), (event, batch))
        self.product = product
        self.events = [event for event, _ in living.values()]
        self.rows = self._vocabulary(living.values())

    def _vocabulary(self, living):
        tellers, fixed, is_open = collections.defaultdict(dict), set(), set()
        for event, batch in living:
            who = event.device if event.device_kind == 1 else None
            if event.device_kind == 0 and event.marks & 1:
                # A device without an id, by the mark of its day.
                who = event.id
            for name, _, open_, text in event.values:
                if not open_:
                    fixed.add((name, text))
                elif who and text != "other":
                    is_open.add(name)
                    told = tellers[(name, text)]
                    told[who] = min(batch, told.get(who, batch))
        rows = {(name, text) for name, text in fixed if name in is_open}
        earned = [(name, sorted(told.values())[TELLERS - 1], text) for (name, text), told in tellers.items()
                  if len(told) >= TELLERS and (name, text) not in rows]
        full = collections.Counter(name for name, _ in rows)
        for name, _, text in sorted(earned):
            if full[name] < MOST:
                full[name] += 1
                rows.add((name, text))
        return rows

    def shown(self, name, is_open, text):
        return text if not is_open or (name, text) in self.rows else "other"

    def version(self, event):
        return event.version and self.shown("version", 1, event.version)

    def scoped(self, scope, only=""):
        for event in self.events:
            version = self.version(event)
            if scope != "only" or version == only:
                yield event, version if scope == "each" else ""

    def own(self, event, column):
        return [self.shown(name, open_, text) for name, _, open_, text in event.values if name == column]

    def events_(self, scope, only=""):
        sums = collections.Counter()
        for event, version in self.scoped(scope, only):
            sums[(date(event.day), version, event.event)] += event.weight
        return rows_of(sums)

    def by_property(self, name, column, scope, only=""):
        sums = collections.Counter()
        for event, version in self.scoped(scope, only):
            if event.event == name:
                for value in self.own(event, column):
                    sums[(date(event.day), version, value)] += event.weight
        return rows_of(sums)

    def across(self, name, one, one_kind, other, other_kind, scope):
        sums = collections.Counter()
        for event, version in self.scoped(scope):
            if event.event != name:
                continue
            pair = []
            for column, kind in ((one, one_kind), (other, other_kind)):
                pair.append(next((self.shown(own, open_, text) for own, of, open_, text in event.values
                                  if (own, of) == (column, kind)), None))
            if None not in pair:
                sums[(date(event.day), version, *pair)] += event.weight
        return rows_of(sums)

    def failures(self, name, column, scope):
        sums = collections.defaultdict(lambda: [0, 0])
        for event, version in self.scoped(scope):
            if event.event == name and event.failed:
                for value in self.own(event, column) if column else [""]:
                    sums[(date(event.day), version, value)][2 - event.failed] += event.weight
        return sorted([*key, *told] for key, told in sums.items())

    def quantiles(self, name, column, period, scope, events=None):
        counts = collections.defaultdict(collections.Counter)
        for event, version in events if events is not None else self.scoped(scope):
            if event.event == name:
                for own, whole, number in event.numbers:
                    if own == column:
                        for at in ("", start(event.day, period)):
                            counts[(version, at)][middle(number, whole)] += event.weight
        rows = []
        for (version, at), numbers in sorted(counts.items()):
            pairs = list(numbers.items())
            rows.append([version, at or None, sum(numbers.values()), [rank(pairs, share) for share in (.5, .9, .99)],
                         sum(number * count for number, count in pairs)])
        return rows

    def marks(self, period):
        sums = collections.Counter()
        for event in self.events:
            if event.marks & 1 << PERIODS.index(period):
                sums[(start(event.day, period), AGES[event.marks >> 3])] += event.weight
        return rows_of(sums)

    def active(self, period, scope, only="", events=None):
        least, sums = {}, collections.Counter()
        for event, version in events if events is not None else self.scoped(scope, only):
            key = (start(event.day, period), version)
            if event.device_kind == 1:
                who = (key, event.device)
                least[who] = min(event.weight, least.get(who, event.weight))
            if event.marks & 1 << PERIODS.index(period):
                sums[key] += event.weight
        for (key, _), weight in least.items():
            sums[key] += weight
        return rows_of(sums)

    def retention(self):
        weeks = collections.defaultdict(dict)
        for event in self.events:
            if event.device_kind == 1:
                own, week = weeks[event.device], start(event.day, "week")
                own[week] = min(event.weight, own.get(week, event.weight))
        sums = collections.Counter()
        for own in weeks.values():
            for week, weight in own.items():
                sums[(min(own), week)] += weight
        return rows_of(sums)

    def versions(self):
        told = {}
        for event in self.events:
            first, last, count = told.get(self.version(event), (event.day, event.day, 0))
            told[self.version(event)] = (min(first, event.day), max(last, event.day), count + event.weight)
        return [[version, date(first), date(last), count] for version, (first, last, count) in sorted(told.items())]

    def filtered(self, filters, scope, split=None):
        """(event, scope) of the events that pass all filters."""
        for event in self.events:
            if all(passes(self.own(event, column), wanted) for column, wanted in filters):
                if split:
                    for value in self.own(event, split) or [""]:
                        yield event, value
                else:
                    yield event, self.version(event) if scope == "each" else ""

    def raw_events(self, filters, scope, split=None):
        sums = collections.Counter()
        for event, version in self.filtered(filters, scope, split):
            sums[(date(event.day), version, event.event)] += event.weight
        return rows_of(sums)

    def raw_by_property(self, filters, scope, split, name, column):
        sums = collections.Counter()
        for event, version in self.filtered(filters, scope, split):
            if event.event == name:
                for value in self.own(event, column):
                    sums[(date(event.day), version, value)] += event.weight
        return rows_of(sums)

    def raw_across(self, filters, scope, split, name, one, other):
        sums = collections.Counter()
        for event, version in self.filtered(filters, scope, split):
            if event.event == name:
                for pair in ((first, second) for first in self.own(event, one) for second in self.own(event, other)):
                    sums[(date(event.day), version, *pair)] += event.weight
        return rows_of(sums)

    def raw_failures(self, filters, scope, split, name, column):
        sums = collections.defaultdict(lambda: [0, 0])
        for event, version in self.filtered(filters, scope, split):
            if event.event == name and event.failed:
                for value in self.own(event, column) if column else [""]:
                    sums[(date(event.day), version, value)][2 - event.failed] += event.weight
        return sorted([*key, *told] for key, told in sums.items())

    def step_events(self, names):
        return sorted((event.device.hex().upper(), event.seconds, 1 << names.index(event.event), event.weight)
                      for event in self.events if event.device_kind == 1 and event.event in names)


def passes(own, wanted):
    return any(value in wanted for value in own) or not own and "" in wanted


def rows_of(sums):
    return sorted([*key, count] for key, count in sums.items())
