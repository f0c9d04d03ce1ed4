"""The numbers of every panel: the page against the API, JSON against CSV, and the API against a count of the
demo's own events."""

import collections
import datetime
import re
import urllib.parse

from brute import day_of, is_near

# What names a row of an answer, and what it counts; the keys in this order are those of brute.py.
NAMES = ["day", "start", "week", "month", "version", "by", "event", "value"]


def asked_of(href):
    """The question of an address, and its parameters."""
    address = urllib.parse.urlsplit(href)
    pairs = urllib.parse.parse_qsl(address.query)
    asked = dict(pairs)
    for own in {"step", "after"} & set(asked):
        # Steps have an order, and one may be there twice.
        asked[own] = [value for name, value in pairs if name == own]
    return address.path.rsplit("/", 1)[-1], asked


def flat(row, prefix=""):
    """A row of JSON as one of CSV."""
    cells = {}
    for name, value in row.items():
        if isinstance(value, dict):
            cells.update(flat(value, f"{name}_"))
        else:
            cells[prefix + name] = value
    return cells


def written(value):
    """A value as CSV has it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def whole(text):
    """The whole number that a cell shows, or None."""
    found = re.fullmatch(r"~?([0-9][0-9,\u202f\u00a0 ]*)", text.strip())
    return int(re.sub(r"[^0-9]", "", found[1])) if found else None


class Numbers:
    """What was compared, so that nothing is passed over without a word."""

    def __init__(self, site, brutes):
        self.site, self.brutes = site, brutes
        self.answers = {}
        self.compared = collections.Counter()
        self.left_out = collections.Counter()

    def answer(self, href):
        """An answer as JSON, asked once."""
        if href not in self.answers:
            self.answers[href] = self.site.json(href)
        return self.answers[href]

    def panel(self, product, panel):
        """What is wrong with the numbers of a panel."""
        mistakes = []
        hrefs = [link["href"] for link in panel["links"] if link["format"] == "json"]
        if len(hrefs) != len([link for link in panel["links"] if link["format"] == "csv"]):
            mistakes.append("it has not as many links to CSV as to JSON")
        for href in hrefs:
            mistakes += self._both(panel, href)
            mistakes += self._anew(product, href)
        mistakes += self._shown(panel, [self.answer(href) for href in hrefs], hrefs)
        return [f"{product} #{panel['id']}: {mistake}" for mistake in mistakes]

    def _both(self, panel, href):
        """JSON and CSV of one question."""
        other = next(
            (link["href"] for link in panel["links"]
             if link["format"] == "csv" and link["href"] == href.replace("format=json", "format=csv")), None,
        )
        if other is None:
            return [f"{href} has no link to the same as CSV"]
        answer = self.answer(href)
        rows = [flat(row) for row in answer["rows"]]
        before = [flat(row) for row in answer.get("before", {}).get("rows", [])]
        found = self.site.csv(other)
        if len(found) != len(rows) + len(before):
            return [f"{other} has {len(found)} rows, and JSON {len(rows)} and {len(before)} before"]
        for row, cells in zip(rows + before, found):
            for name, value in row.items():
                if name in cells and not same(written(value), cells[name]):
                    return [f"{other}: {name} is {cells[name]!r}, and {value!r} in JSON"]
        self.compared["JSON with CSV"] += 1
        return []

    def _anew(self, product, href):
        """The API against the events, and the days to compare with."""
        question, asked = asked_of(href)
        if "from" not in asked or "to" not in asked or product != asked.get("product"):
            self.left_out[question] += 1
            return []
        answer = self.answer(href)
        mistakes = self._span(product, href, asked, answer["rows"])
        if "before" in answer:
            span = answer["before"]
            days = {"from": span["from"], "to": span["to"]}
            mistakes += self._span(product, f"{href} (compared)", {**asked, **days}, span["rows"])
            self.compared["days to compare with"] += 1
        return mistakes

    def _span(self, product, href, asked, rows):
        question, brute = asked_of(href)[0], self.brutes[product]
        if question == "quantiles" and "where" not in asked and asked.get("by") != "version":
            return self._quantiles_by(brute, asked, rows, href)
        wanted = brute.rows(question, asked)
        if wanted is None:
            self.left_out[question] += 1
            return []
        found = {}
        for row in rows:
            key, value = keyed(question, row)
            found[key] = value
        if any("other" in key for key in found) and question in ("by-property", "active"):
            # Values of an open vocabulary that too few devices have told are one row.
            self.left_out[f"{question} with a row `other`"] += 1
            return []
        self.compared["API with events"] += 1
        wrong = [key for key in {*wanted, *found} if wanted.get(key) != found.get(key)]
        return [
            f"{href}: {key} is {found.get(key)!r}, and {wanted.get(key)!r} by the events" for key in sorted(wrong)[:3]
        ]

    def _quantiles_by(self, brute, asked, rows, href):
        """Those of all events, or of the events with each value."""
        if "by" not in asked:
            return self._quantiles(brute.quantiles(asked), rows, href)
        wanted = brute.quantiles_by(asked)
        found = {row["by"] for row in rows}
        mistakes = [f"{href} has the values {found}, and the events {set(wanted)}"] if found != set(wanted) else []
        for value, numbers in wanted.items():
            own = [row for row in rows if row["by"] == value]
            mistakes += self._quantiles(numbers, own, f"{href}, {value}")
        self.compared["durations by value"] += 1
        return mistakes

    def _quantiles(self, values, rows, href):
        self.compared["API with events"] += 1
        whole_rows = [row for row in rows if row.get("all")]
        if not values:
            return [f"{href} has rows without values"] if whole_rows else []
        if not whole_rows:
            return [f"{href} has no row of all days, and the events {len(values)} values"]
        row = whole_rows[0]
        mistakes = [f"{href}: {row['count']} values, not {len(values)}"] if row["count"] != len(values) else []
        for name, share in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)]:
            if not is_near(row[name], values, share):
                mistakes.append(f"{href}: {name} is {row[name]}, and by the events {values[int(share * len(values))]}")
        return mistakes

    def _shown(self, panel, answers, hrefs):
        """The page against the API: the sum of a column of the first table, or its largest numbers."""
        if not answers or not panel["tables"] or panel["cut"]:
            self.left_out["panels that are cut, or have no table"] += 1
            return []
        question, asked = asked_of(hrefs[0])
        rows = [row for answer in answers for row in answer["rows"]]
        if not rows:
            return []
        table = panel["tables"][0]
        compare = {
            "active": by_start("devices"), "events": summed("count"), "by-property": values_of,
            "versions": summed("count"), "rejected": summed("count"), "new-and-returning": summed("new"),
            "failures": with_both, "retention": cohorts(self.brutes[asked["product"]]),
            "quantiles": counted_values, "steps": in_order, "next": came_next,
        }.get(question)
        mistakes = compare(table, rows) if compare else None
        if mistakes is None:
            self.left_out[f"the table of {question}"] += 1
            return []
        self.compared["page with API"] += 1
        return mistakes


def same(one, other):
    """Whether two texts are the same, or the same number."""
    if one == other:
        return True
    try:
        return abs(float(one) - float(other)) < 5e-5
    except ValueError:
        return False


def keyed(question, row):
    """The key and the value of a row of JSON, as brute.py has them."""
    if question == "versions":
        return (row["version"],), (row["first"], row["last"], row["count"])
    if question == "retention":
        return (row["cohort"], row["week"]), row["devices"]
    if question == "steps":
        return (row["step"],), row["count"]
    if question == "next":
        return (row["after"],), (row["times"], row["count"])
    key = tuple(row[name] for name in NAMES if name in row)
    if question == "failures":
        return key, (row["failed"], row["worked"])
    return key, row["devices"] if question == "active" else row["count"]


def columns(table):
    """The numbers of each column with whole numbers alone, by its heading."""
    found = {}
    for place, name in enumerate(table["head"]):
        cells = [row[place] for row in table["rows"] if place < len(row)]
        numbers = [whole(cell["text"]) for cell in cells if cell["number"]]
        if numbers and None not in numbers:
            found[name] = numbers
    return found


def summed(name):
    """Compares sums: every panel that is cut says so, and is not compared."""
    def compare(table, rows):
        numbers = columns(table)
        if not numbers or len(table["rows"]) >= 50:
            return None
        wanted = sum(row.get(name, 0) for row in rows)
        sums = {heading: sum(all_of) for heading, all_of in numbers.items()}
        return [] if wanted in sums.values() else [f"its columns add up to {sums}, and the answer to {wanted}"]
    return compare


def values_of(table, rows):
    """Compares the sum of the events, and the devices of each value where the panel has them, in their order."""
    place = next((at for at, name in enumerate(table["head"]) if name.startswith("Devices, week of ")), None)
    asked = [row for row in rows if "devices" in row]
    if place is None:
        return ["the answer has devices, and the panel none"] if asked else summed("count")(table, rows)
    mistakes = summed("count")(table, rows) or []
    # Devices of the values in the last row, `3 others`, are not summed.
    named = [row for row in table["rows"] if row[place]["text"]]
    shown = [(row[0]["text"], whole(row[place]["text"])) for row in named]
    wanted = {row["by"]: row["devices"] for row in asked if row["by"]}
    mistakes += [
        f"{value} has {devices} devices, and {wanted.get(value, 0)} in the answer"
        for value, devices in shown if devices != wanted.get(value, 0)
    ]
    if len(named) == len(table["rows"]) and not wanted.keys() <= {value for value, _ in shown}:
        mistakes.append(f"it shows {shown}, and the answer has {wanted}")
    numbers = [devices for _, devices in shown]
    return mistakes + ([] if numbers == sorted(numbers, reverse=True) else [f"its devices are in the order {numbers}"])


def by_start(name):
    """Compares each period: the newest is first."""
    def compare(table, rows):
        numbers = next(iter(columns(table).values()), None)
        if numbers is None:
            return None
        wanted = [row[name] for row in sorted(rows, key=lambda row: next(iter(row.values())), reverse=True)]
        found = [number for number in numbers if number]
        return [] if found == [it for it in wanted if it] else [f"it shows {found}, and the answer has {wanted}"]
    return compare


def in_order(table, rows):
    """Each step shows how many reached it."""
    numbers = next((all_of for name, all_of in columns(table).items() if name in ("Devices", "Sessions")), None)
    if numbers is None:
        return None
    wanted = [row["count"] for row in rows]
    return [] if numbers == wanted else [f"its steps have {numbers}, and those of the answer {wanted}"]


def came_next(table, rows):
    """What came next shows how often, the most first and the end of visits last."""
    numbers = columns(table)
    found = numbers.get("Times", numbers.get("Visits"))
    ends = [row["times"] for row in rows if not row["event"]]
    wanted = sorted((row["times"] for row in rows if row["event"]), reverse=True) + ends
    return [] if found == wanted else [f"it shows {found}, and the answer has {wanted}"]


def with_both(table, rows):
    """Failures show how many events say whether they failed."""
    numbers = columns(table)
    wanted = sum(row["failed"] + row["worked"] for row in rows)
    sums = {heading: sum(all_of) for heading, all_of in numbers.items()}
    if not sums or len(table["rows"]) >= 20:
        return None
    return [] if wanted in sums.values() else [f"its columns add up to {sums}, and the answer to {wanted}"]


def cohorts(brute):
    """Compares the map of a product: each cell says in its title how many devices it stands for, and the first number
    is the cohort. Nobody is followed over the first of a month on which ids are replaced."""
    is_monthly = brute.catalog.get("identity", {}).get("rotate") == "monthly"
    since = min(event["at"] for event in brute.events)

    def is_followed(cohort, week):
        last = min(week + datetime.timedelta(6), datetime.date.today())
        first = max(cohort, since)
        return not is_monthly or (first.year, first.month) == (last.year, last.month)

    def compare(table, rows):
        wanted = sorted(row["devices"] for row in rows if row["cohort"] == row["week"])
        first = next(iter(columns(table).values()), [])
        if sorted(first) != wanted:
            return [f"its cohorts have {sorted(first)} devices, and those of the answer {wanted}"]
        spans = ((day_of(row["cohort"]), day_of(row["week"]), row["devices"]) for row in rows)
        later = sum(
            devices for cohort, week, devices in spans
            if 0 < (week - cohort).days <= 84 and is_followed(cohort, week)
        )
        titles = [re.match(r"([0-9,]+) devices?( so far)?$", cell["title"]) for row in table["rows"] for cell in row]
        shown = sum(int(found[1].replace(",", "")) for found in titles if found)
        return [] if shown == later else [f"its cells stand for {shown} devices, and the answer for {later}"]
    return compare


def counted_values(table, rows):
    """The table of versions says how many values each has."""
    wanted = sum(row["count"] for row in rows if row.get("all"))
    sums = {heading: sum(all_of) for heading, all_of in columns(table).items()}
    if not sums or len(table["rows"]) >= 20:
        return None
    if "Values" not in sums:
        return None
    return [] if sums["Values"] == wanted else [f"its values are {sums['Values']}, and those of the answer {wanted}"]
