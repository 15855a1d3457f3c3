"""The bureau's units (机构): towns and streets under districts under the city; its people."""

from domain.organisation import people
from domain.organisation.unit import ORGANISATION_ID, Organisation, Unit, unit_id

__all__ = ["ORGANISATION_ID", "Organisation", "Unit", "people", "unit_id"]
