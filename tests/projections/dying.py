"""A runner that is killed (kill -9) at its n-th statement: ``dying.py DSN STATEMENTS``."""

import os
import sys
from itertools import count
from threading import Event
from typing import Any

import psycopg

from projections.catalog import PROJECTIONS
from projections.runner import run
from projections.schema import prepare

prepare(sys.argv[1], PROJECTIONS)
statements = count(1)


class Dying(psycopg.Connection[Any]):
    """Dies without a word in the middle of whatever it is doing."""

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        if next(statements) > int(sys.argv[2]):
            os.kill(os.getpid(), 9)
        return super().execute(*args, **kwargs)


psycopg.connect = Dying.connect
run(sys.argv[1], Event())
