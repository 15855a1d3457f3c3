from pathlib import Path

import pytest

from deploy.settings import Settings
from deploy.trouble import Trouble

SETTINGS = Settings(
    command="host=/run/x user=bihuan_command",
    reader="host=/run/x user=bihuan_reader",
    projector="host=/run/x user=bihuan_projector",
    key_file=Path("/srv/bihuan/keys/bihuan.key"),
    blobs=Path("/srv/bihuan/blobs"),
    temporal="127.0.0.1:7233",
)


def test_a_child_reads_what_its_parent_wrote() -> None:
    assert Settings.read(SETTINGS.environment()) == SETTINGS


def test_the_task_queue_has_a_default() -> None:
    environment = SETTINGS.environment()
    del environment["BIHUAN_TASK_QUEUE"]
    assert Settings.read(environment) == SETTINGS


def test_every_missing_variable_is_named() -> None:
    environment = SETTINGS.environment()
    del environment["BIHUAN_DSN_READER"]
    environment["BIHUAN_BLOBS"] = ""
    with pytest.raises(Trouble, match="BIHUAN_DSN_READER、BIHUAN_BLOBS"):
        Settings.read(environment)
