"""What the walk-through of docs/operate needs from outside: programs that send, and a person.

    python3 peers/walked.py send KEY COUNT         sends so many events, and prints their ids
    python3 peers/walked.py stream KEY FILE        sends until it is ended; FILE has what was acknowledged
    python3 peers/walked.py browse BROWSER SPKI PICTURE    signs in as `maria`, and looks at the numbers
    python3 peers/walked.py compare FILE COUNT     an export on standard input has the first COUNT ids, once

`.ci/operate` calls it. The password is a line of standard input.
"""

import base64
import datetime
import http.client
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import uuid

HOST = "telemetry.example.org"
# Seconds for a page of a browser that starts on a machine with much to do.
PATIENCE = 60


def event(number):
    """An event of Atomic CLI with an id of its own."""
    day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    name = str(uuid.uuid4())
    return name, json.dumps({
        "anonymousId": f"device-{number % 20}", "eventId": name, "eventType": "atomic_command",
        "timestamp": f"{day}T00:00:00Z", "command": "update", "agentType": None, "success": True,
        "platform": "linux", "atomicVersion": "0.1.0", "source": "cli",
    })


def post(key, events):
    """Whether all of them are on the collector's disk. No answer is a no."""
    body = "\n".join(line for _, line in events)
    connection = http.client.HTTPSConnection(HOST, timeout=10, context=ssl.create_default_context())
    try:
        connection.request("POST", "/api/v1/events", body, {"authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200:
            return False
        return told["accepted"] + told["duplicate"] == len(events)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def send(key, count):
    events = [event(number) for number in range(int(count))]
    assert post(key, events), "the events were not taken"
    for name, _ in events:
        print(name)


def stream(key, file):
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    with open(file, "a", encoding="ascii") as acknowledged:
        number = 0
        while not stopped:
            events = [event(number + each) for each in range(5)]
            number += 5
            while not post(key, events) and not stopped:
                time.sleep(0.05)
            # What was ended before its answer is not acknowledged.
            if not stopped:
                acknowledged.write("".join(f"{name}\n" for name, _ in events))
                acknowledged.flush()


def compare(file, count):
    wanted = pathlib.Path(file).read_text(encoding="ascii").split()[: int(count)]
    stored = [json.loads(line)["eventId"] for line in sys.stdin]
    missing = set(wanted) - set(stored)
    assert not missing, f"acknowledged before, and not there: {missing}"
    assert len(stored) == len(set(stored)), "an event is there twice"
    print(f"{len(wanted)} events were acknowledged before the backup: all of {len(stored)} are there once")


class Browser:
    """A headless Chromium, told what to do through two pipes."""

    def __init__(self, program, spki, home):
        to_it, own_end = os.pipe()
        own_start, from_it = os.pipe()
        os.set_inheritable(to_it, True)
        os.set_inheritable(from_it, True)
        # It reads from 3 and writes to 4.
        shell = f'exec "$@" 3<&{to_it} 4>&{from_it}'
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "bash", program, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={home}", f"--ignore-certificate-errors-spki-list={spki}"],
            pass_fds=[to_it, from_it], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "HOME": home})
        os.close(to_it)
        os.close(from_it)
        self.ears, self.mouth = os.fdopen(own_start, "rb"), os.fdopen(own_end, "wb")
        self.number, self.session = 0, None

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.mouth.write(json.dumps(message).encode() + b"\0")
        self.mouth.flush()
        while True:
            told = b""
            while not told.endswith(b"\0"):
                byte = self.ears.read(1)
                assert byte, "the browser has ended"
                told += byte
            told = json.loads(told[:-1])
            if told.get("id") == self.number:
                assert "error" not in told, told
                return told["result"]

    def open(self, url):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")
        told = self.ask("Page.navigate", url=url)
        assert "errorText" not in told, told

    def value(self, script):
        return self.ask("Runtime.evaluate", expression=script)["result"].get("value")

    def until(self, script, what):
        end = time.monotonic() + PATIENCE
        while not self.value(script):
            told = self.value("document.body.innerText")
            assert time.monotonic() < end, f"{what} did not come: {told}"
            time.sleep(0.1)

    def type(self, field, text):
        self.ask("Runtime.evaluate", expression=f"document.querySelector('[name={field}]').focus()")
        self.ask("Input.insertText", text=text)

    def press_enter(self):
        enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **enter)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **enter)

    def close(self):
        self.process.kill()
        self.process.wait()


def browse(program, spki, picture):
    password = sys.stdin.readline().strip()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = Browser(program, spki, home)
        try:
            browser.open(f"https://{HOST}/")
            browser.until("location.pathname == '/sign-in' && document.readyState == 'complete'", "the form")
            browser.type("name", "maria")
            browser.type("password", password)
            browser.press_enter()
            browser.until("location.pathname == '/' && document.readyState == 'complete'", "the page")
            page = browser.value("document.body.innerText")
            for word in ["maria", "Atomic CLI", "Sign out"]:
                assert word in page, f"{word} is not in the page: {page}"
            assert browser.value("document.cookie") == "", "a script can read the cookie"
            drawn = browser.value("document.querySelectorAll('svg').length")
            assert drawn, "there is no chart"
            shot = browser.ask("Page.captureScreenshot", format="png")["data"]
            pathlib.Path(picture).write_bytes(base64.b64decode(shot))
            print(f"a browser signed in and sees {drawn} charts; its picture has {len(shot) * 3 // 4} bytes")
        finally:
            browser.close()


if __name__ == "__main__":
    {"send": send, "stream": stream, "browse": browse, "compare": compare}[sys.argv[1]](*sys.argv[2:])
