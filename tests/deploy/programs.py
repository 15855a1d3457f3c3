"""Small real programs for the tests to find on PATH."""

from pathlib import Path


def script(path: Path, *lines: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)
    return path


def temporal_command(folder: Path, server: str) -> Path:
    """A ``temporal`` command that says it carries this server."""
    return script(folder / "temporal", f'echo "temporal version 1.9.1 (Server {server}, UI 2.0.0)"')
