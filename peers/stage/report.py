"""One line a check, and the sum at the end."""

import sys
import time


class Report:
    """Counts checks and prints each as soon as it is known."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.began = time.monotonic()

    def check(self, name, mistakes):
        """A check that passed where there is nothing to say against it."""
        mistakes = [mistakes] if isinstance(mistakes, str) else [it for it in mistakes or [] if it]
        if mistakes:
            self.failed += 1
            self._say("FAILED", name)
            for mistake in mistakes:
                print(f"            {mistake}", flush=True)
        else:
            self.passed += 1
            self._say("ok", name)

    def skip(self, name, why):
        """A check that this machine cannot make."""
        self.skipped += 1
        self._say("skipped", f"{name}: {why}")

    def attempt(self, name, run):
        """Runs a check; whatever it raises is a mistake."""
        try:
            self.check(name, run())
        except Exception as error:  # The other checks shall go on.
            self.check(name, f"{type(error).__name__}: {error}")

    def end(self):
        """The last line; the exit code."""
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0

    def _say(self, verdict, name):
        elapsed = time.monotonic() - self.began
        print(f"{verdict:<8}{elapsed:5.0f} s  {name}", flush=True)
        sys.stdout.flush()


def differences(wanted, found):
    """What of two dictionaries is not the same, a sentence each."""
    return [
        f"{name}: {found.get(name)!r}, not {wanted.get(name)!r}"
        for name in sorted({*wanted, *found}, key=str)
        if wanted.get(name) != found.get(name)
    ]
