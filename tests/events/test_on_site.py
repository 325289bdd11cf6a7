"""On site: the screen's digits and the word, who has not booked, who waits here, seats of the late."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from care_points.models import PointsAccount
from events import minutes, operations, rules, screen_codes
from events.models import Booking, GivenSeat, Passage
from events.operations import locking
from kernel.errors import Conflict, DomainError, Invalid, Refused
from kernel.prepared import Statement
from notices.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
START = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # 14:00 in Chongqing


@pytest.fixture(autouse=True)
def _no_guesses_before():
    cache.clear()


@pytest.fixture
def event():
    return factories.event(starts_at=START, capacity=2)


def herself(event, booking, typed, now, way="in"):
    who = {"talent": booking.talent, "by": booking.talent.user}
    return operations.check_in_herself(event=event, typed=typed, way=way, now=now, **who)


def points(booking):
    return PointsAccount.objects.get(talent=booking.talent).balance


def state(booking):
    return Booking.objects.get(pk=booking.pk).state


# --- the screen ------------------------------------------------------------------------------------
def test_she_checks_herself_in_and_out_by_the_digits_on_the_screen(event):
    booking = factories.booking(event)
    arrival = herself(event, booking, screen_codes.code(event, "in", START), START)
    assert (arrival.again, arrival.number, state(booking)) == (False, 1, "attended")
    assert points(booking) == 10
    then = START + 90 * MINUTE
    herself(event, booking, screen_codes.code(event, "out", then), then, way="out")
    assert minutes.minutes_inside(Booking.objects.get()) == 90
    assert set(Passage.objects.values_list("source", flat=True)) == {"self"}


@pytest.mark.parametrize(
    ("age", "taken"), [(0, True), (29, True), (31, True), (59, True), (60, False), (3600, False)]
)
def test_digits_sent_to_somebody_at_home_are_of_no_use_after_a_minute(event, age, taken):
    booking, now = factories.booking(event), START + timedelta(seconds=age)
    digits = screen_codes.code(event, "in", START)  # the beginning of a half minute
    try:
        herself(event, booking, digits, now)
    except Invalid as refused:
        assert refused.code == "code_wrong"
    assert (state(booking) == "attended") is taken


def test_digits_are_of_one_event_and_one_way(event):
    booking, other = factories.booking(event), factories.event(starts_at=START)
    for digits in (
        screen_codes.code(event, "out", START),
        screen_codes.code(other, "in", START),
        "",
    ):
        with pytest.raises(Invalid):
            herself(event, booking, digits, START)


def test_six_wrong_tries_close_the_way_for_ten_minutes_and_only_for_her(event):
    booking, other = factories.booking(event), factories.booking(event)
    for _ in range(6):
        with pytest.raises(Invalid):
            herself(event, booking, "wrong", START)
    with pytest.raises(Refused) as refused:
        herself(event, booking, screen_codes.code(event, "in", START), START)
    assert refused.value.code == "too_many_guesses"
    assert state(booking) == "confirmed"
    herself(event, other, screen_codes.code(event, "in", START), START)
    assert state(other) == "attended"


@pytest.mark.parametrize("typed", ["两江Spring", "两江ｓｐｒｉｎｇ", " 两江 SPRING "])
def test_the_word_counts_in_any_case_and_width(event, typed):
    booking = factories.booking(event)
    operations.set_code_word(event=event, word="两江spring", by=event.organiser, now=START)
    herself(event, booking, typed, START)
    assert Passage.objects.get().source == "word"
    operations.set_code_word(event=event, word="", by=event.organiser, now=START)
    with pytest.raises(Invalid):
        herself(event, factories.booking(event), typed, START)


def test_a_refused_word_stays_in_its_field_and_the_one_before_stands(client):
    event = factories.event(starts_at=timezone.now())
    operations.set_code_word(event=event, word="两江春早", by=event.organiser, now=START)
    client.force_login(event.organiser, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("door_word", args=[event.code]), {"word": "春"})
    page = answer.content.decode()
    assert (answer.status_code, 'value="春"' in page, "口令为 2 到 20 个字" in page) == (
        422,
        True,
        True,
    )
    assert event.code_word.word == "两江春早"


def test_each_without_a_seat_is_told_what_to_do(event):
    digits = screen_codes.code(event, "in", START)
    stranger = factories.talent()
    with pytest.raises(Conflict) as refused:
        operations.check_in_herself(
            event=event, talent=stranger, typed=digits, way="in", by=stranger.user, now=START
        )
    assert str(refused.value) == "您没有这场活动的席位。请到签到台，有空位时工作人员会为您登记。"
    with pytest.raises(Refused):
        operations.check_in_herself(
            event=event, talent=None, typed=digits, way="in", by=factories.user(), now=START
        )
    factories.booking(event), factories.booking(event)
    waiting = factories.booking(event)
    assert herself(event, waiting, digits, START) == waiting
    assert (state(waiting), Passage.objects.get().way) == ("waitlisted", "here")


def test_she_cannot_leave_before_she_came(event):
    booking = factories.booking(event)
    with pytest.raises(Conflict) as refused:
        herself(event, booking, screen_codes.code(event, "out", START), START, way="out")
    assert refused.value.code == "not_inside"


# --- who has not booked ----------------------------------------------------------------------------
def walk_in(event, talent, now=START):
    return operations.walk_in(event=event, talent=talent, by=event.organiser, now=now)


def test_a_walk_in_has_a_free_seat_and_none_past_the_last(event):
    first, second, third = (factories.talent() for _ in range(3))
    assert walk_in(event, first).again is False
    assert walk_in(event, first).again is True
    assert walk_in(event, second).arrived == 2
    waits = walk_in(event, third)
    assert (waits.state, waits.talent) == ("waitlisted", third)
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting) == (2, 1)
    assert [b.pk for b in rules.waiting_here(event)] == [waits.pk]


def test_who_waited_before_comes_before_a_walk_in(event):
    booked = [factories.booking(event) for _ in range(2)]
    absent, here = factories.booking(event), factories.booking(event)
    step = {"by": event.organiser, "now": START}
    assert operations.come_in(booking=here, **step).pk == here.pk
    stranger = walk_in(event, factories.talent())
    operations.change_capacity(event=event, capacity=3, by=event.organiser, now=START)
    with_seat = operations.come_in(booking=stranger, **step)
    assert with_seat.pk == stranger.pk  # she still waits: another is before her
    assert operations.come_in(booking=here, **step).again is False
    assert [state(b) for b in (*booked, absent, here, stranger)] == [
        "confirmed",
        "confirmed",
        "waitlisted",
        "attended",
        "waitlisted",
    ]


def test_people_are_found_by_code_or_whole_name_only(event):
    lin, namesake = (factories.talent(full_name="林静怡") for _ in range(2))
    factories.talent(full_name="林静")

    def found(typed):
        step = {"event": event, "by": event.organiser, "now": START}
        return [t.pk for t in operations.find_people(typed=typed, **step)]

    assert found(lin.code.lower()) == [lin.pk]
    assert found(" 林静怡 ") == [lin.pk, namesake.pk]
    for typed in ("静怡", "", "\0", "%"):
        with pytest.raises(Invalid):
            found(typed)


# --- seats of the late -----------------------------------------------------------------------------
@pytest.fixture
def full(event):
    """Return two with a seat who are not here, and two who wait on site."""
    booked = [factories.booking(event) for _ in range(2)]
    here = [factories.booking(event) for _ in range(2)]
    for booking in reversed(here):
        operations.come_in(booking=booking, by=event.organiser, now=START)
    return booked, here


def give(event, minute=15):
    return operations.give_late_seats(event=event, by=event.organiser, now=START + minute * MINUTE)


def test_late_seats_go_to_those_here_in_order_and_back(event, full):
    (early, latest), (first, second) = full
    with pytest.raises(Conflict) as refused:
        give(event, 14)
    assert refused.value.code == "too_early"
    operations.check_in(booking=early, by=event.organiser, now=START)
    assert [b.pk for b in give(event)] == [first.pk]
    states = [state(b) for b in (early, latest, first, second)]
    assert states == ["attended", "cancelled", "attended", "waitlisted"]
    assert (
        Notice.objects.filter(kind="events.seat_given", recipient=latest.talent.user).count() == 1
    )
    assert points(first) == 10

    given_at = GivenSeat.objects.get().given_at
    step = {"event": event, "given_at": given_at, "by": event.organiser, "now": given_at}
    assert [operations.undo_late_seats(**step), operations.undo_late_seats(**step)] == [1, 0]
    states = [state(b) for b in (early, latest, first, second)]
    assert states == ["attended", "confirmed", "waitlisted", "waitlisted"]
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting) == (2, 2)
    assert points(first) == 0
    assert [b.pk for b in give(event, 16)] == [first.pk]


def test_the_late_woman_gets_a_plain_answer_and_a_seat_if_one_is_left(event, full):
    booked, _here = full
    give(event)
    now = START + 20 * MINUTE
    with pytest.raises(Conflict) as refused:
        operations.check_in(booking=booked[0], by=event.organiser, now=now)
    assert "的席位已于" in str(refused.value)
    assert walk_in(event, booked[0].talent, now).state == "waitlisted"
    operations.change_capacity(event=event, capacity=3, by=event.organiser, now=now)
    again = event.bookings.get(talent=booked[0].talent, state="waitlisted")
    assert operations.come_in(booking=again, by=event.organiser, now=now).again is False


def test_late_seats_go_back_also_after_a_check_in_was_taken_back(event, full):
    booked, here = full
    first = give(event)[0]
    now = START + 20 * MINUTE
    step = {"event": event, "by": event.organiser, "now": now}
    operations.undo_check_in(booking=first, by=event.organiser, now=now)
    assert state(first) == "confirmed"
    given = GivenSeat.objects.filter(late__event=event).count()
    assert operations.undo_late_seats(given_at=START + 15 * MINUTE, **step) == given
    assert [state(b) for b in booked] == ["confirmed", "confirmed"]
    assert [state(b) for b in here] == ["waitlisted"] * len(here)
    event.refresh_from_db()
    assert (event.seats_taken, event.waiting) == (2, len(here))


def test_a_seat_that_was_given_on_again_is_not_taken_back(event, full):
    give(event)
    first = GivenSeat.objects.order_by("pk").first()
    now = START + 20 * MINUTE
    operations.undo_check_in(booking=first.to, by=event.organiser, now=now)
    stranger = factories.talent()
    walk_in(event, stranger, now)
    give(event, 25)
    assert state(first.to) == "cancelled"
    step = {"event": event, "by": event.organiser, "now": START + 26 * MINUTE}
    operations.undo_late_seats(given_at=first.given_at, **step)
    assert (state(first.to), state(first.late)) == ("cancelled", "cancelled")
    assert event.bookings.get(talent=stranger).state == "attended"


def test_at_the_door_her_record_is_locked_before_the_event(event):
    with CaptureQueriesContext(connection) as captured:
        walk_in(event, factories.talent())
    first = Statement(locking.WITH_TALENT, event="bigint", talent="bigint")  # named by what it says
    locks = [q["sql"] for q in captured if first.name in q["sql"] or "UPDATE OF" in q["sql"]]
    assert first.name in locks[0]
    assert "FOR NO KEY UPDATE OF talent FOR UPDATE OF event" in first.sql


def test_a_seat_is_not_taken_back_from_under_her_who_has_another(event, full):
    booked, _here = full
    give(event)
    now = START + 20 * MINUTE
    walk_in(event, booked[1].talent, now)
    step = {"event": event, "by": event.organiser, "now": now}
    assert operations.undo_late_seats(given_at=START + 15 * MINUTE, **step) == 1
    assert state(booked[1]) == "cancelled"


# --- kept seats ------------------------------------------------------------------------------------
@pytest.fixture
def kept(event):
    """Keep one of the event's two seats for a unit that never came; return the unit."""
    unit = factories.unit()
    operations.add_pool(
        event=event, kind="unit", unit=unit, seats=1, by=event.organiser, now=START - 60 * MINUTE
    )
    factories.booking(event)
    return unit


