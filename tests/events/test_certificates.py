"""Certificates: issued for who came, as things were then; checked by everybody, guessed by nobody."""

import io
from datetime import timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from care_points.models import PointsAccount
from events import minutes, operations, personal_data
from events.after import certificates
from events.models import Booking, Certificate, CertificateOffer, Session, Speaker
from events.operations import certificates as issuing
from kernel.errors import Conflict, Invalid, Refused
from kernel.portal import Person
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.factories import NOW
from tests.talents.test_verification import decide_together

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = NOW - 2 * DAY  # Saturday, 21 November 2026, 10:00 in Chongqing
TERMS = {"issuers": ["women_federation"], "hours": Decimal("2.0")}


@pytest.fixture(autouse=True)
def _no_misses_yet():
    cache.clear()


def offering(**terms):
    """Return an event two days ago that gives certificates."""
    event = factories.event(starts_at=START, booking_opens_at=NOW - 9 * DAY, capacity=200)
    operations.offer_certificates(event=event, terms=TERMS | terms, by=event.organiser, now=NOW)
    return event


def come(event, talent=None):
    booking = factories.booking(event, talent=talent, now=NOW - 3 * DAY)
    operations.check_in(booking=booking, by=None, now=START)
    return Booking.objects.get(pk=booking.pk)


def settle(event):
    operations.settle_event(event=event, now=NOW - DAY)
    event.refresh_from_db()


def work(event, now=NOW):
    offer = CertificateOffer.objects.get(event=event)
    return operations.issue_certificates(offer=offer, now=now)


def certified(**terms):
    """Return (her certificate, her booking, the event)."""
    event = offering(**terms)
    booking = come(event)
    settle(event)
    work(event)
    return Certificate.objects.get(), booking, event


