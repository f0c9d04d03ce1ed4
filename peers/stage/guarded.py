"""Our collector as an operator runs it: with TLS of its own, write keys, a reader and a token."""

import json
import secrets
import ssl
import subprocess
import urllib.error
import urllib.request

from . import waiting
from .authority import Authority
from .collector import Collector

READER = "maria"
# What the documents promise for a change of keys and readers.
HOLDS_WITHIN_S = 10


class Guarded(Collector):
    """`headcount serve` without `--development`."""

    def __init__(self, headcount, catalogs, folder):
        self.headcount = headcount
        self.authority = Authority(folder / "tls")
        self.context = ssl.create_default_context(cafile=self.authority.root)
        tls = ["--tls-cert", self.authority.certificate, "--tls-key", self.authority.key]
        super().__init__(headcount, catalogs, folder, door=["--host", "localhost", *tls])
        self.url = f"https://localhost:{self.url.rsplit(':', 1)[1]}"
        self.password = secrets.token_urlsafe(18)
        self._command("readers", "new", READER, line=self.password)
        self.token = self._command("readers", "token", READER).strip()
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.keys = []
        self._holds(lambda: self.status("/metrics", self.token) == 200, "the token is taken")

    def new_keys(self, products):
        """A write key for each product, all of them taken already."""
        keys = {product: self._command("keys", "new", product).strip() for product in products}
        self.keys += keys.values()
        for product, key in keys.items():
            self._holds(lambda: self._writes(key) == 200, f"a key of {product} is taken")
        return keys

    def revoke(self, keys):
        """Revokes a key of each product, and waits until nobody can write with them."""
        for product in keys:
            self._command("keys", "revoke", self._ids(product)[0])
        for product, key in keys.items():
            self._holds(lambda: self._writes(key) == 401, f"the key of {product} is refused")

    def _ids(self, product):
        """The ids of a product's keys, the oldest first."""
        lines = self._command("keys", "list", "--json").splitlines()
        return [it["id"] for it in map(json.loads, lines) if it["product"] == product]

    def _writes(self, key):
        """How a request without events is answered."""
        return self.status("/api/v1/events", key, b"")

    def status(self, path, secret=None, body=None, headers=None):
        """How a request is answered that has this secret."""
        given = {"Authorization": f"Bearer {secret}"} if secret else {}
        request = urllib.request.Request(self.url + path, body, {**given, **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=20, context=self.context) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def _command(self, *words, line=None):
        done = subprocess.run(
            [self.headcount, *words, "--data", self.data],
            env={"HOME": str(self.folder)}, input=line and f"{line}\n",
            stdin=None if line else subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60,
        )
        if done.returncode:
            raise RuntimeError(f"headcount {words[0]} {words[1]}: {done.stderr}")
        return done.stdout

    @staticmethod
    def _holds(condition, what):
        waiting.until(condition, HOLDS_WITHIN_S, what)
