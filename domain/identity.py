"""Names that become ids: the same name gives the same id for ever, so creation is idempotent."""

from uuid import UUID, uuid5

_ROOT = UUID("5b0f0c52-6a0e-5d0c-9a55-b1402a6c1d01")


def named(*parts: object) -> UUID:
    """Stable id of a thing named by ``parts``."""
    return uuid5(_ROOT, "/".join(str(part) for part in parts))
