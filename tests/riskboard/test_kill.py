"""Kill -9 the worker and the broker in the middle of sixty jobs: every job still ends exactly once in effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from riskboard import embedded
from tests.faults.kills import kill_in_the_middle

JOBS = 60


@pytest.mark.runtime
def test_every_job_ends_once_though_worker_and_broker_are_killed(tmp_path: Path):
    if embedded.server_binary() is None:
        pytest.skip(embedded.NO_BROKER)
    figures = kill_in_the_middle(tmp_path, jobs=JOBS, kills=1)
    assert figures.effects == dict.fromkeys(range(JOBS), 1)
    assert figures.runs >= JOBS
    assert figures.left == ()
