"""Every schedule of the real code: breadth first, over copies of the real objects."""

from types import SimpleNamespace
from typing import Dict, NamedTuple

from system import Step, begin, compact, everything, look, successors


class Exploration(NamedTuple):
    windows: Dict[str, str]  # line of a window -> its action, in the order found
    looks: frozenset  # all that the system can look like
    states: int
    steps: int


def explore(code: SimpleNamespace) -> Exploration:
    start = begin(code)
    seen = {everything(start)}
    todo = [start]
    windows: Dict[str, str] = {}
    looks = {look(start)}
    taken = 0
    for service in todo:
        before = look(service)
        for step, successor in successors(service):
            taken += 1
            after = look(successor)
            if after != before:
                windows.setdefault(window(before, step, after), step.action)
            state = everything(successor)
            if state not in seen:
                seen.add(state)
                looks.add(after)
                todo.append(successor)
    return Exploration(windows, frozenset(looks), len(seen), taken)


def window(before: str, step: Step, after: str) -> str:
    action, args = compact(step.action), compact(step.args)
    return f'{{"before":{before},"action":{action},"args":{args},"after":{after}}}'
