"""The vault (密钥库): one data key per person; destroying the key erases the person's data.

Implements ``domain.personal.Vault``. The log keeps ciphertext for ever and its hash chain stays
valid (个人信息保护法第四十七条、第五十一条).
"""

import base64
import re
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.store.pool import open_pool, run
from domain.store.rows import fetch

REMEMBERED = 5.0
"""Seconds a key is used from memory; what it opened is not remembered. So for five seconds another
process may still read an erased person."""
MOST_KEYS = 10_000

_FORMAT = "a1."  # AES-256-GCM; a national cipher would get its own mark
_NONCE = 12
_MARK = 8
_SEALED = re.compile(rb'"person":"([0-9a-f-]{36})","sealed":"')


class SealBrokenError(RuntimeError):
    """A sealed text or a wrapped key was changed, or belongs to another person or master key."""


@dataclass(frozen=True, slots=True)
class _Key:
    cipher: AESGCM
    mark: bytes
    until: float


class PersonVault:
    """Seals and opens with keys from ``vault.person_keys``; safe to share between threads."""

    def __init__(
        self, dsn: str, master: bytes, *, pool_size: int = 2, remembered: float = REMEMBERED
    ) -> None:
        self._pool = open_pool(dsn, pool_size)
        self._master = AESGCM(master)
        self.remembered = remembered
        self._keys: dict[UUID, _Key | None] = {}
        self._lock = threading.Lock()

    def seal(self, person: UUID, text: str) -> str:
        """Encrypt ``text`` under the person's key, made when missing."""
        key = self._known(person) or self._load([person]).get(person) or self._make(person)
        nonce = secrets.token_bytes(_NONCE)
        box = key.cipher.encrypt(nonce, text.encode(), person.bytes)
        return _FORMAT + base64.b64encode(key.mark + nonce + box).decode()

    def open(self, person: UUID, sealed: str) -> str | None:
        """Decrypt, or None where the key it was sealed with has been destroyed."""
        key = self._known(person) or self._load([person]).get(person)
        box = _box(sealed)
        if key is None or key.mark != box[:_MARK]:
            return None
        nonce, rest = box[_MARK : _MARK + _NONCE], box[_MARK + _NONCE :]
        try:
            return key.cipher.decrypt(nonce, rest, person.bytes).decode()
        except InvalidTag as error:
            raise SealBrokenError(f"sealed data of person {person} was changed") from error

    def warm(self, states: Iterable[bytes]) -> None:
        """Fetch the keys of everybody in these stored states in one query."""
        persons = {UUID(found.decode()) for state in states for found in _SEALED.findall(state)}
        missing = [person for person in persons if self._known(person) is None]
        if missing:
            self._load(missing)

    def destroy(self, person: UUID) -> bool:
        """Erase the person: whether there was a key. Only the owner of the vault may."""
        with self._lock:
            self._keys.pop(person, None)
        return self._fetch("SELECT vault.destroy_key(%b)", person)[0][0]

    def close(self) -> None:
        """Give the connections back and forget the keys."""
        self._pool.close()
        self._keys.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _known(self, person: UUID) -> _Key | None:
        key = self._keys.get(person)
        return key if key and key.until > time.monotonic() else None

    def _load(self, persons: list[UUID]) -> dict[UUID, _Key]:
        found = self._fetch(
            "SELECT person, wrapped_key FROM vault.person_keys WHERE person = ANY(%b::uuid[])",
            persons,
        )
        return {person: self._keep(person, wrapped) for person, wrapped in found}

    def _make(self, person: UUID) -> _Key:
        nonce, fresh = secrets.token_bytes(_NONCE), AESGCM.generate_key(256)
        wrapped = nonce + self._master.encrypt(nonce, fresh, person.bytes)
        # On the disk before anything is sealed with it: a key lost in a crash is a person erased.
        # Whoever comes second takes the first one's key.
        made = self._fetch(
            "INSERT INTO vault.person_keys (person, wrapped_key) VALUES (%b, %b)"
            " ON CONFLICT DO NOTHING RETURNING person",
            person,
            wrapped,
        )
        return self._keep(person, wrapped) if made else self._load([person])[person]

    def _keep(self, person: UUID, wrapped: bytes) -> _Key:
        try:
            data_key = self._master.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], person.bytes)
        except InvalidTag as error:
            raise SealBrokenError(f"master key does not fit the key of person {person}") from error
        mark = sha256(b"bihuan key mark" + data_key).digest()[:_MARK]
        key = _Key(AESGCM(data_key), mark, time.monotonic() + self.remembered)
        with self._lock:
            if len(self._keys) >= MOST_KEYS:
                self._keys.clear()
            self._keys[person] = key
        return key

    def _fetch(self, query: str, *params: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        return run(self._pool, lambda connection: fetch(connection, query, params))


def _box(sealed: str) -> bytes:
    if not sealed.startswith(_FORMAT):
        raise SealBrokenError("sealed text of an unknown format")
    return base64.b64decode(sealed[len(_FORMAT) :], validate=True)
