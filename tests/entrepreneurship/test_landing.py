"""The page all themes begin from."""

import pytest

from entrepreneurship.views import DOORS

pytestmark = pytest.mark.django_db


def test_each_door_leads_on_and_the_page_is_for_everybody(client):
    for prefix in ("", "/en"):
        html = client.get(f"{prefix}/innovation/").content.decode()
        assert html.count('class="card stack door"') == len(DOORS)
        assert f'href="{prefix}/innovation/bases/"' in html
