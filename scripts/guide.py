"""Follow docs/deploy.md on a bare Debian 12, word for word, and use what came of it.

`python scripts/guide.py ROOT [--repository FOLDER]` as root, with Debian's packages debootstrap and systemd-container. ROOT holds what
`debootstrap --variant=minbase --include=systemd-sysv,dbus,ca-certificates bookworm ROOT` makes, and nothing else. It is booted with a
systemd of its own (systemd-nspawn) in this machine's network: ports 80, 443, 5432, 6379, 8000 must be free. Then the steps of "A plain
server" run as they are printed. A visitor makes the first account by the link in the journal, and has vendors judged and a report made
while broker, workers, beat and web are killed. Exits 1 where anything is not as it must be.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import requests
import urllib3

HERE = Path(__file__).resolve().parents[1]
HOST = "riskboard.example.org"
MACHINE = "riskboard-guide"
PATIENCE = 300.0  # seconds for a start, an assessment or a report; a last attempt waits for 150
CERTIFICATE = """
install -d /etc/ssl/riskboard
cd /etc/ssl/riskboard
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" -keyout key.pem -out fullchain.pem
"""
WHO = "first@example.org"
JUDGED = ("github", "together-ai", "trello")
Found = TypeVar("Found")
KILLED = ("redis-server", "riskboard-worker@score", "riskboard-worker@report", "riskboard-beat", "riskboard-web")


def steps(text: str) -> dict[str, str]:
    """The shell lines of each step of "A plain server", by its title, in the order of the page."""
    server = text.partition("## A plain server")[2].partition("\n## ")[0]
    found = {}
    for step in re.split(r"^### ", server, flags=re.MULTILINE)[1:]:
        title = step.splitlines()[0]
        found[title] = "".join(re.findall(r"^```sh\n(.*?)^```$", step, flags=re.MULTILINE | re.DOTALL))
    return found


def whole(text: str) -> str:
    """All steps as one script, so that a variable of one is known in the next; the certificate is made before the proxy's."""
    lines = ["exec 2>&1", f"set -- {HOST}"]
    for title, shell in steps(text).items():
        lines += [f"echo '### {title}'", *([CERTIFICATE] if "proxy" in title else []), shell]
    return "\n".join(lines)


