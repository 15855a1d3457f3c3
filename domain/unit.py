"""A unit (机构) as decisions see it."""

from datetime import date
from uuid import UUID

from pydantic import Field

from domain.facts import Frozen


class Unit(Frozen):
    """A unit with enforcement duties (执法机构所在单位).

    ``abbr`` is the short name in document numbers, e.g. 鲁枣; ``parent`` the administering unit,
    which is not always the one of the division code; ``delegated`` whether the province has given
    a town the power to punish (《行政处罚法》第二十四条).
    """

    id: UUID
    name: str = Field(min_length=1)
    abbr: str = Field(min_length=1)
    kind: str
    parent: UUID | None = None
    code: str | None = None
    ranked: bool = False
    delegated: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def is_town(self) -> bool:
        """Whether it is a town, township or street office (镇街)."""
        return self.kind in {"镇", "乡", "街道"}

    @property
    def punishes(self) -> bool:
        """Whether it may file and punish (行政处罚权); a town only where that was delegated."""
        return self.delegated or not self.is_town

    def exists_on(self, day: date) -> bool:
        """Whether the unit existed on ``day``, both ends included."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)
