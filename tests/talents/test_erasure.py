"""A woman is erased: nothing that says who she was is left anywhere, and what others rely on still adds up."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import joint, kept
from accounts.models import JointAction, Session
from care_points.models import Entry, PointsAccount, Redemption, ServiceHours
from cloud_home import operations as cloud
from cloud_home.models import Preference
from events import operations as events
from events.models import Booking, MeetingList
from kernel import portal
from kernel.errors import Conflict, Invalid, Refused
from kernel.sweeps import MOST_FAILURES, SweepFailed
from notices.models import Notice
from privacy import audit, copies, crypto, roles
from privacy.models import AuditEntry, Consent
from talents import operations as talents
from talents import reports
from talents.career import operations as career
from talents.career.models import CareerEntry, CareerSnapshot
from talents.erasure import operations as erasure
from talents.erasure import outside
from talents.erasure.models import Erasure
from talents.exports import operations as exports
from talents.exports import running as exporting
from talents.exports import sheet
from talents.imports import operations as imports
from talents.imports import running
from talents.imports.models import ImportRow
from talents.models import Claim, Endorsement, Talent, TalentState
from talents.operations.proposals import propose_by_unit
from talents.public import operations as public
from talents.sharing import SharedRecord
from tests import everything, factories
from tests.care_points import make
from tests.cloud_home import make as talk
from tests.factories import NOW
from tests.kernel.test_pictures import photo as picture
from tests.talents.imports import workbooks
from tests.talents.test_operations import submitted

pytestmark = pytest.mark.django_db
NAME, PHONE, IDENTITY = "欧阳采薇", "14000997711", "500105199003010007"
OLD_PHONE, MAIL, OWN_MAIL = "14000997722", "caiwei@example.cn", "oycw@example.cn"
WORDS = "白露凝霜"  # what she writes wherever she may write
MARKS = (
    NAME,
    PHONE,
    IDENTITY,
    OLD_PHONE,
    MAIL,
    OWN_MAIL,
    WORDS,
    "ouyangcaiwei",
    crypto.blind_index("phone", PHONE),
    crypto.blind_index("id_number", IDENTITY),
    hashlib.sha256(PHONE.encode()).hexdigest(),
)
LATER = NOW + erasure.COOLING


@pytest.fixture(autouse=True)
def _no_marks_in_redis():
    """Leave none to those who look for the same words after."""
    yield
    cache.clear()


def photographed(event, came):
    """Put up a photo that shows her and says so, as she agreed."""
    about = {"by": None, "now": NOW}
    type(event).objects.filter(pk=event.pk).update(takes_photos=True)
    came.event.refresh_from_db()
    events.answer_photos(booking=came, site=True, press=True, **about)
    (photo,) = events.add_photos(event=event, sent=[("合影.jpg", picture())], credit=NAME, **about)
    told = {"alt": f"{NAME}在圆桌上发言", "people": [came.pk], "nobody": False, "guests": 0}
    events.describe_photo(photo=photo, credit=NAME, **told, **about)
    events.publish_photo(photo=photo, **about)


def marked():
    """Return a woman who left her marks wherever she and those who serve her can."""
    person = factories.user(NAME, phone=PHONE)
    her = factories.talent(
        user=person,
        full_name=NAME,
        phone=PHONE,
        email=MAIL,
        id_number=IDENTITY,
        unit=factories.unit(),
        research_fields=[WORDS],
        **dict.fromkeys(("position", "professional_title", "unit_text", "school_and_major"), WORDS),
        **dict.fromkeys(("overseas_detail", "honours", "remark"), WORDS),
    )
    career.save_entry(
        talent=her,
        kind="title",
        values={"name": WORDS, "organisation": WORDS, "sort": "associate_senior"},
        evidence=(f"{NAME}证书.pdf", f"%PDF-1.7 {WORDS}".encode()),
        by=person,
        now=NOW,
    )
    work = {"sort": "patent", "name": WORDS, "number": WORDS, "began": NOW.date()}
    career.save_entry(talent=her, kind="achievement", values=work, by=person, now=NOW)
    for purpose in ("talent_database", "unit_sharing", "messages", "identity_number"):
        factories.consent(person, purpose)
    account_of(person)
    what_clerks_decide(her)
    what_is_said_of_her(her)
    what_she_holds(her)
    what_she_said(her)
    in_lists(her)
    taken_out(her)
    copies.request_copy(user=person, by=person, now=NOW)
    copies.make_due(now=NOW)
    audit.record("privacy.alert", person, by=person, at=NOW, kind="claims", count=3)
    entry = AuditEntry.objects.filter(action="privacy.alert").last()
    Notice.objects.create(
        recipient=factories.staff("auditor"),
        kind="notices.alert",
        object_key=f"audit:{entry.pk}",
        context={"who": NAME, "what": "x"},
        due_at=NOW,
        created_at=NOW,
    )
    return her


def account_of(person):
    EmailAddress.objects.create(user=person, email=OWN_MAIL, verified=True, primary=True)
    Authenticator.objects.create(user=person, type="webauthn", data={"name": WORDS})
    cache.set(f"allauth:rl:x:{hashlib.sha256(PHONE.encode()).hexdigest()}", [1], 3600)
    form = {"path": "/", "page": "/", "values": {"honours": [WORDS]}, "files": False}
    text = json.dumps(form | {"owner": kept.owner_mark(person)}, ensure_ascii=False)
    cache.set("kept-form:canary", crypto.encrypt(kept.LABEL, text), 1800)
    store = Session.get_session_store_class()()
    store["_auth_user_id"], store["typed"] = str(person.pk), WORDS
    store.save()
    Session.objects.filter(session_key=store.session_key).update(user=person)
    JointAction.objects.create(
        kind="accounts.rescue",
        person=person,
        params=json.dumps({"phone": PHONE}),
        reason=f"{NAME}换号",
        requested_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )


def what_clerks_decide(her):
    talents.save_step(
        user=her.user,
        step=1,
        values={"full_name": f"{NAME}{WORDS}"},
        by=her.user,
        now=NOW,
    )
    draft = factories.talent(user=None, full_name=NAME, remark=WORDS, state="draft")
    fields = {"full_name": NAME, "phone": OLD_PHONE, "unit_text": WORDS, "id_number": IDENTITY}
    Claim.objects.create(
        user=her.user,
        talent=her,
        kept=draft,
        department=her.department,
        state="granted",
        before=json.dumps({"full_name": NAME}),
        asked_at=NOW,
        decided_at=NOW,
        **fields,
    )
    Claim.objects.create(
        user=factories.user(), talent=her, department=her.department, asked_at=NOW, **fields
    )


def what_is_said_of_her(her):
    """Have another record of hers merged into it, a unit speak of her, a clerk pause her, a page be public."""
    other = factories.talent(
        user=None,
        full_name=NAME,
        **dict.fromkeys(("honours", "position", "remark", "unit_text"), WORDS),
    )
    work = {"sort": "paper", "name": f"{WORDS}二", "began": NOW.date()}
    given = {"reason": "按登记表录入", "by": None, "now": NOW}
    entry = career.save_entry(talent=other, kind="achievement", values=work, **given)
    talents.merge_records(keep=her, lose=other, chosen=["honours", "position"], **given)
    career.delete_entry(entry=CareerEntry.objects.get(pk=entry.pk), **given)
    unit = factories.unit(f"示例{her.pk}院")
    said = {"position": f"{WORDS}主任", "unit_name": WORDS}
    her.refresh_from_db()
    propose_by_unit(talent=her, unit_id=unit.pk, values=said, now=NOW)
    Endorsement.objects.create(talent=her, unit=unit, at=NOW, reason=WORDS)
    shown = {"shown": ["name", "unit"], "readable": True, "may_be_indexed": True}
    public.save_page(user=her.user, by=her.user, now=NOW, **shown)
    public.publish_page(user=her.user, by=her.user, now=NOW)
    Talent.objects.filter(pk=her.pk).update(paused_at=NOW, pause_reason=WORDS)
    her.refresh_from_db()


def what_she_said(her):
    """Let her start a topic, answer, be named, hidden, warned, reported and asked; others are told of it."""
    circle = talk.circle(name="同行圈")
    for person in (her.user, factories.talent().user):
        cloud.join_circle(circle=circle, by=person, now=NOW)
    other = talk.member(circle)
    topic = cloud.start_topic(
        circle=circle,
        title=f"{WORDS}的问题",
        body=f"请打 {PHONE}，{WORDS}",
        attached=[(f"{NAME}.pdf", f"%PDF-1.7 {WORDS}".encode())],
        mentioned=[circle.memberships.get(user=other).pk],
        by=her.user,
        now=NOW,
    )
    first = talk.first(topic)
    cloud.edit_post(post=first, body=f"又说 {WORDS}", by=her.user, now=NOW)
    named = talk.post(topic, other, body=f"@{NAME} 您好")
    cloud.thank(post=named, on=True, by=her.user, now=NOW)
    cloud.report_post(post=named, reason="other", note=WORDS, by=her.user, now=NOW)
    cloud.report_post(post=first, reason="other", note=f"{NAME}乱说", by=other, now=NOW)
    hiding = talk.hidden(talk.post(topic, her.user, body=WORDS))
    cloud.appeal(hiding=hiding, text=f"{WORDS}不同意", by=her.user, now=NOW)
    cloud.sanction(post=first, days=3, reason="请注意语气", by=talk.moderator(), now=NOW)
    for person in Preference.objects.exclude(user=her.user):
        cloud.send_digest(preference=person, now=NOW + timedelta(days=8))


def what_she_holds(her):
    """Give her a past and a coming booking, points, a used and an unused voucher, hours."""
    past = factories.event(title="过去的沙龙", starts_at=NOW - timedelta(days=10))
    booking = Booking.objects.create(
        event=past, talent=her, state="attended", place=1, booked_at=NOW, checked_in_at=NOW
    )
    applied = MeetingList.objects.create(event=past, key=uuid4(), people=1, applied_at=NOW)
    booking.passages.create(way="in", source="list", at=NOW, noted_at=NOW, meeting_list=applied)
    booking.passages.create(way="out", source="correction", at=NOW, noted_at=NOW, reason=WORDS)
    photographed(past, booking)
    coming = factories.event(title="将来的沙龙", capacity=1)
    factories.booking(coming, her)
    events.book(event=coming, talent=factories.talent(), by=None, now=NOW)
    make.give(her, 100)
    service = make.service(cost=30)
    make.redeem(her, service)
    used = make.redeem(her, service)
    Redemption.objects.filter(pk=used.pk).update(
        state="fulfilled", fulfilled_at=NOW, fulfilled_by=factories.staff()
    )
    ServiceHours.objects.create(
        talent=her,
        activity=f"{NAME}的讲座",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        half_hours=2,
        state="revoked",
        reason=f"{NAME}没有来",
        recorded_by=factories.staff(),
        recorded_at=NOW,
        decided_by=factories.staff(),
        decided_at=NOW,
    )


def in_lists(her):
    """Put her into a list that waits for its confirmation, which is named after her."""
    rows = workbooks.form(
        workbooks.person(name=NAME, id=IDENTITY, phone=OLD_PHONE, remark=WORDS),
        workbooks.person(name="陈旁人"),
    )
    run = imports.upload(
        file_name=f"{NAME}等.xlsx",
        data=rows.getvalue(),
        department=factories.department("science_innovation"),
        by=None,
        now=NOW,
    )
    running.work(run.pk, clock=lambda: NOW)


def taken_out(her):
    """Have a list with her and another woman written for a clerk."""
    export = exports.order_export(
        rows=Talent.objects.filter(pk__in=[her.pk, factories.talent().pk]),
        by=None,
        now=NOW,
        reason="报送年度统计",
        full=True,
        columns=sheet.COLUMNS,
    )
    exporting.work(export.pk, clock=lambda: NOW)


def erased(her):
    """Ask in her name and let the time go by; returns the Erasure."""
    asked = erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    erasure.erase_due(now=LATER)
    asked.refresh_from_db()
    return asked


def test_nothing_of_her_is_left_in_database_redis_and_files():
    her = marked()
    found = everything.places_with(MARKS)  # the control: all of it was there
    assert found.keys() == set(MARKS)
    listed = {mark for mark, places in found.items() if "an exported list" in places}
    assert listed == {NAME, PHONE, IDENTITY, MAIL, WORDS}
    erased(her)
    assert everything.places_with(MARKS) == {}


def test_a_list_that_is_being_read_is_waited_for():
    """Rows that came after she was looked for in the lists stayed, and were written as a new record of hers."""
    her, soon = factories.talent(full_name=NAME, phone=PHONE), LATER - timedelta(minutes=1)
    rows = workbooks.form(workbooks.person(name=NAME, phone=PHONE)).getvalue()
    given = {"file_name": "a.xlsx", "department": her.department, "by": None, "now": soon}
    asked = erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    run = imports.upload(data=rows, **given)
    assert erasure.erase_due(now=LATER) == 0
    running.work(run.pk, clock=lambda: LATER)
    assert (ImportRow.objects.count(), erasure.erase_due(now=LATER)) == (1, 1)
    assert everything.places_with([NAME]) == {}
    asked.refresh_from_db()
    assert asked.state == "done"


def test_the_sums_stay_and_others_get_what_is_theirs():
    her = marked()
    seats = Booking.objects.seated().count()
    checked_in = Booking.objects.checked_in().count()
    bystanders = ImportRow.objects.count() - 1
    consents = Consent.objects.filter(user=her.user).count()
    asked = erased(her)
    stub = Talent.objects.get(pk=her.pk)
    assert (stub.state, stub.user, stub.full_name, stub.search_text) == ("erased", None, "", "")
    assert (stub.code != her.code, asked.state) == (True, "done")
    assert Booking.objects.seated().count() == seats  # the one who waited has her seat
    assert Booking.objects.checked_in().count() == checked_in
    assert PointsAccount.objects.get(talent=her).balance == 0
    assert sum(Entry.objects.values_list("amount", flat=True)) == 0
    assert Redemption.objects.filter(talent=her).count() == 2
    assert ImportRow.objects.count() == bystanders
    assert Consent.objects.filter(user=her.user).count() == consents
    assert CareerEntry.objects.count() == 0
    stood = CareerSnapshot.objects.filter(talent=her).order_by("pk")
    assert list(stood.values_list("state", "position")) == [("verified", ""), ("erased", "")]
    shared = SharedRecord.objects.get(code=her.code)
    assert (shared.shared, shared.talent) == (False, None)
    user = type(her.user).objects.get(pk=her.user_id)
    assert (user.is_active, user.full_name, user.has_usable_password()) == (False, "", False)
    audit.chain()
    assert audit.verify().holds


def test_twice_does_nothing_twice_and_before_its_time_nothing_at_all():
    her = marked()
    asked = erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    assert erasure.ask_erasure(user=her.user, by=her.user, now=NOW) == asked
    assert erasure.erase_due(now=LATER - timedelta(seconds=1)) == 0
    assert Talent.objects.get(pk=her.pk).full_name == NAME
    assert erasure.erase_due(now=LATER) == 1
    entries = AuditEntry.objects.count()
    assert erasure.erase_due(now=LATER) == 0
    erasure.erase(erasure=asked, now=LATER)
    assert AuditEntry.objects.count() == entries


def test_what_breaks_off_in_the_middle_leaves_nothing_half_done_and_is_tried_again():
    her = marked()
    erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    declared = portal.declarations()["privacy"]  # the last to erase

    def broken(person, now):
        raise ValueError(person.pseudonym)

    part = portal.PersonalData(90, "", (), lambda user: [], erase=broken)
    with (
        portal.declared("privacy", portal.Declaration(personal_data=part, verbs=declared.verbs)),
        pytest.raises(SweepFailed),
    ):
        erasure.erase_due(now=LATER)
    assert Talent.objects.get(pk=her.pk).full_name == NAME
    assert Booking.objects.active().filter(talent=her).count() == 2
    assert erasure.erase_due(now=LATER) == 1
    assert everything.places_with(MARKS) == {}


def test_it_works_under_the_role_of_the_running_portal():
    her = marked()
    erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE test_application; CREATE ROLE test_purge")
        roles.grant(application="test_application", purge="test_purge")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE test_application")
        erasure.erase_due(now=LATER)
        cursor.execute("RESET ROLE")
    assert everything.places_with(MARKS) == {}


def test_she_may_take_it_back_until_it_is_done():
    her = factories.talent()
    asked = erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    with pytest.raises(Refused):
        erasure.withdraw_erasure(erasure=asked, by=factories.talent().user, now=NOW)
    for _ in range(2):
        taken = erasure.withdraw_erasure(erasure=asked, by=her.user, now=NOW)
    assert taken.state == "withdrawn"
    assert erasure.erase_due(now=LATER) == 0
    assert Notice.objects.get(kind="talents.erasure_soon").withdrawn_at == NOW
    again = erased(her)
    with pytest.raises(Conflict) as refused:
        erasure.withdraw_erasure(erasure=again, by=None, now=LATER)
    assert refused.value.code == "erased"


def test_who_works_in_the_portal_hands_her_work_over_first():
    clerk = factories.staff("department_clerk")
    with pytest.raises(Conflict) as refused:
        erasure.ask_erasure(user=clerk, by=clerk, now=NOW)
    assert refused.value.code == "works_here"


def test_each_app_says_what_is_lost_before_she_asks():
    her = marked()
    said = erasure.losses(her.user, None, NOW)
    assert said == [
        "账号注销：手机号、邮箱、密码、通行密钥和登录状态全部删除，不能再登录。",
        "人才档案、更正和认领申请、单位报送名单中与您有关的行全部删除，不能恢复。",
        "您授权过的单位会在接口里看到您的编号已删除；此前已取得的信息由单位依法处理。",
        "已公布的统计数不变，其中不含您的姓名。",
        "还没有开始的 1 场报名会取消，名额让给候补的姐妹：《将来的沙龙》。",
        "过去的报名只留人数，不再能对应到您。",
        "注明有您的活动照片会删除。",
        "您在云之家写的 2 条内容和附件删除，位置保留为“已注销用户”。",
        "40 积分和未使用的兑换码作废。",
        "积分流水只留数字，不再能对应到您。",
        "您同意或撤回授权的记录、操作日志按法律要求保留，只剩编号，不再能对应到您。",
    ]


# --- on her written request ------------------------------------------------------------------------


@pytest.mark.parametrize("has_account", [True, False])
def test_a_clerk_asks_in_writing_and_a_second_person_confirms(has_account):
    her = factories.talent(full_name=NAME, phone=PHONE, **({} if has_account else {"user": None}))
    clerk, second = factories.staff("department_clerk"), factories.staff("administrator")
    action = erasure.ask_erasure_for(talent=her, reason="书面申请 2026-017", by=clerk, now=NOW)
    assert erasure.erase_due(now=LATER) == 0  # one person alone does nothing
    joint.confirm(action=action, by=second, now=NOW)
    asked = Erasure.objects.get()
    assert (asked.ground, asked.asked_by) == ("written", clerk)
    assert asked.due_at == (LATER if has_account else NOW)
    erasure.erase_due(now=LATER)
    assert everything.places_with([NAME, PHONE]) == {}


def test_the_reason_may_not_say_who_she_is():
    her = factories.talent(full_name=NAME)
    clerk = factories.staff("department_clerk")
    with pytest.raises(Invalid) as refused:
        erasure.ask_erasure_for(talent=her, reason=f"{NAME}书面申请", by=clerk, now=NOW)
    assert refused.value.code == "reason_names_her"
    assert JointAction.objects.count() == 0


def test_of_records_without_an_account_each_has_its_own_request():
    clerk = factories.staff("department_clerk")
    for _ in range(2):
        her = factories.talent(user=None)
        asked = [
            erasure.ask_erasure_for(talent=her, reason="书面申请 2026-017", by=clerk, now=NOW)
            for _ in range(2)
        ]
        assert asked[0] == asked[1]
    assert JointAction.objects.count() == 2


# --- her pages -------------------------------------------------------------------------------------


def proved(client):
    """Note in her session that she has just shown that it is she."""
    session = client.session
    methods = [{"method": "code", "at": timezone.now().timestamp(), "reauthenticated": True}]
    session["account_authentication_methods"] = methods
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def test_the_page_asks_for_a_proof_says_what_is_lost_and_takes_it_back(client):
    her = factories.talent()
    client.force_login(her.user)
    page = reverse("ask_erasure")
    assert client.post(page).url == "/accounts/prove/?next=%2Fme%2Fdata%2Ferase%2F"
    assert Erasure.objects.count() == 0
    proved(client)
    assert "不能再登录" in client.get(page).content.decode()
    assert client.post(page).url == "/me/data/"
    shown = client.get("/me/data/").content.decode()
    assert "撤回，保留我的账号" in shown
    client.post(reverse("withdraw_erasure"))
    assert list(Erasure.objects.values_list("state", flat=True)) == ["withdrawn"]
    assert TalentState(Talent.objects.get().state) == "verified"


# --- what fails ------------------------------------------------------------------------------------
def failing(monkeypatch, her):
    """Have one woman's erasure fail in the middle, after lower apps would have been asked."""
    real = erasure.departures.follow

    def follow(record, **given):
        if record.pk == her.pk:
            raise ValueError(record.full_name)
        return real(record, **given)

    monkeypatch.setattr(erasure.departures, "follow", follow)


