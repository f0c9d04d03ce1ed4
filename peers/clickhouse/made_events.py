"""Made-up events of two products, the same for a seed: one with ids, one that counts by marks. Some come
twice, some come again from another collector, some have the id of another event."""

import dataclasses
import random
import struct

FIRST = 20_757  # 2026-10-31
DAYS = 30
# Places in ColumnKind::ALL.
FLAG, NUMBER, DECIMAL, WORD, WORDS, TEXT, TEXTS, PSEUDONYM, SECONDS = range(9)
PAIRS = [("atomic", "run", "command", WORD, "agent", WORD), ("atomic", "run", "command", WORD, "version", TEXT)]
COMMANDS = ["init", "update", "run", "build", "test", "check", "fmt", "add", "remove", "list", "login", "help"]
AGENTS = ["claude", "opencode", "copilot"]


@dataclasses.dataclass(slots=True)
class Event:
    product: str
    day: int
    id: bytes
    event: str
    version: str
    failed: int
    weight: int
    marks: int
    device_kind: int
    device: bytes
    values: list    # (name, kind, is_open, text)
    numbers: list   # (name, is_whole, number)
    seconds: int
    session: bytes


class Maker:
    def __init__(self, seed, devices):
        self.random = random.Random(seed)
        self.devices = [self.random.randbytes(16) for _ in range(devices)]
        # A device has a day on which it begins, a version habit and a weight.
        self.habits = [(FIRST + self.random.randrange(DAYS), self.random.choice((1, 1, 1, 1, 10)))
                       for _ in range(devices)]

    def event(self):
        r = self.random
        product = "atomic" if r.random() < 0.8 else "archon"
        # Some devices are busier than others.
        number = int(len(self.devices) * r.random() ** 3)
        begins, weight = self.habits[number]
        day = r.randrange(begins, FIRST + DAYS)
        version = f"1.{min(day - FIRST, 29) // 4}.{r.choice((0, 0, 1))}" if r.random() < 0.97 else ""
        if r.random() < 0.002:
            version = f"0.0.{r.randrange(2000)}-dev"
        name = r.choices(("run", "panic", "update"), (90, 2, 8))[0]
        marks, device_kind, device = 0, 1, self.devices[number]
        if product == "archon":
            device_kind, device = 0, bytes(16)
            if r.random() < 0.2:
                marks = r.choice((1, 3, 7)) | r.randrange(6) << 3
        elif r.random() < 0.03:
            device_kind = 2
        return self.fill(Event(product, day, day.to_bytes(6, "big") + r.randbytes(10), name, version, 0, weight, marks,
                               device_kind, device, [], [], day * 86_400 + r.randrange(86_400), bytes(16)))

    def fill(self, event):
        r, values = self.random, event.values
        if event.version:
            values.append(("version", TEXT, 1, event.version))
        if event.event == "run":
            values.append(("command", WORD, 0, r.choice(COMMANDS)))
            if r.random() < 0.6:
                values.append(("agent", WORD, 0, r.choice(AGENTS)))
            worked = r.random() < 0.93
            values.append(("success", FLAG, 0, "true" if worked else "false"))
            event.failed = 1 if worked else 2
            event.numbers.append(("took", 1, float(int(r.lognormvariate(6, 2)))))
            if r.random() < 0.2:
                event.numbers.append(("cost", 0, r.random() ** 4 * 20))
            if r.random() < 0.5:
                values.append(("model", TEXT, 1, f"model-{int(r.paretovariate(0.8))}"))
            if r.random() < 0.05:
                values.extend(("tools", TEXTS, 1, f"tool-{r.randrange(6)}") for _ in range(r.randrange(3)))
        elif event.event == "update":
            code = r.choice((0, 0, 0, 1, 2, 255, 256, -1))
            values.append(("code", NUMBER, int(not 0 <= code <= 255), str(code)))
            event.failed = 1 if code == 0 else 2
        if r.random() < 0.7:
            event.session = struct.pack(">QQ", 1, int.from_bytes(event.device[:3], "big") * 8 + r.randrange(8))
        return event

    def batches(self, rows, size):
        """Lists of (node, batch number, events): a few rows come again, in later batches, from either node."""
        r, number, old = self.random, 0, []
        while rows > 0:
            node = r.choice((1, 2))
            # Collectors number their batches in step: each begins above what it has seen of the others.
            number += 1
            events, fresh, again = [], [], set()
            for _ in range(min(size, rows)):
                chance = r.random()
                if old and chance < 0.02:
                    event = r.choice(old)
                    # Within a batch, the collector finds copies itself.
                    if event.id in again:
                        continue
                    again.add(event.id)
                    if chance < 0.001:
                        event = dataclasses.replace(event, event="panic", failed=0, values=[], numbers=[],
                                                    device=r.choice(self.devices))
                else:
                    event = self.event()
                    if r.random() < 0.05:
                        fresh.append(event)
                events.append(event)
            rows -= len(events)
            old += fresh
            yield node, number, events


COLUMNS = ("product, day, id, node, batch, content, event, version, failed, weight, marks, device_kind, device, "
           "values.name, values.kind, values.is_open, values.text, numbers.name, numbers.is_whole, numbers.number, "
           "times.name, times.seconds, people.name, people.is_account, people.pseudonym")


def texts(items):
    return bytes([len(items)]) + b"".join(items)


def string(text, known={}):
    packed = known.get(text)
    if packed is None:
        encoded = text.encode()
        packed = known[text] = bytes([len(encoded)]) + encoded
    return packed


def row_binary(node, batch, events):
    """The rows as the collector sends them. Lists and texts are shorter than 128."""
    head = struct.Struct("<IQI")
    fixed = struct.Struct("<BHBB")
    parts = []
    for one in events:
        values, numbers = one.values, one.numbers
        parts += (
            string(one.product), struct.pack("<H", one.day), one.id,
            head.pack(node, batch, hash((one.event, one.device)) & 0xFFFFFFFF),
            string(one.event), string(one.version), fixed.pack(one.failed, one.weight, one.marks, one.device_kind), one.device,
            texts([string(name) for name, *_ in values]), bytes([len(values), *(kind for _, kind, _, _ in values)]),
            bytes([len(values), *(is_open for _, _, is_open, _ in values)]), texts([string(text) for *_, text in values]),
            texts([string(name) for name, *_ in numbers]), bytes([len(numbers), *(whole for _, whole, _ in numbers)]),
            struct.pack(f"<B{len(numbers)}d", len(numbers), *(number for *_, number in numbers)),
            b"\1" + string("time"), struct.pack("<Bq", 1, one.seconds),
        )
        parts.append(b"\1" + string("session") + b"\1\0\1" + one.session if one.session != bytes(16) else b"\0\0\0")
    return b"".join(parts)
