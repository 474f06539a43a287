"""Seconds to answer for a report that was made before: its file, and the page that shows its summary. In a throw-away database.

Prints both medians. Run by `benchmarks.report`, which names the folder for the data.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")


def main() -> None:
    """Judge one bundled vendor, make its report, ask for both again and again."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from assessments.scoring.model import Needs
    from assessments.verbs import assess_vendor, make_report
    from benchmarks.table import median_of
    from riskboard.accounts.scope import inside_named
    from vendors.catalogue import index
    from vendors.ingest import ingest_facts

    facts = index.load("together-ai")
    with inside_named("main"):
        row = assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)
        make_report([row])
    client = Client(headers={"host": "localhost"})

    def file() -> None:
        answer = client.get(f"/assessments/{row.uid}/report/")
        assert b"".join(answer.streaming_content).startswith((b"%PDF", b"<!DOCTYPE"))

    def page() -> None:
        assert client.get(f"/assessments/{row.uid}/").status_code == 200

    print(median_of(file), median_of(page))


if __name__ == "__main__":
    main()
