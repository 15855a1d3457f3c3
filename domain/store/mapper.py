"""Events to bytes and back: one JSON shape, older shapes brought up to date, personal data sealed.

The stored state is ``{"v": shape, "by": actor, "at": time, "fact": {...}}``, and ``"why"`` where
it was entered afterwards. Bytes once stored are
never rewritten; an older shape is upcast each time it is read.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

import orjson
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    JSONTranscoder,
    Mapper,
    MapperDeserialisationError,
    StoredEvent,
)
from eventsourcing.utils import TopicError
from pydantic_core import PydanticSerializationError

from domain.facts import FACTS, Actor, Event, Fact
from domain.personal import Vault
from domain.times import SHANGHAI


class VaultMissingError(RuntimeError):
    """Personal data came to a store that was opened without a vault."""


class _NoVault:
    """Refuses to seal: without a vault the text would be masked for ever, not stored."""

    def seal(self, person: UUID, text: str) -> str:
        del text
        raise VaultMissingError(f"no vault to seal the data of person {person}")

    def open(self, person: UUID, sealed: str) -> str | None:
        raise NotImplementedError(person, sealed)


class FactMapper(Mapper[UUID]):
    """``eventsourcing``'s mapper for facts in their envelope."""

    def __init__(self, vault: Vault | None) -> None:
        super().__init__(JSONTranscoder())
        self._writing: dict[str, Vault] = {"vault": vault or _NoVault()}
        self._reading: dict[str, Vault | None] = {"vault": vault}

    def encode(self, event: Event) -> bytes:
        """State of ``event`` as it will be stored."""
        by = event.by
        why = {"why": event.reason} if event.reason else {}
        return orjson.dumps(
            {
                "v": event.fact.VERSION,
                "by": {"account": by.account, "role": by.role, "unit": by.unit},
                "at": event.occurred_at.astimezone(SHANGHAI).isoformat(),
                **why,
                "fact": self._sealed(event.fact),
            }
        )

    def _sealed(self, fact: Fact) -> dict[str, Any]:
        try:
            return fact.model_dump(mode="json", context=self._writing)
        except PydanticSerializationError as error:
            # What the vault said counts, not where it was asked.
            cause: BaseException = error
            while isinstance(cause, PydanticSerializationError) and cause.__cause__:
                cause = cause.__cause__
            raise cause from error

    def decode(self, stream: UUID, version: int, topic: str, state: bytes) -> Event:
        """Event of a stored ``state``; personal data opened where there is a vault.

        Raises:
            TopicError: no fact of this topic is known to the program.
            MapperDeserialisationError: the state is of a newer shape, or no shape at all.
        """
        kind = FACTS.get(topic)
        if kind is None:
            raise TopicError(topic)
        try:
            envelope = orjson.loads(state)
            by = envelope["by"]
            return _event(
                stream,
                version,
                datetime.fromisoformat(envelope["at"]),
                _actor(by["account"], by["role"], by["unit"]),
                self.fact(kind, envelope["fact"], envelope["v"]),
                envelope.get("why", ""),
            )
        except (ValueError, KeyError, TypeError) as error:
            text = f"{topic}, version {version} of stream {stream}: {error}"
            raise MapperDeserialisationError(text) from error

    def fact(self, kind: type[Fact], data: dict[str, Any], shape: int) -> Fact:
        """The fact of ``data`` in an older or the newest ``shape``."""
        if shape > kind.VERSION:
            raise ValueError(f"shape {shape} is newer than this program's {kind.VERSION}")
        while shape < kind.VERSION:
            data = kind.upcast(data, shape)
            shape += 1
        return kind.model_validate(data, context=self._reading)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """``eventsourcing``'s name for ``encode``."""
        event = cast("Event", domain_event)
        return StoredEvent(
            event.originator_id,
            event.originator_version,
            event.fact.TOPIC,
            self.encode(event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        """``eventsourcing``'s name for ``decode``."""
        return self.decode(
            cast("UUID", stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
        )


def _event(stream: UUID, version: int, at: datetime, by: Actor, fact: Fact, reason: str) -> Event:
    return Event.model_construct(
        originator_id=stream,
        originator_version=version,
        occurred_at=at,
        by=by,
        fact=fact,
        reason=reason,
    )


@lru_cache(maxsize=4096)
def _actor(account: str, role: str, unit: str) -> Actor:
    return Actor.model_validate({"account": account, "role": role, "unit": unit})
