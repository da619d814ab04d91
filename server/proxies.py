"""Who asks, where proxies stand between: the last address that no proxy of ours has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class RealAddress:
    """The application `inner`, told who asks by the proxies in these networks, and by nobody else."""

    def __init__(self, inner: WSGIApplication, trusted: Sequence[str]) -> None:
        self._inner = inner
        self._trusted = [ip_network(each) for each in trusted]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        told = environ.get("HTTP_X_FORWARDED_FOR", "")
        environ["REMOTE_ADDR"] = self._asker(environ.get("REMOTE_ADDR", ""), told)
        return self._inner(environ, start_response)

    def _asker(self, peer: str, told: str) -> str:
        """Each proxy adds at the end whom it heard from; what a stranger wrote stands before that."""
        asker = peer
        for before in reversed(told.split(",")):
            if not self._trusts(asker) or (address := _address(before)) is None:
                break
            asker = str(address)
        return asker

    def _trusts(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self._trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.strip())
    except ValueError:
        return None
