import os

from django.core.wsgi import get_wsgi_application

from puente.platform.paths import find_kernel_cache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puente.config.settings")
os.environ.setdefault("NUMBA_CACHE_DIR", str(find_kernel_cache()))
application = get_wsgi_application()


def _warm() -> None:
    """Read once, before the first officer asks, what every officer would wait for."""
    from puente.counselling.matching import get_similarity
    from puente.offices.selectors import load_place_index
    from puente.opportunities.selectors.catalogues import get_occupation_index

    get_occupation_index()
    load_place_index()
    get_similarity()


_warm()
