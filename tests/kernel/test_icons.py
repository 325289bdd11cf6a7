"""Icons are kept as they were first written; each way of writing one is kept for itself."""

import pytest
from django.template import engines

ICONS = (
    '{% lucide "bell" size=20 aria_hidden="true" %}',
    '{% lucide "bell" size=18 aria_hidden="true" %}',
    '{% lucide "map-pin" size=18 aria_hidden="true" %}',
)


@pytest.mark.parametrize("icon", ICONS)
def test_a_kept_icon_is_the_one_the_package_writes(icon):
    kept = engines["django"].from_string(icon)
    plain = engines["django"].from_string("{% load lucide %}" + icon)
    assert [kept.render(), kept.render()] == [plain.render()] * 2