def as_user(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(data):
    pages = PdfReader(io.BytesIO(data)).pages
    return len(pages), "".join("".join(page.extract_text().split()) for page in pages)


# --- issuing --------------------------------------------------------------------------------------
def test_who_came_gets_one_when_the_event_is_settled_and_who_did_not_none():
    event = offering()
    came, missed = come(event), factories.booking(event, now=NOW - 3 * DAY)
    assert (CertificateOffer.objects.get().is_working, Certificate.objects.count()) == (False, 0)
    settle(event)
    assert CertificateOffer.objects.get().is_working is True
    assert (work(event), work(event)) == (1, 0)
    assert CertificateOffer.objects.get().is_working is False
    found = Certificate.objects.get()
    assert (found.talent, found.name, found.hours) == (came.talent, "王小敏", Decimal("2.0"))
    assert missed.talent.certificates.count() == 0
    assert found.issuers == [
        [event.department.name, event.department.name_en],
    ]
    assert (found.began_on, found.ended_on) == (START.date(), START.date())


def test_it_stays_as_it_was_whatever_is_changed_afterwards():
    found, booking, event = certified()
    event.title, event.ends_at = "改名以后", START + 9 * HOUR
    event.save()
    talent = booking.talent
    talent.full_name = "王改名"
    talent.save()
    operations.withdraw_certificate_offer(event=event, by=None, now=NOW)
    found.refresh_from_db()
    assert (found.title, found.name, found.is_valid) == ("智能制造女科学家沙龙", "王小敏", True)


def test_how_long_she_was_there_is_asked_where_the_event_says_so():
    event = offering(least_percent=80)
    long, short = come(event), come(event)
    for booking, left in ((long, START + 2 * HOUR), (short, START + HOUR)):
        operations.check_out(booking=booking, by=None, now=left)
    settle(event)
    assert work(event) == 1
    assert Certificate.objects.get().talent == long.talent
    booking = Booking.objects.get(pk=short.pk)
    assert minutes.percent_inside(booking) == 50
    thanks = Notice.objects.filter(kind="events.thanks")
    promised = {n.recipient: "参加证书" in n.context["waiting"]["zh-hans"] for n in thanks}
    assert promised == {long.talent.user: True, short.talent.user: False}


def test_lots_are_issued_one_after_the_other_and_a_killed_worker_loses_and_doubles_none(
    monkeypatch,
):
    monkeypatch.setattr(issuing, "CHUNK", 2)
    event = offering()
    bookings = [come(event) for _ in range(5)]
    settle(event)
    offer = CertificateOffer.objects.get()
    assert issuing._issue_lot(offer, NOW) == (2, True)  # and here it is killed
    assert Certificate.objects.count() == 2
    assert work(event) == 3
    assert {c.talent_id for c in Certificate.objects.all()} == {b.talent_id for b in bookings}
    counts = AuditEntry.objects.filter(action="events.issue_certificates").order_by("pk")
    assert [entry.detail for entry in counts] == [{"count": 2}, {"count": 2}, {"count": 1}]


def test_speakers_are_thanked_guests_too():
    event = offering()
    session = Session.objects.create(
        event=event, title="报告", starts_at=START, ends_at=START + HOUR
    )
    her = factories.talent(full_name="周雨桐")
    Speaker.objects.create(session=session, talent=her)
    Speaker.objects.create(session=session, guest_name="何清越", unit="生物医药公司")
    settle(event)
    assert (work(event), work(event)) == (2, 0)
    found = Certificate.objects.order_by("pk").values_list("kind", "name", "talent")
    assert list(found) == [("speaker", "周雨桐", her.pk), ("speaker", "何清越", None)]


def test_terms_need_a_department_and_before_the_event_is_settled_nothing_is_issued():
    event = factories.event()
    for issuers in ([], ["nobody"]):
        with pytest.raises(Invalid) as error:
            operations.offer_certificates(event=event, terms={"issuers": issuers}, by=None, now=NOW)
        assert error.value.code == "issuer_unknown"
    for code in ("no_certificates", "not_settled"):
        with pytest.raises(Conflict) as error:
            operations.order_certificates(event=event, by=event.organiser, now=NOW)
        assert error.value.code == code
        operations.offer_certificates(event=event, terms=TERMS, by=None, now=NOW)
        event = type(event).objects.get(pk=event.pk)


def test_the_copy_of_an_event_offers_the_same():
    event = offering(least_percent=60, title_en="Salon")
    copy = operations.clone_event(event=event, by=event.organiser, now=NOW)
    offer = copy.certificate_offer
    assert (offer.least_percent, offer.title_en, offer.asked_at) == (60, "Salon", None)


# --- put right ------------------------------------------------------------------------------------
def test_revoked_and_reissued_the_old_number_names_the_new():
    old, booking, event = certified()
    by = event.organiser
    operations.revoke_certificate(certificate=old, reason="发错了人", by=by, now=NOW)
    with pytest.raises(Conflict):
        operations.revoke_certificate(certificate=old, reason="发错了人", by=by, now=NOW)
    operations.order_certificates(event=event, by=by, now=NOW)
    assert work(event) == 0  # what staff took nobody gets back by itself
    new = operations.reissue_certificate(
        certificate=old, name="王晓敏", name_en="Wang Xiaomin", reason="姓名更正", by=by, now=NOW
    )
    old = Certificate.objects.get(pk=old.pk)
    assert (old.successor, old.revoke_cause, new.replaces) == (new, "staff", old)
    assert (new.name, new.talent, new.is_valid) == ("王晓敏", booking.talent, True)
    with pytest.raises(Conflict) as error:
        operations.reissue_certificate(
            certificate=old, name="王", reason="再换一次", by=by, now=NOW
        )
    assert (error.value.code, new.number in str(error.value)) == ("certificate_replaced", True)
    kinds = Notice.objects.filter(kind__contains="certificate").order_by("pk")
    assert [(n.kind, n.recipient) for n in kinds] == [
        ("events.certificate_revoked", booking.talent.user),
        ("events.certificate_reissued", booking.talent.user),
    ]


def test_a_name_is_corrected_in_one_step():
    old, _booking, event = certified()
    new = operations.reissue_certificate(
        certificate=old, name="王晓敏", reason="用字更正", by=event.organiser, now=NOW
    )
    old.refresh_from_db()
    assert (old.revoke_cause, old.is_valid, new.name) == ("replaced", False, "王晓敏")
    with pytest.raises(Invalid):
        operations.reissue_certificate(
            certificate=new, name=" ", reason="用字更正", by=event.organiser, now=NOW
        )


@pytest.mark.parametrize("outcome", ["absent", "excused"])
def test_who_is_noted_absent_gets_none_by_reissuing(outcome):
    old, booking, event = certified()
    step = {"reason": "同事说明情况", "by": event.organiser, "now": NOW}
    operations.correct_attendance(booking=booking, outcome=outcome, **step)
    old.refresh_from_db()
    with pytest.raises(Conflict) as error:
        operations.reissue_certificate(certificate=old, name="王敏", **step)
    assert (error.value.code, Certificate.objects.valid().count()) == ("did_not_come", 0)
    operations.correct_attendance(booking=booking, outcome="attended", **step)
    assert operations.reissue_certificate(certificate=old, name="王敏", **step).is_valid
    assert work(event) == 0


def test_a_certificate_taken_before_she_was_noted_absent_does_not_come_back():
    old, booking, event = certified()
    step = {"reason": "发错了人", "by": event.organiser, "now": NOW}
    operations.revoke_certificate(certificate=old, **step)
    operations.correct_attendance(booking=booking, outcome="absent", **step)
    with pytest.raises(Conflict) as error:
        operations.reissue_certificate(certificate=old, name="王敏", **step)
    assert error.value.code == "did_not_come"


def thanked(*guests):
    """Return (the certificates of these guests of one event, what each step on them takes)."""
    event = offering()
    session = Session.objects.create(
        event=event, title="报告", starts_at=START, ends_at=START + HOUR
    )
    for name in guests:
        Speaker.objects.create(session=session, guest_name=name, unit="生物医药公司")
    settle(event)
    work(event)
    step = {"reason": "用字更正", "by": event.organiser, "now": NOW}
    return list(Certificate.objects.order_by("pk")), step


def test_a_guest_is_renamed_but_not_to_the_name_of_another_who_has_one():
    (first, second), step = thanked("何清越", "何清悦")
    with pytest.raises(Invalid) as error:
        operations.reissue_certificate(certificate=first, name="何清悦", **step)
    assert (error.value.code, error.value.field) == ("name_taken", "name")
    new = operations.reissue_certificate(certificate=first, name="何清月", **step)
    newer = operations.reissue_certificate(certificate=second, name="何清越", **step)
    assert [c.name for c in Certificate.objects.valid().order_by("pk")] == ["何清月", "何清越"]
    assert (new.replaces, newer.replaces) == (first, second)


@pytest.mark.django_db(transaction=True)
def test_two_guests_renamed_to_one_name_at_once_are_one_refusal():
    pair, step = thanked("何清越", "何清悦")

    def rename(certificate):
        new = operations.reissue_certificate(certificate=certificate, name="何清月", **step)
        return SimpleNamespace(state=new.name)

    answers = decide_together([partial(rename, certificate) for certificate in pair])
    assert sorted(answers) == ["name_taken", "何清月"]


@pytest.mark.django_db(transaction=True)
def test_one_certificate_renamed_twice_at_once_is_renamed_once():
    (certificate,), step = thanked("何清越")

    def rename(name):
        new = operations.reissue_certificate(certificate=certificate, name=name, **step)
        return SimpleNamespace(state=new.name)

    answers = decide_together([partial(rename, name) for name in ("何清月", "何清悦")])
    assert "certificate_replaced" in answers
    assert Certificate.objects.valid().count() == 1


def test_nobody_handles_her_own():
    event = offering()
    come(event, talent=factories.talent(user=event.organiser))
    settle(event)
    work(event)
    with pytest.raises(Refused) as error:
        operations.reissue_certificate(
            certificate=Certificate.objects.get(),
            name="王教授",
            reason="换个名字",
            by=event.organiser,
            now=NOW,
        )
    assert error.value.code == "own_certificate"


def test_points_and_certificate_follow_the_correction_and_back():
    first, booking, event = certified()
    seen = []
    for outcome in ("absent", "attended", "attended", "absent", "attended"):
        booking = operations.correct_attendance(
            booking=booking, outcome=outcome, reason="同事说明情况", by=None, now=NOW
        )
        work(event)
        valid = Certificate.objects.valid().count()
        seen.append((PointsAccount.objects.get(talent=booking.talent).balance, valid))
    assert seen == [(0, 0), (10, 1), (10, 1), (0, 0), (10, 1)]
    chain = Certificate.objects.order_by("pk").values_list("revoke_cause", "replaces")
    second = Certificate.objects.get(replaces=first)
    assert list(chain) == [("attendance", None), ("attendance", first.pk), ("", second.pk)]


# --- hers, and the file ---------------------------------------------------------------------------
def test_the_file_says_what_it_certifies_in_both_languages():
    found, _booking, _event = certified(title_en="Salon of Women in Smart Manufacturing")
    pages, chinese = text(certificates.pdf([found], "zh-hans"))
    assert pages == 1
    for words in (
        "参加证书",
        "王小敏",
        "于2026年11月21日参加“智能制造女科学家沙龙”活动，共计2学时。",
        "特此证明。",
        found.issuers[0][0],
        f"编号{found.number}",
        found.code,
    ):
        assert words in chinese
    pages, english = text(certificates.pdf([found], "en"))
    assert pages == 1
    for words in (
        "CertificateofAttendance",
        "attended“SalonofWomeninSmartManufacturing”on21November2026(2hours).",
        found.number,
    ):
        assert words in english


def test_she_fetches_hers_staff_who_may_know_too_and_nobody_else(client):
    found, booking, event = certified()
    where = f"/events/certificates/{found.code}/file/?lang=en"
    answer = as_user(client, booking.talent.user).get(where)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "CertificateofAttendance" in text(answer.content)[1]
    assert AuditEntry.objects.filter(action="events.fetch_certificate").count() == 0
    assert as_user(client, factories.talent().user).get(where).status_code == 404
    elsewhere = factories.staff("event_organiser", department_code="science_innovation")
    assert as_user(client, elsewhere).get(where).status_code == 404
    assert as_user(client, event.organiser).get(where).status_code == 200
    assert AuditEntry.objects.get(action="events.fetch_certificate").actor_id == event.organiser.pk


def test_the_file_of_one_that_is_not_valid_any_more_is_nobodys(client):
    found, booking, event = certified()
    step = {"certificate": found, "by": event.organiser, "now": NOW}
    operations.revoke_certificate(reason="冒名参加", **step)
    where = f"/events/certificates/{found.code}/file/"
    for user in (booking.talent.user, event.organiser):
        assert as_user(client, user).get(where).status_code == 404
    new = operations.reissue_certificate(name="王小敏", reason="核实是本人", **step)
    for certificate, status in ((found, 404), (new, 200)):
        where = f"/events/certificates/{certificate.code}/file/"
        assert as_user(client, booking.talent.user).get(where).status_code == status


def test_whoever_gives_one_back_sees_why_it_was_taken(client):
    found, _booking, event = certified()
    colleague = factories.staff("event_organiser")
    operations.revoke_certificate(
        certificate=found, reason="冒名参加，经核实", by=event.organiser, now=NOW
    )
    where = reverse("admin:events_event_reissue", args=[event.pk, found.pk])
    page = as_user(client, colleague).get(where).content.decode()
    assert "冒名参加，经核实" in page
    assert "这份证书已经失效" in page


def test_staff_have_all_of_an_event_in_one_file(client, monkeypatch):
    found, _booking, event = certified()
    operations.reissue_certificate(
        certificate=found, name="王晓敏", reason="用字更正", by=event.organiser, now=NOW
    )
    her = come(event)
    work(event)
    operations.order_certificates(event=event, by=event.organiser, now=NOW)
    work(event)
    numbers = [c.number for c in Certificate.objects.valid().order_by("pk")]
    assert (len(numbers), her.state) == (2, "attended")
    where = reverse("admin:events_event_print_certificates", args=[event.pk])
    answer = as_user(client, event.organiser).post(where, {"lang": "en"})
    pages, words = text(answer.content)
    assert (pages, [n in words for n in numbers], found.number in words) == (2, [True, True], False)
    monkeypatch.setattr(issuing, "PRINTED", 1)
    pages, words = text(client.post(where, {"part": "2"}).content)
    assert (pages, [n in words for n in numbers]) == (1, [False, True])
    for part in ("3", "x" * 9, "-1"):
        client.post(where, {"part": part})
    rows = AuditEntry.objects.filter(action="events.export_certificates").order_by("pk")
    assert [entry.detail["rows"] for entry in rows] == [2, 1, 1, 1]
    elsewhere = factories.staff("event_organiser", department_code="science_innovation")
    assert as_user(client, elsewhere).post(where).status_code == 404


def test_her_pages_lead_to_it(client):
    found, booking, _event = certified()
    as_user(client, booking.talent.user)
    for page in ("/events/mine/certificates/", f"/events/mine/{booking.code}/after/"):
        shown = client.get(page).content.decode()
        assert (found.number in shown, f"/events/certificates/{found.code}/file/" in shown) == (
            True,
            True,
        )


def test_her_list_costs_the_same_with_one_and_three(client):
    her, costs = factories.talent(), []
    as_user(client, her.user).get("/events/mine/certificates/")
    for _ in range(3):
        event = offering()
        come(event, talent=her)
        settle(event)
        work(event)
        with CaptureQueriesContext(connection) as queries:
            client.get("/events/mine/certificates/")
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]


