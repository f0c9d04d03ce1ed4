"""docs/start walked through as a newcomer would: the commands of each page, as they are, in an empty
home, and what the page says that they print.

    walks.py HEADCOUNT SCRATCH [LANGUAGE …]

Every block of a page has a mark on the line before it:

    <!-- walk: run -->             commands for a shell
    <!-- walk: until -->           the same, again until the next block is what they print
    <!-- walk: file NAME -->       a file
    <!-- walk: serve -->           a command that stays until the end of the page
    <!-- walk: terminal KEY -->    commands in a terminal, where KEY answers the question
    <!-- walk: says -->            what the last commands print, among other lines; … is anything

The port of the collector is a free one, here and in the blocks. `.ci/walks` prepares the rest.
"""

import codecs
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time

PAGES = pathlib.Path(__file__).resolve().parent.parent / "docs" / "start"
# What a page needs, by its name.
NEEDS = {"go": "go", "node": "node", "python": "python3", "ruby": "ruby", "rust": "cargo", "shell": "sh"}
# Seconds for a page, which is called ten minutes; and for one of its commands.
PAGE_S, COMMAND_S = 600, 480
# Seconds until what was recorded has arrived.
ARRIVAL_S = 20
PORT = "7070"
# What a terminal says after its commands.
DONE = "[the commands are done]"


class Wrong(Exception):
    pass


def blocks(page):
    """Each block as its mark and its text."""
    found, mark, inside = [], None, None
    for line in page.read_text(encoding="utf-8").splitlines():
        if inside is not None:
            if line == "```":
                found.append((mark, "".join(inside)))
                mark = inside = None
            else:
                inside.append(line + "\n")
        elif line.startswith("```"):
            if mark is None:
                raise Wrong(f"a block without a mark: {line}")
            inside = []
        elif line.startswith("<!-- walk: "):
            mark = line.removeprefix("<!-- walk: ").removesuffix(" -->")
    return found


