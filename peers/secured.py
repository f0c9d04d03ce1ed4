"""The five products and the official clients send over TLS with write keys, to a collector as an
operator runs it; a key is rotated while they send, and one is revoked."""

import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor

import senders
from senders import CLIENTS, EVENTS
from stage import canaries, waiting
from stage.canaries import PLANTED
from stage.collector import since
from stage.guarded import READER, Guarded
from stage.install import HERE, Missing
from stage.products import BUILT, CLACKY, EXAMPLES, PRODUCTS, Machine, build, restore
from stage.report import differences
from stage.writer import Writer

OURS = [it.name for it in BUILT]
DIALECTS = ["posthog", "datadog", "otlp"]
# One of each dialect, for what is done with a key in the middle.
ROTATING = ["posthog-python", "datadog-python", "opentelemetry-python"]
# These say nothing when their key is refused; the others say 401.
SILENT = {"datadog-browser", "posthog-rust", "opentelemetry-node-json", "opentelemetry-node-protobuf"}


class Secured:
    """One collector, two releases of each product, and every client."""

    def __init__(self, report, programs, installed, folder):
        self.report, self.programs, self.installed = report, programs, installed
        self.folder = folder / "secured"
        catalogs = self.folder / "catalogs"
        catalogs.mkdir(parents=True)
        for product in OURS:
            shutil.copy2(EXAMPLES / product / "telemetry.toml", catalogs / f"{product}.toml")
        for catalog in (HERE / "catalogs").glob("*.toml"):
            shutil.copy2(catalog, catalogs)
        self.collector = Guarded(programs / "headcount", catalogs, self.folder)
        trusted = self.collector.authority.root
        homes = self.folder / "homes"
        self.machines = [Machine(it, homes / it.name, trusted) for it in PRODUCTS]
        self.clacky = Machine(CLACKY, homes / CLACKY.name, trusted)
        self.sent = dict.fromkeys([*OURS, *(f"peer-{it}" for it in DIALECTS)], 0)
        self.devices = []

    def all(self):
        """Everything, in the order in which it happens to an operator."""
        with ThreadPoolExecutor(len(DIALECTS) + 1) as threads:
            self.first = self.collector.new_keys(self.sent)
            release = threads.submit(self._release, "first", self.first)
            self._clients(threads)
            self._products(release)
            self.report.attempt("who asks with the token hears the numbers of all that was sent", self._asked)
            self.report.attempt("without a token, with a write key, or in an address: nothing is told", self._closed)
            self._rotated(threads)
            release = threads.submit(self._release, "second", self.second)
            self._revoked()
            self._next_release(release)
            self.report.attempt("after all that, the numbers are those of all that was sent", self._asked)
        said = self.collector.stop()
        self.report.attempt("nothing planted, no key, no token and no password is on the disk or was said",
                            lambda: self._disk(said))

    def _release(self, name, keys):
        release = build(self.programs.parent, self.collector.url, keys, self.folder / name)
        return dict.fromkeys(OURS, release)

    # Official clients.

    def _clients(self, threads):
        """Every client in its first encoding; those of one dialect one after the other."""
        def of(dialect):
            return [(it, self._attempt(it, self.first)) for it in CLIENTS if it[3] == dialect]
        for found in threads.map(of, DIALECTS):
            for client, mistakes in found:
                self._tell(client, f"{EVENTS} of {EVENTS + 1} events stored over TLS with its key", mistakes)

    def _tell(self, client, what, mistakes):
        title = f"{client[0]} {client[4]} {client[5][0]}: {what}"
        if isinstance(mistakes, Missing):
            self.report.skip(title, str(mistakes))
        else:
            self.report.check(title, mistakes)

    def _attempt(self, client, keys, is_refused=False):
        """What is wrong with a client's turn, or what is missing for one."""
        try:
            self.installed[client[1]].ready()
            product = f"peer-{client[3]}"
            before, refusals = self.collector.outcomes(), self.collector.answered(401)
            said, code = self._send(client, keys)
            found = since(before, self.collector.outcomes(), product)
            wanted = {} if is_refused else {"stored": EVENTS, "rejected": 1}
            mistakes = differences(wanted, found)
            if is_refused:
                mistakes += heard(client, said)
                mistakes += [] if self.collector.answered(401) > refusals else ["it was not refused"]
            else:
                self.sent[product] += EVENTS
                mistakes += [f"ended with {code}"] if code else []
            return mistakes and [*mistakes, f"the client said {said[-700:]!r}"]
        except Missing as missing:
            return missing
        except Exception as error:  # The other clients shall go on.
            return [f"{type(error).__name__}: {error}"]

    def _send(self, client, keys):
        device, control = str(uuid.uuid4()), f"control{uuid.uuid4().hex[:12]}"
        self.devices.append(device)
        task = senders.task(client, client[5][0], self.collector.url, control, device)
        key, trusted = keys[f"peer-{client[3]}"], str(self.collector.authority.root)
        task["authority"] = trusted
        task["environment"] = dict.fromkeys(
            ["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "OTEL_EXPORTER_OTLP_CERTIFICATE", "SSL_CERT_FILE"],
            trusted,
        )
        if client[3] == "otlp":
            # As docs/operate/access.md has it.
            task["environment"]["OTEL_EXPORTER_OTLP_HEADERS"] = f"Authorization=Bearer%20{key}"
        else:
            task["key"] = key
        return senders.run(client, self.installed[client[1]], client[2], task)

    # The five products.

    def _products(self, release):
        release = release.result()
        for machine in self.machines:
            name = machine.product.name
            self.report.attempt(f"{name}: what was recorded is shipped over TLS with its key",
                                lambda: self._ship(machine, release[name]))
            self.report.attempt(f"{name}: its own shipper does it by itself",
                                lambda: self._alone(machine, release[name]))
        self.report.attempt("clacky: what happens is sent over TLS with its key",
                            lambda: self._at_once(release["clacky"]))

    def _at_once(self, release):
        """OpenClacky sends at once or never: what was for somebody who is not trusted does not come."""
        before = self._events("clacky")
        self.clacky.run(release, self.clacky.product.consent)
        for trusts in (False, True):
            for words in self.clacky.product.work:
                self.clacky.run(release, words, ships=True, trusts=trusts)
        arrived = lambda: {it: n - before.get(it, 0) for it, n in self._events("clacky").items()}
        waiting.until(lambda: sum(arrived().values()) >= 2, 20, "two events have come")
        self.sent["clacky"] += 2
        return differences({"startup": 1, "task": 1}, arrived())

    def _ship(self, machine, release):
        names = machine.record(release)
        mistakes = [] if len(names) >= len(machine.product.work) else [f"only {names} was recorded"]
        machine.flush(release, trusts=False)
        if machine.waiting() != names:
            mistakes.append("it was sent to somebody whom the machine does not trust")
        machine.let_time_pass()
        return mistakes + self._arrives(machine, release, names)

    def _arrives(self, machine, release, names):
        """What waits is shipped once, under its names."""
        before = self._events(machine.product.name)
        said = machine.flush(release)
        after = self._events(machine.product.name)
        arrived = sorted(
            name for name, count in after.items() if name != "telemetry_report"
            for _ in range(count - before.get(name, 0))
        )
        self.sent[machine.product.name] += len(names)
        mistakes = [] if arrived == names else [f"{arrived} arrived, not {names}"]
        mistakes += [f"{machine.waiting()} still waits"] if machine.waiting() else []
        return mistakes and [*mistakes, f"it said {said.returncode} {said.stdout}{said.stderr}"]

    def _alone(self, machine, release):
        before = sum(self._events(machine.product.name).values())
        machine.run(release, machine.product.work[0], ships=True)
        count = lambda: sum(self._events(machine.product.name).values()) - before
        waiting.until(lambda: count() and not machine.waiting(), 20, "the shipper has shipped")
        self.sent[machine.product.name] += count()
        return []

    def _events(self, product):
        rows = self.collector.ask("events", product=product)
        return {row["event"]: row["count"] for row in rows if row["event"] != "telemetry_report"}

    # What a reader hears.

    def _asked(self):
        found = {product: sum(self._events(product).values()) for product in self.sent}
        mistakes = differences(self.sent, found)
        # The metrics count the shippers' reports too.
        rows = {it: self.collector.ask("events", product=it) for it in self.sent}
        wanted = {it: sum(row["count"] for row in rows[it]) for it in self.sent}
        stored = {
            product: count for (product, outcome, _), count in self.collector.outcomes().items()
            if outcome == "stored"
        }
        return mistakes + differences(wanted, stored)

    def _closed(self):
        collector, key = self.collector, self.first["atomic"]
        mistakes = []
        for path in ("/metrics", "/api/v1/ask/events?product=atomic"):
            joined = path + ("&" if "?" in path else "?")
            for what, status in (
                ("nothing", collector.status(path)),
                ("a write key", collector.status(path, key)),
                ("a token that nobody has", collector.status(path, f"hcr_{0:040}")),
                ("the token in the address", collector.status(f"{joined}token={collector.token}")),
            ):
                if status not in ((400, 401, 403) if "address" in what else (401,)):
                    mistakes.append(f"{path} with {what} is answered {status}")
        status = collector.status("/api/v1/events", collector.token, b"")
        return mistakes + ([f"a token writes: {status}"] if status != 401 else [])

    # Keys that change.

    def _rotated(self, threads):
        """A new key is made and the old one revoked while clients send with both."""
        peers = [product for product in self.sent if product.startswith("peer-")]
        clients = [it for it in CLIENTS if it[0] in ROTATING and it[4] in ("v0", "api", "protobuf")]
        clients = [it for it in clients if not self.installed[it[1]].missing]
        title = "a key is rotated while clients send: every event is stored once"
        before = self.collector.outcomes()
        with Writer(self.collector, self.first["peer-posthog"], senders.now()) as writer:
            self.second = self.collector.new_keys(self.sent)
            writer.next_key = self.second["peer-posthog"]
            ended = list(threads.map(lambda it: self._send(it, self.first), clients))
            running = [threads.submit(self._send, it, self.second) for it in clients]
            self.collector.revoke({it: self.first[it] for it in peers})
            ended += [it.result() for it in running]
            after = writer.sent
            waiting.until(lambda: writer.sent > after + 10 or writer.error, 20, "events with the second key")
        for client in clients:
            self.sent[f"peer-{client[3]}"] += 2 * EVENTS
        self.sent["peer-posthog"] += writer.sent
        self.report.attempt(title, lambda: self._count(before, clients, writer, ended))

    def _count(self, before, clients, writer, ended):
        mistakes = [writer.error] if writer.error else []
        mistakes += [] if writer.sent > 40 else [f"only {writer.sent} single events were sent"]
        mistakes += [] if writer.refused == 1 else [f"the first key was refused {writer.refused} times, not once"]
        mistakes += [f"a client ended with {code}: {said[-300:]}" for said, code in ended if code]
        after = self.collector.outcomes()
        for dialect in DIALECTS:
            runs = 2 * sum(it[3] == dialect for it in clients)
            wanted = {"stored": runs * EVENTS + (writer.sent if dialect == "posthog" else 0), "rejected": runs}
            found = since(before, after, f"peer-{dialect}")
            mistakes += differences({it: count for it, count in wanted.items() if count}, found)
        return mistakes

    def _revoked(self):
        """No client gets anything in with a key that is revoked, and none hangs. One after the other,
        so that each one's refusals are seen."""
        for client in CLIENTS:
            mistakes = self._attempt(client, self.first, is_refused=True)
            self._tell(client, "nothing is stored with a revoked key, and it ends by itself", mistakes)

    def _next_release(self, release):
        """A product keeps what a revoked key cannot send, until its next release can."""
        self.collector.revoke({it: self.first[it] for it in OURS})
        release = release.result()
        for machine in self.machines:
            name = machine.product.name
            self.report.attempt(f"{name}: what a revoked key could not send comes with the next release",
                                lambda: self._kept(machine, release[name]))
        self.report.attempt("clacky: nothing is stored with a revoked key, and the next release sends again",
                            lambda: self._refused_at_once(release["clacky"]))

    def _refused_at_once(self, release):
        before, refusals = self.collector.outcomes(), self.collector.answered(401)
        old = self.folder / "first"
        self.clacky.run(old, self.clacky.product.work[0], ships=True)
        waiting.until(self.clacky.pauses, 20, "it heeds that its key is refused")
        waiting.until(lambda: not self.clacky.is_running(old), 20, "its attempt has ended")
        self.clacky.let_time_pass()
        mistakes = differences({}, since(before, self.collector.outcomes(), "clacky"))
        mistakes += self._at_once(release)
        # A start and a task: the second goes only if the answer to the first was not there yet.
        tried = self.collector.answered(401) - refusals
        return mistakes + ([] if tried in (1, 2) else [f"it tried {tried} times"])

    def _kept(self, machine, release):
        name, old = machine.product.name, self.folder / "first"
        names = machine.record(old)
        before, refusals = self.collector.outcomes(), self.collector.answered(401)
        machine.flush(old)
        mistakes = differences({}, since(before, self.collector.outcomes(), name))
        if self.collector.answered(401) <= refusals:
            mistakes.append("the revoked key was not refused")
        if not names or machine.waiting() != names:
            mistakes.append(f"{machine.waiting()} waits, not {names}")
        machine.let_time_pass()
        return mistakes + self._arrives(machine, release, names)

    def _disk(self, said):
        forbidden = [*canaries.TELLING, *PLANTED.values(), *self.devices]
        secrets = [*self.collector.keys, self.collector.token, self.collector.password]
        mistakes = [f"{text} is in {file}" for text, file in canaries.finds(self.collector.data, forbidden)]
        mistakes += [f"a secret is in {file}" for _, file in canaries.finds(self.collector.data, secrets)]
        mistakes += [f"{text} was said" for text in forbidden if text in said]
        mistakes += ["a secret was said" for text in secrets if text in said]
        # First, that the search sees what lies there.
        seen = canaries.finds(self.collector.data, [READER])
        return mistakes + ([] if seen else ["the search sees nothing"])


def heard(client, said):
    """Whether a client says that its key is refused, unless it says nothing of the kind."""
    return [] if client[0] in SILENT or "401" in said else ["the client does not say 401"]


def check(report, programs, installed, folder):
    """The whole part."""
    if missing := [tool for tool in ("openssl", "cargo") if shutil.which(tool) is None]:
        report.skip("products and clients over TLS", f"{' and '.join(missing)} cannot be found on this machine")
        return
    try:
        Secured(report, programs, installed, folder).all()
    finally:
        restore(programs.parent)
