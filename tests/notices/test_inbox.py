"""The inbox: what the page has shown is read, and nothing a browser merely fetched."""

import re

import pytest
from django.utils import timezone

from notices import operations
from notices.models import Notice
from tests import factories

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
    assert (answer.status_code, unread(person), unread(other)) == (204, 3, 1)
    answer = client.post("/notices/read/")  # the button, where there is no script
    assert (answer.status_code, answer["Location"], unread(person)) == (302, "/notices/", 0)
    assert "hx-post" not in client.get("/notices/").content.decode()
