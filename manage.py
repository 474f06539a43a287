#!/usr/bin/env python
"""Django's entry point; `python manage.py assess ...` reaches the `riskboard` commands too."""

import os
import sys


def main() -> None:
    """Run a riskboard command if the first word names one, else a Django command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    from riskboard import cli

    if len(sys.argv) > 1 and sys.argv[1] in cli.COMMANDS:
        raise SystemExit(cli.main(sys.argv[1:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
