"""The projector (读模型进程): follows the log into the projections."""

import signal
from threading import Event
from types import FrameType

from deploy.processes.wiring import STOPPING
from deploy.settings import Settings
from projections.runner import run


def main(settings: Settings) -> None:
    """Run until asked to stop."""
    stop = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        stop.set()

    for each in STOPPING:
        signal.signal(each, ask)
    run(settings.projector, stop)
