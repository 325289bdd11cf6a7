"""Who the tests of the Care Station are about."""

import pytest

from tests import factories
from tests.care_points import make


@pytest.fixture
def woman():
    """Return a verified woman with 100 points."""
    talent = factories.talent()
    make.give(talent, 100)
    return talent


@pytest.fixture
def operator():
    """Return somebody to stand at a station's desk."""
    return factories.user("赵站长")
