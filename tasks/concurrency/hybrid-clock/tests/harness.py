# sextant-canary 853623e2-1896-46a9-9d62-9660dbf4d7a7
"""Trusted half of the grading: asks the handed-in program and writes the reward.

Only `ask` runs code that was handed in, and only through the command named in
SEXTANT_UNTRUSTED. Its output is bounded in bytes and in time; nothing it says
about itself is believed, callers compare what it printed with what they know.
"""

import os
import shlex
import signal
import subprocess
import sys
import threading

OUTPUT_LIMIT_BYTES = 8 << 20
TIMEOUT_SECONDS = 20.0


class Refused(Exception):
    """The handed-in program looped, flooded its output or could not be read."""


def _read_bounded(stream, limit, chunks, overflow, kill):
    total = 0
    while True:
        chunk = stream.read1(65536)
        if not chunk:
            return
        total += len(chunk)
        if total > limit:
            overflow.set()
            kill()
            return
        chunks.append(chunk)


def ask(command, text, timeout=TIMEOUT_SECONDS):
    """Run `command` with `text` on stdin; return its stdout as text."""
    words = shlex.split(os.environ.get("SEXTANT_UNTRUSTED", "")) + command
    process = subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )

    def kill():
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()

    def feed():
        try:
            process.stdin.write(text.encode())
            process.stdin.close()
        except OSError:
            pass  # it stopped reading: its output decides

    out, err, overflow = [], [], threading.Event()
    helpers = [
        threading.Thread(target=feed, daemon=True),
        threading.Thread(
            target=_read_bounded,
            args=(process.stdout, OUTPUT_LIMIT_BYTES, out, overflow, kill),
            daemon=True,
        ),
        threading.Thread(
            target=_read_bounded,
            args=(process.stderr, OUTPUT_LIMIT_BYTES, err, overflow, kill),
            daemon=True,
        ),
    ]
    for helper in helpers:
        helper.start()
    try:
        status = process.wait(timeout)
    except subprocess.TimeoutExpired:
        raise Refused("no end after %g s" % timeout) from None
    finally:
        kill()  # also what it may have left running
        process.wait()
        for helper in helpers:
            helper.join(2.0)
    if overflow.is_set():
        raise Refused("more than %d bytes of output" % OUTPUT_LIMIT_BYTES)
    if status != 0:
        lines = b"".join(err).decode("utf-8", "replace").strip().splitlines()
        last = lines[-1][:200] if lines else "nothing on stderr"
        raise Refused("exit status %d (%s)" % (status, last))
    try:
        return b"".join(out).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("output is not UTF-8") from None


def finish(failures, cases):
    """Print the report and write the reward: 1 only if nothing failed."""
    for failure in failures[:20]:
        print("FAIL " + failure[:300])
    if len(failures) > 20:
        print("... and %d more" % (len(failures) - 20))
    print("%d checks, %d failed" % (cases, len(failures)))
    path = os.path.join(os.environ["SEXTANT_LOGS_DIR"], "reward.txt")
    with open(path, "w") as reward:
        reward.write("0\n" if failures or cases == 0 else "1\n")
    sys.exit(0)


def require(*names):
    """Score 0 at once when a deliverable is missing."""
    app = os.environ["SEXTANT_APP_DIR"]
    missing = [n for n in names if not os.path.isfile(os.path.join(app, n))]
    if missing:
        finish(["missing: " + ", ".join(missing)], 1)
