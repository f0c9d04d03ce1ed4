"""Answers counted anew, one event after the other, to compare the collector's answers with."""

import collections
import datetime
import math


def day_of(text):
    """A day as it is written."""
    return datetime.date.fromisoformat(text)


def start_of(day, period):
    """The first day of the period that a day is in."""
    if period == "week":
        return day - datetime.timedelta(day.weekday())
    return day.replace(day=1) if period == "month" else day


class Brute:
    """A product's events, and its catalog."""

    def __init__(self, catalog, events):
        self.catalog = catalog
        self.events = events
        for event in events:
            event["at"] = day_of(event["day"])
        # An export names what an event has as the catalog does.
        self.version_key, self.device_key, self.name_key = (
            next(key for key, entry in catalog["envelope"].items() if self._is(entry, source))
            for source in ("version", "device", "event")
        )

    @staticmethod
    def _is(entry, source):
        return entry == source or (isinstance(entry, dict) and entry.get("is") == source)

    def rows(self, question, asked):
        """What the rows of an answer must be, as a dictionary, or None where this knows no way."""
        known = {
            "events": self._events, "active": self._active, "by-property": self._by_property,
            "failures": self._failures, "versions": self._versions, "retention": self._retention,
            "steps": self._steps, "next": self._next,
        }
        beyond = set(asked) - {
            "product", "from", "to", "days", "format", "event", "property", "period", "by", "before", "version",
            "step", "within", "per", "after", "pause",
        }
        return None if beyond or question not in known else known[question](asked)

    def _asked(self, asked):
        since, until = day_of(asked["from"]), day_of(asked["to"])
        for event in self.events:
            of_event = "event" not in asked or event[self.name_key] == asked["event"]
            version = event.get(self.version_key, "")
            if since <= event["at"] <= until and of_event and asked.get("version", version) == version:
                yield event

    def _version(self, asked, event):
        return (event.get(self.version_key, ""),) if asked.get("by") == "version" else ()

    def _split(self, asked, event):
        """What an event counts under: nothing, its version, or each of its values of the column in `by`."""
        if asked.get("by", "version") == "version":
            return [self._version(asked, event)]
        found = event.get(asked["by"])
        values = found if isinstance(found, list) else [found]
        return [("" if value is None else text(value),) for value in values or [None]]

    def _events(self, asked):
        keys = ((event["day"], *self._version(asked, event), event[self.name_key]) for event in self._asked(asked))
        return dict(collections.Counter(keys))

    def _active(self, asked):
        period = asked.get("period", "day")
        until = day_of(asked["to"])
        # A period counts as a whole.
        since = start_of(day_of(asked["from"]), period)
        devices = collections.defaultdict(set)
        whole = {**asked, "from": since.isoformat(), "to": last_of(until, period).isoformat()}
        for event in self._asked(whole):
            start = start_of(event["at"], period).isoformat()
            start = start[:7] if period == "month" else start
            # A home that is thrown away is no device.
            if self.device_key in event and not event.get("ephemeral"):
                for split in self._split(asked, event):
                    devices[(start, *split)].add(event[self.device_key])
        return {key: len(ids) for key, ids in devices.items()}

    def _by_property(self, asked):
        counts = collections.Counter()
        for event in self._asked(asked):
            found = event.get(asked["property"])
            for value in found if isinstance(found, list) else [found]:
                if value is not None:
                    counts[(event["day"], *self._version(asked, event), text(value))] += 1
        return dict(counts)

    def failed(self, event):
        """Whether an event failed; None where it does not say so."""
        properties = self.catalog["event"].get(event[self.name_key], {}).get("properties", {})
        for name, definition in properties.items():
            if isinstance(definition, dict) and "failure" in definition:
                value = event.get(name)
                failure = definition["failure"]
                if value is None:
                    return None
                return value in failure if isinstance(failure, list) else value == failure
        for name, definition in properties.items():
            if definition == "exit-code":
                return None if event.get(name) is None else event[name] != 0
        return None

    def _failures(self, asked):
        counts = collections.defaultdict(lambda: [0, 0])
        for event in self._asked(asked):
            failed = self.failed(event)
            if failed is None:
                continue
            found = event.get(asked["property"]) if "property" in asked else ""
            for value in found if isinstance(found, list) else [found]:
                if value is not None:
                    counts[(event["day"], *self._version(asked, event), text(value))][not failed] += 1
        return {key: tuple(both) for key, both in counts.items()}

    def _versions(self, asked):
        days = collections.defaultdict(list)
        for event in self._asked(asked):
            days[(event.get(self.version_key, ""),)].append(event["day"])
        return {key: (min(all_of), max(all_of), len(all_of)) for key, all_of in days.items()}

    def _retention(self, asked):
        weeks = collections.defaultdict(set)
        for event in self.events:
            if self.device_key in event and not event.get("ephemeral"):
                weeks[event[self.device_key]].add(start_of(event["at"], "week"))
        since, until = (start_of(day_of(asked[name]), "week") for name in ("from", "to"))
        counts = collections.Counter()
        for own in weeks.values():
            if since <= min(own) <= until:
                for week in own:
                    counts[(min(own).isoformat(), week.isoformat())] += 1
        return dict(counts)

    def _key(self, source):
        """The key of the envelope that has this, or None."""
        entries = self.catalog["envelope"].items()
        return next((key for key, entry in entries if self._is(entry, source)), None)

    def _can_be(self, event, step):
        """Whether an event can be a step: EVENT, or EVENT:NAME:VALUE."""
        if step == event[self.name_key]:
            return True
        if not step.startswith(event[self.name_key] + ":"):
            return False
        name, value = step[len(event[self.name_key]) + 1:].split(":", 1)
        found = event.get(name)
        values = found if isinstance(found, list) else [found]
        return value in ("" if one is None else text(one) for one in values or [None])

    def _followed(self, asked):
        """Every event that can be followed: whose it is, its second, and itself. None where nobody can be."""
        who = self._key("session") if asked.get("per") == "session" else self.device_key
        time = self._key("time")
        if who is None or time is None:
            return None
        followed = []
        for event in self._asked(asked):
            thrown_away = who == self.device_key and event.get("ephemeral")
            if event.get(who) is not None and event.get(time) and not thrown_away:
                at = datetime.datetime.fromisoformat(event[time].replace("Z", "+00:00")).timestamp()
                followed.append((event[who], at, event))
        return followed

    def _closed_set(self, name):
        """The first property of an event that is one word of a closed set, but does not say whether it failed."""
        properties = self.catalog["event"][name].get("properties", {})
        sets = (key for key, own in properties.items() if isinstance(own, dict) and "choice" in own and "failure" not in own)
        return next(sets, None)

    def _next(self, asked):
        """How often what came next, and to how many: every visit is written down."""
        followed = self._followed(asked)
        if followed is None:
            return None
        steps, pause = asked.get("after", []), int(asked.get("pause", 30)) * 60
        names = list(self.catalog["event"])
        done = collections.defaultdict(list)
        for whose, at, event in followed:
            name = event[self.name_key]
            if name not in names:
                continue
            column = self._closed_set(name)
            value = "" if column is None or event.get(column) is None else text(event[column])
            after = name if column is None else f"{name}:{column}:{value}"
            done[whose].append((at, names.index(name), value, after, [self._can_be(event, step) for step in steps]))
        first, last = (
            datetime.datetime.combine(day, datetime.time(), datetime.timezone.utc).timestamp()
            for day in (day_of(asked["from"]), day_of(asked["to"]) + datetime.timedelta(1))
        )
        # Nothing is known after the last event of all.
        last = min(last, max((event[0] for events in done.values() for event in events), default=last))
        came = collections.defaultdict(list)
        for whose, events in done.items():
            visits = [[]]
            for event in sorted(events):
                if visits[-1] and event[0] - visits[-1][-1][0] > pause:
                    visits.append([])
                visits[-1].append(event)
            for number, visit in enumerate(visits):
                if not steps and (number > 0 or visit[0][0] - first > pause):
                    came[(visit[0][3],)].append(whose)
                ends = number + 1 < len(visits) or last - visit[-1][0] > pause
                for place in range(len(visit) - len(steps) + 1 if steps else 0):
                    if all(visit[place + step][4][step] for step in range(len(steps))):
                        if place + len(steps) < len(visit):
                            came[(visit[place + len(steps)][3],)].append(whose)
                        elif ends:
                            came[("",)].append(whose)
        return {after: (len(whose), len(set(whose))) for after, whose in came.items()}

    def _steps(self, asked):
        """How many came so far: every event is tried as the beginning of a chain."""
        followed = self._followed(asked)
        if followed is None:
            return None
        chains = collections.defaultdict(list)
        for whose, at, event in followed:
            can_be = [self._can_be(event, step) for step in asked["step"]]
            if any(can_be):
                # Of one second, first what can be the first step.
                chains[whose].append((at, [not one for one in can_be]))
        within = int(asked.get("within", 7)) * 86_400
        counts = dict.fromkeys(((step + 1,) for step in range(len(asked["step"]))), 0)
        for events in chains.values():
            for step in range(max(self._reached(sorted(events), start, within) for start in range(len(events)))):
                counts[(step + 1,)] += 1
        return counts

    @staticmethod
    def _reached(events, start, within):
        """How many steps a chain has that begins with one of these events."""
        steps = 0
        for at, cannot in events[start:]:
            if at - events[start][0] > within or steps == len(cannot):
                break
            if not cannot[steps]:
                steps += 1
            elif steps == 0:
                break
        return steps

    def quantiles(self, asked):
        """The sorted values of a property over all days."""
        return sorted(
            event[asked["property"]] for event in self._asked(asked) if event.get(asked["property"]) is not None
        )


    def quantiles_by(self, asked):
        """The sorted numbers for each value of the property in `by`, the empty text for events without one."""
        numbers = collections.defaultdict(list)
        for event in self._asked(asked):
            if event.get(asked["property"]) is not None:
                value = event.get(asked["by"])
                numbers["" if value is None else text(value)].append(event[asked["property"]])
        return {value: sorted(own) for value, own in numbers.items()}


def last_of(day, period):
    """The last day of the period that a day is in."""
    if period == "week":
        return start_of(day, "week") + datetime.timedelta(6)
    if period == "month":
        return (day.replace(day=1) + datetime.timedelta(32)).replace(day=1) - datetime.timedelta(1)
    return day


def text(value):
    """A value as the answers name it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_near(found, values, share):
    """Whether a quantile is one of these sorted values, as near as the histogram tells: 1/64, and one rank."""
    rank = share * len(values)
    low = values[max(math.floor(rank) - 2, 0)]
    high = values[min(math.ceil(rank) + 1, len(values) - 1)]
    return low * (1 - 1 / 32) - 1 <= found <= high * (1 + 1 / 32) + 1
