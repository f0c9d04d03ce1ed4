"""A terminal in which an agent runs, and somebody who types `/quit` once it is silent."""

import fcntl
import os
import select
import struct
import subprocess
import termios
import time

ROWS, COLUMNS = 40, 120
# A program that asks where the cursor is waits for the answer.
ASKED, ANSWER = b"\x1b[6n", b"\x1b[1;1R"
# Seconds of silence after which a program waits for keys.
SILENCE = 2


def sit(words, folder, variables, is_there, limit=90):
    """Runs it, types `/quit` once `is_there()`, and Enter until it ends. Returns its exit code."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(
        words, cwd=folder, env={**variables, "TERM": "xterm-256color"}, start_new_session=True,
        stdin=slave, stdout=slave, stderr=slave,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    keys = iter([b"/quit"])
    end, said, shown = time.monotonic() + limit, time.monotonic(), b""
    try:
        while process.poll() is None:
            if time.monotonic() > end:
                raise TimeoutError(f"the agent did not end within {limit} s: {shown[-800:]!r}")
            if select.select([master], [], [], 0.1)[0]:
                try:
                    more = os.read(master, 65536)
                except OSError:  # The program has closed its side.
                    break
                shown, said = shown + more, time.monotonic()
                if ASKED in more:
                    os.write(master, ANSWER)
            elif is_there() and time.monotonic() - said > SILENCE:
                os.write(master, next(keys, b"\r"))
                said = time.monotonic()
        return process.wait(20)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(master)