class Walk:
    def __init__(self, folder, home, environment):
        self.folder, self.environment = folder, {**environment, "HOME": str(home)}
        self.served = self.port = self.child = None
        self.told = self.printed = self.written = ""
        self.began = time.monotonic()

    def left(self):
        return max(1, min(COMMAND_S, PAGE_S - (time.monotonic() - self.began)))

    def command(self, text):
        if self.port:
            text = text.replace(f"127.0.0.1:{PORT}", f"127.0.0.1:{self.port}")
        return ["bash", "-euo", "pipefail", "-c", text]

    def run(self, text):
        done = subprocess.run(
            self.command(text), cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=self.left(),
        )
        self.told = done.stdout
        if done.returncode != 0:
            raise Wrong(f"it ended with {done.returncode}:\n{text}\n{done.stdout}")

    def serve(self, text):
        log = self.folder / "serve.log"
        with log.open("wb") as out:
            self.served = subprocess.Popen(
                self.command("exec " + text), cwd=self.folder, env={**self.environment, "HEADCOUNT_LISTEN": "127.0.0.1:0"},
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            )
        for _ in range(200):
            told = log.read_text(encoding="utf-8")
            if listening := re.search(r"listening on http://127\.0\.0\.1:(\d+)", told):
                self.port = listening[1]
                self.told = told.replace(f":{self.port}", f":{PORT}")
                return
            if self.served.poll() is not None:
                break
            time.sleep(0.1)
        raise Wrong(f"no collector:\n{told}")

    def terminal(self, key, text):
        """The terminal stays open until the page ends, as somebody's does."""
        child, self.master = pty.fork()
        if child == 0:
            os.chdir(self.folder)
            command = self.command(f"{text}\nprintf '%s\\n' '{DONE}'\nread -r _")
            os.execvpe(command[0], command, {**self.environment, "TERM": "xterm", "COLUMNS": "100", "LINES": "50"})
        self.child = child
        read = codecs.getincrementaldecoder("utf-8")("replace").decode
        told, answered, end = "", False, time.monotonic() + self.left()
        while DONE not in told and time.monotonic() < end:
            if not select.select([self.master], [], [], 1)[0]:
                continue
            try:
                part = os.read(self.master, 65536)
            except OSError:  # Linux says so when the other end is closed.
                break
            told += read(part)
            # The last line of the question: from here on keys count.
            if not answered and "or arrows, then Enter" in told:
                os.write(self.master, key.encode())
                answered = True
        self.told = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told).replace("\r", "")
        if not answered or DONE not in told:
            raise Wrong(f"in a terminal it {'failed' if answered else 'asked nothing'}:\n{self.told}")

    def says(self, text):
        """The first line that is not printed, if there is one."""
        printed = [" ".join(line.split()) for line in self.told.splitlines()]
        for line in text.splitlines():
            parts = [re.escape(part) for part in " ".join(line.split()).split("…")]
            if not any(re.search(".*".join(parts), one) for one in printed):
                return line
        return None

    def walk(self, page):
        all_blocks = blocks(page)
        for place, (mark, text) in enumerate(all_blocks):
            word, _, rest = mark.partition(" ")
            if word == "run":
                self.run(text)
                if "headcount new" in text:
                    self.printed = self.told
            elif word == "until":
                expected = all_blocks[place + 1][1]
                for _ in range(ARRIVAL_S * 4):
                    self.run(text)
                    if self.says(expected) is None:
                        break
                    time.sleep(0.25)
            elif word == "file":
                (self.folder / rest).parent.mkdir(parents=True, exist_ok=True)
                is_program = (self.folder / rest).exists() and os.access(self.folder / rest, os.X_OK)
                (self.folder / rest).write_text(text, encoding="utf-8")
                if is_program:
                    (self.folder / rest).chmod(0o755)
                self.written += text
            elif word == "serve":
                self.serve(text)
            elif word == "terminal":
                self.terminal(rest, text)
            elif word == "says":
                if (missing := self.says(text)) is not None:
                    raise Wrong(f"nothing says: {missing}\nbut:\n{self.told}")
            else:
                raise Wrong(f"a mark that is not known: {mark}")
        self.is_pasted()

    def is_pasted(self):
        """The page has the lines that `headcount new` prints."""
        pasted = re.search(r"\n2\. Paste this:\n\n(.*?)\n3\. ", self.printed, re.DOTALL)
        if pasted is None:
            raise Wrong(f"`headcount new` prints no lines to paste:\n{self.printed}")
        has = {line.strip() for line in self.written.splitlines()}
        for line in pasted[1].splitlines():
            line = line.strip()
            # A command for a shell; and what stands for the program's own command.
            if line and not line.startswith("$ ") and "the program's work" not in line and 'of("build")' not in line and line not in has:
                raise Wrong(f"`headcount new` prints a line that the page does not have: {line}")

    def end(self):
        if self.child:
            os.close(self.master)
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
            self.child = None
        if self.served and self.served.poll() is None:
            self.served.send_signal(signal.SIGINT)
            self.served.wait(30)


def main():
    headcount, scratch, *languages = sys.argv[1:]
    scratch = pathlib.Path(scratch)
    passed = failed = skipped = 0
    pages = sorted(page for page in PAGES.glob("*.md") if page.name != "README.md")
    for page in pages:
        name = page.stem
        if languages and name not in languages:
            continue
        if shutil.which(NEEDS[name]) is None:
            print(f"walks: {name}: skipped, since there is no {NEEDS[name]} here")
            skipped += 1
            continue
        folder, home = scratch / name / "mycli", scratch / name / "home"
        folder.mkdir(parents=True)
        home.mkdir()
        # Nothing of this machine's settings, but where tools keep what they have built and fetched.
        kept = ("PATH", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "GOPATH", "GOCACHE", "GOFLAGS")
        environment = {key: os.environ[key] for key in kept if key in os.environ}
        walk = Walk(folder, home, {"LANG": "C.UTF-8", **environment})
        try:
            walk.walk(page)
            walk.end()
            print(f"walks: {name}: {time.monotonic() - walk.began:.0f} s")
            passed += 1
        except (Wrong, subprocess.TimeoutExpired) as wrong:
            print(f"walks: {name}: FAILED after {time.monotonic() - walk.began:.0f} s: {wrong}", file=sys.stderr)
            failed += 1
        finally:
            walk.end()
    print(f"walks: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0 or passed == 0)


main()