def test_one_that_fails_too_often_stands_in_the_work_queue_until_somebody_says_again(
    client, monkeypatch, settings, caplog
):
    settings.STAFF_SECOND_FACTOR = False
    her = factories.talent(full_name=NAME)
    asked = erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    failing(monkeypatch, her)
    for _ in range(MOST_FAILURES):
        with pytest.raises(SweepFailed):
            erasure.erase_due(now=LATER)
    assert erasure.erase_due(now=LATER) == 0
    assert NAME not in caplog.text
    monkeypatch.undo()
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    client.force_login(clerk)
    address = "/admin/talents/erasure/?sweep=set_aside"
    assert address in client.get("/admin/").content.decode()
    assert list(client.get(address).context["cl"].result_list) == [asked]
    again = {"action": "try_again", "_selected_action": asked.pk}
    said = client.post(address, again, follow=True).content.decode()
    assert "1 条将在下次自动处理时重试。" in said
    assert list(client.get(address).context["cl"].result_list) == []
    with pytest.raises(Conflict) as refused:
        erasure.retry_erasure(row=asked, by=clerk, now=LATER)
    assert refused.value.code == "not_set_aside"
    assert AuditEntry.objects.filter(action="talents.retry_erasure").count() == 1
    assert erasure.erase_due(now=LATER) == 1
    assert Talent.objects.get().state == "erased"


