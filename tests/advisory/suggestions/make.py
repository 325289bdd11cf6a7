"""Campaigns and suggestions as the tests need them."""

from datetime import date, timedelta

from django.utils import timezone

from advisory.suggestions import operations
from advisory.suggestions.models import Assignment, Reply, Suggestion, SuggestionCampaign
from tests import factories
from tests.factories import NOW

PDF = b"%PDF-1.7 proof"
LEAD = "science_innovation"
TYPED = {
    "title": "高新园区设临时哺乳室",
    "matter": "园区里没有哺乳室，背奶的研发人员只能去卫生间。",
    "proposal": "请园区每栋楼设一间，配冰箱和锁。",
    "named": "own",
    "pen_name": "山茶",
}
REPLY = {"answer": "A", "text": "已在三栋楼设好，年底前开放。", "second_on": None}
DAY = timedelta(days=1)


UNLISTED = "涉及单位内部情况"


def clerk(department="women_federation"):
    """Return a clerk, of the coordinator unless it is said otherwise."""
    return factories.staff("department_clerk", department_code=department)


def reviewer(department=LEAD):
    """Return who signs for a department, the leading one unless it is said otherwise."""
    return factories.staff("department_reviewer", department_code=department)


def woman(name="苏晴", **fields):
    """Return the account of a woman in the database."""
    return factories.talent(full_name=name, **fields).user


def campaign(now=NOW, opened=True, **values):
    """Return a campaign of the women's federation, open for a month unless it is said otherwise."""
    start = {
        "title": "科研人员生育支持",
        "question": "哪些支持最缺？",
        "opens_at": now - DAY,
        "closes_at": now + 30 * DAY,
    }
    made = operations.save_campaign(
        campaign=None,
        values=start | values,
        by=None,
        now=now,
        department=factories.department(),
    )
    return operations.open_campaign(campaign=made, by=None, now=now) if opened else made


def draft(of=None, by=None, now=NOW, **typed):
    """Return a draft."""
    return operations.save_draft(
        campaign=of or campaign(now),
        suggestion=None,
        values=TYPED | typed,
        by=by or woman(),
        now=now,
    )


def sent(of=None, by=None, now=NOW, **typed):
    """Return one that was handed in."""
    by = by or woman()
    return operations.send_suggestion(suggestion=draft(of, by, now, **typed), by=by, now=now)


def filed(of=None, by=None, now=NOW, listed=True, **typed):
    """Return one that was filed."""
    return operations.file_suggestion(
        suggestion=sent(of, by, now, **typed),
        listed=listed,
        reason="" if listed else UNLISTED,
        by=None,
        now=now,
    )


def assigned(row=None, department=LEAD, role="lead", now=NOW, **typed):
    """Return the assignment of a department that leads."""
    return operations.assign(
        suggestion=row or filed(now=now, **typed),
        department=factories.department(department),
        role=role,
        by=None,
        now=now,
    )


def reply(row=None, by=None, now=NOW, **values):
    """Return a draft of a reply; `row` is a suggestion a department leads."""
    row = row or assigned(now=now).suggestion
    return operations.save_reply(
        suggestion=row, reply=None, values=REPLY | values, by=by or clerk(LEAD), now=now
    )


def handed_in(row=None, by=None, now=NOW, **values):
    """Return a reply that waits for a signature."""
    return operations.hand_in_reply(reply=reply(row, by, now, **values), by=None, now=now)


def signed(row=None, by=None, now=NOW, kept_back="", **values):
    """Return a signed reply."""
    return operations.sign_reply(
        reply=handed_in(row, by, now, **values),
        kept_back_reason=kept_back,
        by=reviewer(),
        now=now,
    )


def entered(row=None, by=None, now=NOW, **values):
    """Return an adoption that waits for a second person."""
    row = row or signed(now=now).suggestion
    start = {
        "kind": "document",
        "what": "两江发〔2026〕8 号",
        "on": timezone.localdate(now),
        "link": "https://liangjiang.example/8",
    }
    return operations.add_adoption(suggestion=row, values=start | values, by=by, now=now)


def adopted(row=None, now=NOW, **values):
    """Return a confirmed adoption."""
    return operations.confirm_adoption(adoption=entered(row, None, now, **values), by=None, now=now)


def effect(adoption=None, months=6, words="已有 40 人使用", proven=True, now=NOW):
    """Return an effect that was told."""
    adoption = adoption or adopted(now=now)
    return operations.report_effect(
        effect=adoption.effects.get(months=months), words=words, proven=proven, by=None, now=now
    )


def author(row):
    """Return who wrote a suggestion."""
    return row.authorship.user


def fresh(row):
    """Return a suggestion, an assignment or a reply as it stands."""
    related = {
        Suggestion: ("campaign", "joined_to"),
        Assignment: ("suggestion__campaign", "department"),
        Reply: ("suggestion__campaign",),
        SuggestionCampaign: ("department",),
    }
    return type(row).objects.select_related(*related.get(type(row), ())).get(pk=row.pk)


def day(month, number, year=2026):
    """Return a date."""
    return date(year, month, number)
