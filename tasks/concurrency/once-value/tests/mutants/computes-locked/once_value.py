# Broken: computes while it holds the lock, so ready() blocks.
# sextant-canary 1295ce19-43e2-4b2f-980f-566db05e3f4a
"""A value computed on first demand and shared between tasks."""

_EMPTY, _BUSY, _DONE = object(), object(), object()


class OnceValue:
    """Calls `compute` in one task at a time until it yields a value."""

    def __init__(self, compute, sync):
        self._compute = compute
        self._cond = sync.Condition()
        self._state = _EMPTY
        self._value = None

    def get(self):
        """Return the value, computing it if nobody has or does."""
        with self._cond:
            while self._state is _BUSY:
                self._cond.wait()
            if self._state is _DONE:
                return self._value
            value = self._compute()
            if value is not None:
                self._state, self._value = _DONE, value
            return value

    def ready(self):
        """Say whether a value is kept, without waiting for one."""
        with self._cond:
            return self._state is _DONE

    def _leave(self, state, value):
        """End a computation. All waiters must look: each may have to act."""
        with self._cond:
            self._state = state
            self._value = value
            self._cond.notify_all()
