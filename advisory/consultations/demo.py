"""Twelve consultations of the demo, in every state: invented, said and answered by the demo's women and departments."""

from datetime import timedelta

from django.utils import timezone

from advisory.consultations import operations, rules
from advisory.consultations.models import Consultation, InvitationState
from events import operations as events
from talents.asking.shortlist import Wanted, shortlist

DAY = timedelta(days=1)
QUESTION = (
    "请从您的专业和一线经验出发，谈谈目标定得是否合适、还缺什么、哪些做法落不了地。意见会逐条回应。"
)
# Title, kind, way, how many days ago it began, how many places, how far it got.
WHAT = (
    ("两江新区科技创新中长期战略", "strategy", "meeting", 150, 4, "closed"),
    ("集成电路产业发展规划（征求意见稿）", "plan", "writing", 130, 5, "closed"),
    ("女性科研人员生育支持政策", "policy", "writing", 110, 4, "closed"),
    ("智能网联汽车测试区建设项目", "project", "writing", 95, 4, "closed"),
    ("实验室安全管理标准", "standard", "writing", 80, 3, "closed"),
    ("青年人才安居政策", "policy", "writing", 40, 3, "held"),
    ("生物医药公共服务平台项目", "project", "writing", 30, 3, "held"),
    ("科技成果转化收益分配办法", "policy", "writing", 12, 4, "inviting"),
    ("人工智能伦理审查标准", "standard", "meeting", 8, 4, "inviting"),
    ("明月湖科创基地二期项目", "project", "writing", 3, 3, "inviting"),
    ("女性科技人才统计指标", "standard", "meeting", 20, 3, "cancelled"),
    ("两江新区“十六五”人才规划", "plan", "writing", 2, 5, "draft"),
)
SAID = (
    "建议把“每年新增研发人员”改为“三年留存率”，数量容易凑，留下来才算数。",
    "设备共享要有专人预约和值守，只发目录不会有人用。",
    "申报材料里的盖章页可以改为系统核验，能省一半往返。",
)
WAITS = 9  # for the word of the demo's first woman
OUTCOMES = (
    ("used", ""),
    ("partly", "值守人员纳入下一年度预算，今年先开放预约"),
    ("not_used", "涉及市级系统，已转报市科技局研究"),
)


def make(world):
    """Plan the twelve, and this year's target of the department that leads."""
    world.at(world.days(-160), _target)
    for number in range(len(WHAT)):
        begun = world.days(-WHAT[number][3], 9)
        world.at(begun, _begin, number)
        for step, act in enumerate(_steps(WHAT[number][5])):
            world.at(begun + timedelta(hours=2 + 26 * step), act, number)


def _steps(state):
    """Return what happens after it was written, a day apart."""
    if state == "draft":
        return ()
    if state == "cancelled":
        return (_open, _cancel)
    going_on = (_open, _answer)
    if state == "inviting":
        return going_on
    held = (*going_on, _say, *([_wait] * 10), _hold)
    return held if state == "held" else (*held, _close)


def _clerk(world):
    return world.staff["DEMOCLERK"]


def _of(number):
    return Consultation.objects.get(title=WHAT[number][0])


def _target(world, now):
    department = _clerk(world).department
    year = timezone.localdate(world.now).year
    operations.set_target(department=department, year=year, percent=50, by=None, now=now)


def _begin(world, number, now):
    title, kind, mode, _ago, places, _state = WHAT[number]
    values = {
        "title": title,
        "kind": kind,
        "mode": mode,
        "question": QUESTION,
        "places": places,
        "outside": number % 4,
        "outside_women": number % 4 // 2,
        "opinions_by": (now + 9 * DAY).date() if mode == "writing" else None,
    }
    operations.save_consultation(consultation=None, values=values, by=_clerk(world), now=now)