def test_only_who_sees_it_and_may_has_it_tried_again():
    her = factories.talent()
    asked = erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    Erasure.objects.update(sweep_failures=MOST_FAILURES)
    elsewhere = factories.staff("department_clerk", department_code="trade_union")
    for nobody in (her.user, elsewhere, factories.staff("auditor"), factories.user()):
        with pytest.raises(Refused):
            erasure.retry_erasure(row=asked, by=nobody, now=LATER)
    erasure.retry_erasure(row=asked, by=factories.staff("administrator"), now=LATER)
    assert Erasure.objects.get().sweep_failures == 0


KILLED = """
import os, signal, django
django.setup()
from datetime import datetime
from talents.erasure import operations
from talents.erasure.models import Erasure

def die(*args, **fields):
    os.kill(os.getpid(), signal.SIGKILL)

if {killed}:
    # The last thing before the commit: every app has erased its part.
    operations.audit.record = die
operations.erase(erasure=Erasure.objects.get(), now=datetime.fromisoformat("{now}"))
"""


def in_a_process(killed):
    """Carry the erasure out in a process of its own, killed before it commits or not; returns its exit code."""
    name = connection.settings_dict["NAME"]
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(killed=killed, now=LATER.isoformat())],
        env=os.environ
        | {
            "DATABASE_URL": f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}",
            "DJANGO_SETTINGS_MODULE": "liangjiang.settings",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("killed", [True, False])