def test_a_kept_seat_is_its_units_until_a_quarter_of_an_hour_after_the_start(event, kept):
    stranger = walk_in(event, factories.talent(), START + 14 * MINUTE)
    event.refresh_from_db()
    assert (stranger.state, rules.kept_seats(event, START + 14 * MINUTE)) == ("waitlisted", 1)
    hers = walk_in(event, factories.talent(unit=kept), START + 14 * MINUTE)
    assert hers.booking.pool.unit == kept


def test_who_waits_on_site_comes_before_a_walk_in_while_seats_are_kept(event, kept):
    here = walk_in(event, factories.talent(), START)
    operations.change_capacity(event=event, capacity=3, by=event.organiser, now=START)
    stranger = walk_in(event, factories.talent(), START)
    hers = walk_in(event, factories.talent(unit=kept), START)
    assert (state(stranger), hers.booking.pool.unit) == ("waitlisted", kept)
    admitted = operations.come_in(booking=here, by=event.organiser, now=START)
    assert (admitted.again, state(here), state(stranger)) == (False, "attended", "waitlisted")


@pytest.mark.parametrize("step", ["walk_in", "come_in", "give"])
def test_then_who_is_here_has_it(event, kept, step):
    first = walk_in(event, factories.talent(), START)
    now = START + 15 * MINUTE
    if step == "walk_in":
        walk_in(event, factories.talent(), now)
    if step == "give":
        assert [b.pk for b in give(event)] == [first.pk]
    else:
        assert operations.come_in(booking=first, by=event.organiser, now=now).again is False
    event.refresh_from_db()
    assert (state(first), event.seats_taken, event.kept) == ("attended", 2, 0)
    assert (GivenSeat.objects.count(), event.pools.get().opened_at) == (0, now)


