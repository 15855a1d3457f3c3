"""What stands before the web processes (对外地址): trusted proxies, names, the public address."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from deploy.trouble import Trouble

WILDCARDS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared
"""Listened on, they are nobody's name."""


@dataclass(frozen=True)
class Front:
    """As given: words with commas between them; one sentence where they mean nothing."""

    public_url: str = ""
    """Where browsers find the system, when a proxy on this machine ends TLS: https://…"""
    proxies: str = ""
    """Addresses or networks whose X-Forwarded-For is believed; nobody's by default."""
    names: str = ""
    """Further names by which the system may be called."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for each in self.trusted:
            _require_address(each)
        if self.public_url:
            _require_url(self.public_url)

    @property
    def secure(self) -> bool:
        """Whether browsers come by HTTPS."""
        return self.public_url.startswith("https://")

    @property
    def trusted(self) -> list[str]:
        """The proxies."""
        return _words(self.proxies)

    def hosts(self, listened: str) -> frozenset[str]:
        """Names that a request may call us by, without port, in small letters."""
        from api.security import ITSELF  # noqa: PLC0415 - only a web process needs the framework

        public = urlsplit(self.public_url).hostname
        named = {listened, public or "", *_words(self.names)} - WILDCARDS
        return ITSELF | {name.lower() for name in named}


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


def _require_address(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise Trouble(
            f"受信任的代理应为地址或网段，如 127.0.0.1 或 10.0.0.0/24，“{text}”不是；"
            "请改正 --proxy 或 BIHUAN_PROXIES。",
            "A trusted proxy is no address.",
        ) from error


def _require_url(text: str) -> None:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and parts.hostname and parts.path in {"", "/"}
        fits = fits and not (parts.query or parts.fragment or parts.username)
        fits = fits and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise Trouble(
            f"对外地址应如 https://bihuan.example.cn，“{text}”不是；"
            "请改正 --public-url 或 BIHUAN_PUBLIC_URL。",
            "The public address is no URL of a site.",
        )
