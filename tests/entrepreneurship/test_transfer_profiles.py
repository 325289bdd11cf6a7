"""Profiles: written, endorsed, affirmed, checked by somebody else, public for twelve months, renewed, found."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from entrepreneurship.transfer import patents, profiles, tasks
from entrepreneurship.transfer.models import TransferProfile, TransferVersion
from entrepreneurship.transfer.showing import TransferFilter
from kernel import bigrams, public_pages
from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.entrepreneurship import transfer_make as make

pytestmark = pytest.mark.django_db
NOW = factories.NOW
LIST = "/innovation/transfer/"
MINE = "/innovation/transfer/mine/"


def refused(operation, **given):
    with pytest.raises(DomainError) as error, transaction.atomic():
        operation(now=NOW, **given)
    return error.value.code


def told(kind):
    return Notice.objects.filter(kind=f"entrepreneurship.transfer_{kind}").count()


def form(**more):
    """Return what the page's form sends."""
    sent = make.WORDS | {"keywords": "晶圆检测，机器视觉"} | more
    return {name: value for name, value in sent.items() if value not in (False, None)}


# --- the application number -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("201710601862.3", "invention", None),
        ("zl 2017 1060 1862 . 3", "invention", None),
        ("CN2017106018623", "invention", None),
        ("201710601862.4", "invention", "number_check"),
        ("201710601826.3", "invention", "number_check"),  # two digits changed places
        ("201710601862.3", "utility", "number_kind"),
        ("198510601862.3", "invention", "number_year"),
        ("202910601862.3", "invention", "number_year"),
        ("95115608.X", "invention", "number_form"),
        ("", "invention", "number_form"),
    ],
)
def test_the_check_digit_of_an_application_number(text, kind, code):
    error = patents.why_not_number(text, kind, 2026)
    assert (error and error.code) == code


def test_ten_is_written_x_and_every_single_wrong_digit_is_found():
    assert patents.check_digit("202010000100") == "X"
    digits = "201710601862"
    others = {
        patents.check_digit(
            digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
        )
        for place in range(12)
        for step in range(1, 10)
    }
    assert patents.check_digit(digits) == "3" and "3" not in others


# --- the way of a version -------------------------------------------------------------------------
def test_she_writes_affirms_and_a_second_person_publishes_it(client):
    her, by = factories.talent(full_name="周雨桐"), make.mediator()
    client.force_login(her.user)
    assert client.post(f"{MINE}new/offer/own/", form()).status_code == 302
    profile = TransferProfile.objects.get()
    page = f"{MINE}{profile.code}/"
    answer = client.post(page, {})
    assert (answer.status_code, profile.newest.state) == (422, "draft")
    assert "请确认内容不涉及国家秘密和限制出口的技术" in answer.content.decode()
    assert client.post(page, {"affirmed": "on"}).status_code == 302
    version = profile.newest
    assert (version.state, version.affirmed_text) == ("checking", "2026-11")
    assert client.get(f"{LIST}{profile.code}/").status_code == 404
    profiles.publish_profile(profile=profile, by=by, now=NOW)
    profile.refresh_from_db()
    assert (profile.expires_on, told("published")) == (date(2027, 11, 23), 1)
    public_pages.clear()
    client.logout()
    html = client.get(LIST).content.decode()
    assert ("周雨桐" in html, "周*桐" in html, make.WORDS["title"] in html) == (False, True, True)
    verbs = AuditEntry.objects.filter(object_id=profile.pk).order_by("pk")
    assert [verb.split(".")[1] for verb in verbs.values_list("action", flat=True)] == [
        "begin_profile",
        "submit_profile",
        "publish_profile",
    ]


