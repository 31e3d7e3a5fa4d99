from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from puente.platform.catalogues import find_gaps, update_catalogue
from puente.platform.paths import PACKAGE

LANGUAGES = ("es", "fr")


class Command(BaseCommand):
    help = "List what the language catalogues lack; with --update, add the new messages to them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--update", action="store_true")
        parser.add_argument("--room", help="one room alone, such as people")

    def handle(self, *args: Any, **options: Any) -> None:
        rooms = [Path(PACKAGE, name.rpartition(".")[2]) for name in settings.ROOMS]
        for room in rooms:
            if options["room"] and room.name != options["room"]:
                continue
            for language in LANGUAGES:
                if options["update"]:
                    update_catalogue(room, language)
                gaps = find_gaps(room, language)
                self.stdout.write(f"{room.name} {language}: {len(gaps)} missing")
                for gap in gaps if options["room"] else []:
                    self.stdout.write(f"    {gap!r}")
