"""A machine client that costs little: the machine it loads is also the one it runs on."""

import socket
import time
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from deploy.demo.world import PASSWORD

PHOTO = b"bytes of a photograph"


class Client:
    """One open connection, a token per account, the time of every command."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host = (parts.hostname, parts.port)
        self.line = socket.create_connection(self.host)
        self.tokens: dict[str, str] = {}
        self.seconds: list[float] = []

    def connect(self) -> None:
        self.line.close()
        self.line = socket.create_connection(self.host)

    def close(self) -> None:
        self.line.close()

    def sign_in(self, *accounts: str) -> None:
        for account in accounts:
            body = {"account": account, "password": PASSWORD}
            told = self._ask("POST", "/api/v1/session", orjson.dumps(body))
            self.tokens[account] = orjson.loads(told)["token"]

    def command(self, account: str, path: str, version: int | None = None, **body: object) -> dict:
        headers = f"authorization: Bearer {self.tokens[account]}\r\nidempotency-key: {uuid4()}\r\n"
        if version is not None:
            headers += f'if-match: "v{version}"\r\n'
        content = orjson.dumps(body)
        began = time.perf_counter()
        told = self._ask("POST", f"/api/v1/inspections/{path}", content, headers)
        self.seconds.append(time.perf_counter() - began)
        return orjson.loads(told)

    def upload(self, account: str) -> str:
        name = sha256(PHOTO).hexdigest()
        headers = f"authorization: Bearer {self.tokens[account]}\r\n"
        self._ask("PUT", f"/api/v1/blobs/{name}", PHOTO, headers)
        return name

    def _ask(self, method: str, path: str, content: bytes, headers: str = "") -> bytes:
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: {self.host[0]}\r\n{headers}"
            f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
        )
        for attempt in range(3):
            try:
                self.line.sendall(head.encode() + content)
                status, told = self._answer()
                break
            except ConnectionError:
                if attempt == 2:  # the same key again gets the same answer
                    raise
                self.connect()
        if status >= 300:
            raise RuntimeError(f"{path}: {status} {told.decode()}")
        return told

    def _answer(self) -> tuple[int, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, told = got.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(told) < length:
            told += self._more()
        return int(head.split(b" ", 2)[1]), told

    def _more(self) -> bytes:
        if not (got := self.line.recv(65536)):
            raise ConnectionError("the connection was closed")
        return got