# --- the check page -------------------------------------------------------------------------------
def test_everybody_checks_one_and_reads_all_that_it_says_and_nothing_else(client):
    found, booking, _event = certified()
    answer = client.get(f"/events/certificates/{found.code.lower()}/")
    page = answer.content.decode()
    for words in ("有效", "王小敏", "智能制造女科学家沙龙", "2026年11月21日", found.number):
        assert words in page
    assert not any(
        private in page
        for private in (
            booking.talent.code,
            booking.code,
            booking.talent.unit_name or "两江人才大厦",
        )
    )
    assert (answer["X-Robots-Tag"], answer["Cache-Control"].count("no-store")) == (
        "noindex, nofollow",
        1,
    )


def test_the_check_page_of_one_that_is_not_valid_says_so(client):
    old, _booking, event = certified()
    new = operations.reissue_certificate(
        certificate=old, name="王晓敏", reason="用字更正", by=event.organiser, now=NOW
    )
    page = client.get(f"/events/certificates/{old.code}/").content.decode()
    assert f"已由 {new.number} 代替" in page
    operations.revoke_certificate(certificate=new, reason="没有到场", by=event.organiser, now=NOW)
    page = client.get(f"/events/certificates/{new.code}/").content.decode()
    assert ("撤销，不再有效" in page, "没有到场" in page) == (True, False)