class Machine:
    """A booted root: what runs in it."""

    def __init__(self, root: Path, repository: Path) -> None:
        self.root, self.repository = root, repository

    @contextlib.contextmanager
    def booted(self) -> Iterator[None]:
        """Boot it with its own systemd; it is killed in the end."""
        command = [
            "systemd-nspawn", "-q", "-b", "-D", str(self.root), "-M", MACHINE, "--register=no", "--keep-unit", "--link-journal=no",
            "--resolv-conf=copy-host", f"--bind-ro={self.repository}:/repository",
        ]  # fmt: skip
        with (self.root.parent / "console.log").open("wb") as log:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            self.leader = until("a first process", lambda: next(iter(_children(child.pid)), 0))
            until("systemd", lambda: self.does("systemctl is-system-running").strip() in ("running", "degraded"))
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.leader, signal.SIGKILL)
            child.kill()
            child.wait(30)

    def does(self, shell: str, *words: str, must: bool = False) -> str:
        """What that prints in there. Raises SystemExit with its words where it must succeed and does not."""
        enter = ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "env", "-i"]
        known = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "RISKBOARD_REPOSITORY=/repository"]
        done = subprocess.run(
            [*enter, *known, "bash", "-euc", shell, "guide", *words], capture_output=True, text=True, check=False
        )
        if must and done.returncode:
            raise SystemExit(f"this failed: {shell}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done.stdout


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def until(what: str, found: Callable[[], Found]) -> Found:
    """What it gives once that is true. Raises SystemExit after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while not (came := found()):
        if time.monotonic() > end:
            raise SystemExit(f"waited {PATIENCE:.0f} s for {what}")
        time.sleep(0.5)
    return came


class Visitor:
    """A browser's part: cookies, the form's token, and the host name without a resolver."""

    def __init__(self) -> None:
        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = False  # the certificate is made here, for a name nobody holds
        self.session.headers.update({"Host": HOST, "Referer": f"https://{HOST}/"})

    def get(self, path: str) -> requests.Response:
        """That page, or what it leads to on this host; asked for again while nobody answers behind the proxy."""

        def answered() -> tuple[requests.Response] | None:
            try:
                answer = self.session.get(f"https://127.0.0.1{path}", timeout=60, allow_redirects=False)
            except (requests.Timeout, requests.ConnectionError):
                return None
            return None if answer.status_code in (502, 503, 504) else (answer,)

        return self._followed(until(path, answered)[0])

    def post(self, page: str, path: str, **fields: str) -> requests.Response:
        """The answer to a form that stands on `page`."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page).text)
        if token is None:
            raise SystemExit(f"{page} has no form")
        data = fields | {"csrfmiddlewaretoken": token[1]}
        answer = self.session.post(f"https://127.0.0.1{path}", data=data, timeout=60, allow_redirects=False)
        if answer.status_code >= 400:
            raise SystemExit(
                f"{answer.status_code} to the form of {page}: {re.findall(r'class=.fault[^>]*>([^<]*)', answer.text)}"
            )
        return self._followed(answer)

    def _followed(self, answer: requests.Response) -> requests.Response:
        if answer.is_redirect:
            return self.get(answer.headers["Location"].removeprefix(f"https://{HOST}"))
        return answer

    def arrives(self, answer: requests.Response, where: str) -> requests.Response:
        """Wait on a job's page until it leads to `where`; bad gateways on the way are tried again."""
        path = answer.url.removeprefix("https://127.0.0.1")

        def there() -> requests.Response | None:
            come = self.get(path)
            return come if where in come.url else None

        return until(f"{where} after {path}", there)


def used(machine: Machine) -> list[str]:
    """What was seen, in lines, of the whole way from the first link to a report, with kills in between."""
    link = re.search(rf"https://{HOST}(/setup/\S+)", machine.does("journalctl -u riskboard-prepare --no-pager"))
    if link is None:
        raise SystemExit("the journal holds no link for the first account")
    visitor, password = Visitor(), "a plain server once"
    if visitor.get(link[1]).status_code == 403:  # the steps were used before
        visitor.post("/account/login/", "/account/login/", login=WHO, password=password)
    else:
        token = link[1].rpartition("=")[2]
        visitor.post(link[1], "/setup/", token=token, workspace="Example", email=WHO, password=password)
    told = [f"first account by the journal's link: {visitor.get('/').status_code}"]
    asked = {name: visitor.post("/", "/assess/", target=name, rto="4h") for name in JUDGED}
    for unit in KILLED:
        machine.does(f"systemctl kill -s KILL {unit}", must=True)
    begun = time.monotonic()
    pages = {name: visitor.arrives(answer, "/assessments/") for name, answer in asked.items()}
    told.append(
        f"{len(pages)} assessments {time.monotonic() - begun:.0f} s after {', '.join(KILLED)} were killed with -9"
    )
    uid = re.search(r"/assessments/([0-9a-f-]+)/", pages[JUDGED[0]].url)
    report = visitor.post("/reports/", "/reports/make/", kind="vendor", assessments=uid[1], paper="a4", language="en")
    machine.does("systemctl kill -s KILL riskboard-worker@report", must=True)
    file = visitor.arrives(report, "/reports/")
    found = re.search(r'href="(/reports/[0-9a-f-]{36}/)"', visitor.get("/reports/").text) or re.search(
        r"(/reports/[0-9a-f-]{36}/)", file.url
    )
    made = visitor.get(found[1])
    told.append(f"its report: {len(made.content):,} bytes of {made.headers['Content-Type']}")
    if not made.content.startswith(b"%PDF-"):
        raise SystemExit(f"no report at {found[1]}")
    restarts = machine.does(
        "systemctl show -p Id -p NRestarts redis-server riskboard-web riskboard-beat 'riskboard-worker@*'"
    )
    told.append(
        "restarted by systemd: "
        + ", ".join("=".join(pair) for pair in re.findall(r"NRestarts=(\d+)\nId=(\S+)", restarts))
    )
    return told


def main() -> int:
    """Print each step as it is done, and what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--repository", type=Path, default=HERE)
    parser.add_argument(
        "--use", action="store_true", help="the steps were done in ROOT: boot it once more and only use it"
    )
    args = parser.parse_args()
    machine = Machine(args.root.resolve(), args.repository.resolve())
    with machine.booted():
        if not args.use:
            begun = time.monotonic()
            print(machine.does(whole((HERE / "docs" / "deploy.md").read_text(encoding="utf-8")), must=True), flush=True)
            print(f"all steps in {time.monotonic() - begun:.0f} s")
        print("\n".join(used(machine)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
