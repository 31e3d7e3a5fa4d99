"""Loading the content that every installation needs: catalogues, places, offices, texts."""

from django.utils import timezone
from rich.console import Console

from puente.instruments.services import load_instruments
from puente.needs.services import load_need_catalogue
from puente.offices.services import load_offices, load_places
from puente.opportunities.services.catalogues import load_occupations, load_sources
from puente.people.services import load_consent_texts
from puente.platform.paths import CONTENT


def load_content(console: Console | None = None) -> dict[str, int]:
    """Load every content file, each in one transaction; loading again brings it up to date."""
    counts = load_places(CONTENT / "places")
    counts |= load_offices(CONTENT / "offices", CONTENT / "reception" / "points.csv")
    counts |= load_consent_texts(CONTENT / "people" / "consent_texts.json")
    counts |= load_occupations()
    counts |= load_sources()
    counts |= load_instruments([CONTENT / "needs" / "assessment.json"], now=timezone.now())
    counts |= load_need_catalogue(CONTENT / "needs" / "assessment.json")
    if console:
        console.print("Content: " + ", ".join(f"{count:,} {name}" for name, count in counts.items()))
    return counts
