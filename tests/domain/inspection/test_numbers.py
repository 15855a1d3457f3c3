"""Document numbers: without gaps per unit, kind and year of the document's date."""

from datetime import timedelta

from domain.law import parse_number
from domain.organisation.numbers import NumberTaken
from tests.domain import walk, world
from tests.domain.given import Play


def taken(play: Play) -> dict[tuple[object, str, int], list[int]]:
    registers: dict[tuple[object, str, int], list[int]] = {}
    for fact in play.all_of(NumberTaken):
        registers.setdefault((fact.unit, fact.word, fact.year), []).append(fact.n)
    return registers


def test_no_gaps_over_cases_and_refusals(play: Play) -> None:
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        walk.served(play.at(day))
        due = [{"hazard": "H1", "due": "2026-03-30"}]
        play.refuses("ORDER-RUNNING", "insp1", "issue-order", items=due)
        walk.recheck(play, "已整改", "H1")
    assert taken(play) == {
        (world.DISTRICT, word, 2026): [1, 2, 3] for word in ("检查", "检记", "责改", "复查")
    }


def test_each_unit_has_its_own_numbers(play: Play) -> None:
    walk.approved(play)
    fields = walk.plan_fields(play, officers=["insp5", "insp6"])
    play.does("insp5", "plan-inspection", **fields).does("insp5", "submit-plan")
    play.does("appr5", "approve-plan")
    assert play.said["number"] == "（青柳）应急检查〔2026〕1号"


def test_a_december_visit_ordered_in_january(play: Play) -> None:
    """The year of each number is the year of its own document's date."""
    walk.served(play.at("2025-06-02"))
    walk.recorded(play.at("2025-12-30"))
    record = play.said["number"]
    play.at("2026-01-05")
    walk.order(play, H1="2026-01-20")
    assert record == "（枣青）应急检记〔2025〕2号"
    assert play.said["number"] == "（枣青）应急责改〔2026〕1号"


def test_a_late_entry_keeps_the_year_of_the_act(play: Play) -> None:
    walk.finished(play.at("2025-12-31"))
    at = play.log.now
    play.at("2026-01-05").does(
        "insp1",
        "make-record",
        at=at,
        late_reason="纸质记录",
        findings="详见附页",
        signature=walk.SIGNED,
    )
    assert play.said["number"] == "（枣青）应急检记〔2025〕1号"


def test_the_year_turns_at_midnight_in_shanghai(play: Play) -> None:
    walk.finished(play.at("2025-12-31T20:00"))
    for at, year in (("2025-12-31T23:59", 2025), ("2026-01-01T00:00", 2026)):
        other = play.copy().at(at)
        other.does("insp1", "make-record", findings="详见附页", signature=walk.SIGNED)
        number = parse_number(other.said["number"])
        assert number
        assert (number.year, number.n) == (year, 1)


def test_before_2019_the_organ_was_another(play: Play) -> None:
    walk.approved(play.at("2018-05-04"))
    assert play.said["number"] == "（枣青）安监检查〔2018〕1号"


def test_a_number_names_its_document_and_case(play: Play) -> None:
    walk.approved(play)
    fact = play.fact(NumberTaken)
    assert (str(fact.document), fact.case) == (play.said["document"], play.case)


def test_two_documents_at_one_time_have_two_numbers(play: Play) -> None:
    walk.recorded(play, "一般", "一般")
    numbers = []
    for no in ("H1", "H2"):
        walk.order(play, **{no: "2026-03-20"})
        numbers.append(play.said["number"])
        play.log.now -= timedelta(minutes=1)
    assert numbers == ["（枣青）应急责改〔2026〕1号", "（枣青）应急责改〔2026〕2号"]
