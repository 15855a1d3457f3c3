"""Words (措辞): what codes, subjects and facts in rows are called, made when they are read.

Rows may be of an older or a newer program: what this one does not know is shown as it is stored.
"""

from datetime import date
from typing import Any

from domain.case import DUTIES
from domain.deadlines import Key, Status, about
from domain.facts import FACTS, Names
from domain.registry import KINDS
from domain.store.mapper import FactMapper
from projections.reads.paging import Row

_MAPPER = FactMapper(None)


def tell_case(row: Row, title: str = "title") -> None:
    """Put in what the kind calls the case that has no title of its own, its stage, its ending."""
    kind = KINDS.get(row["kind"])
    if kind is None:
        return
    row[title] = row[title] or kind.TITLE
    for column, words in (("stage", kind.STAGES), ("outcome", kind.ENDINGS)):
        if column in row:
            row[column] = words.get(row[column], row[column])


def tell_todo(row: Row) -> None:
    """Put a title in the place of the duty and what it is about."""
    duty, subjects = DUTIES.get(row.pop("duty")), row.pop("about")
    row["title"] = duty.title(subjects) if duty else row["command"]


def tell_event(row: Row) -> None:
    """Put title and words in the place of the fact."""
    fact = row.pop("shape"), row.pop("data"), row.pop("names")
    row["title"], row["words"] = _told(row["topic"], *fact)


def tell_deadline(row: Row) -> None:
    """Put words in the place of the subject's parts, and of the facts of its history."""
    key = Key(row["rule"], row["subject"], row.pop("subject_number"))
    names = {key.subject: row.pop("subject_name")}
    row["subject"] = about([key], names)
    for entry in row["history"]:
        data = entry.pop("data") | {"deadlines": [key]}
        _, entry["words"] = _told(entry["topic"], entry.pop("shape"), data, names)


def running(row: Row) -> date | None:
    """The date of a deadline whose clock runs; None where it stands still or has ended."""
    return row["due"] if row["active"] and row["status"] != Status.SUSPENDED else None


def tell_notice(row: Row) -> None:
    """Put words in the place of the subjects' parts, each once."""
    parts = [(Key(row["rule"], s["subject"], s["number"]), s["name"]) for s in row["subjects"]]
    subjects = (about([key], {key.subject: name}) for key, name in parts)
    row["subjects"] = list(dict.fromkeys(subjects))


def _told(topic: str, shape: int, data: dict[str, Any], names: Names) -> tuple[str, str]:
    """Title and words of a fact; its title where it cannot be read, its topic where unknown."""
    kind = FACTS.get(topic)
    if kind is None:
        return topic, topic
    try:
        return kind.TITLE, _MAPPER.fact(kind, data, shape).words_with(names)
    except (ValueError, LookupError, TypeError):
        return kind.TITLE, kind.TITLE
