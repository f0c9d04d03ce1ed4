"""The demo's folder, served with a sign-in, and what its collector answers over HTTP."""

import csv
import io
import json
import secrets
import shutil
import signal
import subprocess
import tomllib
import urllib.error
import urllib.request

READER = "maria"
# The demo takes a fraction of it, also on a busy machine.
DEMO_LONGEST_S = 300


class Site:
    """`headcount serve` on what `headcount demo` has played."""

    def __init__(self, headcount, folder, played=None):
        self.headcount, self.folder = headcount, folder / "demo"
        if played:
            for name in ("data", "catalogs"):
                shutil.copytree(played / name, self.folder / name)
        else:
            self._play()
        self.data = self.folder / "data"
        self.catalogs = {}
        for path in sorted((self.folder / "catalogs").glob("*.toml")):
            catalog = tomllib.loads(path.read_text())
            newest = self.catalogs.setdefault(catalog["product"]["name"], catalog)
            if newest["catalog"] < catalog["catalog"]:
                self.catalogs[catalog["product"]["name"]] = catalog
        self.password = secrets.token_urlsafe(18)
        self.command("readers", "new", READER, line=self.password)
        self.token = self.command("readers", "token", READER).strip()
        self.process = subprocess.Popen(
            [headcount, "serve", "--listen", "127.0.0.1:0", "--data", self.data]
            + ["--catalogs", self.folder / "catalogs"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        self.url = self.process.stdout.readline().strip().rsplit(" ", 1)[-1].rstrip("/")

    def _play(self):
        done = subprocess.run(
            [self.headcount, "demo", "--once", "--json", "--keep", self.folder],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEMO_LONGEST_S,
        )
        if done.returncode:
            raise RuntimeError(f"the demo failed: {done.stderr}")
        books = json.loads(done.stdout)
        if books["recorded"] != books["stored"] + books["rejected"] + books["lost"]:
            raise RuntimeError(f"the demo's books do not balance: {books}")

    def stop(self):
        """Ends it; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def command(self, *words, line=None):
        """Runs an operator's command on the folder; its output."""
        done = subprocess.run(
            [self.headcount, *words, "--data", self.data], input=line and f"{line}\n",
            stdin=None if line else subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
        )
        if done.returncode:
            raise RuntimeError(f"headcount {' '.join(words)}: {done.stderr}")
        return done.stdout

    def events(self, product):
        """Every stored event of a product."""
        return [json.loads(line) for line in self.command("export", product).splitlines()]

    def get(self, path, token=True):
        """Status, headers and text of an answer."""
        headers = {"Authorization": f"Bearer {self.token}"} if token else {}
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def json(self, path):
        """An answer of the API as JSON."""
        status, _, text = self.get(path)
        if status != 200:
            raise RuntimeError(f"{path} was answered with {status}: {text[:200]}")
        return json.loads(text)

    def csv(self, path):
        """An answer of the API as rows of CSV, each by the names of the columns."""
        status, _, text = self.get(path)
        if status != 200:
            raise RuntimeError(f"{path} was answered with {status}: {text[:200]}")
        return list(csv.DictReader(io.StringIO(text)))