def test_one_killed_at_the_last_moment_is_whole_and_the_next_completes_it(killed):
    """Without the kill the same process erases her: the control."""
    her = factories.talent(full_name=NAME, phone=PHONE, user=factories.user(NAME, phone=PHONE))
    make.give(her, 30)
    asked = erasure.ask_erasure(user=her.user, by=her.user, now=NOW)
    before = Talent.objects.filter(pk=her.pk).values().get()
    assert in_a_process(killed) == (-signal.SIGKILL if killed else 0)
    asked.refresh_from_db()
    if killed:
        assert (asked.state, asked.sweep_failures) == ("waiting", 0)
        assert Talent.objects.filter(pk=her.pk).values().get() == before
        assert erasure.erase_due(now=LATER) == 1
        asked.refresh_from_db()
    assert asked.state == "done"
    assert everything.places_with([NAME, PHONE]) == {}
    assert erasure.erase_due(now=LATER) == 0


# --- after a restore -------------------------------------------------------------------------------
@pytest.fixture
def outside_list(settings, tmp_path):
    """A list of erasures outside the database."""
    settings.ERASURE_LIST = tmp_path / "kept" / "erasures"
    return settings.ERASURE_LIST


def erased_since(backup, *women):
    """Erase women and note it, then put the database back to the savepoint `backup`."""
    for woman in women:
        Erasure.objects.create(
            user=woman.user, talent=woman, ground="herself", asked_at=NOW, due_at=NOW
        )
    erasure.erase_due(now=timezone.now())
    assert outside.note_done() == len(women)
    assert outside.note_done() == 0
    transaction.savepoint_rollback(backup)


