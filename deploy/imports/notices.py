"""A year's holiday notice from a JSON file (放假安排导入), as the State Council arranges it."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from deploy.trouble import Trouble
from domain.calendar import EnterCalendarYear


def read_notice(year: int, path: Path) -> EnterCalendarYear:
    """The notice of ``year`` in ``path``: ``notice``, ``holidays`` and ``workdays``.

    Raises:
        Trouble: the file cannot be read, is no notice or contradicts itself.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        table = {"year": year} | {name: data[name] for name in ("holidays", "workdays")}
        return EnterCalendarYear.model_validate({"table": table, "notice": data["notice"]})
    except OSError as error:
        raise Trouble(f"无法读取 {path}，请检查路径。", str(error)) from error
    except ValidationError as error:
        words = "；".join(e["msg"].removeprefix("Value error, ") for e in error.errors())
        raise Trouble(f"{path} 与{year}年的放假安排不符：{words}。", "Not a notice.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble(
            f"{path} 不是放假安排：应含 notice（文号）、holidays（name、first、last）、workdays。",
            repr(error),
        ) from error
