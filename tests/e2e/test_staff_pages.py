"""Pages of the admin's own frame under every rule of axe: an app's lists, a row that is only shown, a list of two pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.models import Delivery, Notice
from tests import factories
from tests.e2e.person import DESK

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
# How many lines the text inside brackets stands on, in the cells of a column.
LINES = """name => [...document.querySelectorAll(`td.field-${name}`)].map(cell => {
    const text = cell.firstChild, at = text.data.indexOf("("), range = document.createRange()
    range.setStart(text, at); range.setEnd(text, text.data.indexOf(")") + 1)
    return range.getClientRects().length
})"""


def test_nothing_of_the_frame_stands_outside_its_landmarks(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    unit, event = factories.unit(), factories.event()
    factories.booking(event)
    for _ in range(51):
        factories.user()
    auditor = person(DESK).sign_in(factories.staff("auditor"))
    auditor.go(reverse("admin:app_list", args=["accounts"]), least="minor")
    auditor.go(reverse("admin:accounts_user_changelist"), least="minor")
    auditor.go(reverse("admin:accounts_unit_change", args=[unit.pk]), least="minor")
    auditor.go(reverse("admin:events_event_change", args=[event.pk]), least="minor")


def test_a_moment_is_not_broken_inside_its_weekday(person, settings):
    settings.STAFF_SECOND_FACTOR = False
    now = timezone.now()
    notice = Notice.objects.create(
        recipient=factories.user(),
        kind="talents.verified",
        object_key="a",
        context={"name": "王小敏", "department": {"zh-hans": "妇联", "en": "Federation"}},
        due_at=now,
        created_at=now,
    )
    Delivery.objects.create(notice=notice, channel="sms", state="sent", due_at=now, sent_at=now)
    page = (
        person(DESK)
        .sign_in(factories.staff("administrator"))
        .go(reverse("admin:notices_delivery_changelist"))
    )
    assert [page.evaluate(LINES, name) for name in ("due_at", "sent_at")] == [[1], [1]]
