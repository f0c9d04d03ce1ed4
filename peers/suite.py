"""Headcount with real software on the other end: see README.md beside this file.

    python3 peers/suite.py --programs FOLDER [--keep FOLDER] [--demo FOLDER] [PART …]
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import asked
import browser
import dialects
import exported
import mailed
import metrics
import proxy
import receivers
import secured
import senders
from stage import install
from stage.report import Report

PARTS = {
    "senders": senders.check,
    "agents": exported.check,
    "secured": secured.check,
    "receivers": receivers.check,
    "metrics": metrics.check,
    "proxy": proxy.check,
    "dialects": dialects.check,
    "browser": browser.check,
    "mcp": asked.check,
    "mail": mailed.check,
}


def main():
    """Runs the named parts, or all of them."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--programs", type=Path, required=True, help="where headcount and atomic lie")
    arguments.add_argument("--keep", type=Path, help="install here, and find it there the next time")
    arguments.add_argument("--demo", type=Path, help="what `headcount demo --keep` has left, for the part mcp")
    arguments.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    given = arguments.parse_args()
    unknown = [part for part in given.parts if part not in PARTS]
    if unknown:
        arguments.error(f"there is no part {unknown[0]}: {', '.join(PARTS)}")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="headcount-peers-") as scratch:
        folder = Path(scratch)
        kept = given.keep.absolute() if given.keep else folder / "installed"
        kept.mkdir(parents=True, exist_ok=True)
        installed = install.start(kept)
        for name, check in PARTS.items():
            if given.parts and name not in given.parts:
                continue
            print(f"--- {name}", flush=True)
            try:
                more = {"played": given.demo.absolute()} if name == "mcp" and given.demo else {}
                check(report, given.programs.absolute(), installed, folder, **more)
            except Exception as error:  # The other parts shall go on.
                report.check(f"{name} as a whole", f"{type(error).__name__}: {error}")
        for one in installed.values():
            one.stop()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
