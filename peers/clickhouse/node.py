"""Starts nodes, and asks them as a client over HTTP would. Or asks a server that runs already."""

import base64
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import urllib.parse
import uuid

HERE = pathlib.Path(__file__).resolve().parent
# A server to ask instead of starting an engine: http://USER:PASSWORD@HOST:PORT
ADDRESS = "HEADCOUNT_CLICKHOUSE_ADDRESS"


class Refused(Exception):
    def __init__(self, status, text):
        self.status, self.text = status, text
        super().__init__(f"{status}: {text[:1000]}")


class Node:
    """What answers at `address`. `settings` are sent with every request."""

    def __init__(self, address, headers=None, settings=None):
        self.address, self.headers, self.settings = address, headers or {}, settings or {}

    def request(self, method, query, body=None, headers=None, path="/"):
        connection = http.client.HTTPConnection(self.address, timeout=float(os.environ.get("HEADCOUNT_NODE_TIMEOUT", "600")))
        try:
            query = {**self.settings, **query}
            connection.request(method, path + "?" + urllib.parse.urlencode(query), body, {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            told = answer.read()
            if answer.status != 200:
                raise Refused(answer.status, told.decode(errors="replace"))
            return told, answer.headers
        finally:
            connection.close()

    def run(self, sql, settings=None, headers=None, **parameters):
        query = {**(settings or {}), **{f"param_{name}": value for name, value in parameters.items()}}
        return self.request("POST", query, sql.encode(), headers)[0]

    def rows(self, sql, settings=None, **parameters):
        """The rows as lists, 64-bit numbers as numbers."""
        settings = {"default_format": "JSONCompactEachRow", "output_format_json_quote_64bit_integers": "0",
                    **(settings or {})}
        told = self.run(sql, settings, **parameters)
        return [json.loads(line) for line in told.splitlines()]

    def insert(self, sql, data, token=None, **settings):
        query = {"query": sql, "async_insert": "0", "max_partitions_per_insert_block": "10000", **settings}
        if token:
            query["insert_deduplication_token"] = token
        told, headers = self.request("POST", query, data)
        return json.loads(headers["X-ClickHouse-Summary"])


class NodeProcess(Node):
    """A node of our own: the engine behind serve.py, which can be killed."""

    def __init__(self, folder, *arguments):
        super().__init__(None)
        self.folder, self.arguments = folder, arguments
        self.start()

    def start(self):
        command = [sys.executable, str(HERE / "serve.py"), str(self.folder), "--until-eof", *self.arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            raise RuntimeError(f"the node has not started: {line!r}")
        self.address = line.split("://")[1].strip()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.kill()

    def fault(self, **options):
        self.request("POST", options, b"", path="/test/fault")

    def waiting_faults(self):
        return int(self.request("GET", {}, path="/test/fault")[0])

    def mend(self):
        self.request("DELETE", {}, path="/test/fault")

    def asked(self):
        told, _ = self.request("GET", {}, path="/test/requests")
        return [json.loads(line) for line in told.splitlines()]


def as_user(user, password):
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {basic}"}


def at(url, database="default"):
    """A server that somebody else has started."""
    parts = urllib.parse.urlsplit(url)
    headers = as_user(urllib.parse.unquote(parts.username or "default"), urllib.parse.unquote(parts.password or ""))
    return Node(f"{parts.hostname}:{parts.port or 8123}", headers, {"database": database})


class Borrowed(Node):
    """A database of our own on a server that somebody else has started, and a user who may do no more than needed."""

    def __init__(self, url, privileges):
        self.admin, self.name = at(url), f"suite_{uuid.uuid4().hex}"
        password = uuid.uuid4().hex
        self.admin.run(f"CREATE DATABASE {self.name}")
        self.admin.run(f"CREATE USER {self.name} IDENTIFIED BY '{password}'")
        self.admin.run(f"GRANT {', '.join(privileges)} ON {self.name}.* TO {self.name}")
        super().__init__(self.admin.address, as_user(self.name, password), {"database": self.name})

    def end(self):
        self.admin.run(f"DROP USER {self.name}")
        self.admin.run(f"DROP DATABASE {self.name}")


def a_node(folder, privileges):
    """The server that the environment names, or a node of our own."""
    return Borrowed(os.environ[ADDRESS], privileges) if ADDRESS in os.environ else NodeProcess(folder)
