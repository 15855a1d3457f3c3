"""Certificates between our processes and the embedded Temporal (证书): made here, for here only."""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage
from cryptography.x509.oid import NameOID

from deploy.network import LOOPBACK
from workflows import server

LIFE = timedelta(days=3650)
RENEWED_BEFORE = timedelta(days=365)
"""Made anew at a start when less of their life is left: no system runs that long without one."""
CLOCK_SKEW = timedelta(days=1)


@dataclass(frozen=True)
class Certificates:
    """One folder: the authority, what the server shows, what our processes show it."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The only one that either side believes."""
        return self.folder / server.AUTHORITY

    @property
    def shown(self) -> Path:
        """The server's certificate."""
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        """The server's key."""
        return self.folder / "server.key"

    def ensure(self) -> None:
        """Make them at the first start, and anew before they end or when some are lost.

        The folder is filled aside and moved into place. The authority's own key is never written
        down: nobody can make a further certificate.
        """
        if self._good():
            return
        draft = self.folder.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        made = Certificates(draft)
        authority = _Authority()
        _write(made.authority, authority.certificate)
        both = [Usage.SERVER_AUTH, Usage.CLIENT_AUTH]  # its own parts call each other, too
        authority.issue("temporal", both, made.shown, made.key)
        authority.issue(
            "bihuan", [Usage.CLIENT_AUTH], draft / server.CERTIFICATE, draft / server.KEY
        )
        shutil.rmtree(self.folder, ignore_errors=True)
        draft.replace(self.folder)

    def _good(self) -> bool:
        files = (self.authority, self.shown, self.key)
        files += (self.folder / server.CERTIFICATE, self.folder / server.KEY)
        if not all(file.exists() for file in files):
            return False
        ends = x509.load_pem_x509_certificate(self.authority.read_bytes()).not_valid_after_utc
        return ends - datetime.now(UTC) > RENEWED_BEFORE


class _Authority:
    """Signs while it is in memory."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("bihuan authority")
        unsigned = self._unsigned("bihuan authority", self._key.public_key())
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        self._certificate = unsigned.add_extension(constraint, critical=True).sign(
            self._key, hashes.SHA256()
        )

    @property
    def certificate(self) -> bytes:
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self, name: str, usages: list[x509.ObjectIdentifier], certificate: Path, key: Path
    ) -> None:
        """A key and its certificate, for this machine's loopback address."""
        own = ec.generate_private_key(ec.SECP256R1())
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))])
        signed = (
            self._unsigned(name, own.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(address, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        _write(certificate, signed.public_bytes(serialization.Encoding.PEM))
        _write(
            key,
            own.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )

    def _unsigned(self, name: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return x509.CertificateBuilder(
            issuer_name=self._name,
            subject_name=_name(name),
            public_key=key,
            serial_number=x509.random_serial_number(),
            not_valid_before=now - CLOCK_SKEW,
            not_valid_after=now + LIFE,
        )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
