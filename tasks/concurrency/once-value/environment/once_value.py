# sextant-canary 1295ce19-43e2-4b2f-980f-566db05e3f4a
"""A value computed on first demand and shared between tasks."""

_EMPTY, _BUSY, _DONE = object(), object(), object()


class OnceValue:
    def __init__(self, compute, sync):
        self._compute = compute
        self._cond = sync.Condition()
        self._state = _EMPTY
        self._value = None

    def get(self):
        with self._cond:
            while self._state is _BUSY:
                self._cond.wait()
            if self._state is _DONE:
                return self._value
            self._state = _BUSY
        value = self._compute()
        with self._cond:
            if value is not None:
                self._value = value
                self._state = _DONE
                self._cond.notify()
        return value

    def ready(self):
        with self._cond:
            return self._state is _DONE
