"""The Temporal server (时钟服务): where it is, and how we prove to each other who we are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from temporalio.client import Client
    from temporalio.converter import DataConverter
    from temporalio.service import TLSConfig

AUTHORITY = "ca.pem"
CERTIFICATE = "client.pem"
KEY = "client.key"


@dataclass(frozen=True)
class Server:
    """One Temporal server as our processes reach it."""

    address: str
    tls: Path | None = None
    """Folder of the authority that its certificate must come from, and of our own certificate and
    key. None: a plain connection, to a server that somebody else runs and guards."""

    async def connect(
        self, *, identity: str | None = None, data_converter: DataConverter | None = None
    ) -> Client:
        """A client. Fails while the server does not answer, or is not the one it should be."""
        # The client costs a second; every process reads where the server is, few connect.
        from temporalio.client import Client  # noqa: PLC0415
        from temporalio.converter import DataConverter  # noqa: PLC0415

        converter = data_converter or DataConverter.default
        return await Client.connect(
            self.address, identity=identity, data_converter=converter, tls=self._tls()
        )

    def _tls(self) -> TLSConfig | bool:
        if self.tls is None:
            return False
        from temporalio.service import TLSConfig  # noqa: PLC0415 - as above

        return TLSConfig(
            server_root_ca_cert=(self.tls / AUTHORITY).read_bytes(),
            client_cert=(self.tls / CERTIFICATE).read_bytes(),
            client_private_key=(self.tls / KEY).read_bytes(),
        )


NOWHERE = Server("")
"""There is none."""
