"""The audit log as auditors read it: verbs in words, choices that cost nothing, every reading recorded."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from privacy import audit
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LOG = "/admin/privacy/auditentry/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def enter(client, *roles):
    client.force_login(factories.staff(*roles), backend="django.contrib.auth.backends.ModelBackend")


def test_who_may_not_read_the_log_leaves_no_entry_of_having_read_it(client):
    enter(client, "administrator")
    audit.record("privacy.reveal", factories.user(), by=None, at=NOW)
    entry = AuditEntry.objects.get()
    for address in (LOG, reverse("admin:privacy_auditentry_change", args=[entry.pk])):
        assert client.get(address).status_code == 403
    assert list(AuditEntry.objects.all()) == [entry]


@pytest.mark.parametrize(("prefix", "words"), [("", "查看完整号码"), ("/en", "Viewed full number")])
def test_verbs_stand_in_words_and_one_nobody_declares_any_more_as_it_is(client, prefix, words):
    person = factories.user()
    audit.record("privacy.reveal", person, by=None, at=NOW)
    AuditEntry.objects.create(
        at=NOW, action="privacy.look_around", object_type="accounts.user", object_id=str(person.pk)
    )
    enter(client, "auditor")
    page = client.get(prefix + LOG)
    shown = [
        str(page.context["cl"].model_admin.verb(entry)) for entry in page.context["cl"].result_list
    ]
    assert shown[1:] == ["privacy.look_around", words]
    assert words in page.content.decode()


def test_the_filters_offer_what_is_declared_without_asking_the_log(client):
    person = factories.user()
    for action in ("privacy.reveal", "accounts.set_phone"):
        audit.record(action, person, by=None, at=NOW)
    enter(client, "auditor")
    with CaptureQueriesContext(connection) as sent:
        page = client.get(f"{LOG}?action=privacy.reveal&object_type=accounts.user")
    assert [entry.action for entry in page.context["cl"].result_list] == ["privacy.reveal"]
    assert [query["sql"] for query in sent if "DISTINCT" in query["sql"]] == []
    assert client.get(f"{LOG}?object_type=talents.talent").context["cl"].result_count == 0
