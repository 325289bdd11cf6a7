"""The inbox: what the page has shown is read, and nothing a browser merely fetched."""

import re

import pytest
from django.db import connection
from django.utils import timezone

from notices import operations
from notices.cards import UNREAD
from notices.models import Notice
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def tell(person, number):
    context = {"title": f"活动{number}", "when": timezone.now(), "venue": "A座"}
    operations.queue("events.promoted", to=person, obj=str(number), at=timezone.now(), **context)


def unread(person):
    return Notice.objects.filter(recipient=person, read_at=None).count()


def test_opening_the_inbox_reads_what_it_shows_and_fetching_it_does_not(client):
    person, other = factories.user(), factories.user()
    for number in range(22):
        tell(person, number)
    tell(other, 99)
    client.force_login(person)
    page = client.get("/notices/").content.decode()
    assert unread(person) == 22  # a GET, a prefetch or a link checker writes nothing
    form = re.search(r'<form method="post"\s+action="/notices/read/".*?</form>', page, re.DOTALL)[0]
    assert 'hx-trigger="load"' in form
    shown = re.findall(r'name="shown"\s+value="(\d+)"', form)
    assert len(shown) == 20
    theirs = Notice.objects.get(recipient=other).pk
    answer = client.post(
        "/notices/read/", {"shown": [*shown[:19], theirs, "x"]}, headers={"HX-Request": "true"}
    )
    assert (answer["Location"], unread(person), unread(other)) == ("/notices/", 3, 1)
    # The bell above the list she reads is taken from that page, and so says what is left.
    assert 'hx-select-oob="#bell,#unread-dot"' in form
    bells = [
        re.findall(r'id="bell".*?<b aria-hidden="true">\s*(\d+)', html, re.DOTALL)
        for html in (page, client.get("/notices/").content.decode())
    ]
    assert bells == [["22"], ["3"]]
    answer = client.post("/notices/read/")  # the button, where there is no script
    assert (answer.status_code, answer["Location"], unread(person)) == (302, "/notices/", 0)
    assert "hx-post" not in client.get("/notices/").content.decode()


def test_the_count_of_new_ones_does_not_read_the_old_ones():
    """It is part of the statement that finds who reads any page."""
    woman = factories.user()
    for n in range(300):
        operations.queue(
            "care_points.earned", to=woman, obj=str(n), at=NOW, points=n, reason="签到"
        )
    Notice.objects.exclude(object_key="299").update(read_at=NOW)
    counted = f"SELECT {UNREAD.counted(who='%(who)s', at='%(at)s')}"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notices_notice")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {counted}", {"who": woman.pk, "at": NOW})
        plan = str(cursor.fetchone()[0])
    assert ("notice_unread" in plan, "Rows Removed by Filter" in plan) == (True, False)
    assert len(UNREAD(who=woman, at=NOW)) == 1