def test_a_late_womans_kept_seat_is_given_and_given_back(event, kept):
    hers = factories.booking(event, talent=factories.talent(unit=kept))
    here = walk_in(event, factories.talent(), START)
    assert [b.pk for b in give(event)] == [here.pk]
    step = {"event": event, "by": event.organiser, "now": START + 16 * MINUTE}
    assert operations.undo_late_seats(given_at=START + 15 * MINUTE, **step) == 1
    assert (state(hers), state(here)) == ("confirmed", "waitlisted")


@pytest.mark.parametrize(("places", "childcare"), [(2, "given"), (1, "waiting")])
def test_a_seat_that_goes_back_takes_its_childcare_along(places, childcare):
    event = factories.event(starts_at=START, capacity=1, childcare_places=2)
    her = factories.talent()
    late = operations.book(
        event=event, talent=her, by=her.user, now=START - 60 * MINUTE, children=2
    )
    walk_in(event, factories.talent())
    give(event)
    assert Booking.objects.get(pk=late.pk).childcare == ""
    type(event).objects.update(childcare_places=places)
    step = {"event": event, "by": event.organiser, "now": START + 16 * MINUTE}
    assert operations.undo_late_seats(given_at=START + 15 * MINUTE, **step) == 1
    late.refresh_from_db()
    assert (late.state, late.children, late.childcare) == ("confirmed", 2, childcare)


