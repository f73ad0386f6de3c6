# sextant-canary 056b4a70-f338-4e97-9c8e-e72505719128
"""Judges audit.py on fixed traces with known verdicts and on generated ones.

The generator plays the system itself and knows the verdict of every trace it
writes, because it plants the violation: no second checker is needed.
"""

import os
import random
import sys

sys.path.insert(0, os.environ["SEXTANT_TESTS_DIR"])
from harness import Refused, ask, finish, require  # noqa: E402

TRACES = 420

# Verdicts worked out by hand from the instruction.
FIXED = [
    ("a local 1\na send m b 2\n# b is behind\nb recv m 3\nb crash\nb restart 16\n", "ok 5"),
    ("a send m b 1\nb local 1\nb recv m 2\n", "3 clock 1"),
    ("", "ok 0"),
    ("\n \t\n# x\n  # y\n", "ok 0"),
    ("a local 0001\n", "ok 1"),
    ("\ta \t local   1 \n", "ok 1"),
    ("a local 2\n", "1 clock 1"),
    ("a local\n", "1 malformed"),
    ("a\n", "1 malformed"),
    ("a local 1 1\n", "1 malformed"),
    ("a local +1\n", "1 malformed"),
    ("a local -1\n", "1 malformed"),
    ("a local 1_0\n", "1 malformed"),
    ("a local \u0661\n", "1 malformed"),
    ("a local 1234567890123456\n", "1 malformed"),
    ("a local 123456789012345\n", "1 clock 1"),
    ("a Local 1\n", "1 malformed"),
    ("a.b local 1\n", "1 malformed"),
    ("\u00e9 local 1\n", "1 malformed"),
    ("abcdefghijklmnop local 1\n", "ok 1"),
    ("abcdefghijklmnopq local 1\n", "1 malformed"),
    ("a crash 0\n", "1 malformed"),
    ("a crash\na crash\n", "2 down"),
    ("a crash\na local x\n", "2 malformed"),
    ("a crash\na restart 0\n", "2 clock 16"),
    ("a crash\na restart 16\na crash\na restart 32\n", "ok 4"),
    ("a crash\na restart 16\na crash\na restart 16\n", "4 clock 32"),
    ("a restart 16\n", "1 up"),
    ("a send m a 1\na recv m 1\n", "ok 2"),
    ("a send m a 1\na recv m 2\n", "2 clock 1"),
    ("a send m b 1\nc send m d 1\n", "2 reused"),
    ("a send m b 1\nb recv m 2\nc send m d 1\nd recv m 2\n", "ok 4"),
    ("a send m b 1\nc recv m 2\n", "2 misdelivered"),
    ("a send m b 1\nb crash\nb restart 16\nb recv m 16\n", "4 unknown"),
    ("b crash\na send m b 1\nb restart 16\nb recv m 16\n", "ok 4"),
    ("b crash\na send m b 1\nb recv m 2\n", "3 down"),
    ("a send m b 1\na crash\nb recv m 2\n", "ok 3"),
    ("a send m b 1\na send n b 2\nb recv n 3\nb recv m 3\n", "4 unknown"),
    ("a send m b 1\na send n b 2\nb recv n 3\na send m b 3\nb recv m 3\n", "ok 5"),
    ("a send m b 1\nc send n b 1\nb recv n 2\nb recv m 2\n", "ok 4"),
    ("a send m b 1\na send n c 2\nc recv n 3\nb recv m 2\n", "ok 4"),
    ("a send m b 2\n", "1 clock 1"),
    ("a send m b 1\na send m b 9\n", "2 reused"),
    ("a recv m 1\n", "1 unknown"),
    ("- local 1\n", "ok 1"),
    ("a local 1 # no comment here\n", "1 malformed"),
]


