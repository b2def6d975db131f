"""One full run as `rescore` does it, in a process of its own, so that its memory is its own; prints the peak in MB."""

import resource
import sys

import django


def main() -> None:
    django.setup()
    from matching.management.commands.rescore import Command
    from matching.models import MatchRun

    Command().everything(MatchRun.objects.get(pk=int(sys.argv[1])), workers=int(sys.argv[2]))
    from benchmarks.world import peak_mb

    print(max(peak_mb(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024))


main()
