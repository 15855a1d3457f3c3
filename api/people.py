"""People as the keepers of accounts see them (人员): certificates, roles, the version to change."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.doors import SIGNED_IN, etag
from api.reading import READ_YOUR_WRITES, After, Limit, Reader, found, json, reading
from domain.facts import Role
from domain.organisation.people import Member, PersonRegistered
from projections.reads import grants_of, people, units_covered_by

routes = APIRouter(
    prefix="/api/v1/people", tags=["人员"], dependencies=[*SIGNED_IN, READ_YOUR_WRITES]
)


@routes.get("", operation_id="list_people", summary="人员列表")
def all_people(request: Request, after: After = None, limit: Limit = 50) -> Response:
    """Accounts of the units whose accounts this person keeps; names stay sealed."""
    with reading(request) as reader:
        page = people(reader.connection, _kept(reader), after=after, limit=limit)
        for row in page.items:
            row["id"] = row.pop("person")
            del row["name"]
        return json(reader.page(page))


@routes.get("/{person_id}", operation_id="get_person", summary="人员")
def one_person(request: Request, person_id: UUID) -> Response:
    """One person as the log has it now, the name open; its ETag is what a change needs."""
    with reading(request) as reader:
        store = reader.doors.bihuan.store
        events = [store.decode(stored) for stored in store.stream(person_id)]
        member = Member.fold(person_id, events)
        found(member if member.unit in _kept(reader) else None)
        names = [e.fact.name.text for e in events if isinstance(e.fact, PersonRegistered)]
        content = {
            "id": member.id,
            "account": member.account,
            "name": names[-1],
            "unit": member.unit,
            "certificates": [c.model_dump() for c in member.certificates.values()],
            "grants": [{"role": role, "unit": unit} for role, unit in sorted(member.grants)],
            "version": member.version,
        }
        return json(content, headers={"ETag": etag(member.version)})


def _kept(reader: Reader) -> list[UUID]:
    """Units whose accounts this person keeps."""
    grants = grants_of(reader.connection, reader.scope.account)
    tops = [grant.unit for grant in grants if grant.role is Role.ADMINISTRATOR]
    return [u for top in tops for u in (top, *units_covered_by(reader.connection, top))]
