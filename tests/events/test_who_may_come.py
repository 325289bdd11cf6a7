"""Events that are not for everybody: invited, for those in the database, for tiers and disciplines; staff's exemption."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from events import operations, rules
from events.models import Booking, Event, Invitation
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRET = "闭门座谈"


def coming(**fields):
    return factories.event(starts_at=timezone.now() + 5 * DAY, title=SECRET, **fields)


def invite(event, *talents, now=NOW):
    codes = "\n".join(talent.code for talent in talents)
    return operations.invite(event=event, codes=codes, by=event.organiser, now=now)


def book(event, talent, now=NOW, **more):
    return operations.book(event=event, talent=talent, by=talent.user, now=now, **more)


# --- who knows of it --------------------------------------------------------------------------------
def pages_that_list():
    return [
        reverse("home"),
        reverse("events"),
        f"{reverse('events')}?q={SECRET}",
        reverse("measure", args=[2]),
        "/sitemap.xml",
    ]


@pytest.mark.parametrize("visibility", ["talents", "invited"])
@pytest.mark.parametrize("who", ["stranger", "another woman"])
def test_it_is_in_no_list_and_its_page_is_like_none(client, visibility, who):
    event = coming(visibility=visibility)
    if who == "another woman":
        # In the database she would see what is for those in it; on her way there she does not.
        state = "submitted" if visibility == "talents" else "verified"
        client.force_login(factories.talent(state=state).user)
    for page in pages_that_list():
        answer = client.get(page).content.decode()
        assert (SECRET in answer.replace(f'value="{SECRET}"', ""), event.code in answer) == (
            False,
            False,
        )
    missing = client.get(reverse("event", args=["NOSUCHCODE"]))
    hidden = client.get(reverse("event", args=[event.code]))
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert SECRET not in hidden.content.decode()
    assert client.get(reverse("event_calendar", args=[event.code])).status_code == 404
    if who != "stranger":
        assert client.post(reverse("book_event", args=[event.code])).status_code == 404
    assert Booking.objects.count() == 0


def test_a_public_page_seen_before_is_not_kept_once_the_event_is_not_public(client):
    event = coming()
    address = reverse("event", args=[event.code])
    assert client.get(address).status_code == 200
    operations.edit_event(
        event=event, changes={"visibility": "invited"}, by=event.organiser, now=timezone.now()
    )
    assert client.get(address).status_code == 404


def test_the_invited_is_told_sees_it_and_books(client):
    now, event, talent = timezone.now(), coming(visibility="invited"), factories.talent()
    assert invite(event, talent, now=now) == [talent]
    notice = Notice.objects.get(kind="events.invited")
    assert (notice.recipient, SECRET in notice.body) == (talent.user, True)
    client.force_login(talent.user)
    assert 'id="for-her-events"' in client.get(reverse("dashboard")).content.decode()
    answer = client.get(reverse("invited_event", args=[event.code]), follow=True)
    assert answer.redirect_chain == [(event.get_absolute_url(), 302)]
    page = answer.content.decode()
    assert (SECRET in page, "仅受邀人可见" in page, "hole" in page) == (True, True, False)
    assert "分享给同事" not in page  # who was not invited finds nothing at its address
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    client.post(reverse("book_event", args=[event.code]))
    assert Booking.objects.get().state == "confirmed"
    assert 'id="for-her-events"' not in client.get(reverse("dashboard")).content.decode()


def test_those_in_the_database_see_what_is_for_them(client):
    event, talent = coming(visibility="talents"), factories.talent()
    invite(event, talent, factories.talent(), now=timezone.now())
    client.force_login(talent.user)
    row = f'href="{event.get_absolute_url()}"'
    assert client.get(reverse("dashboard")).content.decode().count(row) == 1
    assert client.get(event.get_absolute_url()).status_code == 200


def test_her_booking_keeps_the_page_open_when_the_invitation_is_gone(client):
    now, event, talent = timezone.now(), coming(visibility="invited"), factories.talent()
    invite(event, talent, now=now)
    book(event, talent, now)
    operations.withdraw_invitation(
        invitation=Invitation.objects.get(), reason="名单有误", by=event.organiser, now=now
    )
    client.force_login(talent.user)
    assert client.get(event.get_absolute_url()).status_code == 200


def test_staff_who_run_it_see_it_and_others_do_not(client):
    event = coming(visibility="invited")
    client.force_login(event.organiser)
    assert client.get(event.get_absolute_url()).status_code == 200
    elsewhere = factories.staff("event_organiser", department_code="science_innovation")
    client.force_login(elsewhere)
    assert client.get(event.get_absolute_url()).status_code == 404


# --- inviting ---------------------------------------------------------------------------------------
def test_inviting_twice_tells_once_and_a_withdrawn_one_stands_again():
    event, talent = factories.event(visibility="invited"), factories.talent()
    assert invite(event, talent) == [talent]
    assert invite(event, talent) == []
    row = Invitation.objects.get()
    for _ in range(2):
        operations.withdraw_invitation(
            invitation=row, reason="名单有误", by=event.organiser, now=NOW
        )
    with pytest.raises(Refused) as error:
        book(event, talent)
    assert error.value.code == "not_invited"
    assert invite(event, talent) == [talent]
    assert Invitation.objects.get().withdrawn_at is None
    assert Notice.objects.filter(kind="events.invited").count() == 1
    assert AuditEntry.objects.filter(action="events.withdraw_invitation").count() == 1


@pytest.mark.parametrize(
    ("codes", "code"), [("", "codes_missing"), ("NOSUCHCODE", "codes_unknown")]
)
def test_a_code_nobody_has_invites_nobody(codes, code):
    event, talent = factories.event(visibility="invited"), factories.talent()
    typed = f"{talent.code}，{codes}" if codes else codes
    with pytest.raises(Invalid) as error:
        operations.invite(event=event, codes=typed, by=event.organiser, now=NOW)
    assert error.value.code == code
    assert Invitation.objects.count() == 0


def test_more_than_two_hundred_at_once_are_refused():
    event = factories.event(visibility="invited")
    codes = "\n".join(f"CODE{number:06d}" for number in range(201))
    with pytest.raises(Invalid) as error:
        operations.invite(event=event, codes=codes, by=event.organiser, now=NOW)
    assert error.value.code == "codes_too_many"


def test_who_was_invited_to_a_draft_is_told_when_it_is_published():
    event = factories.event(state="draft", visibility="invited")
    talent = factories.talent()
    invite(event, talent)
    assert Notice.objects.count() == 0
    operations.publish_event(event=event, by=event.organiser, now=NOW)
    assert Notice.objects.get().recipient == talent.user


def test_staff_invite_and_take_back_on_the_events_page(client):
    event, talent = coming(visibility="invited"), factories.talent()
    client.force_login(event.organiser)
    change = reverse("admin:events_event_change", args=[event.pk])
    answer = client.post(
        reverse("admin:events_event_invite", args=[event.pk]), {"codes": talent.code}, follow=True
    )
    assert "已邀请 1 人。" in answer.content.decode()
    row = Invitation.objects.get()
    take_back = reverse("admin:events_invitation_withdraw", args=[event.pk, row.pk])
    assert take_back in client.get(change).content.decode()
    client.post(take_back, {"reason": "名单有误"})
    assert take_back not in client.get(change).content.decode()


# --- for whom ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tiers", "disciplines", "hers", "fits"),
    [
        ([], [], {}, True),
        (["national"], [], {"tier": "national"}, True),
        (["national", "city"], [], {"tier": "district"}, False),
        (["national"], [], {}, False),
        ([], ["430"], {"discipline": "430"}, True),
        ([], ["430"], {"discipline": "520"}, False),
        (["city"], ["430"], {"tier": "city", "discipline": "520"}, False),
    ],
)
def test_it_is_for_some_tiers_and_disciplines(tiers, disciplines, hers, fits):
    event = factories.event(for_tiers=tiers, for_disciplines=disciplines)
    talent = factories.talent(**hers)
    if fits:
        assert book(event, talent).state == "confirmed"
        return
    with pytest.raises(Refused) as error:
        book(event, talent)
    assert error.value.code == "not_eligible"


def test_the_page_says_for_whom_and_why_she_cannot(client):
    event = coming(for_tiers=["national", "city"], for_disciplines=["430"])
    words = "人才层次为国家级或市级，且学科为材料科学的人才"
    assert rules.whom(event) == words
    with override("en"):  # both have to be true of her
        assert rules.whom(event) == (
            "talents whose tier is National level or Municipal level"
            " and whose discipline is Materials science"
        )
    talent = factories.talent(tier="district")
    client.force_login(talent.user)
    page = client.get(event.get_absolute_url()).content.decode()
    assert page.count(words) == 2  # in the facts, and in what is said to her


# --- staff's exemption ------------------------------------------------------------------------------
def exempt(event, talent, now=NOW, by=None):
    by = by or event.organiser
    return operations.book(event=event, talent=talent, by=by, now=now, exempt="主讲人课题组的成员")


def test_staff_book_beside_the_rules_with_a_reason_that_is_kept():
    talent = factories.talent()
    event = factories.event(
        visibility="invited",
        for_tiers=["national"],
        needs_approval=True,
        booking_closes_at=NOW - DAY,
    )
    assert exempt(event, talent).state == "confirmed"
    entry = AuditEntry.objects.get(action="events.book")
    assert (entry.reason, entry.actor_id) == ("主讲人课题组的成员", event.organiser.pk)


def test_the_reason_stands_in_the_list_of_who_booked(client):
    event = factories.event(for_tiers=["national"], starts_at=timezone.now() + timedelta(days=9))
    exempt(event, factories.talent(), now=timezone.now())
    client.force_login(event.organiser)
    page = client.get(reverse("admin:events_event_change", args=[event.pk])).content.decode()
    assert page.count("破例报名，理由：主讲人课题组的成员") == 1


def test_no_exemption_from_the_number_of_seats_or_of_who_is_in_the_database():
    event = factories.event(capacity=1)
    factories.booking(event)
    assert exempt(event, factories.talent()).state == "waitlisted"
    with pytest.raises(Refused) as error:
        exempt(event, factories.talent(state="submitted"))
    assert error.value.code == "talent_in_review"
    event = factories.event(state="cancelled", cancel_reason="暴雨", cancelled_at=NOW)
    with pytest.raises(Conflict):
        exempt(event, factories.talent())


def test_nobody_exempts_herself():
    event = factories.event(for_tiers=["national"])
    talent = factories.talent(user=event.organiser)
    with pytest.raises(Refused) as error:
        exempt(event, talent)
    assert error.value.code == "own_booking"


def test_staff_book_for_her_on_the_events_page(client):
    event, talent = coming(visibility="invited"), factories.talent()
    client.force_login(event.organiser)
    address = reverse("admin:events_event_book", args=[event.pk])
    answer = client.post(address, {"code": talent.code, "exempt": "破"})
    assert (answer.status_code, Booking.objects.count()) == (422, 0)
    given = {"code": talent.code, "exempt": "主讲人课题组的成员"}
    assert "已为她报名。" in client.post(address, given, follow=True).content.decode()
    assert Booking.objects.get().talent == talent


def test_staff_book_for_one_woman_at_a_time(client):
    event, talents = coming(visibility="invited"), [factories.talent(), factories.talent()]
    client.force_login(event.organiser)
    codes = " ".join(talent.code for talent in talents)
    given = {"code": codes[:20], "exempt": "主讲人课题组的成员"}
    assert codes[:20].split()[0] == talents[0].code
    answer = client.post(reverse("admin:events_event_book", args=[event.pk]), given)
    assert (answer.status_code, Booking.objects.count()) == (422, 0)


def test_an_exemption_without_a_reason_is_refused_whoever_asks():
    event, talent = factories.event(for_tiers=["national"]), factories.talent()
    with pytest.raises(Invalid) as error:
        operations.book(event=event, talent=talent, by=event.organiser, now=NOW, exempt="破")
    assert (error.value.code, Booking.objects.count()) == ("reason_missing", 0)


# --- SQL and rule agree -----------------------------------------------------------------------------
def test_the_list_of_what_she_may_see_is_the_rule():
    now, talent = timezone.now(), factories.talent()
    events = [coming(visibility=visibility) for visibility in ("public", "talents", "invited")]
    also = coming(visibility="invited")
    invite(also, talent, now=now)
    draft = factories.event(state="draft", starts_at=now + DAY)
    seen = Event.objects.seen_by(talent.user, talent)
    assert set(seen) == {events[0], events[1], also}
    assert draft not in seen
