"""Every projection of the system (读模型目录)."""

from projections.views import (
    cases,
    deadlines,
    enterprises,
    month,
    notices,
    people,
    timeline,
    todos,
    units,
)

PROJECTIONS = (
    units.PROJECTION,
    people.PROJECTION,
    enterprises.PROJECTION,
    cases.PROJECTION,
    todos.PROJECTION,
    timeline.PROJECTION,
    deadlines.PROJECTION,
    notices.PROJECTION,
    month.PROJECTION,
)
