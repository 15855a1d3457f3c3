"""A machine client: one open connection, a token per account, the time of every command."""

import http.client
import json
import time
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import uuid4

from deploy.demo.world import PASSWORD

PHOTO = b"bytes of a photograph"


class Client:
    """A machine client with one open connection and a token per account."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.http = http.client.HTTPConnection(parts.hostname, parts.port)
        self.tokens: dict[str, str] = {}
        self.seconds: list[float] = []

    def sign_in(self, *accounts: str) -> None:
        for account in accounts:
            body = {"account": account, "password": PASSWORD}
            self.tokens[account] = self._ask("POST", "/api/v1/session", body, {})["token"]

    def command(self, account: str, path: str, version: int | None = None, **body: object) -> dict:
        headers = {
            "Authorization": f"Bearer {self.tokens[account]}",
            "Idempotency-Key": str(uuid4()),
        }
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        began = time.perf_counter()
        told = self._ask("POST", f"/api/v1/inspections/{path}", body, headers)
        self.seconds.append(time.perf_counter() - began)
        return told

    def _ask(self, method: str, path: str, body: object, headers: dict[str, str]) -> dict:
        content = json.dumps(body)
        for attempt in range(3):
            try:
                given = {"Content-Type": "application/json"} | headers
                self.http.request(method, path, content, given)
                answer = self.http.getresponse()
                break
            except (ConnectionError, http.client.HTTPException):
                self.http.close()  # the same key again gets the same answer
                if attempt:
                    raise
        told = json.loads(answer.read())
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {told}")
        return told

    def upload(self, account: str) -> str:
        name = sha256(PHOTO).hexdigest()
        headers = {"Authorization": f"Bearer {self.tokens[account]}"}
        self.http.request("PUT", f"/api/v1/blobs/{name}", PHOTO, headers)
        answer = self.http.getresponse()
        if answer.status >= 300:
            raise RuntimeError(f"upload: {answer.status} {answer.read()!r}")
        answer.read()
        return name
