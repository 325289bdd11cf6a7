"""What a woman reads is said to her: no word of the desk, one term for each thing."""

import re
from html import unescape

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db
# Words of staff among themselves, and those that would be a second name of something.
OTHERS = ("归口", "未录入", "核销", "审批", "座位", "分值", "关爱站", "驿站", "授信")


def test_no_page_of_hers_speaks_as_the_desk_does_or_has_two_names_for_one_thing(client):
    now = timezone.now()
    woman = factories.talent(full_name="林静怡")
    make.give(woman, 100, now=now)
    event = factories.event(starts_at=now + timezone.timedelta(days=3))
    booking = factories.booking(event, woman, now=now)
    voucher = make.redeem(woman, make.service(), now=now)
    client.force_login(woman.user)
    paths = ["", "me/", "me/profile/", "me/profile/review/", "me/profile/2/", "events/", "points/"]
    paths += ["events/mine/", f"events/{event.code}/", f"events/mine/{booking.code}/cancel/"]
    paths += ["points/services/", "points/statement/", f"points/vouchers/{voucher.pk}/"]
    paths += ["notices/", "privacy/", "measures/1/", "measures/9/", "help/"]
    found = {}
    for path in paths:
        page = client.get(f"/{path}", follow=True)
        assert page.status_code == 200, path
        main = re.search(r"<main.*</main>", page.content.decode(), re.DOTALL)[0]
        text = unescape(strip_tags(main))
        if words := [word for word in OTHERS if word in text]:
            found[path] = words
    assert found == {}
