"""Time as people count it (时间): the zone of all dates, and how long ago in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_UNITS = ((86_400, "天"), (3_600, "小时"), (60, "分钟"))


def day(at: datetime) -> date:
    """Calendar day in Asia/Shanghai of an aware instant."""
    return at.astimezone(SHANGHAI).date()


def elapsed(seconds: int) -> str:
    """A stretch of time in its largest whole unit, e.g. 24 天."""
    for length, name in _UNITS:
        if seconds >= length:
            return f"{seconds // length} {name}"
    return f"{seconds} 秒"
