"""Campaigns and their hours; she writes, hands in, takes back, signs another's too; who reads which name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from advisory.suggestions import operations
from advisory.suggestions.complaints import looks_personal
from advisory.suggestions.models import Authorship, CoSignature, Suggestion
from kernel.errors import Conflict, Invalid, Refused
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.advisory.suggestions import make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OURS = "我单位拖欠我三个月工资，还威胁我不许告诉别人。"


def code(error):
    return error.value.code


# --- campaigns ------------------------------------------------------------------------------------
def test_a_campaign_is_written_to_within_its_hours_alone():
    campaign, by = make.campaign(opened=False), make.woman()
    given = {"of": campaign, "by": by}
    with pytest.raises(Conflict):
        make.draft(**given)
    operations.open_campaign(campaign=campaign, by=None, now=NOW)
    campaign = make.fresh(campaign)
    for moment, refused in (
        (campaign.opens_at - timedelta(seconds=1), "not_yet"),
        (campaign.closes_at, "too_late"),
    ):
        with pytest.raises(Conflict) as error:
            make.draft(campaign, by, moment)
        assert code(error) == refused
    assert make.draft(campaign, by, campaign.closes_at - timedelta(seconds=1)).state == "draft"


def test_limits_are_fixed_once_it_is_open_and_its_end_is_not():
    campaign = make.campaign()
    end = NOW + timedelta(days=60)
    operations.save_campaign(
        campaign=campaign,
        values={"reply_days": 90, "title": "生育支持", "closes_at": end},
        by=None,
        now=NOW,
    )
    campaign = make.fresh(campaign)
    assert (campaign.reply_days, campaign.title, campaign.closes_at) == (60, "生育支持", end)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"closes_at": NOW - timedelta(days=2)}, "hours_backwards"),
        ({"closes_at": NOW - timedelta(hours=1)}, "closes_past"),
    ],
)
def test_wrong_hours_are_refused_and_nothing_is_written(values, refused):
    campaign = make.campaign()
    with pytest.raises(Invalid) as error:
        operations.save_campaign(campaign=campaign, values=values, by=None, now=NOW)
    assert (code(error), make.fresh(campaign).closes_at) == (refused, campaign.closes_at)


def test_a_closed_campaign_is_opened_again_and_one_with_suggestions_is_not_cancelled():
    campaign = make.campaign()
    operations.close_campaign(campaign=campaign, by=None, now=NOW)
    with pytest.raises(Conflict):
        make.draft(make.fresh(campaign))
    later = NOW + timedelta(days=50)
    operations.reopen_campaign(campaign=campaign, closes_at=later, by=None, now=NOW)
    make.sent(make.fresh(campaign))
    with pytest.raises(Conflict) as error:
        operations.cancel_campaign(campaign=campaign, reason="不再需要", by=None, now=NOW)
    assert code(error) == "suggestions_there"


@pytest.mark.parametrize(
    ("writers", "fields", "may"),
    [
        ("database", {}, True),
        ("database", {"state": "submitted"}, False),
        ("account", {"state": "submitted"}, True),
    ],
)
def test_who_may_write(writers, fields, may):
    by, campaign = make.woman(**fields), make.campaign(writers=writers)
    if may:
        assert make.draft(campaign, by).pk
    else:
        with pytest.raises(Refused):
            make.draft(campaign, by)


def test_staff_and_units_do_not_write():
    campaign = make.campaign()
    for by in (make.clerk(), factories.user(unit=factories.unit())):
        with pytest.raises(Refused) as error:
            make.draft(campaign, by)
        assert code(error) == "not_a_woman"


# --- writing --------------------------------------------------------------------------------------
def test_a_draft_is_kept_as_typed_and_seen_by_nobody_else():
    row = make.draft(title="", matter="  一\n二 ", named="pen", pen_name="山茶")
    row = make.fresh(row)
    assert (row.title, row.matter, row.signed_as) == (None, "一\n二", "山茶")
    assert not Suggestion.objects.visible_to(make.clerk()).exists()
    assert AuditEntry.objects.filter(action__startswith="advisory.send").count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"matter": "太短"}, "matter"),
        ({"proposal": ""}, "proposal"),
    ],
)
def test_a_half_one_is_not_handed_in(typed, field):
    by = make.woman()
    row = make.draft(by=by, **typed)
    with pytest.raises(Invalid) as error:
        operations.send_suggestion(suggestion=row, by=by, now=NOW)
    assert (error.value.field, make.fresh(row).state) == (field, "draft")


@pytest.mark.parametrize(("named", "shown"), [("own", "苏晴"), ("pen", "山茶"), ("nameless", None)])
def test_staff_read_the_name_she_chose(named, shown):
    row = make.sent(named=named, pen_name="山茶")
    seen = Suggestion.objects.visible_to(make.clerk()).get(pk=row.pk)
    assert seen.signed_as == shown
    entry = AuditEntry.objects.get(action="advisory.send_suggestion")
    assert entry.actor_id is None  # the log names nobody either


def test_a_personal_complaint_is_led_elsewhere_and_she_can_say_that_it_is_not():
    by = make.woman()
    row = make.draft(by=by, matter=OURS)
    with pytest.raises(Invalid) as error:
        operations.send_suggestion(suggestion=row, by=by, now=NOW)
    assert (code(error), "12338" in str(error.value)) == ("personal", True)
    sent = operations.send_suggestion(suggestion=row, by=by, now=NOW, not_personal=True)
    assert sent.state == "sent"


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        (OURS, True),
        ("我丈夫打我，求大家帮忙。", True),
        ("我要投诉某公司", True),
        ("建议建立女性科技人才欠薪纠纷的快速仲裁通道。", False),
        ("我们单位没有哺乳室。建议园区统一设置，减少离婚等家庭矛盾。", False),
    ],
)
def test_telling_a_case_of_her_own_from_a_suggestion(text, personal):
    assert looks_personal(text) is personal


def test_ten_of_one_woman_in_one_campaign():
    campaign, by = make.campaign(), make.woman()
    for number in range(10):
        make.draft(campaign, by, title=f"第 {number} 件建言")
    with pytest.raises(Conflict) as error:
        make.draft(campaign, by)
    assert code(error) == "too_many"


# --- taking back ----------------------------------------------------------------------------------
def test_she_takes_it_back_before_the_reply_and_not_after():
    made = make.handed_in()
    row = made.suggestion
    by = make.author(row)
    operations.withdraw_suggestion(suggestion=row, by=by, now=NOW)
    assert (make.fresh(row).state, make.fresh(made).state) == ("withdrawn", "dropped")
    with pytest.raises(Conflict):
        operations.sign_reply(reply=made, kept_back_reason="", by=make.reviewer(), now=NOW)
    with pytest.raises(Conflict) as error:
        make.assigned(row, "social_security", "assist")
    assert code(error) == "withdrawn"
    other = make.signed().suggestion
    with pytest.raises(Conflict) as error:
        operations.withdraw_suggestion(suggestion=other, by=make.author(other), now=NOW)
    assert code(error) == "answered"
    adopted = make.adopted(make.filed()).suggestion
    with pytest.raises(Conflict) as error:
        operations.withdraw_suggestion(suggestion=adopted, by=make.author(adopted), now=NOW)
    assert code(error) == "adopted"


def test_taken_back_no_department_owes_anything_and_the_lead_is_told():
    found = make.assigned()
    row, clerk = found.suggestion, make.clerk(make.LEAD)
    helper = make.assigned(row, "social_security", "assist")
    operations.not_ours(assignment=helper, words="不属于本部门", by=None, now=NOW)
    operations.withdraw_suggestion(suggestion=row, by=make.author(row), now=NOW)
    found, helper = make.fresh(found), make.fresh(helper)
    assert (found.state, helper.state) == ("done", "taken_back")
    told = Notice.objects.filter(kind="advisory.suggestion_withdrawn")
    assert clerk.pk in told.values_list("recipient", flat=True)
    late = NOW + timedelta(days=100)
    assert not type(found).objects.overdue(late.date()).exists()


def test_taken_back_what_was_joined_to_it_goes_on_with_its_departments():
    main = make.filed()
    found = make.assigned(main)
    other, third = make.sent(main.campaign), make.sent(main.campaign)
    for one in (other, third):
        operations.join_suggestion(suggestion=one, to=main, by=None, now=NOW)
    signer = make.woman("陈笛")
    operations.cosign(suggestion=main, named=True, by=signer, now=NOW)
    operations.withdraw_suggestion(suggestion=main, by=make.author(main), now=NOW)
    other, third, found = make.fresh(other), make.fresh(third), make.fresh(found)
    assert (other.state, third.state, third.joined_to) == ("filed", "joined", other)
    assert (found.suggestion, found.state) == (other, "waiting")
    assert other.cosignatures.get().user == signer
    assert (make.fresh(main).search_text, other.search_text != "") == ("", True)


# --- signing too ----------------------------------------------------------------------------------
def test_signing_too_counts_once_and_shows_the_name_she_wants_shown():
    row, by = make.filed(), make.woman("陈笛")
    first = operations.cosign(suggestion=row, named=False, by=by, now=NOW)
    assert operations.cosign(suggestion=row, named=True, by=by, now=NOW) == first
    assert (first.signed_as, Suggestion.objects.with_cosigners().get(pk=row.pk).cosigners) == (
        None,
        1,
    )
    operations.withdraw_cosignature(cosignature=first, by=by, now=NOW)
    assert Suggestion.objects.with_cosigners().get(pk=row.pk).cosigners == 0
    again = operations.cosign(suggestion=row, named=True, by=by, now=NOW)
    assert (again.signed_as, CoSignature.objects.count()) == ("陈笛", 2)


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        (lambda: make.sent(), "not_public"),
        (lambda: make.filed(listed=False), "not_public"),
        (lambda: make.filed(make.campaign(cosigning=False)), "no_cosigning"),
        (lambda: make.signed().suggestion, "answered"),
    ],
    ids=["not filed", "not listed", "no co-signing", "answered"],
)
def test_what_cannot_be_signed_too(row, refused):
    with pytest.raises(Conflict) as error:
        operations.cosign(suggestion=row(), named=False, by=make.woman("陈笛"), now=NOW)
    assert code(error) == refused


def test_nobody_signs_her_own_or_what_hers_was_joined_to():
    row, other = make.filed(), make.sent()
    with pytest.raises(Conflict) as error:
        operations.cosign(suggestion=row, named=False, by=make.author(row), now=NOW)
    assert code(error) == "own"
    operations.join_suggestion(suggestion=other, to=row, by=None, now=NOW)
    with pytest.raises(Conflict) as error:
        operations.cosign(suggestion=row, named=False, by=make.author(other), now=NOW)
    assert code(error) == "own"


# --- filing ---------------------------------------------------------------------------------------
def test_sent_back_once_to_be_parted_and_handed_in_again_after_the_hours():
    row = make.sent()
    by = make.author(row)
    given = {"words": "哺乳室和停车各写一件", "by": None, "now": NOW}
    row = operations.send_back(suggestion=row, **given)
    assert (row.state, row.signed_as) == ("draft", None)
    late = row.campaign.closes_at + timedelta(days=1)
    values = make.TYPED | {"title": "只写哺乳室这一件"}
    operations.save_draft(campaign=row.campaign, suggestion=row, values=values, by=by, now=late)
    row = operations.send_suggestion(suggestion=row, by=by, now=late)
    assert (row.state, row.signed_as) == ("sent", "苏晴")
    with pytest.raises(Conflict) as error:
        operations.send_back(suggestion=row, **given)
    assert code(error) == "back_once"


def test_not_filed_says_why_and_can_be_undone_unless_the_text_is_gone():
    row = make.sent()
    given = {"words": "请补充具体做法", "by": None, "now": NOW}
    operations.refuse_suggestion(suggestion=row, reason="vague", **given)
    notice = Notice.objects.get(kind="advisory.suggestion_not_filed")
    assert (notice.recipient, "没有具体建议" in notice.body) == (make.author(row), True)
    row = operations.reconsider(suggestion=row, by=None, now=NOW)
    assert row.state == "sent"
    operations.refuse_suggestion(suggestion=row, reason="personal", **given)
    row = make.fresh(row)
    assert (row.title, row.matter, row.proposal, row.signed_as) == (None,) * 4
    with pytest.raises(Conflict) as error:
        operations.reconsider(suggestion=row, by=None, now=NOW)
    assert code(error) == "text_gone"
    with pytest.raises(Invalid):
        operations.refuse_suggestion(suggestion=make.sent(), reason="whim", **given)


def test_what_is_filed_without_being_public_keeps_why():
    row = make.sent()
    with pytest.raises(Invalid) as error:
        operations.file_suggestion(suggestion=row, listed=False, by=None, now=NOW)
    assert (code(error), make.fresh(row).state) == ("reason_missing", "sent")
    row = operations.file_suggestion(
        suggestion=row, listed=False, reason=make.UNLISTED, by=None, now=NOW
    )
    assert row.unlisted_reason == make.UNLISTED
    operations.set_listed(suggestion=row, listed=True, by=None, now=NOW)
    assert make.fresh(row).unlisted_reason == ""
    with pytest.raises(Invalid) as error:
        operations.set_listed(suggestion=row, listed=False, reason="私", by=None, now=NOW)
    assert (code(error), make.fresh(row).listed) == ("reason_missing", True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=row.pk).update(listed=False)


def test_who_takes_the_place_keeps_why_it_is_not_public():
    main = make.filed(listed=False)
    heir = make.sent(main.campaign)
    operations.join_suggestion(suggestion=heir, to=main, by=None, now=NOW)
    operations.withdraw_suggestion(suggestion=main, by=make.author(main), now=NOW)
    heir = make.fresh(heir)
    assert (heir.state, heir.listed, heir.unlisted_reason) == ("filed", False, make.UNLISTED)


def test_only_what_is_filed_and_listed_is_found_by_others():
    row = make.filed()
    assert "哺乳室" in make.fresh(row).search_text
    operations.set_listed(suggestion=row, listed=False, reason=make.UNLISTED, by=None, now=NOW)
    assert (make.fresh(row).search_text, make.fresh(row).search_grams) == ("", [])


def test_joining_across_campaigns_and_never_to_itself_or_to_what_is_not_filed():
    main = make.filed(make.campaign(title="去年的征集"))
    row, waiting = make.sent(), make.sent()
    given = {"by": None, "now": NOW}
    for to, refused in ((row, "joined_to_itself"), (waiting, "not_filed")):
        with pytest.raises((Invalid, Conflict)) as error:
            operations.join_suggestion(suggestion=row, to=to, **given)
        assert code(error) == refused
    row = operations.join_suggestion(suggestion=row, to=main, **given)
    assert (row.state, row.main) == ("joined", main)
    assert Authorship.objects.of(main).count() == 2
