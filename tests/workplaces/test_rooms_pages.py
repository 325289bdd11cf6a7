"""Mothers' rooms as people meet them: everybody, near her, the contact of a unit, staff."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from places.models import OtherHours, Place
from tests import factories
from tests.workplaces import make, rooms
from workplaces.rooms import operations
from workplaces.rooms.models import Room, RoomReport

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def room(unit=None, **values):
    """Return a room that was visited today, or so many `days` ago."""
    return rooms.room(unit, NOW, **values)


def read(client, name, *args, status=200, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == status
    return response.content.decode()


# --- everybody ---
def test_everybody_finds_rooms_open_to_the_public_by_words(client):
    room(name="科创园小屋", address="礼嘉街道金科路 8 号")
    room(name="内部小屋", is_public=False)
    rooms.applied(now=NOW, name="没有核查的小屋")
    page = read(client, "rooms")
    assert ("科创园小屋" in page, "内部小屋" in page, "没有核查的小屋" in page) == (
        True,
        False,
        False,
    )
    assert "达标小屋" in page
    assert "科创园小屋" in read(client, "rooms", q="金科路")
    assert "没有找到" in read(client, "rooms", q="不存在的路")
    assert "内部小屋" in read(client, "rooms", inside="on")
    assert "没有找到" in read(client, "rooms", q="长" * 41)


def test_the_list_goes_on_after_a_page_with_what_was_visited_longest_ago(client):
    for days in range(22):
        room(name=f"小屋{days:02}号", days=days)
    page = read(client, "rooms")
    assert ("小屋00号" in page, "小屋19号" in page, "小屋20号" in page) == (True, True, False)
    after = re.search(r"after=([^\"&]+)", page)[1]
    rest = read(client, "rooms", after=unquote(after))
    assert ("小屋19号" in rest, "小屋20号" in rest, "小屋21号" in rest) == (False, True, True)


def test_the_list_costs_the_same_for_one_and_three(client, django_assert_num_queries):
    room()
    with django_assert_num_queries(2):
        read(client, "rooms")
    for _ in range(2):
        room()
    with django_assert_num_queries(2):
        read(client, "rooms", q="妈咪")


def test_one_that_was_not_re_checked_shows_no_tier(client):
    found = room(days=425)
    page = read(client, "room", found.pk)
    assert "未复查" in page
    assert "达标小屋" not in page
    assert "未复查" in read(client, "rooms")


def test_a_room_opens_in_maps_and_what_is_not_shown_is_not_there(client):
    page = read(client, "room", room().pk)
    assert "https://uri.amap.com/marker?position=106.551600%2C29.614000" in page
    assert "geo:29.614000,106.551600" in page
    read(client, "room", rooms.applied(now=NOW).pk, status=404)


def test_what_is_near_comes_first_and_her_position_stays_nowhere(client, caplog):
    room(name="远处小屋", latitude=29.70, longitude=106.60)
    room(name="近处小屋", latitude=29.6150)
    room(name="内部小屋", is_public=False)
    room(name="没有坐标的小屋", latitude=None, longitude=None)
    page = read(client, "rooms_near")
    assert "近处小屋" not in page
    # A phone says WGS-84; on a Chinese map that is about 500 m away.
    here = {"latitude": "29.6168", "longitude": "106.5478"}
    response = client.post(reverse("rooms_near"), here)
    page = response.content.decode()
    assert page.index("近处小屋") < page.index("远处小屋")
    assert ("内部小屋" in page, "没有坐标的小屋" in page) == (False, False)
    assert "no-store" in response.headers["Cache-Control"]
    assert "29.6168" not in page
    assert "29.6168" not in caplog.text
    assert dict(client.session) == {}


def test_only_that_page_may_ask_the_phone_where_it_is(client):
    def policy(name):
        return client.get(reverse(name)).headers["Permissions-Policy"].split(", ")

    assert "geolocation=(self)" in policy("rooms_near")
    assert "geolocation=()" in policy("rooms")


@pytest.mark.parametrize(
    "sent", [{}, {"latitude": "hier", "longitude": "1"}, {"latitude": "91", "longitude": "1"}]
)
def test_no_position_is_one_sentence(client, sent):
    response = client.post(reverse("rooms_near"), sent)
    assert response.status_code == 422
    assert "没有拿到位置" in response.content.decode()


def test_a_woman_says_that_it_was_closed_and_takes_it_back(client):
    found, she = room(), rooms.woman()
    client.force_login(she)
    address = reverse("report_room", args=[found.pk])
    refused = client.post(address, {"kind": "closed", "words": "打 13800138000"})
    assert refused.status_code == 422
    assert "打 13800138000" in refused.content.decode()
    client.post(address, {"kind": "closed", "words": "上午十点门锁着"})
    assert RoomReport.objects.get().words == "上午十点门锁着"
    assert "撤回" in client.get(address).content.decode()
    client.post(address, {"take_back": "1"})
    assert RoomReport.objects.get().ended_at is not None


# --- the contact of a unit ---
@pytest.fixture
def contact(client):
    person = make.contact()
    client.force_login(person)
    return person


def typed(**values):
    return {
        "name": "我们的小屋",
        "address": "礼嘉街道 3 楼",
        "phone": "023-67000001",
        "position": "106.5516,29.6140",
        "weekly": "周一至周五 9:00-17:30",
        "is_public": "on",
    } | values


def test_a_contact_applies_and_corrects(client, contact):
    made = client.post(reverse("new_room"), typed())
    found = Room.objects.get()
    assert made.url == reverse("my_room", args=[found.pk])
    assert (found.unit, found.place.position) == (contact.unit, (29.6140, 106.5516))
    page = read(client, "edit_room", found.pk)
    assert "106.551600,29.614000" in page
    assert "周一至周五 9:00–17:30" in page
    client.post(reverse("edit_room", args=[found.pk]), typed(phone="023-67000009", position=""))
    place = Place.objects.get()
    assert (place.phone, place.position) == ("023-67000009", None)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"position": "礼嘉"}, "请粘贴地图上复制的坐标"),
        ({"weekly": "每天"}, "每周开放时间"),
        ({"name": ""}, "名称"),
    ],
)
def test_what_was_typed_wrong_stays_typed(client, contact, values, sentence):
    response = client.post(reverse("new_room"), typed(address="礼嘉街道 9 楼", **values))
    assert response.status_code == 422
    assert "礼嘉街道 9 楼" in response.content.decode()
    assert sentence in response.content.decode()
    assert (Room.objects.count(), Place.objects.count()) == (0, 0)


def test_a_contact_says_on_which_days_it_is_closed_and_takes_it_back(client, contact):
    found = room(contact.unit)
    day = (TODAY + timedelta(days=3)).isoformat()
    client.post(
        reverse("room_days", args=[found.pk]),
        {"first_day": day, "last_day": day, "spans": "", "reason": "消毒"},
    )
    other = OtherHours.objects.get()
    assert "消毒" in read(client, "room", found.pk)
    client.post(reverse("my_room", args=[found.pk]), {"act": f"usual-{other.pk}"})
    assert OtherHours.objects.count() == 0


def test_a_contact_takes_a_room_off_and_up_again(client, contact):
    found = room(contact.unit)
    client.post(reverse("withdraw_room", args=[found.pk]), {"reason": "装修两个月"})
    assert rooms.fresh(found).state == "withdrawn"
    read(client, "room", found.pk, status=404)
    client.post(reverse("my_room", args=[found.pk]), {"act": "take_up"})
    assert rooms.fresh(found).state == "listed"


def test_anothers_room_is_not_there(client, contact):
    found = room()
    for name in ("my_room", "edit_room", "room_days", "withdraw_room"):
        read(client, name, found.pk, status=404)
    assert "还没有申请" in read(client, "my_rooms")


# --- staff ---
@pytest.fixture
def desk(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = make.clerk()
    client.force_login(clerk)
    return clerk


def test_a_visit_is_entered_corrected_and_shown_with_its_photo(client, desk):
    found = rooms.applied(now=NOW)
    client.post(
        reverse("admin:workplaces_room_visit", args=[found.pk]),
        {
            "visited_on": TODAY.isoformat(),
            "musts": rooms.codes(),
            "photos": [SimpleUploadedFile("小屋.jpg", rooms.picture())],
        },
    )
    assert rooms.fresh(found).state == "listed"
    page = read(client, "admin:workplaces_room_change", found.pk)
    photo = found.visits.get().photos.get()
    assert reverse("admin:workplaces_room_photo", args=[photo.code]) in page
    shown = client.get(reverse("admin:workplaces_room_photo", args=[photo.code]))
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    correct = reverse("admin:workplaces_room_correct", args=[found.pk])
    assert client.get(correct).status_code == 200
    client.post(
        correct,
        {"visited_on": TODAY.isoformat(), "musts": rooms.codes()[1:], "reason": "门锁坏了没看出来"},
    )
    assert rooms.fresh(found).state == "refused"


def test_staff_enter_a_room_for_a_unit_and_correct_it(client, desk):
    unit = factories.unit()
    made = client.post(reverse("admin:workplaces_room_enter"), typed(unit=unit.pk))
    found = Room.objects.get()
    assert (made.status_code, found.unit, found.place.unit) == (302, unit, unit)
    edit = reverse("admin:workplaces_room_edit", args=[found.pk])
    assert "礼嘉街道 3 楼" in client.get(edit).content.decode()
    client.post(edit, typed(address="礼嘉街道 5 楼"))
    assert Place.objects.get().address == "礼嘉街道 5 楼"


@pytest.mark.parametrize("waits", ["", "applied", "called", "due", "lost"])
def test_staff_find_what_waits(client, desk, waits):
    rooms.applied(now=NOW, name="等着的小屋")
    called = room(name="被反映的小屋")
    for _ in range(2):
        operations.report_room(room=called, kind="locked", by=rooms.woman(), now=NOW)
    room(name="太久的小屋", days=440)
    page = read(client, "admin:workplaces_room_changelist", **({"waits": waits} if waits else {}))
    found = {name for name in ("等着的小屋", "被反映的小屋", "太久的小屋") if f"{name}</a>" in page}
    assert (
        found
        == {
            "": {"等着的小屋", "被反映的小屋", "太久的小屋"},
            "applied": {"等着的小屋"},
            "called": {"被反映的小屋"},
            "due": {"太久的小屋"},
            "lost": {"太久的小屋"},
        }[waits]
    )


def test_figures_and_the_list_in_excel(client, desk):
    room(pluses=6)
    room(days=440)
    page = read(client, "admin:workplaces_room_figures")
    assert "50%" in page
    assert "示范小屋" in page
    sent = client.post(
        reverse("admin:workplaces_room_changelist"),
        {"action": "write_out", "_selected_action": [row.pk for row in Room.objects.all()]},
    )
    assert sent.status_code == 200
    assert sent.headers["Content-Type"].startswith("application/vnd.openxml")


# --- what one unit offers ---
def test_a_units_page_holds_what_is_shown_of_it_and_nothing_else(client):
    unit = factories.unit()
    read(client, "unit_page", unit.pk, status=404)
    room(unit, name="内部小屋", is_public=False)
    rooms.applied(unit, now=NOW, name="没有核查的小屋")
    make.nursery(unit, NOW, name="甲园")
    make.unchecked(unit, NOW, name="丙园")
    page = read(client, "unit_page", unit.pk)
    found = [name for name in ("内部小屋", "没有核查的小屋", "甲园", "丙园") if name in page]
    assert found == ["内部小屋", "甲园"]
