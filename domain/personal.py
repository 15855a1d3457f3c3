"""Personal data (个人信息): sealed per person wherever stored, open only to who may read it."""

from typing import Any, Protocol, Self, cast
from uuid import UUID

from pydantic import (
    SerializationInfo,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from domain.facts import Frozen

ERASED = "〔已依法删除〕"
SEALED = "〔加密〕"


class Vault(Protocol):
    """Keeper of one key per person, outside the log."""

    def seal(self, person: UUID, text: str) -> str:
        """Encrypt ``text`` under the person's key (made when missing)."""
        ...

    def open(self, person: UUID, sealed: str) -> str | None:
        """Decrypt, or None where the person's key has been destroyed."""
        ...


class Personal(Frozen):
    """A text about a natural person: name, identity number, phone (个人信息字段).

    With ``context={"vault": vault}`` it is written sealed and read open. Without a vault it is
    written masked and read as a sealed blank, so that logs, Temporal and projections never hold it.
    """

    person: UUID
    text: str = SEALED
    sealed: str = ""

    @model_serializer(mode="wrap")
    def _write(
        self, handler: SerializerFunctionWrapHandler, info: SerializationInfo
    ) -> dict[str, str]:
        del handler
        vault = _vault(info.context)
        if vault is not None:
            return {"person": str(self.person), "sealed": vault.seal(self.person, self.text)}
        if self.sealed:
            return {"person": str(self.person), "sealed": self.sealed}
        return {"person": str(self.person), "text": masked(self.text)}

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Self:  # noqa: ANN401 - raw input
        personal = cast("Self", handler(value))
        vault = _vault(info.context)
        if not personal.sealed or vault is None:
            return personal
        text = vault.open(personal.person, personal.sealed)
        return personal.model_copy(update={"text": ERASED if text is None else text, "sealed": ""})


def masked(text: str) -> str:
    """First character and stars: enough to recognise, not to know."""
    return text[:1] + "*" * max(len(text) - 1, 1) if text else ""


def _vault(context: Any) -> Vault | None:  # noqa: ANN401 - pydantic passes anything
    return cast("Vault | None", context.get("vault")) if isinstance(context, dict) else None  # pyright: ignore[reportUnknownMemberType]