def test_whoever_may_not_register_her_is_refused_before_anything_is_locked(event):
    organiser, helper = event.organiser, factories.staff("event_organiser")
    helper.groups.clear()
    helper.user_permissions.set(Permission.objects.filter(codename="check_in_booking"))
    helper = type(helper).objects.get(pk=helper.pk)  # what she may is read once
    cases = [
        (factories.talent(user=organiser), organiser, "own_check_in"),
        (factories.talent(), helper, "event_not_yours"),
    ]
    for talent, by, code in cases:
        with CaptureQueriesContext(connection) as captured, pytest.raises(Refused) as refused:
            operations.walk_in(event=event, talent=talent, by=by, now=START)
        locks = [query for query in captured if "FOR UPDATE" in query["sql"]]
        assert (refused.value.code, locks) == (code, [])
    assert Booking.objects.count() == 0


# --- pages -----------------------------------------------------------------------------------------
def sign_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")


@pytest.fixture
def today(event):
    """Move the event to now: pages read the clock."""
    now = datetime.now(UTC)
    shift = {
        "booking_closes_at": now - MINUTE,
        "starts_at": now - MINUTE,
        "ends_at": now + 60 * MINUTE,
    }
    type(event).objects.filter(pk=event.pk).update(**shift)
    event.refresh_from_db()
    return now


def test_the_screen_shows_digits_that_she_can_use(client, event, today):
    booking = factories.booking(event)
    sign_in(client, event.organiser)
    page = client.get(f"/events/{event.code}/door/screen/").content.decode()
    part = client.get(f"/events/{event.code}/door/screen/?part").content.decode()
    assert 'class="segno"' in page
    assert "<html" not in part
    digits = screen_codes.code(event, "in", datetime.now(UTC))
    sign_in(client, booking.talent.user)
    here = f"/events/{event.code}/here/"
    assert f'value="{digits}"' in client.get(here, {"c": digits}).content.decode()
    assert state(booking) == "confirmed"
    answer = client.post(here, {"c": "000000x"})
    assert (answer.status_code, "数字或口令不对" in answer.content.decode()) == (422, True)
    assert "签到成功，请入场" in client.post(here, {"c": digits}).content.decode()
    assert client.get(f"/events/{event.code}/door/screen/").status_code == 403


