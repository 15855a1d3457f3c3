"""Configuration of the Temporal server we run (时钟服务配置): SQLite, loopback, TLS, quiet."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.embedded.certificates import Certificates
from deploy.network import LOOPBACK

SERVICES = ("frontend", "matching", "history", "worker")
PORTS = 2 * len(SERVICES)
"""Each service listens for calls and for its fellows."""
SKIPPING = "frontend.WorkflowTimeSkippingEnabled"
IMPATIENT: Mapping[str, Any] = {
    SKIPPING: True,
    # One host has no clock skew; the default makes every timer a second late.
    "history.timerProcessorMaxTimeShift": "10ms",
}
"""Where somebody waits for every timer: tests and plays."""
MIDNIGHT: Mapping[str, Any] = {
    # Every look for timers reads past all that are due, 20 ms with ten thousand of them: few looks,
    # each for many. The price is a timer a second or two late.
    "history.timerProcessorMaxPollRPS": 3,
    "history.timerTaskBatchSize": 2000,
    # SQLite has one writer. Of 512 timers at once, the default, most wait for it beyond their time
    # and are put off, and the tasks of the workflows wait behind them.
    "history.timerProcessorSchedulerWorkerCount": 8,
    "history.transferProcessorSchedulerWorkerCount": 16,
}
"""For ten thousand timers due at one instant (ADR 0010)."""


def dynamic_values(*, skipping: bool) -> dict[str, Any]:
    """Settings the server reads while it runs: one machine needs one partition per queue."""
    values: dict[str, Any] = {
        "matching.numTaskqueueReadPartitions": 1,
        "matching.numTaskqueueWritePartitions": 1,
        "system.enableRingpopTLS": True,
    }
    return {**values, **(IMPATIENT if skipping else MIDNIGHT)}


def write(
    folder: Path,
    database: Path,
    ports: Sequence[int],
    certificates: Certificates,
    *,
    skipping: bool,
    durable: bool,
) -> Path:
    """Write the server's two files; JSON is YAML too. Returns the one to start it with."""
    dynamic = folder / "dynamic.yaml"
    values = dynamic_values(skipping=skipping)
    dynamic.write_text(json.dumps({name: [{"value": value}] for name, value in values.items()}))
    config = folder / "server.yaml"
    server = _server(database, ports, certificates, dynamic, durable=durable)
    config.write_text(json.dumps(server, indent=1))
    return config


def _server(
    database: Path,
    ports: Sequence[int],
    certificates: Certificates,
    dynamic: Path,
    *,
    durable: bool,
) -> Mapping[str, Any]:
    pairs = zip(ports[0::2], ports[1::2], strict=True)
    return {
        "log": {"stdout": True, "level": "warn"},
        "persistence": {
            "defaultStore": "sqlite",
            "visibilityStore": "sqlite",
            "numHistoryShards": 1,
            "datastores": {"sqlite": {"sql": _sqlite(database, durable=durable)}},
        },
        "global": {
            "membership": {"maxJoinDuration": "30s", "broadcastAddress": LOOPBACK},
            "tls": _tls(certificates),
        },
        "services": {
            name: {"rpc": {"grpcPort": call, "membershipPort": gossip, "bindOnLocalHost": True}}
            for name, (call, gossip) in zip(SERVICES, pairs, strict=True)
        },
        "clusterMetadata": _cluster(ports[0]),
        "dcRedirectionPolicy": {"policy": "noop"},
        "dynamicConfigClient": {"filepath": str(dynamic), "pollInterval": "60s"},
    }


def _tls(certificates: Certificates) -> Mapping[str, Any]:
    """At the ports for clients and those between its own parts: a certificate is asked for."""
    authority = [str(certificates.authority)]
    shown = {"certFile": str(certificates.shown), "keyFile": str(certificates.key)}
    asked = {"requireClientAuth": True, "clientCaFiles": authority}
    believed = {"serverName": LOOPBACK, "rootCaFiles": authority}
    side = {"server": {**shown, **asked}, "client": believed}
    return {"frontend": side, "internode": side}


def _sqlite(database: Path, *, durable: bool) -> Mapping[str, Any]:
    """One connection: a second one only waits for SQLite's single writer."""
    return {
        "pluginName": "sqlite",
        "databaseName": str(database),
        "connectAddr": "localhost",
        "connectProtocol": "tcp",
        "connectAttributes": {
            "cache": "private",
            "setup": "true",
            "journal_mode": "wal",
            "synchronous": "2" if durable else "0",
        },
        "maxConns": 1,
        "maxIdleConns": 1,
    }


def _cluster(port: int) -> Mapping[str, Any]:
    alone = {
        "enabled": True,
        "initialFailoverVersion": 1,
        "rpcName": "frontend",
        "rpcAddress": f"localhost:{port}",
    }
    return {
        "enableGlobalNamespace": False,
        "failoverVersionIncrement": 10,
        "masterClusterName": "active",
        "currentClusterName": "active",
        "clusterInformation": {"active": alone},
    }
