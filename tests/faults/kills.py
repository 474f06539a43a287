"""Worker and broker killed without warning in the middle of many jobs, again and again: what is left?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.harness import Outcome, effects, ended, enqueue, installation, until
from tests.faults.invariants import broken


@dataclass(frozen=True)
class Figures:
    """What came of it. `effects` counts rows by job, `runs` how often any job began, `left` the processes still there."""

    jobs: int
    kills: int
    effects: dict[int, int]
    runs: int
    seconds: float
    recovery_seconds: float
    left: tuple[int, ...]
    given_up: int = 0
    broken: tuple[str, ...] = ()  # what never may be (invariants)

    @property
    def lost(self) -> int:
        """Jobs without effect of which nobody is told: those given up stand on the operator's page."""
        return self.jobs - len(self.effects) - self.given_up

    @property
    def twice(self) -> int:
        """Jobs with more than one effect."""
        return sum(count > 1 for count in self.effects.values())

    def __str__(self) -> str:
        return (
            f"{self.jobs} jobs, {self.kills} kills of worker and broker: {self.lost} lost, "
            f"{self.given_up} given up, {self.twice} twice in effect, "
            f"{self.runs} runs begun, {len(self.left)} processes left, done {self.recovery_seconds:.1f} s after the "
            f"last kill, {self.seconds:.1f} s in all"
        )


def kill_in_the_middle(folder: Path, *, jobs: int = 60, kills: int = 1) -> Figures:
    """Run `jobs` jobs, killing worker and broker `kills` times on the way. Raises AssertionError if they never end."""
    begun = time.monotonic()
    with installation(folder) as (processes, query):
        processes.all()
        enqueue(processes, 0, jobs)
        done = lambda: ended(query)  # noqa: E731
        for kill in range(1, kills + 1):
            until(lambda share=jobs * kill // (kills + 1) - jobs // 12: done() >= share, "the jobs before a kill")
            processes.kill()
            killed = time.monotonic()
            assert done() < jobs, "nothing was left to be killed; ask for more jobs"
            processes.all()
        until(lambda: done() + ended(query, state="dead") == jobs, "all jobs after the last kill", moving=done)
        last, given_up, rows = time.monotonic(), ended(query, state="dead"), effects(query)
        wrong = tuple(broken(query))
    runs = len((folder / "runs").read_text().splitlines())
    return Figures(
        jobs=jobs,
        kills=kills,
        effects=rows,
        runs=runs,
        seconds=last - begun,
        recovery_seconds=last - killed,
        left=processes.left(),
        given_up=given_up,
        broken=wrong,
    )


def killed(folder: Path, *, jobs: int = 60, kills: int = 2) -> Outcome:
    """The figures as a scenario: wrong is what was lost, took effect twice or still runs."""
    figures = kill_in_the_middle(folder, jobs=jobs, kills=kills)
    bad = {"lost": figures.lost, "twice in effect": figures.twice, "processes left": len(figures.left)}
    return Outcome(str(figures), [*(f"{count} {what}" for what, count in bad.items() if count), *figures.broken])
