#!/usr/bin/env python
"""Django's command line for Moirai."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moirai.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a sentence for whoever set it, not where in the code it was noticed
        sys.exit(f"Moirai does not start: {error}")
    except OperationalError:
        from moirai import starting

        if not (sentence := starting.database()):
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main()
