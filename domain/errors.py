"""Refusals: every 'no' of the system, with its rule and what to do next."""

from typing import Any

NO_SUCH = "没有找到您要办理的事项，请核对编号或刷新列表。"
"""The same words whether it is missing or out of sight."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a program error
    """A command that the rules do not allow (不予受理的操作).

    Args:
        rule: stable name of the broken rule, e.g. ``PLAN-OFFICERS``.
        detail: one Chinese sentence: what is wrong and what to do.
        basis: the legal article behind the rule, empty where the rule is our own.
        extra: machine-readable facts for the problem document.
    """

    kind = "refused"

    def __init__(self, rule: str, detail: str, *, basis: str = "", **extra: Any) -> None:  # noqa: ANN401 - JSON values
        super().__init__(detail)
        self.rule = rule
        self.detail = detail
        self.basis = basis
        self.extra: dict[str, Any] = extra


class NotFound(Refusal):
    """Nothing of that id is visible to this person (未找到或无权查看)."""

    kind = "not-found"


class Forbidden(Refusal):
    """The person's role or district does not cover this act (越权)."""

    kind = "forbidden"


class VersionConflict(Refusal):
    """Somebody else changed the case since it was read (版本冲突)."""

    kind = "version-conflict"


class CommandReused(Refusal):
    """The same command id came with another body (命令编号重复使用)."""

    kind = "command-reused"


class Busy(Refusal):
    """Too many change the same at once (系统繁忙); the same command may be sent again."""

    kind = "busy"
