"""Staff give a unit a key, hand over the secret once, and stop it."""

import html
import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from oauth2_provider.models import get_access_token_model

from partners.models import PartnerKey
from privacy.models import AuditEntry
from tests import factories
from tests.api.conftest import Partner, problem

pytestmark = pytest.mark.django_db
ADD = "admin:partners_partnerkey_add"


@pytest.fixture
def boss(settings):
    settings.STAFF_SECOND_FACTOR = False
    client = Client()
    client.force_login(factories.staff("administrator"))
    return client


def fill(client, **changes):
    """Return the form's fields with the hidden client id it came with."""
    page = client.get(reverse(ADD)).content.decode()
    (client_id,) = re.findall(r'name="client_id" value="([A-Za-z0-9]+)"', page)
    return {
        "unit": factories.unit().pk,
        "name": "人事系统同步",
        "scopes": ["events:read", "talents:read"],
        "expires_at_0": "",
        "expires_at_1": "",
        "client_id": client_id,
        **changes,
    }


def test_a_key_is_created_shown_once_and_works(boss):
    form = fill(boss)
    page = boss.post(reverse(ADD), form)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    text = html.unescape(page.content.decode())
    (secret,) = re.findall(r"<dd[^>]*>\s*([A-Za-z0-9]{128})\s*</dd>", text)
    key = PartnerKey.objects.get()
    partner = Partner(key.unit, key, secret)
    assert partner.fetch().status_code == 200
    assert partner.get("/events/").status_code == 200
    assert problem(partner.get("/statistics/")) == (403, "insufficient_scope")
    change = boss.get(reverse("admin:partners_partnerkey_change", args=[key.pk]))
    shown = change.content.decode()
    assert secret not in shown
    assert key.client_secret not in shown
    assert "有效" in shown
    assert "&#x27;works&#x27;" not in shown
    assert AuditEntry.objects.filter(action="partners.create_key").count() == 1


def test_the_form_sent_again_makes_no_second_key(boss):
    form = fill(boss)
    boss.post(reverse(ADD), form)
    again = boss.post(reverse(ADD), form)
    assert "这把密钥已经创建过" in again.content.decode()
    assert PartnerKey.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"unit": ""},
        {"name": ""},
        {"client_id": "short"},
        {"expires_at_0": "2020-01-01", "expires_at_1": "00:00"},
        {"expires_at_0": "someday", "expires_at_1": "00:00"},
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(boss, changes):
    page = boss.post(reverse(ADD), fill(boss, **changes))
    assert page.status_code == 200
    assert PartnerKey.objects.count() == 0
    if "name" not in changes:
        assert "人事系统同步" in page.content.decode()


def test_a_key_is_stopped_after_a_page_that_says_what_happens(boss):
    boss.post(reverse(ADD), fill(boss))
    key = PartnerKey.objects.get()
    stop = reverse("admin:partners_partnerkey_revoke", args=[key.pk])
    page = boss.get(stop)
    assert "立即无法读取数据" in page.content.decode()
    key.refresh_from_db()
    assert key.revoked_at is None
    assert boss.post(stop).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_an_auditor_looks_and_changes_nothing(boss):
    boss.post(reverse(ADD), fill(boss))
    key = PartnerKey.objects.get()
    client = Client()
    client.force_login(factories.staff("auditor"))
    assert client.get(reverse("admin:partners_partnerkey_changelist")).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    stop = reverse("admin:partners_partnerkey_revoke", args=[key.pk])
    assert client.post(stop).status_code == 403


def test_others_do_not_see_keys(boss):
    boss.post(reverse(ADD), fill(boss))
    client = Client()
    client.force_login(factories.staff("department_clerk"))
    assert client.get(reverse("admin:partners_partnerkey_changelist")).status_code == 403


def test_the_toolkits_own_screens_are_gone():
    assert not admin.site.is_registered(get_access_token_model())
    assert type(admin.site._registry[PartnerKey]).__name__ == "PartnerKeyAdmin"
