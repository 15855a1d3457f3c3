import json
from pathlib import Path

import pytest

from deploy.folder import existing, held, is_held, prepare
from deploy.trouble import Trouble


def test_a_new_folder_is_marked_as_ours(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "new" / "data")
    marker = json.loads(folder.marker.read_text())
    assert (marker["product"], marker["format"]) == ("bihuan", 1)
    assert marker["created"]
    assert folder.key_file.parent.stat().st_mode & 0o077 == 0


def test_our_folder_is_taken_again_and_keeps_what_was_noted(tmp_path: Path) -> None:
    prepare(tmp_path).note(demo=True)
    again = prepare(tmp_path)
    assert again.read()["demo"] is True
    assert existing(tmp_path) == again


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Trouble, match="不是闭环系统的数据目录"):
        prepare(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("text", ["[]", '{"product": "other", "format": 1}'])
def test_another_product_of_the_same_file_name_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bihuan.json").write_text(text)
    with pytest.raises(Trouble, match="不是闭环系统的数据目录"):
        prepare(tmp_path)


def test_a_folder_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    prepare(tmp_path).note(format=2)
    with pytest.raises(Trouble, match="格式为 2"):
        prepare(tmp_path)


def test_a_broken_marker_is_told(tmp_path: Path) -> None:
    (tmp_path / "bihuan.json").write_text("{")
    with pytest.raises(Trouble, match="无法读取"):
        prepare(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="无法使用数据目录"):
        prepare(tmp_path / "file")


def test_a_folder_that_was_never_started_has_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="不是闭环系统的数据目录"):
        existing(tmp_path / "nowhere")


def test_too_little_room_is_told_with_figures(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"磁盘空间不足：.*仅剩 \d+ MB，至少需要 1099511627776 MB"):
        prepare(tmp_path).require_room(2**60)


def test_a_second_start_on_one_folder_is_refused(tmp_path: Path) -> None:
    folder = prepare(tmp_path)
    with held(folder):
        with pytest.raises(Trouble, match="正由另一个闭环系统使用"), held(folder):
            pass
        with is_held(folder) as by_another:
            assert by_another
    with is_held(folder) as by_another:
        assert not by_another
