# sextant-canary 1295ce19-43e2-4b2f-980f-566db05e3f4a
"""Judges once_value.py: the outcomes of a scenario do not depend on its schedule."""

import json
import os
import random
import sys

sys.path.insert(0, os.environ["SEXTANT_TESTS_DIR"])
from harness import Refused, ask, finish, require  # noqa: E402

SCENARIOS = 160


def make(rng, number):
    """A plan that always ends in values; failures and Nones before them."""
    getters = rng.randint(1, 6)
    misses = 0 if number % 4 == 0 else rng.randint(1, 5)
    plan = []
    for _ in range(misses):
        kind = rng.choice(["raise", "return"])
        plan.append([kind, rng.randrange(10**9) if kind == "raise" else None])
    for _ in range(12):  # more than can be called by a right answer
        plan.append(["return", rng.choice([0, rng.randrange(10**9)])])
    return {
        "seed": rng.randrange(10**9),
        "plan": plan,
        "getters": getters,
        "later": rng.randint(1, 3),
    }


def expected(scenario):
    """What must be reported, results of simultaneous tasks as a sorted list."""
    calls = 0
    kept = None

    def get():
        nonlocal calls, kept
        if kept is None:
            kind, value = scenario["plan"][calls]
            calls += 1
            if kind == "raise" or value is None:
                return [kind, value]
            kept = value
        return ["return", kept]

    first = [get() for _ in range(scenario["getters"])]
    after = kept is not None
    later = [get() for _ in range(scenario["later"])]
    return {
        "before": [["return", False]],
        "look": [["return", False]],
        "first": sorted(map(str, first)),
        "after": [["return", after]],
        "later": sorted(map(str, later)),
        "calls": calls,
        "most": 1,
    }


def parsed(line):
    try:
        report = json.loads(line)
        return {
            "before": report["before"],
            "look": report["first"][:1],
            "first": sorted(map(str, report["first"][1:])),
            "after": report["after"],
            "later": sorted(map(str, report["later"])),
            "calls": report["calls"],
            "most": report["most"],
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def main():
    require("once_value.py")
    rng = random.Random(48611)
    scenarios = [make(rng, number) for number in range(SCENARIOS)]
    text = "".join(json.dumps(scenario) + "\n" for scenario in scenarios)
    command = ["python3", "-B", os.path.join(sys.argv[1], "driver.py"), os.environ["SEXTANT_APP_DIR"]]
    try:
        lines = ask(command, text).splitlines()
    except Refused as refusal:
        finish([str(refusal)], 1)
    failures = []
    for number, scenario in enumerate(scenarios):
        got = parsed(lines[number]) if number < len(lines) else {}
        for key, want in expected(scenario).items():
            if got.get(key) != want:
                failures.append("scenario %d: %s: wanted %s, got %s" % (number, key, want, got.get(key)))
                break
    if len(lines) != len(scenarios):
        failures.append("%d reports for %d scenarios" % (len(lines), len(scenarios)))
    finish(failures, len(scenarios))


main()
