"""When an act counts (业务时间与录入时间): in the system now, outside it within bounds.

Acts done in the system (submit, approve, grant, close, publish, roles, imports) happen as they are
entered. Acts done outside it may be entered afterwards (补录): within a number of working days that
is data, and with a reason once it is another day.
"""

from datetime import datetime, timedelta

from domain.command import Command
from domain.errors import Refusal
from domain.facts import Act, Actor
from domain.law import Law
from domain.times import SHANGHAI, day

SKEW = timedelta(seconds=5)
"""Clocks of devices differ by so much without anybody meaning it."""


def act_of(command: Command, by: Actor, now: datetime, law: Law) -> Act:
    """What ``by`` does with ``command``, entered at ``now`` (the log's time).

    Raises:
        Refusal: TIME-FUTURE, TIME-NOW, LATE-ENTRY, LATE-REASON.
    """
    at = command.at or now
    if at > now + SKEW:
        raise Refusal("TIME-FUTURE", "业务发生时间晚于当前时间，请核对日期时间。")
    # In one zone, as it will be read again: what is remembered says the same as the log, literally.
    at = min(at, now).astimezone(SHANGHAI)
    if not command.OUTSIDE:
        if at < now - SKEW:
            raise Refusal(
                "TIME-NOW",
                f"“{command.TITLE}”在系统内办理，办理时间即为现在，不能另填时间；请删除后重试。",
            )
        return Act(at, now, by)
    if day(at) == day(now):
        return Act(at, now, by)
    bound = law.threshold("ENTER-LATE", day(now))
    earliest = law.calendar.add_workdays(day(now), -bound.number)
    if day(at) < earliest:
        raise Refusal(
            "LATE-ENTRY",
            f"业务发生日期早于{earliest.isoformat()}，已超过{bound.number}个工作日，不能补录；"
            "请核对日期，确有其事的写入有关文书并附情况说明。",
            basis=bound.basis,
            earliest=earliest.isoformat(),
        )
    reason = command.late_reason_given()
    if not reason:
        raise Refusal(
            "LATE-REASON",
            f"业务发生在{day(at).isoformat()}，今天录入属于补录，请填写补录理由。",
            basis=bound.basis,
        )
    return Act(at, now, by, reason)
