"""The console command `puente`. Each subcommand is a Django management command or one of the processes below."""

import os
import sys


def main() -> None:
    """Entry point of the console script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puente.config.settings")
    from puente.platform.paths import find_kernel_cache

    os.environ.setdefault("NUMBA_CACHE_DIR", str(find_kernel_cache()))
    from puente.config.console import run

    sys.exit(run(sys.argv[1:]))
