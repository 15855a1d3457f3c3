"""Streams in use (最近的案件): their events as decoded, for the few seconds between two commands.

A case is worked on in bursts: a checklist filled in, a phone that comes back on line. Reading its
history anew for each command was a third of a command's work. Nothing here is ever out of date:
whoever loads a stream asks the log for what is newer than the newest event known here.
"""

import time
from collections.abc import Sequence
from threading import Lock
from uuid import UUID

from domain.facts import Event

LIVES = 60.0
"""Seconds for events without personal data; others live as long as their keys are remembered."""
MOST_STREAMS = 500
LONGEST = 200
"""Events; what is longer is read by few and would fill the memory."""


class Recent:
    """Decoded events of streams by id; safe to share between threads."""

    def __init__(self, lives: float) -> None:
        self._lives = lives
        self._known: dict[UUID, tuple[float, tuple[Event, ...]]] = {}
        self._lock = Lock()

    def find(self, stream: UUID) -> tuple[Event, ...]:
        """The first events of a stream, as many as are known; none after their time."""
        until, events = self._known.get(stream, (0.0, ()))
        return events if time.monotonic() < until else ()

    def keep(self, stream: UUID, events: Sequence[Event], *, fresh: bool) -> None:
        """Remember all events of a stream; more of them live no longer than the first known.

        ``fresh`` means that none of them was found here: nothing lives on by being found.
        """
        if not events or len(events) > LONGEST:
            return
        now = time.monotonic()
        with self._lock:
            until, known = self._known.get(stream, (0.0, ()))
            if now < until:
                if len(events) > len(known):
                    self._known[stream] = until, tuple(events)
                return
            self._known.pop(stream, None)
            if fresh:
                self._make_room(now)
                self._known[stream] = now + self._lives, tuple(events)

    def _make_room(self, now: float) -> None:
        """Let go of what has had its time; the order is that in which it ends."""
        for stream, (until, _) in list(self._known.items()):
            if now < until and len(self._known) < MOST_STREAMS:
                return
            del self._known[stream]
