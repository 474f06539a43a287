"""Settings fail closed, and importing a pure core loads no framework."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "RISKBOARD_ENV": "production",
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "riskboard.example",
    "DATABASE_URL": "sqlite:///:memory:",
    "RISKBOARD_BROKER_URL": "redis://broker.example:6379/0",
}


def load(tmp_path, **changes) -> subprocess.CompletedProcess:
    settings = {k: v for k, v in (GOOD | changes).items() if v is not None}
    environ = {"PATH": os.environ["PATH"], "RISKBOARD_VAR": str(tmp_path / "var"), "PYTHONPATH": str(ROOT)} | settings
    code = "import riskboard.settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    return subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)


def test_a_complete_production_environment_loads_secure(tmp_path):
    assert load(tmp_path).stdout.split() == ["False", "True", "__Host-sessionid", "__Host-csrftoken"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY_FILE": "/nonexistent", "SECRET_KEY": None}, "SECRET_KEY_FILE"),
        ({"SECRET_KEY_FILE": "/nonexistent"}, "both set"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"RISKBOARD_BROKER_URL": None}, "RISKBOARD_BROKER_URL"),
        ({"DEBUG": "true"}, "DEBUG"),
    ],
)
def test_what_is_missing_or_unsafe_stops_production_with_its_name(tmp_path, changes, word):
    finished = load(tmp_path, **changes)
    assert finished.returncode != 0
    assert word in finished.stderr


def test_a_secret_is_read_from_a_file(tmp_path):
    path = tmp_path / "key"
    path.write_text("f" * 60 + "\n")
    assert load(tmp_path, SECRET_KEY=None, SECRET_KEY_FILE=str(path)).returncode == 0


def test_an_embedded_installation_makes_a_private_key_once(tmp_path):
    for _ in range(2):
        assert load(tmp_path, **dict.fromkeys(GOOD)).returncode == 0
    key = tmp_path / "var" / "secret_key"
    assert oct(key.stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    "module",
    [
        "vendors.facts_file",
        "vendors.sources.registry",
        "vendors.inspection",
        "assessments.scoring.pipeline",
        "assessments.report.verify",
    ],
)
def test_importing_a_pure_core_loads_no_framework(module):
    heavy = ["django", "celery", "kombu", "rest_framework", "requests", "weasyprint", "numpy", "scipy"]
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"


def test_requirements_hold_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "://" not in text, path.name
        assert "file:" not in text, path.name
        assert "--hash=sha256:" in text, path.name