def _open(world, number, now):
    consultation, clerk = _of(number), _clerk(world)
    if consultation.is_meeting:
        start = (now + 9 * DAY).replace(hour=14, minute=0)
        fields = {
            "title": f"{consultation.title}座谈会"[:60],
            "starts_at": start,
            "ends_at": start + timedelta(hours=2),
            "venue": "两江人才大厦 302 会议室",
        }
        operations.plan_meeting(consultation=consultation, fields=fields, by=clerk, now=now)
    operations.open_inviting(consultation=consultation, by=clerk, now=now)
    operations.add_paper(
        consultation=consultation,
        sent=("征求意见稿.pdf", _pdf()),
        confidential=True,
        by=clerk,
        now=now,
    )
    _invite(consultation, clerk, now)
    if number == WAITS:
        _invite_first(world, consultation, clerk, now)


def _pdf():
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"


def _invite(consultation, clerk, now):
    without = consultation.invitations.values_list("talent", flat=True)
    found = shortlist(
        kind=rules.KIND,
        wanted=Wanted(without=frozenset(without)),
        department=consultation.department,
        now=now,
        most=consultation.places - 1,
    )
    operations.invite(consultation=consultation, talents=found.places, by=clerk, now=now)


def _invite_first(world, consultation, clerk, now):
    first = world.members[0]
    if rules.why_not_invite(consultation, first, clerk, now) is None:
        operations.invite(consultation=consultation, talents=[first], by=clerk, now=now)


def _answer(world, number, now):
    """Let one decline, one declare a conflict that is looked at, the others accept."""
    consultation, clerk = _of(number), _clerk(world)
    rows = consultation.invitations.select_related("talent__user", "consultation").order_by("pk")
    if number == WAITS:
        rows = rows.exclude(talent=world.members[0])
    for place, row in enumerate(rows):
        her = {"invitation": row, "by": row.talent.user, "now": now}
        if place == 2 and number % 3 == 0:
            operations.decline_invitation(**her)
            continue
        conflict = place == 1 and number in (3, 7)
        words = "三年前与该项目的承建单位合作过一个课题" if conflict else ""
        operations.accept_invitation(declared=conflict, declared_words=words, **her)
        if conflict and number == 3:
            operations.settle_conflict(
                invitation=row, reason="合作已结束，不影响判断", by=clerk, now=now
            )


def _say(world, number, now):
    """Let who may say something; of the meeting it is noted afterwards."""
    consultation = _of(number)
    accepted = consultation.invitations.filter(state=InvitationState.ACCEPTED)
    for place, row in enumerate(accepted.select_related("talent__user", "consultation")):
        if rules.why_not_say(row, now) is None and place < len(SAID):
            operations.give_opinion(invitation=row, text=SAID[place], by=row.talent.user, now=now)


def _wait(world, number, now):
    """Let a day pass; on that of the meeting who accepted comes."""
    event = _of(number).event
    if event is None or not event.starts_at <= now < event.starts_at + 2 * DAY:
        return
    at = event.starts_at
    for booking in event.bookings.seated().select_related("talent"):
        events.check_in(booking=booking, by=event.organiser, now=at)


def _hold(world, number, now):
    operations.hold_consultation(consultation=_of(number), by=_clerk(world), now=now)


def _close(world, number, now):
    consultation, clerk = _of(number), _clerk(world)
    rows = consultation.invitations.prefetch_related("opinions")
    said = [opinion for row in rows for opinion in row.opinions.all()]
    for place, opinion in enumerate(said):
        outcome, why = OUTCOMES[place % len(OUTCOMES)]
        operations.decide_opinion(opinion=opinion, outcome=outcome, why=why, by=clerk, now=now)
    operations.close_consultation(
        consultation=consultation,
        came_outside=consultation.outside,
        came_outside_women=consultation.outside_women,
        by=clerk,
        now=now,
    )


def _cancel(world, number, now):
    reason = "指标口径由市统计局统一制定，改为参加市里的征求意见"
    operations.cancel_consultation(
        consultation=_of(number), reason=reason, by=_clerk(world), now=now
    )
