"""Workers of the tests find a dead one's work soon and tell each page at once."""

from datetime import timedelta

from workflows.worker import Pace

PACE = Pace(sticky=timedelta(seconds=1), task=timedelta(seconds=2), hasty=True)
