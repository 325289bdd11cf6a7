"""Every address × everybody × every method, from the URL resolver, with ids and fields that are not theirs.

Nobody gets a 500; who is let in stands in tests.walk.table, which denies by default; nobody reads or
changes what is another's, whatever she puts into path, query and body.
"""

import logging

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.db.models import ForeignKey
from django.template.base import Template
from django.test.utils import _TestState

from accounts import roles
from tests.walk import routes
from tests.walk.table import MAY, OF_ONE_APP, PUBLIC, SIGNED_IN
from tests.walk.walker import Fault, Walker
from tests.walk.world import World

pytestmark = pytest.mark.django_db
BROKEN = ("0", "-1", "9" * 21, "%00", "%ED%A0%80", "1_2", "%F0%9F%98%80", "x" * 300)
# The admin's own pages of a row look it up alike: one of them is asked with each, the others with two.
FILTERS = {
    "HX-Request": "true",
    "HX-Target": "filters",
}  # the panel of a list's filters is fetched by itself
LOOKED_UP_ALIKE = ("_delete", "_history")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for all of them: a walk takes back whatever it wrote."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _plain_templates(monkeypatch):
    """Templates are rendered as in the running portal: what the test client keeps of each is asked by no walk."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)


@pytest.fixture(autouse=True)
def _no_limits(settings):
    """Second factor and limits have tests of their own; here they would only be in the way."""
    settings.STAFF_SECOND_FACTOR = False
    settings.ACCOUNT_RATE_LIMITS = False
    settings.API_REQUESTS_PER_MINUTE = settings.API_TOKENS_PER_MINUTE = 10**9
    logging.getLogger("django.security").setLevel(logging.CRITICAL)
    cache.clear()
    yield
    logging.getLogger("django.security").setLevel(logging.NOTSET)


def test_every_address_is_in_the_table():
    assert set(routes.routes()) ^ set(MAY) == set()


@pytest.mark.parametrize("role", sorted(PUBLIC))
def test_nobody_gets_further_than_the_table_says(world, role):
    assert Walker(world, role, MAY, routes.walked_by(role)).walk() == []


@pytest.mark.parametrize("role", sorted(OF_ONE_APP))
def test_who_walks_a_part_has_no_right_beyond_it(role):
    apps = [part.replace(".", ".view_") for part in OF_ONE_APP[role]]
    assert [right for right in roles.permissions_of(role) if not right.startswith((*apps,))] == []


@pytest.mark.parametrize("role", ["administrator", "woman"])
def test_ids_that_are_none_are_no_fault_of_ours(world, role):
    walker = Walker(world, role, MAY, {})
    for key, route in routes.routes().items():
        if routes.ARGUMENT.search(route) and route not in routes.PATTERNS:
            for broken in BROKEN[2:4] if key.endswith(LOOKED_UP_ALIKE) else BROKEN:
                walker.ask("get", key, routes.address(route, world, instead=broken))
    assert walker.faults == []


@pytest.mark.parametrize("role", ["staff_elsewhere", "staff_without_rights"])
def test_lists_searches_filters_and_choices_show_nothing_of_another_department(world, role):
    walker = Walker(world, role, MAY, {})
    for model, model_admin in admin.site._registry.items():
        app, name = model._meta.app_label, model._meta.model_name
        row, path = world.rows[f"{app}.{name}"], f"/admin/{app}/{name}/"
        columns = len(model_admin.list_display)
        # "柳岸" and "闭门" are parts of what must not show: what is typed comes back on the page.
        queries = [{"q": words} for words in ("柳岸", "闭门", str(row.pk), "9" * 400, "\ud7ff")]
        queries += [{"o": f"{sign}{n}"} for n in (1, columns, 99) for sign in ("", "-")]
        for field in model._meta.fields:
            queries += [{f"{field.name}__{ask}": "1"} for ask in ("startswith", "gte", "isnull")]
            queries.append({field.name: str(getattr(row, field.attname))[:60]})
            if isinstance(field, ForeignKey):
                queries.append({f"{field.name}__pk": str(getattr(row, field.attname))})
                choice = {"app_label": app, "model_name": name, "field_name": field.name}
                for term in ("", "柳岸", "闭门"):
                    walker.ask(
                        "get", "autocomplete", "/admin/autocomplete/", choice | {"term": term}
                    )
        if _opens(walker, path):
            for query in queries:
                walker.ask("get", f"{app}_{name}_changelist", path, query)
            walker.ask("get", f"{app}_{name}_changelist", path, headers=FILTERS)
    assert walker.faults == []


def _opens(walker, path):
    return walker.client.get(path).status_code == 200


def test_a_control_the_walk_finds_what_is_wrong(world, settings):
    settings.ROOT_URLCONF = "tests.walk.leaky_urls"
    at = {name: f"{name}/" for name in ("shows", "takes", "believes", "breaks", "lets_in", "new")}
    may = {"shows": PUBLIC, "lets_in": frozenset({"woman"})}
    may |= dict.fromkeys(["takes", "believes", "breaks"], SIGNED_IN)
    who = "another_woman"
    found = Walker(world, who, may, at).walk()
    assert {Fault(who, "any", "new", "is not in the table")} <= set(found)
    assert {(fault.key, fault.what) for fault in found} == {
        ("new", "is not in the table"),
        ("shows", "shows 14099990001"),
        ("takes", "changed what is another's"),
        ("believes", "changed somebody's rights"),
        ("breaks", "answered 500"),
        ("lets_in", "let in with 200 "),
        ("lets_in", "let in with 200"),
    }
