# sextant-canary a2401b3c-5bcf-40f1-bbc0-b72c84db263c
"""Runs scenarios (JSON lines on stdin) against the handed-in weighted_queue.py.

A scenario is a capacity, a seed and phases; a phase is a list of tasks, each a
list of calls made one after the other. A phase ends when no task can go on.
Tasks that wait then stay and may go on in later phases. Printed for a phase:
for every task so far, the results of its calls that have ended.
"""

import json
import os
import sys

from coop import Scheduler

sys.path.append(sys.argv[1])
from weighted_queue import Closed, WeightedQueue  # noqa: E402


def call(queue, step):
    try:
        if step[0] == "put":
            queue.put(step[1], step[2])
            return ["ok"]
        if step[0] == "get":
            item, weight = queue.get()
            return ["item", item, weight]
        if step[0] == "done":
            queue.done(step[1])
            return ["ok"]
        queue.close()
        return ["ok"]
    except Closed:
        return ["closed"]
    except Exception as error:
        return ["error", repr(error)[:100]]


def run(scenario):
    sched = Scheduler(scenario["seed"])
    queue = WeightedQueue(scenario["capacity"], sched)
    results = []
    reports = []
    total = 0

    def work(steps, into):
        for step in steps:
            into.append(call(queue, step))

    for phase in scenario["phases"]:
        for steps in phase:
            into = []
            results.append(into)
            total += len(steps)
            sched.spawn(work, steps, into)
        sched.run()
        reports.append(json.loads(json.dumps(results)))
    return reports, sum(map(len, results)) == total


for line in sys.stdin:
    reports, whole = run(json.loads(line))
    print(json.dumps(reports), flush=True)
    if not whole:
        break  # every scenario closes its queue: nobody may be left waiting
sys.stdout.flush()
os._exit(0)