class Play:
    """Plays the system and writes down what it does."""

    def __init__(self, rng):
        self.rng = rng
        self.names = rng.sample(["a", "b", "c", "db-1", "Node_7", "x9"], rng.randint(2, 4))
        self.clocks = {name: 0 for name in self.names}
        self.alive = {name: True for name in self.names}
        self.channels = {(p, q): [] for p in self.names for q in self.names}
        self.pool = ["m%d" % n for n in range(rng.choice([4, 9, 40]))]
        self.gone = []
        self.lines = []
        self.events = 0

    def on_way(self):
        return [(p, q, i) for (p, q), queue in self.channels.items() for i in range(len(queue))]

    def busy(self):
        return {self.channels[p, q][i][0] for p, q, i in self.on_way()}

    def write(self, *fields):
        rng = self.rng
        while rng.random() < 0.08:
            self.lines.append(rng.choice(["", "# note", "   ", "\t# a local 7"]))
        glue = " " if rng.random() < 0.9 else rng.choice(["  ", "\t"])
        self.lines.append(glue.join(map(str, fields)))
        self.events += 1

    def step(self):
        rng = self.rng
        p = rng.choice(self.names)
        if not self.alive[p]:
            if rng.random() < 0.5:
                self.alive[p] = True
                c = self.clocks[p]
                c += 16 - c % 16
                self.clocks[p] = c
                self.write(p, "restart", c)
            return
        roll = rng.random()
        free = sorted(set(self.pool) - self.busy())
        if roll < 0.25:
            self.clocks[p] += 1
            self.write(p, "local", self.clocks[p])
        elif roll < 0.58 and free:
            q = rng.choice(self.names)
            self.clocks[p] += 1
            m = rng.choice(free)
            self.gone = [g for g in self.gone if g[0] != m]
            self.channels[p, q].append((m, self.clocks[p]))
            self.write(p, "send", m, q, self.clocks[p])
        elif roll < 0.94:
            arrivals = [(s, i) for s in self.names for i in range(len(self.channels[s, p]))]
            if arrivals:
                s, i = rng.choice(arrivals[:3])
                queue = self.channels[s, p]
                m, stamp = queue[i]
                self.gone += [(g, p) for g, _ in queue[: i + 1]]
                del queue[: i + 1]
                if stamp > self.clocks[p]:
                    self.clocks[p] = stamp + 1
                self.write(p, "recv", m, self.clocks[p])
        else:
            self.alive[p] = False
            for s in self.names:
                self.gone += [(g, p) for g, _ in self.channels[s, p]]
                self.channels[s, p].clear()
            self.write(p, "crash")

    def plant(self):
        """Append a line that violates something; return its verdict."""
        rng = self.rng
        ups = [p for p in self.names if self.alive[p]]
        downs = [p for p in self.names if not self.alive[p]]
        options = ["malformed"]
        options += ["clock"] * 3 if ups else []
        options += ["down", "restart-clock"] if downs else []
        options += ["up"] if ups else []
        flying = [(p, q, i) for p, q, i in self.on_way()]
        options += ["reused"] if ups and flying else []
        lost = [(m, p) for m, p in self.gone if self.alive[p] and m not in self.busy()]
        options += ["unknown"] * 2 if lost else []
        wrong = [(self.channels[p, q][i][0], r) for p, q, i in flying for r in ups if r != q]
        options += ["misdelivered"] if wrong else []
        here = [(p, q, i) for p, q, i in flying if self.alive[q]]
        options += ["recv-clock"] * 3 if here else []
        kind = rng.choice(options)
        p = rng.choice(ups or self.names)
        c = self.clocks[p]
        if kind == "malformed":
            bad = ["%s local 1.0", "%s jump 3", "%s send m 3", "%s recv m", "%s crash now", "%s! local 1", "%s restart"]
            self.write(rng.choice(bad) % p)
            return "malformed"
        if kind == "clock":
            self.write(p, "local", c + rng.choice([0, 2, 16]))
            return "clock %d" % (c + 1)
        if kind == "recv-clock":
            s, q, i = rng.choice(here)
            m, stamp = self.channels[s, q][i]
            c = self.clocks[q]
            right = stamp + 1 if stamp > c else c
            guess = rng.choice([max(stamp, c) + 1, max(stamp, c), stamp, c, c + 1])
            if guess == right:
                guess = right + 1
            self.write(q, "recv", m, guess)
            return "clock %d" % right
        if kind == "restart-clock":
            p = rng.choice(downs)
            c = self.clocks[p]
            right = c + 16 - c % 16
            self.write(p, "restart", rng.choice([0, c, c + 1, right + 16, right - 16]) if c % 16 else c)
            return "clock %d" % right
        if kind == "down":
            p = rng.choice(downs)
            self.write(*rng.choice([(p, "local", self.clocks[p] + 1), (p, "recv", "m0", 5), (p, "crash")]))
            return "down"
        if kind == "up":
            self.write(p, "restart", c + 16 - c % 16)
            return "up"
        if kind == "reused":
            s, q, i = rng.choice(flying)
            self.write(p, "send", self.channels[s, q][i][0], rng.choice(self.names), c + 1)
            return "reused"
        m, p = rng.choice(lost if kind == "unknown" else wrong)
        self.write(p, "recv", m, self.clocks[p])
        return kind


def make(rng):
    play = Play(rng)
    for _ in range(rng.choice([5, 15, 40, 90])):
        play.step()
    if rng.random() < 0.25:
        want = "ok %d" % play.events
    else:
        want = play.plant()
        want = "%d %s" % (len(play.lines), want)
        for _ in range(rng.randint(0, 3)):  # nothing after it counts
            play.lines.append(rng.choice(["nonsense", "a local 99", ""]))
    return "".join(line + "\n" for line in play.lines), want


def long_trace(rng):
    play = Play(rng)
    while len(play.lines) < 19900:
        play.step()
    return "".join(line + "\n" for line in play.lines), "ok %d" % play.events


def main():
    require("audit.py")
    rng = random.Random(15485863)
    generated = [make(rng) for _ in range(TRACES)]
    batches = [FIXED, generated, [long_trace(rng)]]
    batches += [[case] for case in (FIXED[0], FIXED[2], FIXED[7])]
    failures = []
    checks = 0
    for number, batch in enumerate(batches):
        separator = "---\n" if number % 2 else " ---\t\n"
        text = separator.join(trace for trace, _ in batch)
        if number == 4:
            text = text.rstrip("\n")
        if number == 3:
            text = text[:-1]
        checks += len(batch)
        try:
            got = ask(["python3", "-B", os.path.join(os.environ["SEXTANT_APP_DIR"], "audit.py")], text).splitlines()
        except Refused as refusal:
            failures.append("input %d: %s" % (number, refusal))
            break  # do not wait again for a program that loops
        if len(got) != len(batch):
            failures.append("input %d: %d lines for %d traces" % (number, len(got), len(batch)))
        for place, ((trace, want), line) in enumerate(zip(batch, got)):
            if line.rstrip() != want:
                failures.append("input %d, trace %d: wanted %s, got %s" % (number, place + 1, want, line[:60]))
    finish(failures, checks)


main()
