"""Starts nodes, and asks them as a client over HTTP would."""

import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent


class Refused(Exception):
    def __init__(self, status, text):
        self.status, self.text = status, text
        super().__init__(f"{status}: {text[:1000]}")


class NodeProcess:
    def __init__(self, folder, *arguments):
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

    def request(self, method, query, body=None, headers=None, path="/"):
        connection = http.client.HTTPConnection(self.address, timeout=float(os.environ.get("HEADCOUNT_NODE_TIMEOUT", "600")))
        try:
            connection.request(method, path + "?" + urllib.parse.urlencode(query), body, headers or {})
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

    def fault(self, **options):
        self.request("POST", options, b"", path="/test/fault")

    def waiting_faults(self):
        return int(self.request("GET", {}, path="/test/fault")[0])

    def mend(self):
        self.request("DELETE", {}, path="/test/fault")

    def asked(self):
        told, _ = self.request("GET", {}, path="/test/requests")
        return [json.loads(line) for line in told.splitlines()]
