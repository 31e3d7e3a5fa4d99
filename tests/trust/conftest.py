"""A product of its own in which every room was gone through, once for all tests of this folder."""

import pytest

from tests.trust.searching import plant_markers


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory):
    """Everything that the product wrote."""
    with plant_markers(tmp_path_factory.mktemp("markers")) as found:
        yield found
