# sextant-canary 1295ce19-43e2-4b2f-980f-566db05e3f4a
"""Runs scenarios (JSON lines on stdin) against the handed-in once_value.py.

A scenario has a seed, the outcomes of successive `compute` calls, and how many
tasks call `get`. One more task looks at `ready()` in the middle of the first
computation, which goes on only after that look.
"""

import json
import os
import sys

from coop import Scheduler

sys.path.append(sys.argv[1])
from once_value import OnceValue  # noqa: E402


class Planned(Exception):
    pass


def run(scenario):
    sched = Scheduler(scenario["seed"])
    gate = sched.Condition()
    seen = {"calls": 0, "active": 0, "most": 0, "looked": False}

    def compute():
        call = seen["calls"]
        seen["calls"] += 1
        seen["active"] += 1
        seen["most"] = max(seen["most"], seen["active"])
        try:
            with gate:
                gate.notify_all()
                while not seen["looked"]:
                    gate.wait()
            kind, value = scenario["plan"][call]
            if kind == "raise":
                raise Planned(value)
            return value
        finally:
            seen["active"] -= 1

    cell = OnceValue(compute, sched)

    def look():
        with gate:
            while seen["calls"] == 0:
                gate.wait()
        ready = cell.ready()
        with gate:
            seen["looked"] = True
            gate.notify_all()
        return ready

    def outcome(task):
        if not task.done:
            return ["stuck", None]
        if isinstance(task.error, Planned):
            return ["raise", task.error.args[0]]
        if task.error is not None:
            return ["error", repr(task.error)[:100]]
        return ["return", task.value]

    def phase(*functions):
        tasks = [sched.spawn(function) for function in functions]
        sched.run()
        return [outcome(task) for task in tasks]

    return {
        "before": phase(cell.ready),
        "first": phase(look, *[cell.get] * scenario["getters"]),
        "after": phase(cell.ready),
        "later": phase(*[cell.get] * scenario["later"]),
        "calls": seen["calls"],
        "most": seen["most"],
    }


for line in sys.stdin:
    report = run(json.loads(line))
    print(json.dumps(report), flush=True)
    if any(r[0] == "stuck" for key in ("first", "later") for r in report[key]):
        break  # stuck tasks keep their threads: do not pile them up
sys.stdout.flush()
os._exit(0)
