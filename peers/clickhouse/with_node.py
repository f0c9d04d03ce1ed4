"""Runs a command beside a node: HEADCOUNT_CLICKHOUSE is its address, as the tests of the store want it.

    python3 peers/clickhouse/with_node.py COMMAND …
"""

import os
import pathlib
import subprocess
import sys
import tempfile

from node import NodeProcess


def main():
    with tempfile.TemporaryDirectory(prefix="headcount-clickhouse-") as folder:
        node = NodeProcess(pathlib.Path(folder) / "node")
        try:
            told = {**os.environ, "HEADCOUNT_CLICKHOUSE": f"clickhouse://{node.address}"}
            # The engine is for the node alone.
            told.pop("PYTHONPATH", None)
            return subprocess.run(sys.argv[1:], env=told, check=False).returncode
        finally:
            node.end()


if __name__ == "__main__":
    sys.exit(main())