def test_who_guesses_codes_is_stopped_and_then_not_even_a_right_one_is_answered(client):
    found, _booking, _event = certified()
    right = f"/events/certificates/{found.code}/"
    answers = [client.get(f"/events/certificates/{n:016d}/").status_code for n in range(20)]
    assert answers == [404] * 20
    for where in ("/events/certificates/ABCDEFGHJKMNPQRS/", right):
        stopped = client.get(where)
        assert (stopped.status_code, "王小敏" in stopped.content.decode()) == (429, False)
    assert client.get(right, REMOTE_ADDR="203.0.113.7").status_code == 200


def test_who_checks_right_ones_is_never_stopped(client):
    found, _booking, _event = certified()
    where = f"/events/certificates/{found.code}/"
    assert {client.get(where).status_code for _ in range(30)} == {200}


def test_a_typed_code_leads_to_its_page(client):
    found, _booking, _event = certified()
    typed = certificates.spaced(found.code).lower()
    answer = client.post("/events/certificates/", {"code": typed})
    assert answer["Location"] == f"/events/certificates/{found.code}/"
    assert client.post("/events/certificates/", {"code": " "}).status_code == 422


def test_of_a_woman_who_was_erased_the_number_stays(client):
    found, booking, _event = certified()
    person = Person(booking.talent.user, (booking.talent,), "pseudonym")
    personal_data.erase(person, NOW)
    found.refresh_from_db()
    assert (found.talent, found.name, found.name_en, found.is_valid) == (None, "", "", True)
    page = client.get(f"/events/certificates/{found.code}/").content.decode()
    assert (found.number in page, "已按其要求删除" in page, "智能制造" in page) == (
        True,
        True,
        False,
    )


