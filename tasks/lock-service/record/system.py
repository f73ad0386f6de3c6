"""A variant's real code, seen from outside: its steps, and what is visible of it."""

import importlib
import importlib.util
import json
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Iterator, NamedTuple, Tuple

FAMILY = Path(__file__).resolve().parent.parent
VARIANTS = ("fifo", "resume")
BOUNDS = {"Clients": ["a", "b"], "Daemons": ["a"], "LastSession": 2}

# The environment is handed to solvers as it is: no __pycache__ in it.
sys.dont_write_bytecode = True


class Step(NamedTuple):
    """One call of a method of `Service`, and the action that it is."""

    action: str
    args: tuple
    method: str
    parameters: tuple


def load(variant: str) -> SimpleNamespace:
    """The modules of a variant. Both variants have the same names inside, so each gets its own outside."""
    name = f"lockservice_{variant}"
    folder = FAMILY / variant / "environment" / "lockservice"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    parts = ("client", "messages", "network", "server", "service")
    return SimpleNamespace(**{part: importlib.import_module(f"{name}.{part}") for part in parts})


def begin(code: SimpleNamespace) -> Any:
    return code.service.Service(BOUNDS["Clients"], BOUNDS["Daemons"], BOUNDS["LastSession"])


def steps(service: Any) -> Iterator[Step]:
    """Every step that something outside may let the system take, in a fixed order."""
    for name in sorted(service.disks):
        if name in service.clients:
            for method in ("acquire", "retry", "release", "crash"):
                yield Step(method.capitalize(), (name,), method, (name,))
        else:
            yield Step("Restart", (name,), "restart", (name,))
    server = service.server
    if server.holder is None and server.queue:
        yield Step("HandOn", (server.queue[0],), "hand_on", ())
    if server.holder is not None:
        yield Step("Remind", (server.holder,), "remind", ())
    for message in (service.network.to_server, service.network.to_clients):
        if message is not None:
            action = f"Handle{message.kind.capitalize()}"
            yield Step(action, (message.client, message.session), "deliver", (message,))
            yield Step("Lose", (tuple(message),), "lose", (message,))


def successors(service: Any) -> Iterator[Tuple[Step, Any]]:
    """Every step with a copy of the system that has taken it."""
    image = pickle.dumps(service)
    for step in list(steps(service)):
        copy = pickle.loads(image)
        getattr(copy, step.method)(*step.parameters)
        yield step, copy


def look(service: Any) -> str:
    """What is visible, as canonical JSON."""
    server, network = service.server, service.network
    running = service.clients
    return compact(
        {
            "holder": "nobody" if server.holder is None else server.holder,
            "known": server.sessions,
            "queue": server.queue,
            "session": {name: disk.session for name, disk in service.disks.items()},
            "status": {
                name: running[name].status if name in running else "down" for name in service.disks
            },
            "toClients": network.to_clients or (),
            "toServer": network.to_server or (),
        }
    )


def everything(service: Any) -> str:
    """All of the state, visible or not, in a form that can be compared."""
    return json.dumps(service, sort_keys=True, default=_inside)


def _inside(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else vars(value)


def compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
