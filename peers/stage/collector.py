"""Our collector as a process, and what it says of itself."""

import json
import re
import subprocess
import urllib.parse
import urllib.request

LINE = re.compile(r'headcount_events_total\{product="(.*?)",outcome="(.*?)",reason="(.*?)"\} (\d+)')


class Collector:
    """`headcount serve` on a folder of its own: for developers, unless `door` says otherwise."""

    # What reading needs beside the address.
    context = None
    headers = {}

    def __init__(self, headcount, catalogs, folder, door=("--development",)):
        self.folder = folder
        self.data = folder / "data"
        folder.mkdir(parents=True, exist_ok=True)
        self.said = (folder / "said").open("w+")
        self.process = subprocess.Popen(
            [headcount, "serve", *door, "--listen", "127.0.0.1:0"]
            + ["--data", self.data, "--catalogs", catalogs],
            env={"HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.said,
            text=True,
        )
        first = self.process.stdout.readline()
        if not first.startswith("listening on "):
            self.process.wait()
            self.said.seek(0)
            raise RuntimeError(f"headcount serve did not start: {self.said.read()}")
        self.url = first.split()[-1]

    def outcomes(self):
        """What became of all that arrived, by product, outcome and reason."""
        text = self._get("/metrics").decode()
        return {tuple(found[:3]): int(found[3]) for found in LINE.findall(text)}

    def ask(self, question, **parameters):
        """The rows of an answer."""
        query = urllib.parse.urlencode(parameters, doseq=True)
        return json.loads(self._get(f"/api/v1/ask/{question}?{query}"))["rows"]

    def stop(self):
        """Ends it as an operator would; what it said on standard error."""
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()
        self.said.seek(0)
        return self.said.read()

    def _get(self, path):
        request = urllib.request.Request(self.url + path, headers=self.headers)
        with urllib.request.urlopen(request, timeout=20, context=self.context) as answer:
            return answer.read()

    def answered(self, status):
        """How many requests were answered with this status."""
        found = re.search(rf'headcount_requests_total{{status="{status}"}} (\d+)', self._get("/metrics").decode())
        return int(found[1]) if found else 0


def since(before, after, product):
    """What arrived for a product between two looks, by outcome."""
    counts = {}
    for (name, outcome, _), count in after.items():
        if name == product:
            counts[outcome] = counts.get(outcome, 0) + count
    for (name, outcome, _), count in before.items():
        if name == product:
            counts[outcome] -= count
    return {outcome: count for outcome, count in counts.items() if count}
