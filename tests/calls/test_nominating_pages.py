"""The same from outside: a person brings somebody forward, her unit's contact, the session that ends in the middle."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.models import Application, Nomination, UnitOpinion
from notices.models import Notice
from tests import factories
from tests.calls import make
from tests.walk.test_kept_forms import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


def told(person):
    rows = Notice.objects.filter(recipient=person).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def sent(talent, **values):
    """Return what a browser sends of whoever is brought forward."""
    start = {"full_name": talent.full_name, "phone": talent.user.phone, "reason": make.GROUNDS}
    return start | values


# --- a third party, from start to end -----------------------------------------------------------------
def test_a_person_brings_somebody_forward_who_agrees_and_hands_in_herself(client, now):
    call, by = make.call(now, sources=["third"]), factories.user("林推荐")
    her = factories.talent(full_name="王小敏", unit=factories.unit())
    here, page = f"/calls/{call.code}/", f"/calls/{call.code}/nominate/"
    client.force_login(by)
    assert f'href="{page}"' in client.get(here).text
    assert "怎样答复，都不会告诉推荐人" in client.get(page).text
    wrong = client.post(page, sent(her, reason="她很好"))
    assert (wrong.status_code, "至少十个字" in wrong.text) == (422, True)
    assert f'value="{her.user.phone}"' in wrong.text  # nothing typed is lost
    own = client.post(page, sent(her, phone=by.phone))
    assert "不能推荐自己" in own.text
    nobody = client.post(page, sent(her, full_name="林无此人", phone="13912345678"), follow=True)
    known = client.post(page, sent(her), follow=True)
    again = client.post(page, sent(her), follow=True)
    said = [str(*one.context["messages"]) for one in (nobody, known, again)]
    assert len(set(said)) == 1  # whether there is such a person, and whether she was named before
    assert (Nomination.objects.count(), told(her.user)) == (2, ["calls.nominated"])
    other = client.post(page, sent(her, full_name="王小明"))
    assert (other.status_code, "当时填的姓名不同" in other.text) == (422, True)

    mine = Nomination.objects.get(talent=her)
    client.force_login(her.user)
    assert mine.get_absolute_url() in client.get(here).text
    asked = client.get(mine.get_absolute_url()).text
    assert ("林推荐" in asked, make.GROUNDS in asked) == (True, True)
    begun = client.post(mine.get_absolute_url(), {"agree": "1"})
    application = Application.objects.get()
    assert begun["Location"] == application.get_absolute_url()
    unit, deeds, _sort = (line.key for line in call.fields.all())
    typed = {unit: "重庆云岭研究院", deeds: "攻关三年", "submit": "1"}
    client.post(application.get_absolute_url(), typed, follow=True)
    application.refresh_from_db()
    assert (application.state, application.source) == ("submitted", "third")

    client.force_login(by)
    listed = client.get("/calls/nominations/").text
    assert ("王小敏" in listed, "林无此人" in listed) == (True, True)
    for word in ("本人同意", "已提交", "待本人决定"):
        assert word not in listed  # nothing of her answer
    assert client.get(mine.get_absolute_url()).status_code == 404
    assert client.get(application.get_absolute_url()).status_code == 404
    back = f"{mine.get_absolute_url()}back/"
    assert "已经提交的申报不受影响" in client.get(back).text
    client.post(back, follow=True)
    assert "王小敏" not in client.get("/calls/nominations/").text
    assert told(her.user)[-1] == "calls.nomination_taken_back"
    application.refresh_from_db()
    assert application.state == "submitted"


def test_a_woman_who_declines_is_not_told_of_and_may_change_her_mind(client, now):
    mine = make.nomination(now=now)
    client.force_login(mine.talent.user)
    client.post(mine.get_absolute_url(), {"decline": "1"})
    page = client.get(mine.get_absolute_url()).text
    assert ("本人谢绝" in page, 'name="agree"' in page, 'name="decline"' in page) == (
        True,
        True,
        False,
    )
    assert told(mine.nominator) == []


# --- the session ends in the middle ---------------------------------------------------------------------
def finds_again(user, address, values, button=None):
    """Lose the session while the form of a page is sent; tell whether what was typed comes back after signing in."""
    visitor = Visitor(user)
    visitor.client.get(address)
    found = visitor.finds_again(address, address, values)
    if button:  # and the form is sent once more
        visitor.client.post(address, values | {button: "1"})
    return found


@pytest.fixture
def unlimited(settings):
    settings.STAFF_SECOND_FACTOR = settings.ACCOUNT_RATE_LIMITS = False


def typed(her):
    return {name: [value] for name, value in sent(her).items()}


def test_what_a_person_typed_of_somebody_comes_back(unlimited, now):
    call, her, by = make.call(now, sources=["third"]), factories.talent(), factories.user("林推荐")
    assert finds_again(by, f"/calls/{call.code}/nominate/", typed(her))
    assert Nomination.objects.count() == 0


def test_what_a_contact_typed_of_her_units_people_comes_back(unlimited, now):
    unit = factories.unit()
    call, her = make.call(now, sources=["unit"]), factories.talent(unit=unit)
    assert finds_again(make.contact(unit), f"/calls/unit/{call.code}/nominate/", typed(her))
    assert Nomination.objects.count() == 0


def test_why_a_unit_does_not_stand_for_her_comes_back_and_is_sent_once_more(unlimited, now):
    unit = factories.unit()
    row = make.to_endorse(talent=factories.talent(unit=unit), now=now)
    here, why = f"/calls/unit/applications/{row.code}/", {"reason": ["考核年限不够两年"]}
    assert finds_again(make.contact(unit), here, why, button="decline")
    assert UnitOpinion.objects.get().reason == "考核年限不够两年"


@pytest.mark.parametrize(("path", "button"), [("", "agree"), ("back/", "")])
def test_where_nothing_is_typed_she_is_led_back_and_nothing_has_happened(
    unlimited, now, path, button
):
    mine = make.nomination(now=now)
    visitor = Visitor(mine.nominator if path else mine.talent.user)
    here = f"{mine.get_absolute_url()}{path}"
    visitor.client.logout()
    lost = visitor.client.post(here, {button: "1"} if button else {}, headers={"referer": here})
    assert lost["Location"].startswith("/accounts/login/")
    mine.refresh_from_db()
    assert (mine.answer, mine.taken_back_at) == ("", None)
    visitor.sign_in()
    assert visitor.client.get(here).status_code == 200


# --- lists ------------------------------------------------------------------------------------------------
def asks(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def lists(now):
    """Return {list: (whose, address, what makes it one longer)}."""
    unit = factories.unit()
    contact, by, her = make.contact(unit), factories.user("林推荐"), factories.talent(unit=unit)
    endorsed = make.call(now, stages=make.ENDORSED, sources=["self", "unit"])

    def person():
        return factories.talent(unit=unit)

    def nominated_by_unit():
        make.nomination(endorsed, person(), unit, contact, now)

    def nominated_by_her():
        make.nomination(make.call(now, sources=["third"]), person(), by=by, now=now)

    def her_nomination():
        make.nomination(make.call(now, sources=["third", "unit"]), her, now=now)
        make.nomination(make.call(now, sources=["third", "unit"]), her, unit, contact, now)

    return {
        "calls of a unit": (contact, "/calls/unit/", lambda: make.to_endorse(None, person(), now)),
        "applications of a unit": (
            contact,
            f"/calls/unit/{endorsed.code}/",
            lambda: make.endorsed(endorsed, person(), now),
        ),
        "nominations of a unit": (contact, f"/calls/unit/{endorsed.code}/", nominated_by_unit),
        "whom a person brought forward": (by, "/calls/nominations/", nominated_by_her),
        "who brings her forward": (her.user, "/calls/nominations/", her_nomination),
    }


@pytest.mark.parametrize(
    "which",
    [
        "calls of a unit",
        "applications of a unit",
        "nominations of a unit",
        "whom a person brought forward",
        "who brings her forward",
    ],
)
def test_lists_ask_as_often_for_three_as_for_one(client, now, which):
    whose, address, more = lists(now)[which]
    client.force_login(whose)
    more()
    one = asks(client, address)
    more(), more()
    assert asks(client, address) == one
