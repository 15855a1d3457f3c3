"""A poison event stops its stream only (F22)."""

import logging
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from projections.catalog import PROJECTIONS
from projections.parking import parked, unpark
from projections.projection import Change
from projections.rebuild import rebuild
from projections.rows import Rows
from projections.views import timeline
from tests.projections.helpers import DISTRICT, OTHER, City, digest, inspected, ordered


def spoil(city: City, case: UUID, topic: str) -> bytes:
    """Make one event unreadable; gives its bytes."""
    with psycopg.connect(city.database.owner) as connection:
        found = connection.execute(
            "SELECT state FROM log.events WHERE stream = %s AND topic = %s", (case, topic)
        ).fetchone()
    assert found
    mend(city, case, topic, b"{")
    return found[0]


def mend(city: City, case: UUID, topic: str, state: bytes) -> None:
    with psycopg.connect(city.database.owner) as connection:
        connection.execute("SET session_replication_role = replica")  # past the log's own guard
        connection.execute(
            "UPDATE log.events SET state = %s WHERE stream = %s AND topic = %s",
            (state, case, topic),
        )


def test_only_the_stream_of_the_bad_event_stops(
    city: City, reading: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    bad = inspected(city.play, DISTRICT, "一般")
    good = inspected(city.play, OTHER)
    topic = "inspection/hazard-found"
    state = spoil(city, bad, topic)
    with caplog.at_level(logging.ERROR):
        city.project()
    assert {r["projection"] for r in parked(reading)} == {p.name for p in PROJECTIONS}
    alarm = parked(reading)[0]
    assert (alarm["stream"], alarm["topic"]) == (bad, topic)
    assert "MapperDeserialisationError" in alarm["error"]
    assert f"stream {bad} is parked at event {alarm['seq']}" in caplog.text
    timeline = "SELECT version FROM read.timeline WHERE stream = %s ORDER BY 1"
    known = [s.version for s in city.store.stream(bad) if s.seq < alarm["seq"]]
    assert [r["version"] for r in city.rows(timeline, bad)] == known
    assert len(city.rows(timeline, good)) == len(city.store.stream(good))

    city.play.does("insp9", "publish-result", place="示例网")  # the good one goes on
    city.project()
    assert len(city.rows(timeline, good)) == len(city.store.stream(good))

    mend(city, bad, topic, state)
    assert unpark(city.database.projector, bad) == [p.name for p in PROJECTIONS]
    assert parked(reading) == []
    assert unpark(city.database.projector, bad) == []
    assert all(r.same for r in rebuild(city.database.projector, compare=True))


def test_what_is_still_bad_stays_parked(city: City, reading: psycopg.Connection) -> None:
    bad = inspected(city.play, DISTRICT)
    spoil(city, bad, "inspection/planned")
    city.project()
    before = parked(reading)
    with pytest.raises(Exception, match="inspection/planned"):
        unpark(city.database.projector, bad, "cases")
    assert parked(reading) == before


def test_a_fault_of_one_projection_stops_its_stream_there_and_nowhere_else(
    city: City, reading: psycopg.Connection
) -> None:
    case = ordered(city.play, DISTRICT, "一般")
    ordered(city.play, OTHER, "一般")
    topic = "inspection/document-served"

    def on(change: Change, rows: Rows) -> None:
        timeline.on(change, rows)
        if change.stored.stream == case and change.stored.topic == topic:
            rows.put(timeline.TIMELINE, {"seq": change.stored.seq, "account": "\0"})

    faulty = replace(timeline.PROJECTION, on=on)
    city.project([faulty if p.name == "timeline" else p for p in PROJECTIONS])
    assert [(r["projection"], r["stream"]) for r in parked(reading)] == [("timeline", case)]
    newest = "SELECT max(version) AS v FROM read.timeline WHERE stream = %s"
    bad = next(s for s in city.store.stream(case) if s.topic == topic)
    assert city.rows(newest, case) == [{"v": bad.version - 1}]
    assert unpark(city.database.projector, case, "timeline") == ["timeline"]
    repaired = digest(city.database)
    assert all(r.same for r in rebuild(city.database.projector))
    assert digest(city.database) == repaired
