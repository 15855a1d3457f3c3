"""The runner (读模型进程): follows the log into all projections until it is asked to stop."""

from collections.abc import Sequence
from threading import Event as Stop

from domain.store import follow
from projections.catalog import PROJECTIONS
from projections.engine import Engine
from projections.projection import Projection
from projections.rebuild import renew
from projections.schema import prepare

REST = 2.0
"""Times as long as a page took: a commit for many events costs little more than one for each."""


def run(dsn: str, stop: Stop, projections: Sequence[Projection] = PROJECTIONS) -> None:
    """Follow the log as the projector role; several runners at once take turns.

    Tables of an older version are rebuilt beside the live ones first. It may be killed at any
    point: rows and positions commit together, and the next one goes on from there.
    """
    if older := prepare(dsn, projections):
        renew(dsn, older)
    with Engine(dsn, projections) as engine:
        follow(dsn, engine.position, engine.handle, stop, rest=lambda took: REST * took)
