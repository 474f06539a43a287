"""`riskboard up`: the app, its workers and its broker on this machine, until told to stop."""

from __future__ import annotations

import argparse
import errno
import socket
import sys
import time
from typing import TYPE_CHECKING

from riskboard.errors import Refused

if TYPE_CHECKING:
    from riskboard.embedded import Supervisor

HELP = "serve the app with its workers and its own broker"
NEEDS_DJANGO = True
WEB_WAIT = 60.0  # seconds until the web server must accept connections; it takes about two


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to serve, and with how many processes."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to serve on (default 127.0.0.1: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8765, help="port to serve on (default 8765)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes for background jobs (default 2)")
    parser.add_argument("--no-backup", action="store_true", help="upgrade the database without a backup before it")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Raises Refused if it runs already, or if the port is taken."""
    from django.conf import settings

    from riskboard import embedded

    if not 1 <= args.port <= 65535:
        raise Refused(f"{args.port} is no port; use one from 1024 to 65535, like 8765")
    url = f"http://{'localhost' if args.host in ('0.0.0.0', '::') else args.host}:{args.port}"  # compared # noqa: S104 # nosec B104
    with embedded.only_one(settings.VAR_DIR, f"at {url}"):
        must_be_free(args.host, args.port)
        embedded.ensure_database(backup_first=not args.no_backup)
        web = [
            sys.executable, "-m", "gunicorn", "riskboard.wsgi:application", "--bind", f"{args.host}:{args.port}",
            "--workers", "2", "--threads", "4", "--graceful-timeout", "30", "--max-requests", "2000",
            "--max-requests-jitter", "200",
        ]  # fmt: skip
        with embedded.runtime(settings.VAR_DIR, web=web, workers=args.workers) as supervisor:
            _wait_until_it_answers(args.host, args.port, supervisor)
            print(f"Riskboard is running at {url}   (Ctrl+C ends it; logs: {settings.VAR_DIR / 'log'})", flush=True)
            _say_how_to_set_up(url)
            supervisor.watch()
            print("stopping: jobs under way are finished or put back", flush=True)
    return 0


def _say_how_to_set_up(url: str) -> None:
    """How to make the first account, while there is none; made from the environment where that says so."""
    from riskboard.accounts import first_run
    from riskboard.accounts.access import has_accounts
    from riskboard.env import secret

    if first_run.from_environment(secret("RISKBOARD_ADMIN_EMAIL"), secret("RISKBOARD_ADMIN_PASSWORD")):
        print("The first account was made from RISKBOARD_ADMIN_EMAIL.", flush=True)
    if not has_accounts():
        print(
            f"No account yet: it is open to this machine. To sign in, make one: {url}/setup/?token={first_run.token()}",
            flush=True,
        )


def must_be_free(host: str, port: int) -> None:
    """Raises Refused, saying what to do, when nothing can listen there."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise Refused(
                f"port {port} is taken by another program; stop that one, or choose another port: make run PORT={port + 1}"
            ) from fault
        if fault.errno == errno.EACCES:
            raise Refused(f"port {port} needs more rights than you have; use one from 1024 up, like 8765") from fault
        raise Refused(f"{host} cannot be served on from this machine ({fault.strerror or fault})") from fault


def _wait_until_it_answers(host: str, port: int, supervisor: Supervisor) -> None:
    until = time.monotonic() + WEB_WAIT
    where = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # compared # noqa: S104 # nosec B104
    while True:
        supervisor.tend()
        try:
            socket.create_connection((where, port), timeout=2).close()
        except OSError as fault:
            if time.monotonic() > until:
                raise Refused(
                    f"the web server does not answer; its log is {supervisor.var / 'log' / 'web.log'}"
                ) from fault
            time.sleep(0.1)
        else:
            return