def test_wrong_input_is_one_sentence_and_nothing_is_written(client):
    her = factories.talent()
    client.force_login(her.user)
    for wrong, field in (
        ({"application_number": "201710601862.4"}, "application_number"),
        ({"forms": []}, "forms"),
        ({"title": " "}, "title"),
        ({"readiness": "10"}, "readiness"),
    ):
        answer = client.post(f"{MINE}new/offer/own/", form(**wrong))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert make.WORDS["problem"] in answer.content.decode()  # nothing she typed is lost
    assert TransferProfile.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"keywords": []}, "keywords_missing"),
        ({"keywords": [str(n) for n in range(9)]}, "keywords_many"),
        ({"forms": []}, "forms_missing"),
        ({"rights_kind": ""}, "rights_missing"),
        ({"application_number": ""}, "number_missing"),
        ({"rights_kind": "unfiled"}, "rights_unfiled"),
    ],
)
def test_what_does_not_hold_together_is_not_kept(values, code):
    about = {"talent": factories.talent(), "kind": "offer", "values": make.WORDS | values}
    assert refused(profiles.begin_profile, by=None, **about) == code
    assert TransferProfile.objects.count() == 0


def test_what_is_not_filed_needs_the_word_that_novelty_is_lost(client):
    profile = make.draft(rights_kind="unfiled", application_number="")
    given = {"profile": profile, "affirmed": True, "by": None}
    assert refused(profiles.submit_profile, novelty=False, **given) == "novelty"
    client.force_login(profile.talent.user)
    page = client.get(f"{MINE}{profile.code}/").content.decode()
    assert "会因没有新颖性被驳回" in page
    client.post(f"{MINE}{profile.code}/", {"affirmed": "on", "novelty": "on"})
    assert profile.newest.novelty_at is not None
    with pytest.raises(IntegrityError, match="transfer_novelty"), transaction.atomic():
        TransferVersion.objects.update(novelty_at=None)


def test_a_service_invention_waits_for_its_unit(client):
    profile = make.endorsing()
    version = profile.newest
    assert (version.state, told("to_endorse")) == ("endorsing", 0)  # no contact yet
    assert refused(profiles.publish_profile, profile=profile, by=make.mediator()) == "moved_on"
    contact, stranger = make.contact(version.endorser), make.contact()
    page = f"/innovation/transfer/endorse/{profile.code}/"
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    client.force_login(contact)
    assert "周雨桐" in client.get("/innovation/transfer/endorse/").content.decode()
    answer = client.post(page, {"refuse": "1", "wish": ""})
    assert (answer.status_code, profile.newest.state) == (422, "endorsing")
    client.post(page, {"refuse": "1", "wish": "请去掉工艺参数"})
    assert (profile.newest.state, profile.newest.wish) == ("draft", "请去掉工艺参数")
    make.submitted(profile)
    assert told("to_endorse") == 1
    client.post(page, {"endorse": "1"})
    assert (profile.newest.state, profile.newest.endorsed_by) == ("checking", contact)
    with pytest.raises(IntegrityError, match="transfer_endorsed"), transaction.atomic():
        TransferVersion.objects.update(endorsed_at=None)


def test_who_wrote_it_does_not_check_it():
    her = make.mediator()
    talent = factories.talent(user=her, full_name="江经理")
    profile = make.submitted(make.draft(talent=talent))
    assert refused(profiles.publish_profile, profile=profile, by=her) == "own_words"
    unit = factories.unit()
    of_unit = make.submitted(make.draft(unit=unit))
    colleague = make.mediator(full_name="石经理", unit=unit)
    assert refused(profiles.publish_profile, profile=of_unit, by=colleague) == "own_unit"
    with pytest.raises(IntegrityError, match="transfer_two_people"), transaction.atomic():
        TransferVersion.objects.filter(profile=profile).update(
            submitted_by=her, checked_by=her, published_at=NOW, state="published"
        )


