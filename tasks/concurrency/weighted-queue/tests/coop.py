# sextant-canary a2401b3c-5bcf-40f1-bbc0-b72c84db263c
"""Locks and conditions whose every switch between tasks is chosen by a seed.

Tasks are real threads, but only one runs at a time, and it keeps running until
it reaches a switching point: before a lock is acquired, after it is released,
inside `Condition.wait`, and when the task ends. There the scheduler picks the
next task among those that can run. The same seed gives the same schedule.

    sched = Scheduler(seed)
    lock = sched.Lock()              # not reentrant; usable in `with`
    cond = sched.Condition(lock)     # or Condition() for a lock of its own
    task = sched.spawn(function, argument, ...)
    sched.run()                      # until no task can run
    task.done, task.value, task.error

As with `threading.Condition`, a task that returns from `wait` must look again
at what it waited for: `wait` may return without any `notify` (now and then the
scheduler makes it), and which waiters a `notify(n)` wakes is not specified.
`wait` takes no timeout. Locks and conditions may be used only inside tasks,
except that they may be created anywhere.
"""

import random
import threading


class Task:
    """One function call that runs under the scheduler."""

    def __init__(self):
        self.done = False
        self.value = None
        self.error = None
        self._turn = threading.Semaphore(0)
        self._ready = lambda: True


class Scheduler:
    """Runs tasks one at a time in an order drawn from `seed`."""

    STEP_LIMIT = 20000

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._tasks = []
        self._current = None
        self._idle = threading.Semaphore(0)
        self._waiting = []  # (condition, ticket) of every parked waiter
        self._steps = 0

    def Lock(self):
        return Lock(self)

    def Condition(self, lock=None):
        return Condition(self, lock if lock is not None else Lock(self))

    def spawn(self, function, *args):
        """Add a task that calls `function(*args)` once `run` is called."""
        task = Task()

        def body():
            task._turn.acquire()
            try:
                task.value = function(*args)
            except Exception as error:
                task.error = error
            task.done = True
            self._tasks.remove(task)
            self._pass_on()

        self._tasks.append(task)
        threading.Thread(target=body, daemon=True).start()
        return task

    def run(self):
        """Run until every task has ended or is waiting for good."""
        self._steps = 0
        self._pass_on()
        self._idle.acquire()

    def _pass_on(self):
        """Hand the turn to a task that can run, or back to `run`."""
        self._steps += 1
        if self._waiting and self._steps < 2000 and self._random.random() < 0.03:
            condition, ticket = self._random.choice(self._waiting)
            condition._wake(ticket)  # a spurious wake-up
        ready = [task for task in self._tasks if task._ready()]
        if not ready or self._steps > self.STEP_LIMIT:
            self._current = None
            self._idle.release()
            return
        self._current = self._random.choice(ready)
        self._current._turn.release()

    def _switch(self, ready=lambda: True):
        """Give up the turn until `ready()` holds and the task is picked."""
        task = self._current
        if task is None:
            raise RuntimeError("locks and conditions work only inside tasks")
        task._ready = ready
        self._pass_on()
        task._turn.acquire()
        task._ready = lambda: True


class Lock:
    """A mutual-exclusion lock; not reentrant."""

    def __init__(self, sched):
        self._sched = sched
        self._owner = None

    def acquire(self):
        self._sched._switch(lambda: self._owner is None)
        self._owner = self._sched._current
        return True

    def release(self):
        self._require_owner()
        self._owner = None
        self._sched._switch()

    def locked(self):
        return self._owner is not None

    def _require_owner(self):
        if self._owner is None or self._owner is not self._sched._current:
            raise RuntimeError("the lock is not held by this task")

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *exc):
        self.release()


class Condition:
    """A condition variable on `lock`."""

    def __init__(self, sched, lock):
        self._sched = sched
        self._lock = lock
        self._tickets = []
        self.acquire = lock.acquire
        self.release = lock.release

    def wait(self):
        """Release the lock, wait to be woken, and take the lock again."""
        lock = self._lock
        lock._require_owner()
        ticket = object()
        self._tickets.append(ticket)
        self._sched._waiting.append((self, ticket))
        lock._owner = None
        self._sched._switch(lambda: ticket not in self._tickets and lock._owner is None)
        lock._owner = self._sched._current
        return True

    def notify(self, n=1):
        """Wake up to `n` waiters; the caller must hold the lock."""
        self._lock._require_owner()
        for _ in range(min(n, len(self._tickets))):
            self._wake(self._sched._random.choice(self._tickets))

    def notify_all(self):
        """Wake every waiter; the caller must hold the lock."""
        self.notify(len(self._tickets))

    def _wake(self, ticket):
        self._tickets.remove(ticket)
        self._sched._waiting.remove((self, ticket))

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exc):
        self._lock.release()
