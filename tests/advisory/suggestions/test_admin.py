"""Staff's pages: from the campaign to the effect, and who is let in where."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisory.suggestions import operations
from advisory.suggestions.models import (
    Adoption,
    Assignment,
    Contest,
    EffectReport,
    Reply,
    Suggestion,
    SuggestionCampaign,
)
from notices.models import Notice
from tests import factories
from tests.advisory.suggestions import stages
from tests.advisory.suggestions.stages import ASSIST, LEAD

pytestmark = pytest.mark.django_db
HERE = "/admin/advisory/"


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.STAFF_SECOND_FACTOR = False


def post(client, path, **data):
    """Send a form of the admin; returns the status."""
    return client.post(f"{HERE}{path}/", data).status_code


def page(client, path):
    return client.get(f"{HERE}{path}/").content.decode()


# --- the whole way --------------------------------------------------------------------------------
def test_from_the_campaign_to_the_effect_each_by_whose_it_is(client):
    now = timezone.now()
    coordinator, lead, signer = stages.clerk(), stages.clerk(LEAD), stages.signer()
    client.force_login(coordinator)
    day, later = timezone.localdate(now), timezone.localdate(now) + timedelta(days=30)
    campaign = {
        "title": "工作和家庭",
        "question": "请说一件事。",
        "opens_at_0": f"{day:%Y-%m-%d}",
        "opens_at_1": "00:00",
        "closes_at_0": f"{later:%Y-%m-%d}",
        "closes_at_1": "18:00",
        "writers": "account",
        "cosigning": "on",
        "not_ours_days": "5",
        "assist_days": "30",
        "reply_days": "60",
        "extension_days": "30",
        "redo_days": "30",
    }
    assert post(client, "suggestioncampaign/add", **campaign) == 302
    made = SuggestionCampaign.objects.get()
    assert (made.department, made.state) == (coordinator.department, "draft")
    assert post(client, f"suggestioncampaign/{made.pk}/open") == 302
    made.refresh_from_db()
    row = stages.sent(of=made, title="托育点延长")
    at = f"suggestion/{row.pk}"
    assert post(client, f"{at}/file", listed="on") == 302
    department = factories.department(LEAD)
    assert post(client, f"{at}/assign", department=department.pk, role="lead") == 302
    client.force_login(lead)
    assignment = Assignment.objects.get()
    assert post(client, f"assignment/{assignment.pk}/take-up") == 302
    assert post(client, f"{at}/draft", answer="A", text=stages.TEXT) == 302
    reply = Reply.objects.get()
    assert post(client, f"reply/{reply.pk}/hand-in") == 302
    assert post(client, f"reply/{reply.pk}/sign") == 403  # the right is the reviewer's
    client.force_login(signer)
    assert post(client, f"reply/{reply.pk}/sign", kept_back_reason="") == 302
    client.force_login(lead)
    adoption = {"kind": "document", "what": "托育办法", "on": f"{day:%Y-%m-%d}"}
    assert post(client, f"{at}/adopt", **adoption, link="https://example.cn/8") == 302
    adopted = Adoption.objects.get()
    client.force_login(coordinator)
    assert post(client, f"adoption/{adopted.pk}/confirm") == 302
    client.force_login(lead)
    effect = EffectReport.objects.get(months=6)
    assert post(client, f"effectreport/{effect.pk}/report", words="多了四成。", proven="on") == 302
    row = stages.fresh(row)
    assert (row.state, row.answer) == ("answered", "A")
    mine = Notice.objects.filter(recipient=row.authorship.user, kind__startswith="advisory.")
    assert list(mine.order_by("pk").values_list("kind", flat=True)) == [
        "advisory.suggestion_filed",
        "advisory.suggestion_answered",
        "advisory.suggestion_adopted",
        "advisory.suggestion_effect",
    ]


def test_her_own_draft_is_not_signed_and_it_says_so(client):
    both = factories.staff(
        "department_clerk", "department_reviewer", department_code=LEAD, full_name="两职"
    )
    reply = stages.handed_in(by=both)
    client.force_login(both)
    answer = client.post(f"{HERE}reply/{reply.pk}/sign/", {"kept_back_reason": ""})
    assert (answer.status_code, "自己起草的答复不能自己签发" in answer.content.decode()) == (
        422,
        True,
    )
    assert stages.fresh(reply).state == "handed_in"


# --- filing ---------------------------------------------------------------------------------------
def test_what_is_not_filed_has_a_reason_of_the_list_and_can_be_taken_up_again(client):
    row = stages.sent()
    client.force_login(stages.clerk())
    at = f"suggestion/{row.pk}"
    assert post(client, f"{at}/refuse", reason="nothing", words="说得具体一些") == 422
    assert post(client, f"{at}/refuse", reason="vague", words="说得具体一些") == 302
    assert stages.fresh(row).state == "not_filed"
    assert post(client, f"{at}/reconsider") == 302
    assert stages.fresh(row).state == "sent"


def test_what_is_too_short_is_said_beside_where_it_was_typed(client):
    client.force_login(stages.clerk())
    row, asked = stages.sent(), stages.assigned()
    operations.ask_extension(
        assignment=asked, days=5, reason="需要会商", by=None, now=timezone.now()
    )
    for path, data in (
        (f"suggestion/{row.pk}/refuse", {"reason": "vague", "words": "太泛"}),
        (f"assignment/{asked.pk}/decide", {"granted": "no", "words": "不行"}),
    ):
        answer = client.post(f"{HERE}{path}/", data)
        assert list(answer.context["form"].errors) == ["words"]


def test_a_personal_complaint_is_deleted_and_not_taken_up_again(client):
    row = stages.sent()
    client.force_login(stages.clerk())
    at = f"suggestion/{row.pk}"
    words = "请拨打 12338，有人帮您"
    assert post(client, f"{at}/refuse", reason="personal", words=words) == 302
    row = stages.fresh(row)
    assert (row.title, row.matter, row.proposal) == (None, None, None)
    post(client, f"{at}/reconsider")
    assert stages.fresh(row).state == "not_filed"


def test_joining_by_code_and_undoing_it_until_the_reply_is_there(client):
    main, other = stages.filed(), stages.sent()
    client.force_login(stages.clerk())
    at = f"suggestion/{other.pk}"
    assert post(client, f"{at}/join", code="NOSUCH") == 422
    assert post(client, f"{at}/join", code=main.code.lower()) == 302
    assert stages.fresh(other).joined_to == main
    assert post(client, f"{at}/part") == 302
    other = stages.fresh(other)
    assert (other.state, other.joined_to, other.filed_at) == ("sent", None, None)
    assert post(client, f"{at}/join", code=main.code) == 302
    stages.signed(row=stages.assigned(main).suggestion)
    post(client, f"{at}/part")
    assert stages.fresh(other).state == "joined"


def test_what_is_sent_back_is_hers_again_and_staff_see_it_no_more(client):
    row = stages.sent()
    client.force_login(stages.clerk())
    answer = client.post(f"{HERE}suggestion/{row.pk}/send-back/", {"reason": "请分成两件提交"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{HERE}suggestion/")
    assert client.get(f"{HERE}suggestion/{row.pk}/change/").status_code == 302
    assert stages.fresh(row).state == "draft"


def test_whether_its_words_are_public_is_changed_and_undone(client):
    row = stages.filed(listed=False)
    client.force_login(stages.clerk())
    assert post(client, f"suggestion/{row.pk}/publish") == 302
    assert stages.fresh(row).is_public
    assert post(client, f"suggestion/{row.pk}/hide") == 422  # asked why
    assert stages.fresh(row).is_public
    assert post(client, f"suggestion/{row.pk}/hide", reason="涉及单位内部情况。") == 302
    row = stages.fresh(row)
    assert (row.is_public, row.unlisted_reason) == (False, "涉及单位内部情况")
    client.force_login(row.authorship.user)
    assert "涉及单位内部情况" in client.get(row.get_absolute_url()).text


# --- who deals with it ----------------------------------------------------------------------------
def test_not_ours_goes_to_the_coordinator_alone_who_insists_once(client):
    assignment = stages.assigned()
    at = f"assignment/{assignment.pk}"
    lead, coordinator = stages.clerk(LEAD), stages.clerk()
    client.force_login(lead)
    assert post(client, f"{at}/not-ours", reason="由教育部门主管") == 302
    assert client.get(f"{HERE}{at}/change/").status_code == 302  # seen no more
    assert client.get(f"{HERE}suggestion/{assignment.suggestion_id}/change/").status_code == 302
    client.force_login(coordinator)
    assert "由教育部门主管" in page(client, f"{at}/change")
    assert post(client, f"{at}/insist", reason="三定方案第四条") == 302
    client.force_login(lead)
    post(client, f"{at}/not-ours", reason="还是由教育部门主管")
    assignment.refresh_from_db()
    assert (assignment.state, assignment.insist_reason) == ("working", "三定方案第四条")


def test_an_extension_is_asked_once_and_decided_by_the_coordinator(client):
    assignment = stages.assigned()
    at, due = f"assignment/{assignment.pk}", assignment.due_on
    client.force_login(stages.clerk(LEAD))
    assert post(client, f"{at}/extend", days="31", reason="需要会商") == 422
    assert post(client, f"{at}/extend", days="30", reason="需要会商") == 302
    post(client, f"{at}/extend", days="5", reason="再要几天")
    client.force_login(stages.clerk())
    assert post(client, f"{at}/decide", granted="no", words="") == 422
    assert post(client, f"{at}/decide", granted="yes", words="同意") == 302
    assignment.refresh_from_db()
    assert assignment.due_on >= due + timedelta(days=30)
    assert assignment.extension.days == 30


def test_an_assistants_opinion_goes_to_the_lead_and_taking_back_ends_what_it_sees(client):
    row = stages.assigned().suggestion
    assists = stages.assigned(row, ASSIST, "assist")
    helper = stages.clerk(ASSIST)
    client.force_login(helper)
    assert post(client, f"assignment/{assists.pk}/opinion", text="工会可以出一半费用") == 302
    client.force_login(stages.clerk(LEAD))
    assert "工会可以出一半费用" in page(client, f"assignment/{assists.pk}/change")
    lead = row.assignments.get(role="lead")
    client.force_login(stages.clerk())
    assert post(client, f"assignment/{lead.pk}/take-back", reason="改由总工会主办") == 302
    client.force_login(stages.clerk(LEAD))
    assert client.get(f"{HERE}suggestion/{row.pk}/change/").status_code == 302


# --- replies and effects --------------------------------------------------------------------------
def test_a_reply_goes_back_is_changed_signed_kept_back_and_corrected(client):
    lead, signer = stages.clerk(LEAD), stages.signer()
    reply = stages.handed_in(by=lead)
    at = f"reply/{reply.pk}"
    client.force_login(signer)
    assert post(client, f"{at}/back", reason="写明是哪两个园区") == 302
    client.force_login(lead)
    assert "写明是哪两个园区" in page(client, f"{at}/change")
    assert post(client, f"{at}/edit", answer="B", text=stages.TEXT) == 422  # B without a date
    assert post(client, f"{at}/edit", answer="A", text=stages.TEXT + "水土和龙兴。") == 302
    assert post(client, f"{at}/hand-in") == 302
    client.force_login(signer)
    assert post(client, f"{at}/sign", kept_back_reason="涉及单位内部安排") == 302
    assert not stages.fresh(reply).is_published
    assert post(client, f"{at}/publish") == 302
    assert stages.fresh(reply).is_published
    assert post(client, f"{at}/keep-back", reason="涉及单位内部安排") == 302
    client.force_login(lead)
    corrected = {"answer": "A", "text": stages.TEXT + "更正。", "reason": "园区名写错"}
    assert post(client, f"{at}/correct", **corrected) == 302
    new = Reply.objects.get(corrects=reply)
    assert post(client, f"reply/{new.pk}/hand-in") == 302
    client.force_login(signer)
    assert post(client, f"reply/{new.pk}/sign", kept_back_reason="") == 302
    assert stages.fresh(reply).state == "replaced"


def test_an_unsigned_reply_is_dropped_and_another_begun(client):
    lead = stages.clerk(LEAD)
    reply = stages.drafted(by=lead)
    client.force_login(lead)
    assert post(client, f"reply/{reply.pk}/drop") == 302
    assert (
        post(client, f"suggestion/{reply.suggestion_id}/draft", answer="A", text=stages.TEXT) == 302
    )
    states = Reply.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["dropped", "draft"]


def test_a_proof_is_put_there_opened_and_the_last_one_stays(client):
    adoption = stages.entered(link="")
    lead = stages.clerk(LEAD)
    client.force_login(lead)
    at = f"adoption/{adoption.pk}/proofs"
    file = SimpleUploadedFile("办法.pdf", b"%PDF-1.7 proof", content_type="application/pdf")
    assert post(client, f"{at}/add", file=file) == 302
    proof = adoption.proofs.get()
    assert proof.file_name in page(client, at)
    assert client.post(f"{HERE}{at}/{proof.code}/").content == b"%PDF-1.7 proof"
    operations.confirm_adoption(adoption=adoption, by=None, now=timezone.now())
    post(client, f"{at}/{proof.code}/remove")
    assert adoption.proofs.count() == 1
    adoption.refresh_from_db()
    operations.withdraw_adoption(adoption=adoption, reason="没有落实", by=None, now=timezone.now())


def test_who_entered_an_adoption_does_not_confirm_it_and_withdrawing_says_why(client):
    coordinator = stages.clerk()
    adoption = stages.entered(by=coordinator)
    client.force_login(coordinator)
    post(client, f"adoption/{adoption.pk}/confirm")
    adoption.refresh_from_db()
    assert adoption.state == "entered"
    client.force_login(stages.clerk())
    assert post(client, f"adoption/{adoption.pk}/confirm") == 302
    assert post(client, f"adoption/{adoption.pk}/withdraw", reason="") == 422
    assert post(client, f"adoption/{adoption.pk}/withdraw", reason="文件没有印发") == 302
    adoption.refresh_from_db()
    assert adoption.state == "withdrawn"


def test_what_she_says_to_an_effect_is_decided_and_told_anew(client):
    contest = stages.contested()
    client.force_login(stages.clerk())
    at = f"contest/{contest.pk}"
    assert "只开了一个点" in page(client, f"{at}/change")
    assert post(client, f"{at}/decide", outcome="put_right", words="核实后请重新报告") == 302
    contest.refresh_from_db()
    assert (contest.outcome, contest.effect.told_at) == ("put_right", None)
    client.force_login(stages.clerk(LEAD))
    words = "开了一个点，第二个在装修。"
    assert post(client, f"effectreport/{contest.effect_id}/report", words=words) == 302


# --- who sees what --------------------------------------------------------------------------------
def test_nobody_reads_who_is_nameless_and_a_pen_name_is_all_there_is(client):
    her = factories.talent(full_name="柳如是").user
    nameless = stages.filed(her=her, named="nameless")
    pen = stages.filed(of=nameless.campaign, her=her, named="pen", pen_name="江北一粟")
    client.force_login(stages.clerk())
    texts = [page(client, f"suggestion/{row.pk}/change") for row in (nameless, pen)]
    texts.append(page(client, "suggestion"))
    texts += [page(client, f"suggestion/{row.pk}/history") for row in (nameless, pen)]
    assert ["柳如是" in text for text in texts] == [False] * 5
    assert ("匿名" in texts[0], "江北一粟" in texts[1]) == (True, True)


def everything():
    rows = stages.one_of_everything()
    rows.pop("adoptionproof")  # has pages, no list
    return rows


def moved(user, department="science_innovation"):
    """Return somebody after she went to another department, with her roles."""
    user.department = factories.department(department)
    user.save()
    return type(user).objects.get(pk=user.pk)


def left(user):
    """Return somebody after her roles were taken away; she is still of her department."""
    user.groups.clear()
    return type(user).objects.get(pk=user.pk)


WHO = {
    "ex-clerk of the coordinator": lambda: moved(stages.clerk()),
    "ex-clerk of the lead": lambda: left(stages.clerk(LEAD)),
    "ex-reviewer of the lead": lambda: moved(stages.signer()),
    "coordinator": lambda: stages.clerk(),
    "lead": lambda: stages.clerk(LEAD),
    "lead's reviewer": lambda: stages.signer(),
    "elsewhere": lambda: stages.clerk("science_innovation"),
    "auditor": lambda: factories.staff("auditor"),
    "no rights": lambda: factories.staff(),
    "points clerk": lambda: factories.staff("points_clerk"),
}
SEE_ALL = {"coordinator", "auditor"}
SEE_GIVEN = {"lead", "lead's reviewer"}


@pytest.mark.parametrize("who", WHO)
def test_a_foreign_department_sees_nothing_and_a_lead_what_it_was_given(client, who):
    rows = everything()
    client.force_login(WHO[who]())
    seen = {
        name
        for name, row in rows.items()
        if client.get(f"{HERE}{name}/{row.pk}/change/").status_code == 200
    }
    if who in SEE_ALL:
        assert seen == rows.keys()
    elif who in SEE_GIVEN:
        assert seen == rows.keys() - {"suggestioncampaign"}
    else:
        assert seen == set()


ACTIONS = {
    "suggestion": ("file", "assign", "draft", "adopt", "join", "send-back", "refuse", "hide"),
    "assignment": ("take-up", "opinion", "extend", "not-ours", "decide", "insist", "take-back"),
    "reply": ("edit", "hand-in", "sign", "back", "correct", "keep-back", "publish", "drop"),
    "adoption": ("confirm", "withdraw"),
    "effectreport": ("report",),
    "contest": ("decide",),
}


@pytest.mark.parametrize("who", sorted(WHO.keys() - {"coordinator", *SEE_GIVEN}))
def test_who_only_reads_or_is_of_elsewhere_changes_nothing(client, who):
    rows = everything()
    before = [str(Suggestion.objects.values().get()), str(Reply.objects.values().get())]
    client.force_login(WHO[who]())
    said = {
        client.post(
            f"{HERE}{name}/{rows[name].pk}/{action}/", {"reason": "不该有这一步"}
        ).status_code
        for name, actions in ACTIONS.items()
        for action in actions
    }
    assert said <= {302, 403, 404}
    assert before == [str(Suggestion.objects.values().get()), str(Reply.objects.values().get())]
    assert Contest.objects.get().outcome == ""


@pytest.mark.parametrize(
    "name",
    ["suggestioncampaign", "suggestion", "assignment", "reply", "adoption", "effectreport"],
)
def test_a_list_of_three_asks_no_more_than_a_list_of_one(client, name):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"{HERE}{name}/").status_code == 200
        return len(asked)

    stages.told()
    client.force_login(stages.clerk())
    count()
    one = count()
    stages.told()
    stages.told()
    assert count() == one


# --- board, queue, lists as Excel -----------------------------------------------------------------
def test_the_board_says_by_department_what_is_late_and_a_lead_sees_its_own_line(client):
    now = timezone.now()
    long_ago = now - timedelta(days=90)
    old = stages.campaign(long_ago)
    stages.assigned(of=old, now=long_ago)
    stages.assigned(of=stages.campaign(), department="trade_union", now=now)
    client.force_login(stages.clerk())
    board = page(client, "assignment/board")
    assert [words in board for words in ("社会发展局", "区总工会", "待立案")] == [True] * 3
    assert "due=overdue" in board
    client.force_login(stages.clerk(LEAD))
    board = page(client, "assignment/board")
    assert ("社会发展局" in board, "区总工会" in board) == (True, False)
    client.force_login(factories.staff("points_clerk"))
    assert client.get(f"{HERE}assignment/board/").status_code == 403


def test_a_list_goes_out_as_excel_on_record_and_only_by_who_works_on_it(client):
    stages.told()
    client.force_login(stages.clerk())
    for name in ("suggestion", "assignment", "adoption"):
        answer = client.get(f"{HERE}{name}/export/")
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    client.force_login(factories.staff("auditor"))
    assert client.get(f"{HERE}suggestion/export/").status_code == 403


def test_word_and_pdf_are_handed_out_from_the_page(client):
    row = stages.signed().suggestion
    client.force_login(stages.clerk(LEAD))
    word, pdf = (client.get(f"{HERE}suggestion/{row.pk}/{kind}/") for kind in ("word", "pdf"))
    assert (word.content[:2], pdf.content[:4]) == (b"PK", b"%PDF")
