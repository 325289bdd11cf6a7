"""A superuser in the admin: no page, search, history or suggestion links a woman with her counselling."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.db.models import ForeignKey
from django.test import Client
from django.urls import NoReverseMatch, reverse

from care_points import operations
from care_points.models import PrivateCase
from privacy.models import AuditEntry
from tests import factories
from tests.care_points.test_private import COUNSELLOR, SERVICE, Booked

pytestmark = pytest.mark.django_db
OTHERS = ("privacy.auditentry", "talents.talent", "accounts.user", "notices.delivery")
NEWEST = 4  # of each kind of row: all of hers are among them
FOUND = "/admin/care_points/appointment/"


@pytest.fixture
def booked(operator, settings):
    """A woman with a case that was opened, held and closed, and one with an ordinary appointment."""
    settings.STAFF_SECOND_FACTOR = False
    made = Booked(operator)
    operations.open_case(case=made.case, by=made.counsellor, now=made.case.starts_at)
    after = made.case.starts_at + timedelta(hours=1)
    operations.close_case(case=made.case, came=True, by=made.counsellor, now=after)
    return made


@pytest.fixture
def boss(booked):
    client = Client()
    client.force_login(factories.user("超级", is_staff=True, is_superuser=True))
    return client


def admins():
    """Return what the admin has of this app, and of those that keep logs and people."""
    return {
        model: one
        for model, one in admin.site._registry.items()
        if model._meta.app_label == "care_points" or model._meta.label_lower in OTHERS
    }


def pages(searches):
    """Return every address of these admins: each of its own pages, of every row, and the list searched for each text."""
    found = []
    for model, one in admins().items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        rows = list(model._base_manager.order_by("-pk").values_list("pk", flat=True)[:NEWEST])
        for route in one.get_urls():
            found += _reversed(getattr(route, "name", None), rows)
        if one.search_fields:
            found += [f"{reverse(f'{name}_changelist')}?q={text}" for text in searches]
    return found


def _reversed(name, rows):
    """Return the address of a page, or one of each row where it takes a row."""
    if name is None:
        return []
    try:
        return [reverse(f"admin:{name}")]
    except NoReverseMatch:
        pass
    found = []
    for pk in rows:
        try:
            found.append(reverse(f"admin:{name}", args=[pk]))
        except NoReverseMatch:
            return found
    return found


def links(client, addresses, hers, told):
    """Return the addresses that link one of hers with one of the words: on a page, of a list in one row.

    What was searched for stands beside every row that was found.
    """
    found = []
    for address in addresses:
        page = client.get(address)
        if page.status_code == 200:
            _head, *rows = page.getvalue().decode(errors="replace").split("<tr")
            searched = unquote(address.partition("?")[2])
            parts = [row + searched for row in rows] or [_head]
            if any(
                any(one in part for one in hers) and any(word in part for word in told)
                for part in parts
            ):
                found.append(address)
    return found


def suggestions(searches):
    """Return what the site's search and the suggestions of every field that points to a row are asked."""
    asked = [f"/admin/search/?s={text}&extended=1" for text in searches]
    for model in admins():
        for field in model._meta.fields:
            if isinstance(field, ForeignKey):
                where = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                asked += [
                    f"/admin/autocomplete/?{where}&field_name={field.name}&term={text}"
                    for text in searches
                ]
    return asked


def test_no_page_of_the_admin_links_her_with_it_for_a_superuser(booked, boss):
    hers = {booked.voucher.code, booked.her.code, "许清", "许*"}
    told = {SERVICE, COUNSELLOR, booked.case.number}
    searches = [SERVICE, booked.case.number]
    addresses = pages(searches)
    assert len(addresses) > 60
    assert links(boss, addresses, hers, told) == []
    assert links(boss, suggestions([SERVICE]), hers, told) == []
    others = {booked.other.code, booked.timed.code}
    assert FOUND in links(boss, addresses, others, {"范园艺师"})  # the control


def test_the_log_says_of_a_case_its_number_and_the_counsellor(booked, boss):
    """What is audited is there to be read, and names nobody."""
    entries = AuditEntry.objects.filter(object_type="care_points.privatecase")
    assert {entry.object_id for entry in entries} == {booked.case.number}
    assert {entry.actor_id for entry in entries} == {booked.counsellor.pk}
    for entry in entries:
        page = boss.get(reverse("admin:privacy_auditentry_change", args=[entry.pk]))
        text = page.content.decode()
        assert (booked.case.number in text, "许" in text, SERVICE in text) == (True, False, False)


def test_cases_are_nowhere_in_the_admin():
    """No list, no right to give, no suggestion: not even for a superuser."""
    assert PrivateCase not in admin.site._registry
    assert PrivateCase._meta.default_permissions == ()
