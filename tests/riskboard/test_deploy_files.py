"""The files of deploy/ fit the code: queues, commands, paths and settings they name are there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from riskboard.celery_app import QUEUES
from riskboard.cli import COMMANDS
from riskboard.metrics import Rows

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_OTHERS = {"WORKER_OPTIONS", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"}


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_each_queue_has_a_worker_in_the_containers_and_in_the_guide():
    commands = [service.get("command", []) for service in compose()["services"].values()]
    assert sorted(c[c.index("-Q") + 1] for c in commands if "-Q" in c) == sorted(QUEUES)
    assert set(re.findall(r"riskboard-worker@(\w+)", GUIDE)) == set(QUEUES)


def test_every_service_waits_for_prepare_and_only_the_proxy_is_reached_from_outside():
    services = compose()["services"]
    for name, service in services.items():
        assert ("ports" in service) is (name == "proxy")
        if service.get("image") == "riskboard" and name != "prepare":
            assert service["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    assert compose()["networks"]["inside"]["internal"] is True
    assert services["db"]["networks"] == services["broker"]["networks"] == ["inside"]


@pytest.mark.parametrize("words", re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.M))
def test_what_the_image_copies_is_there_and_not_kept_out(words):
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    for path in words.split():
        assert (ROOT / path).exists()
        assert f"!{path}" in let_in


def test_every_setting_that_is_named_is_documented():
    text = "\n".join(
        path.read_text()
        for path in [*UNITS, DEPLOY / "compose.yaml", DEPLOY / "env.example", DEPLOY / "gunicorn.conf.py"]
    )
    named = (
        set(re.findall(r"\b((?:RISKBOARD|DATABASE|SECRET|ALLOWED|SITE|POSTGRES|WORKER)_[A-Z_]+)\b", text)) - OF_OTHERS
    )
    assert len(named) > 10
    missing = {name for name in named if name not in OPERATIONS and name.removesuffix("_FILE") not in OPERATIONS}
    assert not missing


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_what_is_there_as_the_services_user(unit):
    text = unit.read_text()
    assert "User=riskboard" in text
    (command,) = re.findall(r"^ExecStart=(.+)$", text, re.M)
    program, *rest = command.split()
    assert program.startswith("/opt/riskboard/.venv/bin/")
    if program.endswith("/riskboard"):
        assert rest[0] in COMMANDS
    for path in rest:
        if path.startswith("deploy/"):
            assert (ROOT / path).is_file()


@pytest.mark.parametrize("block", re.findall(r"```(?:sh)?\n(.*?)```", GUIDE, re.S))
def test_the_guides_steps_are_shell_that_parses(block):
    assert subprocess.run(["bash", "-n"], input=block, text=True, check=False).returncode == 0


@pytest.mark.django_db
def test_the_dashboard_shows_every_figure_there_is_and_no_other():
    text = (DEPLOY / "grafana.json").read_text(encoding="utf-8")
    shown = {
        name
        for panel in json.loads(text)["panels"]
        for target in panel.get("targets", [])
        for name in re.findall(r"riskboard_[a-z_]+", target["expr"])
    }
    told = {family.name for family in Rows(timezone.now()).collect()}
    assert shown == told
    assert {
        name
        for name in told
        if f"`{name}" not in OPERATIONS and not name.startswith(("riskboard_forecasts_", "riskboard_score_drift"))
    } == set()


def test_the_dashboard_is_what_its_script_writes(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import grafana

    assert (DEPLOY / "grafana.json").read_text(encoding="utf-8") == grafana.text()


def test_the_proxy_speaks_no_old_tls_and_leads_no_program_from_the_open_to_tls():
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert re.search(r"ssl_protocols ([^;]+);", text).group(1) == "TLSv1.2 TLSv1.3"
    suites = re.search(r"ssl_ciphers ([^;]+);", text).group(1).split(":")
    assert all(one.startswith("ECDHE-") and ("GCM" in one or "CHACHA20" in one) for one in suites), suites
    plain = text[text.index("listen 80") : text.index("listen 443")]
    assert re.search(r"location /api/ \{[^}]*return 403", plain)


def test_the_timer_starts_a_service_that_is_there():
    timers = sorted((DEPLOY / "systemd").glob("*.timer"))
    assert timers
    for timer in timers:
        assert timer.with_suffix(".service").is_file()
        assert "OnCalendar=" in timer.read_text()


def test_the_steps_of_the_plain_server_are_found_in_the_order_of_the_page(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from guide import steps

    found = steps(GUIDE)
    assert [title.partition(".")[0] for title in found] == [str(number) for number in range(1, len(found) + 1)]
    assert "apt-get install" in found["1. Packages"]
    assert found["8. Is all well?"].rstrip().endswith("riskboard doctor'")
    assert not [title for title, shell in found.items() if not shell.strip()]
    assert not any("docker" in shell for shell in found.values())