def test_staff_register_and_let_in_from_the_door(client, event, today):
    sign_in(client, event.organiser)
    women = [factories.talent(full_name=name) for name in ("甲一", "乙二", "丙三")]
    people = f"/events/{event.code}/door/people/"
    page = client.post(people, {"who": "甲一"}).content.decode()
    assert f'value="{women[0].code}"' in page
    assert "没有找到这个人" in client.post(people, {"who": "甲"}).content.decode()
    for talent, words in zip(women, ("第 1 位", "第 2 位", "已记下她在现场候补"), strict=True):
        assert words in client.post(people, {"talent": talent.code}).content.decode()
    waits = event.bookings.get(state="waitlisted")
    door = f"/events/{event.code}/door/"
    assert "她在现场，有空位就请她入场" in client.post(door, {"code": waits.code}).content.decode()
    page = client.post(f"{door}come-in/", {"code": waits.code}).content.decode()
    assert "已记下她在现场候补" in page


def test_the_door_says_where_the_kept_seats_are(client, event, today):
    operations.change_capacity(event=event, capacity=9, by=None, now=today)
    type(event).objects.update(starts_at=today + MINUTE)
    event.refresh_from_db()
    operations.add_pool(event=event, kind="track", seats=2, by=event.organiser, now=today)
    sign_in(client, event.organiser)
    page = " ".join(client.get(f"/events/{event.code}/door/").content.decode().split())
    when = timezone.localtime(event.starts_at + 15 * MINUTE)
    assert (
        f"空位 7 个；开始 15 分钟后还没有到的 0 人。 另有 2 个保留席位空着，{when:%H:%M} 起给现场的人。"
        in page
    )


def test_the_pages_of_the_day_cost_the_same_for_one_and_for_many(
    client, event, today, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sign_in(client, event.organiser)
    operations.change_capacity(event=event, capacity=1, by=event.organiser, now=today)

    def price():
        found = []
        for page in ("door/", "door/?way=out", "door/parts/", "door/screen/?part"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/events/{event.code}/{page}").status_code == 200
            found.append(len(captured))
        return found

    for talent in (factories.talent(), factories.talent()):
        walk_in(event, talent, today)
    client.get(f"/events/{event.code}/door/")
    before = price()
    operations.change_capacity(event=event, capacity=3, by=event.organiser, now=today)
    for _ in range(5):
        walk_in(event, factories.talent(unit=factories.unit()), today)
    assert price() == before


@pytest.mark.parametrize(
    "moment", ["x", "2026-13-45T99:99:00", "9999-12-31T23:59:59+23:59", "2026-01-01T00:00:00+99:99"]
)
@pytest.mark.parametrize("page", ["late", "all-out"])
def test_a_moment_that_is_none_undoes_nothing_and_says_so(client, event, today, page, moment):
    sign_in(client, event.organiser)
    answer = client.post(f"/events/{event.code}/door/{page}/", {"undo": moment}, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert (answer.status_code, [words[:5] for words in said]) == (
        200,
        ["没有可以撤" if page == "all-out" else "没有可以还"],
    )


def test_what_was_refused_at_the_door_is_said_once(client, event, today):
    booking = factories.booking(event)
    sign_in(client, booking.talent.user)
    here = f"/events/{event.code}/here/"
    pages = [client.post(here, {"c": "000000"})]
    sign_in(client, event.organiser)
    pages.append(client.post(f"/events/{event.code}/door/people/", {"who": "无此人"}))
    for answer, words in zip(pages, ("数字或口令不对", "没有找到这个人"), strict=True):
        page = answer.content.decode()
        assert (answer.status_code, page.count(words)) == (422, 1)


def test_an_outsider_reaches_none_of_it(client, event, today):
    other = factories.staff("event_organiser", department_code="science_innovation")
    sign_in(client, other)
    for page in ("people", "come-in", "late", "word"):
        assert client.post(f"/events/{event.code}/door/{page}/", {"code": "X"}).status_code == 404
    with pytest.raises(DomainError):
        operations.find_people(event=event, typed="王小敏", by=other, now=START)
