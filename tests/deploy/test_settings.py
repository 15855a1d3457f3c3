from dataclasses import replace
from pathlib import Path

import pytest

from deploy.settings import NEEDS, Settings
from deploy.trouble import Trouble
from workflows.server import Server

SETTINGS = Settings(
    command="host=/run/x user=bihuan_command",
    reader="host=/run/x user=bihuan_reader",
    projector="host=/run/x user=bihuan_projector",
    key_file=Path("/srv/bihuan/keys/bihuan.key"),
    blobs=Path("/srv/bihuan/blobs"),
    temporal="127.0.0.1:7233",
    temporal_tls=Path("/srv/bihuan/temporal/tls"),
    task_queue="another",
    public_url="https://bihuan.example.cn",
    proxies="127.0.0.1,10.0.0.0/24",
    names="bihuan.example.cn",
)


@pytest.mark.parametrize("process", NEEDS)
def test_a_child_reads_what_its_parent_wrote_and_no_more(process: str) -> None:
    needed = {field: getattr(SETTINGS, field) for field in NEEDS[process]}
    assert Settings.read(process, SETTINGS.environment(process)) == Settings(**needed)


def test_each_process_is_told_of_its_own_doors_only() -> None:
    told = {process: " ".join(SETTINGS.environment(process).values()) for process in NEEDS}
    roles = {process: set(words.split()) & ROLES for process, words in told.items()}
    assert roles == {
        "api": {"user=bihuan_command", "user=bihuan_reader"},
        "worker": {"user=bihuan_command"},
        "projector": {"user=bihuan_projector"},
    }
    assert [process for process, words in told.items() if "bihuan.key" in words] == ["api"]


ROLES = {"user=bihuan_command", "user=bihuan_reader", "user=bihuan_projector"}


def test_the_task_queue_has_a_default() -> None:
    environment = SETTINGS.environment("worker")
    del environment["BIHUAN_TASK_QUEUE"]
    assert Settings.read("worker", environment).task_queue == "bihuan"


def test_a_server_of_somebody_else_may_be_spoken_to_plainly() -> None:
    environment = replace(SETTINGS, temporal_tls=None).environment("worker")
    assert Settings.read("worker", environment).server == Server("127.0.0.1:7233")


def test_every_missing_variable_is_named() -> None:
    environment = SETTINGS.environment("api")
    del environment["BIHUAN_DSN_READER"]
    environment["BIHUAN_BLOBS"] = ""
    with pytest.raises(Trouble, match="BIHUAN_DSN_READER、BIHUAN_BLOBS"):
        Settings.read("api", environment)