def replayed(**options):
    """Run the command; returns what it says."""
    out = io.StringIO()
    call_command("replay_erasures", stdout=out, **options)
    return out.getvalue().strip()


def test_who_was_erased_since_the_backup_is_erased_again(outside_list):
    with_account = factories.talent(full_name=NAME, phone=PHONE)
    reported = factories.talent(full_name=NAME, user=None, id_number=IDENTITY)
    other = factories.talent(full_name="李留下")
    erased_since(transaction.savepoint(), with_account, reported)
    assert everything.places_with([NAME]) != {}
    assert replayed(dry_run=True).startswith("将重新删除 2 人；")
    assert everything.places_with([NAME]) != {}
    assert replayed() == "已重新删除 2 人；已是删除状态 0 人，备份里没有 0 人。"
    assert everything.places_with([NAME, PHONE, IDENTITY]) == {}
    assert list(Erasure.objects.values_list("ground", "state")) == [("restored", "done")] * 2
    assert replayed() == "已重新删除 0 人；已是删除状态 2 人，备份里没有 0 人。"
    other.refresh_from_db()
    assert (other.full_name, other.state) == ("李留下", "verified")


def test_one_that_waits_in_the_backup_is_the_one_carried_out(outside_list):
    her = factories.talent()
    asked = erasure.ask_erasure(user=her.user, by=her.user, now=timezone.now())
    backup = transaction.savepoint()
    Erasure.objects.filter(pk=asked.pk).delete()
    erased_since(backup, her)
    assert replayed().startswith("已重新删除 1 人；")
    assert list(Erasure.objects.values_list("pk", "ground", "state")) == [
        (asked.pk, "herself", "done")
    ]