def test_no_word_changes_once_it_was_handed_in():
    profile = make.submitted()
    given = {"profile": profile, "values": make.WORDS | {"title": "换一个"}, "by": None}
    assert refused(profiles.edit_profile, **given) == "handed_in"
    with pytest.raises(IntegrityError, match="transfer_words_frozen"), transaction.atomic():
        TransferVersion.objects.update(problem="换一个")
    profiles.take_back_profile(profile=profile, by=None, now=NOW)
    profiles.edit_profile(now=NOW, **given)
    assert profile.newest.title == "换一个"


def test_a_public_profile_stays_while_its_new_version_is_checked():
    profile = make.published()
    values = make.WORDS | {"title": "晶圆边缘缺陷检测第二代"}
    version = profiles.edit_profile(profile=profile, values=values, by=None, now=NOW)
    make.submitted(profile)
    profile.refresh_from_db()
    assert (version.number, profile.title) == (2, make.WORDS["title"])
    by = make.mediator()
    profiles.return_profile(profile=profile, wish="第二代和第一代差在哪", by=by, now=NOW)
    assert TransferProfile.objects.shown(date(2026, 12, 1)).get().title == make.WORDS["title"]
    make.submitted(profile)
    profiles.publish_profile(profile=profile, by=by, now=NOW)
    profile.refresh_from_db()
    assert profile.title == values["title"]
    assert list(profile.versions.values_list("number", "state")) == [
        (2, "published"),
        (1, "replaced"),
    ]


def test_what_changed_since_the_page_was_opened_is_not_published_unseen():
    profile, by = make.submitted(), make.mediator()
    mark = profiles.version_mark(profile.working)
    profiles.take_back_profile(profile=profile, by=None, now=NOW)
    values = make.WORDS | {"title": "换了内容"}
    profiles.edit_profile(profile=profile, values=values, by=None, now=NOW)
    make.submitted(profile, now=NOW + timedelta(minutes=1))
    assert refused(profiles.publish_profile, profile=profile, by=by, seen=mark) == "changed"


def test_twelve_months_then_hidden_and_one_tap_renews(client):
    profile = make.published()
    client.force_login(profile.talent.user)
    with pytest.raises(DomainError) as error:
        profiles.renew_profile(profile=profile, by=None, now=NOW + timedelta(days=1))
    assert error.value.code == "too_early"
    TransferProfile.objects.update(expires_on=date(2026, 12, 20))
    due = TransferProfile.objects.to_remind(date(2026, 12, 23))
    assert due.count() == 1
    for _again in range(2):
        profiles.remind_of_end(profile=profile, now=NOW)
    assert (told("ends"), due.count()) == (1, 0)
    assert not TransferProfile.objects.shown(date(2026, 12, 21)).exists()
    for _twice in range(2):
        renewed = profiles.renew_profile(profile=profile, by=None, now=NOW + timedelta(days=40))
    assert renewed.expires_on == date(2028, 1, 2)
    verbs = AuditEntry.objects.filter(action="entrepreneurship.renew_profile")
    assert verbs.count() == 1


def test_the_clock_reminds_of_what_ends_soon():
    profile = make.published()
    TransferProfile.objects.update(expires_on=profile.published_at.date())
    tasks.remind_of_ends()
    assert told("ends") == 1


def test_her_unit_writes_and_only_its_contact_may(client):
    unit = factories.unit()
    contact = make.contact(unit)
    client.force_login(contact)
    sent = form(kind="need", **make.NEEDED)
    assert client.post(f"{MINE}new/need/unit/", sent).status_code == 302
    profile = TransferProfile.objects.get()
    assert (profile.unit, profile.talent, profile.newest.is_service) == (unit, None, False)
    assert client.get(f"{MINE}new/offer/own/").status_code == 404  # she is no talent
    for stranger in (make.contact(), factories.talent().user, factories.user(unit=unit)):
        client.force_login(stranger)
        codes = {
            client.get(f"{MINE}{profile.code}/{page}").status_code
            for page in ("", "edit/", "withdraw/", "discard/")
        }
        assert codes == {404}
        assert client.post(f"{MINE}{profile.code}/renew/").status_code == 404


