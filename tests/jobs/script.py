"""A school by script: what each send and each look brings, in order."""

import threading
from collections import defaultdict

from lwdesk.base.errors import ApiError, Unavailable
from lwdesk.jobs.states import DONE, FAILED, Call, End

OUT = Unavailable("The school cannot be reached", sent=False)
LOST = Unavailable("The answer was lost", sent=True)
UNKNOWN = ApiError("The school couldn't find this item", status=404)
REFUSED = ApiError("The school doesn't accept these values", status=422)


class Script:
    """Answers calls, by their path, with what the script says, the last one for ever: an End, an error, or a function.

    An error that says `sent`, or a refusal, comes after the request left. `sends` and `looks` list the paths in
    the order in which they came.
    """

    def __init__(self, sends=None, looks=None):
        self._sends, self._looks = dict(sends or {}), dict(looks or {})
        self.sends, self.looks, self.most = [], [], defaultdict(int)
        self.ended = False
        self._active = defaultdict(int)
        self._lock = threading.Lock()

    def waiting(self, error, seconds):
        pass

    def partial(self, call):
        return False

    def send(self, call, leaving):
        with self._lock:
            number = self.sends.count(call.path)
            self.sends.append(call.path)
            self._active[call.lane] += 1
            self.most[call.lane] = max(self.most[call.lane], self._active[call.lane])
        try:
            return self._answer(self._sends.get(call.path, [End(DONE)]), number, leaving)
        finally:
            with self._lock:
                self._active[call.lane] -= 1

    def look(self, call):
        with self._lock:
            number = self.looks.count(call.path)
            self.looks.append(call.path)
        return self._answer(self._looks.get(call.path, [None]), number, lambda: None)

    def refused(self, call, error):
        return End(FAILED, str(error), error.status)

    def further(self):
        return False

    def run_ended(self):
        self.ended = True

    @staticmethod
    def _answer(script, number, leaving):
        step = script[min(number, len(script) - 1)]
        if not isinstance(step, Unavailable) or step.sent:
            leaving()
        if callable(step):
            step = step()
        if isinstance(step, BaseException):
            raise step
        return step


def call(path, **facts):
    return Call("op", "POST", path, **facts)