def test_after_ten_years_they_are_gone():
    old, _booking, event = certified()
    operations.reissue_certificate(
        certificate=old, name="王晓敏", reason="用字更正", by=event.organiser, now=NOW + DAY
    )
    assert personal_data.old_certificates(NOW + HOUR).count() == 0  # a newer one names it
    personal_data.drop_certificates(personal_data.old_certificates(NOW + 2 * DAY))
    assert Certificate.objects.count() == 0


# --- staff's page ---------------------------------------------------------------------------------
def test_staff_set_it_up_see_how_far_it_is_and_put_it_right(client):
    event = factories.event(
        starts_at=timezone.now() - 2 * DAY, booking_opens_at=timezone.now() - 9 * DAY
    )
    where = reverse("admin:events_event_certificates", args=[event.pk])
    as_user(client, event.organiser)
    assert "这场活动不发证书" in client.get(where).content.decode()
    terms = {"hours": "2.5", "least_percent": "0", "issuers": ["women_federation"], "title_en": ""}
    client.post(reverse("admin:events_event_offer", args=[event.pk]), terms)
    booking = factories.booking(event, now=timezone.now() - 3 * DAY)
    operations.check_in(booking=booking, by=None, now=event.starts_at)
    operations.settle_event(event=event, now=timezone.now())
    assert "正在签发：0 / 1 人" in client.get(where).content.decode()
    work(event, now=timezone.now())
    found = Certificate.objects.get()
    assert (found.hours, "有效证书 1 份" in client.get(where).content.decode()) == (
        Decimal("2.5"),
        True,
    )
    assert f">{found.number}<" in client.get(where + "?q=小敏").content.decode()
    assert f">{found.number}<" in client.get(f"{where}?q={found.number}").content.decode()
    assert "没有找到" in client.get(where + "?q=LJ").content.decode()
    reissue = reverse("admin:events_event_reissue", args=[event.pk, found.pk])
    client.post(reissue, {"name": "王晓敏", "name_en": "", "reason": "姓名用字更正"})
    assert (
        f"已由 {Certificate.objects.valid().get().number} 代替"
        in client.get(where).content.decode()
    )
    assert "换发证书" in client.get(where).content.decode()  # the history, in sentences