def test_a_key_given_anew_after_the_restore_is_somebody_elses(outside_list):
    backup = transaction.savepoint()
    gone = factories.talent()
    key, account = gone.pk, gone.user_id
    erased_since(backup, gone)
    later = timezone.now() + timedelta(hours=1)
    new = factories.user(NAME, pk=account, date_joined=later)
    factories.talent(pk=key, user=new, created_at=later, full_name=NAME)
    assert replayed() == "已重新删除 0 人；已是删除状态 0 人，备份里没有 1 人。"
    assert Talent.objects.get(pk=key).full_name == NAME


def test_one_that_fails_stops_no_other_and_is_told(outside_list, monkeypatch, caplog):
    women = [factories.talent(full_name=NAME), factories.talent(full_name="李能删")]
    erased_since(transaction.savepoint(), *women)
    failing(monkeypatch, women[0])
    with pytest.raises(CommandError) as failed:
        replayed()
    assert (failed.value.returncode, str(failed.value)[:4]) == (1, "1 人没")
    assert NAME not in caplog.text
    states = [Talent.objects.get(pk=woman.pk).state for woman in women]
    assert states == ["verified", "erased"]
    monkeypatch.undo()
    assert erasure.erase_due(now=timezone.now()) == 1  # it waits for the sweep


def test_the_list_says_no_name_and_a_line_cut_short_spoils_no_other(outside_list):
    her = factories.talent(full_name=NAME, phone=PHONE)
    erased_since(transaction.savepoint(), her)
    text = outside_list.read_text("ascii")
    assert text.split()[1:] == [str(her.user_id), str(her.pk)]
    outside_list.write_text(text + "2026-11-26T10:0", "ascii")
    Erasure.objects.create(
        talent=factories.talent(user=None),
        ground="written",
        state="done",
        asked_at=NOW,
        due_at=NOW,
        ended_at=NOW,
    )
    assert outside.note_done() == 1
    assert len(outside.noted(outside_list)) == 2


def test_without_a_list_the_command_says_so(outside_list):
    with pytest.raises(CommandError) as refused:
        replayed()
    assert "没有找到删除清单" in str(refused.value)


def test_who_is_erased_while_she_waits_is_counted_as_waiting_no_more():
    talent = submitted()
    erasure.ask_erasure(user=talent.user, by=talent.user, now=NOW)
    erasure.erase_due(now=LATER)
    counted = [reports.waiting_at(moment) for moment in (LATER, LATER + timedelta(days=1))]
    assert (counted, Talent.objects.waiting().count()) == ([1, 0], 0)
