"""``eventsourcing``'s subscription on this log. Our own followers use ``follow``, in batches."""

from collections.abc import Sequence
from threading import Thread
from typing import Any

import psycopg
from eventsourcing.persistence import ApplicationRecorder, ListenNotifySubscription

from domain.store.rows import CHANNEL


class LogSubscription(ListenNotifySubscription[ApplicationRecorder]):
    """Yields each event once. LISTEN is active before the first pull, so none is slept through."""

    def __init__(
        self, recorder: ApplicationRecorder, dsn: str, *, gt: int | None, topics: Sequence[str]
    ) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True)
        self._connection.execute(f"LISTEN {CHANNEL}".encode())
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._listener = Thread(target=self._listen)
        self._listener.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:  # noqa: ANN401 - the base's signature
        try:
            super().__exit__(*args, **kwargs)
        finally:
            self._listener.join()

    def _listen(self) -> None:
        try:
            with self._connection:
                while not self._has_been_stopped:
                    for _ in self._connection.notifies(timeout=0.1, stop_after=1):
                        self._has_been_notified.set()
        except psycopg.Error as error:
            self._thread_error = self._thread_error or error
            self.stop()
