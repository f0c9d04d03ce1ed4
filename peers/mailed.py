"""A relay of other people's software takes our e-mail over TLS: a test of an alert and of a weekly report, once for
everybody, and nothing from somebody who does not trust it or whom it does not know."""

import email
import email.policy
import json
import queue
import shutil
import subprocess
import threading

from stage.authority import Authority
from stage.collector import Collector
from stage.install import CLIENTS, HERE, Missing

FROM, TO = "headcount@example.org", ["team@example.org", "oncall@example.org"]
USER, PASSWORD = "mailer", "a secret of the suite"
# STARTTLS, and TLS from the first byte.
SCHEMES = {"smtp": False, "smtps": True}
LINE_LONGEST = 998


def check(report, programs, installed, folder):
    """The whole part."""
    place = folder / "mail"
    titles = [f"{scheme}: an alert and a report arrive over TLS, each once for everybody" for scheme in SCHEMES]
    try:
        python = installed["python"].ready() / "bin/python"
        if shutil.which("openssl") is None:
            raise Missing("openssl cannot be found on this machine")
    except Missing as missing:
        for title in titles:
            report.skip(title, str(missing))
        return
    (place / "catalogs").mkdir(parents=True)
    shutil.copy2(HERE.parent / "examples/clacky/telemetry.toml", place / "catalogs/clacky.toml")
    collector = Collector(programs / "headcount", place / "catalogs", place)
    authority, stranger = Authority(place / "authority"), Authority(place / "stranger")
    try:
        for title, (scheme, begins_with_tls) in zip(titles, SCHEMES.items()):
            relay = Relay(python, authority, begins_with_tls)
            operator = Operator(programs / "headcount", place, collector, f"{scheme}://localhost:{relay.port}")
            report.attempt(title, lambda: arrives(operator, relay, authority))
            report.attempt(f"{scheme}: a relay that is not trusted gets nothing",
                           lambda: refused(operator, relay, stranger, PASSWORD, "certificate"))
            report.attempt(f"{scheme}: a wrong password delivers nothing, and says so",
                           lambda: refused(operator, relay, authority, "wrong", "the relay answered 535"))
            relay.stop()
    finally:
        collector.stop()


class Relay:
    """aiosmtpd as a process of its own."""

    def __init__(self, python, authority, begins_with_tls):
        self.process = subprocess.Popen(
            [python, "-B", CLIENTS / "smtp_python.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        task = {
            "certificate": str(authority.certificate), "key": str(authority.key), "user": USER, "password": PASSWORD,
            "begins_with_tls": begins_with_tls,
        }
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        first = self.process.stdout.readline()
        if not first.strip().isdigit():
            self.process.kill()
            raise RuntimeError(f"the relay did not start: {self.process.stderr.read()[-700:]}")
        self.port = int(first)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def message(self):
        """The next one that it took."""
        return self.lines.get(timeout=20)

    def is_empty(self):
        """Whether it has taken nothing more."""
        return self.lines.empty()

    def stop(self):
        """Ends it."""
        self.process.stdin.close()
        self.process.wait(20)


class Operator:
    """Somebody with a configuration, who tests it."""

    def __init__(self, headcount, place, collector, relay):
        self.headcount, self.place, self.collector, self.relay = headcount, place, collector, relay

    def test(self, authority, password, *flags):
        """`headcount alerts --test`; its exit code and what it said."""
        (self.place / "password").write_text(password + "\n")
        to = ", ".join(f'"{one}"' for one in TO)
        mail = (
            f'email = {{ relay = "{self.relay}", from = "{FROM}", to = [{to}], user = "{USER}", '
            f'password-file = "password", ca = "{authority.root}" }}\n'
        )
        (self.place / "h.toml").write_text(
            f'data = "{self.collector.data}"\n'
            f'[[alert]]\nkind = "silence"\nproduct = "clacky"\nhours = 6\n{mail}'
            f'[[report]]\nproducts = ["clacky"]\n{mail}'
        )
        done = subprocess.run(
            [self.headcount, "alerts", "--config", self.place / "h.toml", "--test", *flags],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env={"HOME": str(self.place)},
        )
        return done.returncode, done.stdout + done.stderr


def arrives(operator, relay, authority):
    """An alert and a report, as e-mail that a library for e-mail finds nothing wrong with."""
    mistakes = []
    for flags, subject, words in [
        ((), "[headcount] silence-clacky: test", "This is a test: nothing has happened."),
        (("--report",), "[headcount] test of weekly, ", "Events rejected on arrival"),
    ]:
        code, said = operator.test(authority, PASSWORD, *flags)
        if code:
            return [*mistakes, f"headcount alerts {flags} ended with {code}: {said}"]
        taken = relay.message()
        mistakes += [] if taken["cipher"] and taken["authenticated"] else [f"not over TLS: {taken}"]
        mistakes += [] if (taken["from"], taken["to"]) == (FROM, TO) else [f"its envelope is {taken}"]
        mistakes += read(taken["content"], subject, words)
    return mistakes + ([] if relay.is_empty() else ["something came twice"])


def read(content, subject, words):
    """What is wrong with a message (RFC 5322)."""
    mistakes = ["a line is too long"] if max(map(len, content.split("\r\n"))) > LINE_LONGEST else []
    mistakes += ["a line ends with LF alone"] if "\n" in content.replace("\r\n", "") else []
    parsed = email.message_from_string(content, policy=email.policy.SMTP)
    mistakes += [f"{defect!r}" for defect in parsed.defects]
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"):
        mistakes += [f"{name}: {defect!r}" for defect in getattr(parsed[name], "defects", ["is missing"])]
    addresses = [one.addr_spec for one in parsed["To"].addresses]
    mistakes += [] if addresses == TO else [f"it is to {addresses}"]
    mistakes += [] if str(parsed["Subject"]).startswith(subject) else [f"its subject is {parsed['Subject']}"]
    mistakes += [] if parsed["Date"].datetime else ["it has no date"]
    body = parsed.get_content()
    return mistakes + ([] if words in body else [f"it does not say {words!r}: {body}"])


def refused(operator, relay, authority, password, told):
    """Nothing is taken, and the reason is said."""
    code, said = operator.test(authority, password)
    mistakes = [] if code == 1 and told in said else [f"it ended with {code}: {said}"]
    return mistakes + ([] if relay.is_empty() else [f"it was taken: {relay.message()}"])