def test_withdrawn_it_is_gone_and_comes_back_unchanged(client):
    profile = make.published()
    client.force_login(profile.talent.user)
    client.post(f"{MINE}{profile.code}/withdraw/")
    assert client.get(f"{LIST}{profile.code}/").status_code == 404
    client.post(f"{MINE}{profile.code}/show/")
    public_pages.clear()
    assert client.get(f"{LIST}{profile.code}/").status_code == 200
    draft = make.draft()
    client.force_login(draft.talent.user)
    client.post(f"{MINE}{draft.code}/discard/")
    assert not TransferProfile.objects.filter(pk=draft.pk).exists()


# --- the list -------------------------------------------------------------------------------------
def test_found_by_words_kind_field_level_and_form():
    offer = make.published()
    unit = factories.unit("重庆明月湖精密有限公司")
    need = make.published(unit=unit, kind="need", field="430", readiness=3)

    def found(**asked):
        return set(TransferFilter(asked).rows(NOW))

    assert found(q="晶圆") == {offer, need}
    assert found(q="明月湖") == {need}
    assert found(q="周雨桐") == set()  # a woman's name finds nothing in public
    assert found(q="漏检多 每片") == {offer}
    assert (found(kind="need"), found(field="510")) == ({need}, {offer})
    assert (found(readiness="6"), found(form="joint")) == ({offer}, {offer})
    assert found(readiness="77", kind="x") == {offer, need}
    rows = TransferProfile.objects.all()
    for words in ("晶圆", "机器视觉", "明", "无此词", "检测 漏检"):
        fast, slow = bigrams.match(rows, words), bigrams.plain_match(rows, words)
        assert set(fast) == set(slow), words


def test_pages_take_as_many_queries_for_one_as_for_three(client):
    first = make.published()
    client.force_login(first.talent.user)
    for talent in (first.talent, first.talent):
        make.draft(talent=talent)

    def queries(path):
        public_pages.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    before = queries(LIST), queries(MINE)
    make.published(talent=first.talent)
    make.published(unit=factories.unit())
    make.draft(talent=first.talent)
    assert (queries(LIST), queries(MINE)) == before


def test_pages_go_on_where_the_last_one_ended(client):
    for number in range(14):
        make.published(title=f"成果 {number}", now=NOW + timedelta(minutes=number))
    public_pages.clear()
    first = client.get(LIST)
    again = client.get(LIST, {"after": first.context["page"].after})
    shown = [row.title for answer in (first, again) for row in answer.context["page"].rows]
    assert shown == [f"成果 {number}" for number in range(13, -1, -1)]
    assert client.get(LIST, {"after": "garbage"}).status_code == 200


# --- staff ----------------------------------------------------------------------------------------
def test_staff_publish_return_hide_and_hand_out(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    by, profile = make.mediator(), make.submitted()
    client.force_login(by)
    admin = "/admin/entrepreneurship/transferprofile/"
    assert profile.newest.title in client.get(f"{admin}?stage=checking").content.decode()
    page = client.get(f"{admin}{profile.pk}/publish/").content.decode()
    assert make.WORDS["problem"] in page
    assert (
        client.post(f"{admin}{profile.pk}/send-back/", {"wish": "请补充检测速度"}).status_code
        == 302
    )
    make.submitted(profile)
    assert client.post(f"{admin}{profile.pk}/publish/", {}).status_code == 302
    profile.refresh_from_db()
    assert profile.published_at is not None
    client.post(f"{admin}{profile.pk}/hide/", {"reason": "权属有争议"})
    client.post(f"{admin}{profile.pk}/unhide/", {})
    assert (told("hidden"), told("shown_again")) == (1, 1)
    answer = client.get(f"{admin}export/")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    history = client.get(f"{admin}{profile.pk}/history/").content.decode()
    assert "审核并公开成果或需求" in history
    client.force_login(factories.staff("department_clerk"))
    assert client.get(admin).status_code == 403
