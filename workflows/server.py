"""The Temporal server (时钟服务): where it is, and how we prove to each other who we are."""

from dataclasses import dataclass
from pathlib import Path

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
        self, *, identity: str | None = None, data_converter: DataConverter = DataConverter.default
    ) -> Client:
        """A client. Fails while the server does not answer, or is not the one it should be."""
        return await Client.connect(
            self.address, identity=identity, data_converter=data_converter, tls=self._tls()
        )

    def _tls(self) -> TLSConfig | bool:
        if self.tls is None:
            return False
        return TLSConfig(
            server_root_ca_cert=(self.tls / AUTHORITY).read_bytes(),
            client_cert=(self.tls / CERTIFICATE).read_bytes(),
            client_private_key=(self.tls / KEY).read_bytes(),
        )


NOWHERE = Server("")
"""There is none."""
