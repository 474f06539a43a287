"""Writes deploy/grafana.json: a dashboard of every figure of /metrics. `python scripts/grafana.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[1] / "deploy" / "grafana.json"
SOURCE = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
# (title, [(expression, legend)], unit, threshold or None, what to do beyond it)
ROWS: list[tuple[str, list[tuple[str, list[tuple[str, str]], str, float | None, str]]]] = [
    ("Is work done?", [
        ("Oldest due job", [("max by (queue) (riskboard_queue_oldest_seconds)", "{{queue}}")], "s", 300, "No worker of that queue: start one, or add one."),
        ("Jobs that are due", [("max by (queue) (riskboard_queue_jobs)", "{{queue}}")], "short", None, ""),
        ("Given up", [("max(riskboard_jobs_dead)", "given up")], "short", 1, "Settings, Operation: why, and try again."),
        ("Beat", [("max(riskboard_beat_silence_seconds)", "silence")], "s", 90, "Beat, the broker or the notify worker stands still."),
        ("Jobs ended in the last hour", [("max by (state) (riskboard_jobs_ended_last_hour)", "{{state}}")], "short", None, ""),
        ("Under way", [("max(riskboard_jobs_running)", "running")], "short", None, ""),
    ]),
    ("Are pages read?", [
        ("Pages by their last look", [("max by (outcome) (riskboard_pages)", "{{outcome}}")], "short", None, "A jump of failures is our own network rather than theirs."),
        ("Most overdue look", [("max(riskboard_poll_overdue_seconds)", "overdue")], "s", 900, "Beat or the poll workers stand still."),
        ("Not reached for a day", [("max(riskboard_pages_stale)", "pages")], "short", 1, "Their scores are of yesterday, and say so."),
        ("Hosts left alone", [("max(riskboard_hosts_resting)", "hosts")], "short", None, ""),
    ]),
    ("Can the judgement be believed?", [
        ("Score drift of a day", [("max(riskboard_score_drift_mean_points)", "mean"), ("max(riskboard_score_drift_most_points)", "most")], "short", 5, "A mean above five points: a source or the method changed."),
        ("Chance given, and share that came true", [("max(riskboard_forecasts_chance_mean)", "mean chance"), ("max(riskboard_forecasts_came_true_share)", "came true")], "percentunit", None, "Far apart over fifty forecasts and more: the forecast is off here."),
        ("Brier score of forecasts held", [("max(riskboard_forecasts_brier)", "Brier")], "none", 0.25, "Worse than always saying one half."),
        ("Forecasts old enough", [("max(riskboard_forecasts_held)", "forecasts")], "short", None, ""),
        ("Assessments of a day by method", [("max by (method) (riskboard_assessments_last_day)", "{{method}}")], "short", None, "Two methods at once: an upgrade half done."),
    ]),
    ("Could we start again?", [
        ("Age of the newest backup", [("max(riskboard_backup_age_seconds)", "age")], "s", 86400, "riskboard backup; journalctl -u riskboard-backup."),
    ]),
]  # fmt: skip


def panel(
    number: int, left: int, top: int, row: tuple[str, list[tuple[str, str]], str, float | None, str]
) -> dict[str, Any]:
    """One picture, eight of 24 columns wide."""
    title, asked, unit, limit, advice = row
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if limit is not None:
        steps.append({"color": "red", "value": limit})
    return {
        "id": number, "type": "timeseries", "title": title, "description": advice, "datasource": SOURCE,
        "gridPos": {"h": 7, "w": 8, "x": left, "y": top},
        "targets": [{"refId": chr(65 + n), "expr": text, "legendFormat": name, "datasource": SOURCE} for n, (text, name) in enumerate(asked)],
        "fieldConfig": {"defaults": {"unit": unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps},
                                     "custom": {"thresholdsStyle": {"mode": "line" if limit is not None else "off"}, "spanNulls": False}}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
    }  # fmt: skip


def dashboard() -> dict[str, Any]:
    """The whole dashboard as Grafana imports it."""
    panels: list[dict[str, Any]] = []
    top = number = 0
    for title, rows in ROWS:
        number += 1
        panels.append(
            {
                "id": number,
                "type": "row",
                "title": title,
                "collapsed": False,
                "panels": [],
                "gridPos": {"h": 1, "w": 24, "x": 0, "y": top},
            }
        )
        top += 1
        for place, row in enumerate(rows):
            number += 1
            panels.append(panel(number, place % 3 * 8, top + place // 3 * 7, row))
        top += (len(rows) + 2) // 3 * 7
    return {
        "__inputs": [{"name": "DS_PROMETHEUS", "label": "Prometheus", "type": "datasource", "pluginId": "prometheus", "pluginName": "Prometheus"}],
        "__requires": [{"type": "grafana", "id": "grafana", "name": "Grafana", "version": "10.0.0"}],
        "title": "Riskboard", "uid": "riskboard", "tags": ["riskboard"], "schemaVersion": 39, "version": 1, "editable": True,
        "refresh": "1m", "time": {"from": "now-24h", "to": "now"}, "timezone": "", "templating": {"list": []},
        "annotations": {"list": []}, "panels": panels,
    }  # fmt: skip


def text() -> str:
    """The file's content."""
    return json.dumps(dashboard(), indent=1) + "\n"


if __name__ == "__main__":
    OUT.write_text(text(), encoding="utf-8")
