"""People (人员): accounts, certificates and grants; names stay sealed as they lie in the log."""

from domain.organisation import people as f
from projections.projection import Change, Projection
from projections.rows import Rows
from projections.tables import Column, Table, columns

PEOPLE = Table(
    "people",
    "人员（姓名为密文）",
    ("person",),
    columns(person="uuid", account="text", unit="uuid", name="jsonb", seq="bigint"),
    ("(account)", "(unit)"),
)
CERTIFICATES = Table(
    "certificates",
    "行政执法证",
    ("person", "number"),
    columns(
        person="uuid",
        number="text",
        valid_from=Column("date", "keep"),
        valid_to=Column("date", "keep"),
        revoked_on="date",
    ),
)
GRANTS = Table(
    "grants",
    "角色授权",
    ("person", "role", "unit"),
    columns(person="uuid", role="text", unit="uuid", seq="bigint"),
    ("(role, unit)",),
)


def on(change: Change, rows: Rows) -> None:
    """Each fact is one row."""
    person, seq = change.stored.stream, change.stored.seq
    match change.event.fact:
        case f.PersonRegistered(account=account, unit=unit, name=name):
            row = {"person": person, "account": account, "unit": unit, "seq": seq}
            rows.put(PEOPLE, row | {"name": name.model_dump(mode="json")})
        case f.CertificateIssued(certificate=certificate):
            rows.put(CERTIFICATES, {"person": person} | certificate.model_dump())
        case f.CertificateRevoked(number=number, on=on):
            rows.put(CERTIFICATES, {"person": person, "number": number, "revoked_on": on})
        case f.RoleGranted(role=role, unit=unit):
            rows.put(GRANTS, {"person": person, "role": role, "unit": unit, "seq": seq})
        case f.RoleRevoked(role=role, unit=unit):
            rows.remove(GRANTS, {"person": person, "role": role, "unit": unit})
        case _:
            pass


PROJECTION = Projection("people", 1, (PEOPLE, CERTIFICATES, GRANTS), on)
