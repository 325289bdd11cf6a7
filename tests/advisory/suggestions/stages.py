"""Suggestions brought to where a test of staff's pages needs them."""

from datetime import timedelta

from django.utils import timezone

from advisory.suggestions import operations
from advisory.suggestions.models import Reply, Suggestion
from kernel.ids import code
from tests import factories

LEAD, ASSIST = "social_development", "trade_union"
TEXT = "托育点下月起延长到晚上七点半，先从两个园区试行。"


def clerk(department="women_federation", **fields):
    """Return who works on suggestions for a department: the coordinator's unless it is said otherwise."""
    return factories.staff("department_clerk", department_code=department, **fields)


def signer(department=LEAD, **fields):
    """Return who signs replies of a department."""
    return factories.staff("department_reviewer", department_code=department, **fields)


def campaign(now=None, **values):
    """Return a campaign of the women's federation that is open."""
    now = now or timezone.now()
    start = {
        "title": "工作和家庭怎样都顾得上",
        "question": "请说一件您希望改的事。",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=30),
    }
    department = factories.department()
    made = operations.save_campaign(
        campaign=None, values=start | values, by=None, now=now, department=department
    )
    return operations.open_campaign(campaign=made, by=None, now=now)


def sent(of=None, her=None, now=None, **values):
    """Return a suggestion that was handed in."""
    now = now or timezone.now()
    her = her or factories.talent(full_name="苏晴").user
    start = {
        "title": f"托育点延长开放时间{code(3)}",
        "matter": "园区托育点六点关门，实验做到一半就得走。",
        "proposal": "选两个托育点延长到晚上七点半。",
        "named": "own",
        "pen_name": "",
    }
    made = operations.save_draft(
        campaign=of or campaign(now), suggestion=None, values=start | values, by=her, now=now
    )
    return operations.send_suggestion(suggestion=made, by=her, now=now)


def filed(listed=True, now=None, **given):
    """Return one that was filed."""
    now = now or timezone.now()
    row = sent(now=now, **given)
    return operations.file_suggestion(suggestion=row, listed=listed, by=None, now=now)


def assigned(row=None, department=LEAD, role="lead", now=None, **given):
    """Return the assignment of a filed one."""
    now = now or timezone.now()
    return operations.assign(
        suggestion=row or filed(now=now, **given),
        department=factories.department(department),
        role=role,
        by=None,
        now=now,
    )


def drafted(row=None, by=None, now=None, answer="A", second_on=None, **given):
    """Return a reply that was drafted, of a suggestion that is led by LEAD unless `row` is given."""
    now = now or timezone.now()
    row = row or assigned(now=now, **given).suggestion
    values = {"answer": answer, "text": TEXT, "second_on": second_on}
    return operations.save_reply(suggestion=row, reply=None, values=values, by=by, now=now)


def handed_in(now=None, **given):
    """Return a reply that waits for a signature."""
    now = now or timezone.now()
    return operations.hand_in_reply(reply=drafted(now=now, **given), by=None, now=now)


def signed(now=None, kept_back_reason="", **given):
    """Return a reply that was signed."""
    now = now or timezone.now()
    return operations.sign_reply(
        reply=handed_in(now=now, **given), kept_back_reason=kept_back_reason, by=None, now=now
    )


def entered(row=None, by=None, now=None, **values):
    """Return an adoption that was entered."""
    now = now or timezone.now()
    start = {
        "kind": "document",
        "what": "托育服务办法",
        "on": timezone.localdate(now),
        "link": "https://example.cn/8",
    }
    row = row or signed(now=now).suggestion
    return operations.add_adoption(suggestion=row, values=start | values, by=by, now=now)


def confirmed(now=None, **given):
    """Return an adoption that two people stand for."""
    now = now or timezone.now()
    return operations.confirm_adoption(adoption=entered(now=now, **given), by=None, now=now)


def told(proven=True, **given):
    """Return the first effect of an adoption, told."""
    return _told(confirmed(**given), proven)


def _told(adoption, proven=True):
    effect = adoption.effects.get(months=6)
    return operations.report_effect(
        effect=effect, words="入托增加四成。", proven=proven, by=None, now=timezone.now()
    )


def contested(**given):
    """Return what the author says to an effect."""
    return _contested(told(**given))


def _contested(effect):
    adoption = effect.adoption
    her = adoption.suggestion.authorship.user
    return operations.contest(
        adoption=adoption, effect=effect, words="只开了一个点", by=her, now=timezone.now()
    )


def one_of_everything(lead=LEAD, **given):
    """Return {model: row}: a suggestion led by `lead`, from its campaign to what its author says to its effect."""
    suggestion = assigned(department=lead, **given).suggestion
    reply = signed(row=suggestion)
    adoption = entered(row=again(suggestion))
    sent_file = ("托育办法.pdf", b"%PDF-1.7 proof")
    proof = operations.add_proof(adoption=adoption, sent=sent_file, by=None, now=timezone.now())
    adoption = operations.confirm_adoption(adoption=adoption, by=None, now=timezone.now())
    contest = _contested(_told(adoption))
    return {
        "suggestioncampaign": suggestion.campaign,
        "suggestion": again(suggestion),
        "assignment": suggestion.assignments.get(),
        "reply": reply,
        "adoption": adoption,
        "adoptionproof": proof,
        "effectreport": contest.effect,
        "contest": contest,
    }


def again(row):
    """Return a suggestion as it stands."""
    return Suggestion.objects.select_related("campaign__department", "joined_to").get(pk=row.pk)


def reply_again(row):
    """Return a reply as it stands."""
    return Reply.objects.select_related("suggestion__campaign").get(pk=row.pk)
