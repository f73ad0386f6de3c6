# sextant-canary 853623e2-1896-46a9-9d62-9660dbf4d7a7
"""Judges hybrid_clock.py against a second clock written from the instruction."""

import json
import os
import random
import sys

sys.path.insert(0, os.environ["SEXTANT_TESTS_DIR"])
from harness import Refused, ask, finish, require  # noqa: E402

SCRIPTS = 300
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Model:
    """The rules, in the order of the instruction, on one number per state.

    A state (wall, count) is held as wall * 16 + count, so that an overflowing
    counter and the order of states fall out of arithmetic.
    """

    def __init__(self, node, drift, mark):
        self.node = node
        self.drift = drift
        self.state = mark * 16 + 15 if mark is not None else 0

    def settle(self, wall, count, physical):
        if count == 16:
            wall, count = (wall // 8 + 1) * 8, 0
        if wall > physical + self.drift:
            return "Overrun"
        self.state = wall * 16 + count
        return [wall, count, self.node]

    def tick(self, time):
        physical = time // 8 * 8
        wall, count = divmod(self.state, 16)
        if wall < physical:
            return self.settle(physical, 0, physical)
        return self.settle(wall, count + 1, physical)

    def receive(self, stamp, time):
        wall, count, node = stamp
        if node == self.node:
            return "Impostor" if wall * 16 + count > self.state else self.tick(time)
        physical = time // 8 * 8
        if wall > physical + self.drift:
            return "TooFarAhead"
        top = max(self.state, wall * 16 + count)
        if top // 16 >= physical:
            return self.settle(top // 16, top % 16 + 1, physical)
        return self.settle(physical, 0, physical)

    def mark(self):
        return (self.state // 16 // 8 + 1 + (self.drift + 7) // 8) * 8


def script_of(rng):
    """A script of calls on two or three clocks, and the results it must have."""
    steps, wants = [], []

    def say(step, result, calls):
        steps.append(step)
        if isinstance(result, str) and result in ("Overrun", "TooFarAhead", "Impostor", "BadStamp"):
            wants.append(["error", [result], True, calls])
        else:
            wants.append(["value", result, calls])

    time = rng.choice([0, 3, 1000, 10**6 + 5, 10**12 + 1])
    models = {}
    names = rng.sample(["a", "b7", "zulu", "n0de4567"], rng.randint(2, 3))

    def new(name, mark):
        drift = rng.choice([0, 7, 8, 9, 16, 20, 40, 100])
        if name in models:
            drift = models[name].drift
        models[name] = Model(name, drift, mark)
        say({"call": "new", "clock": name, "node": name, "drift": drift, "mark": [] if mark is None else [mark]}, None, 0)

    for name in names:
        new(name, None if rng.random() < 0.7 else max(0, time + rng.randint(-30, 20)))
    stamps = []
    lazy = rng.random() < 0.5  # time hardly moves: counters fill up
    for _ in range(rng.choice([10, 40, 80])):
        if rng.random() < (0.05 if lazy else 0.4):
            time = max(0, time + rng.choice([1, 3, 8, 8, 20, 60, -5, -20]))
        name = rng.choice(names)
        model = models[name]
        roll = rng.random()
        if roll < 0.45:
            result = model.tick(time)
            say({"call": "tick", "clock": name, "time": time}, result, 1)
            if isinstance(result, list):
                stamps.append(result)
        elif roll < 0.9:
            pick = rng.random()
            wall, count = divmod(model.state, 16)
            if pick < 0.45 and stamps:
                stamp = rng.choice(stamps[-6:])
            elif pick < 0.6:
                other = rng.choice([n for n in names if n != name])
                edge = time // 8 * 8 + model.drift + rng.choice([0, 0, 1, -1, 8, -8])
                stamp = [max(0, edge), rng.choice([0, 14, 15]), other]
            elif pick < 0.8:
                stamp = [max(0, wall + rng.choice([0, 0, 0, 3, -8])), rng.randint(0, 15), "peer"]
            else:
                stamp = [wall, count, name]
                bump = rng.choice([0, 0, 1, -1])
                stamp[1] = min(15, max(0, count + bump))
                stamp[0] = max(0, wall + rng.choice([0, 0, 0, 8, -8]))
            result = model.receive(stamp, time)
            say({"call": "receive", "clock": name, "time": time, "stamp": stamp}, result, 1)
            if isinstance(result, list):
                stamps.append(result)
        elif roll < 0.97:
            say({"call": "mark", "clock": name}, model.mark(), 0)
        else:
            new(name, model.mark() if rng.random() < 0.7 else model.state // 16)
    return steps, wants


def texts(rng):
    """Encoding, decoding, and texts that no stamp has."""
    steps = [{"call": "constants"}]
    wants = [["value", [8, 15, ["count", "node", "wall_ms"]], 0]]
    for _ in range(30):
        node = "".join(rng.choice(LETTERS) for _ in range(rng.randint(1, 8)))
        stamp = [rng.choice([0, 8, 16**12 - 1, rng.randrange(16**12)]), rng.randint(0, 15), node]
        text = "%012x" % stamp[0] + "0123456789abcdef"[stamp[1]] + "-" + node
        steps += [{"call": "encode", "stamp": stamp}, {"call": "decode", "text": text}]
        wants += [["value", text, 0], ["value", stamp, 0]]
    bad = [
        "", "-", "000000001000b", "000000001000b-", "00000001000b-db1", "0000000001000b-db1",
        "000000001000B-db1", "000000001000b-DB1", "000000001000b-db1\n", " 000000001000b-db1",
        "000000001000b_db1", "000000001000b-123456789", "000000001000b-d-1", "0x0000001000b-db1",
        "+00000001000b-db1", "000000_01000b-db1", "00000000100gb-db1", "000000001000b-d\u00e9",
        "\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660b-db1",
        "000000001000b--db1", "000000001000b-\u0661",
    ]  # fmt: skip
    for text in bad:
        steps.append({"call": "decode", "text": text})
        wants.append(["error", ["BadStamp"], True, 0])
    return steps, wants


def main():
    require("hybrid_clock.py")
    rng = random.Random(32452843)
    pairs = [texts(rng)] + [script_of(rng) for _ in range(SCRIPTS)]
    text = "".join(json.dumps(steps) + "\n" for steps, _ in pairs)
    command = ["python3", "-B", os.path.join(sys.argv[1], "driver.py"), os.environ["SEXTANT_APP_DIR"]]
    try:
        lines = ask(command, text).splitlines()
    except Refused as refusal:
        finish([str(refusal)], 1)
    failures = []
    if len(lines) != len(pairs):
        failures.append("%d reports for %d scripts" % (len(lines), len(pairs)))
    for number, ((steps, wants), line) in enumerate(zip(pairs, lines)):
        try:
            got = json.loads(line)
        except (ValueError, RecursionError):
            got = None
        if got == wants:
            continue
        if not isinstance(got, list) or len(got) != len(wants):
            failures.append("script %d: unreadable report" % number)
            continue
        place = next(i for i, want in enumerate(wants) if got[i] != want)
        failures.append("script %d, %s: wanted %s, got %s" % (number, steps[place], wants[place], got[place]))
    finish(failures, len(pairs))


main()
