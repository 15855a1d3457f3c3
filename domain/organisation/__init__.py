"""The bureau's units (机构): towns and streets under districts under the city; its people."""

from domain.organisation import people
from domain.organisation.unit import ORGANISATION_ID, Organisation, unit_id
from domain.unit import Unit

__all__ = ["ORGANISATION_ID", "Organisation", "Unit", "people", "unit_id"]
