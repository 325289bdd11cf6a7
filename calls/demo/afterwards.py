"""A grant of the demo that goes on after the award: one report handed in, one accepted so that its payment waits; an advantage."""

from datetime import timedelta
from decimal import Decimal

from calls import operations
from calls.demo.current import made, put_down
from calls.models import Due

EXCHANGE = {
    "kind": "fund",
    "measure": 2,
    "title": "2026 年女性科技人才出国（境）学术交流资助",
    "title_en": "Academic exchange grants for women in science 2026",
    "text": "资助女性科技人才出国（境）参加学术会议、短期合作研究。先出访，交出访报告和票据，审核后报销旅费。",
    "text_en": "Travel grants for conferences and short research stays abroad; paid against a report and receipts.",
    "sources": ["self"],
    "places": 5,
    "contact": "两江新区妇联发展部 023-0000-0000",
}
EXCHANGE_STAGES = ("acceptance", "decision")
EXCHANGE_LINES = ("单位", "职务", "项目名称", "研究内容")
# What follows its results.
STEPS = (
    {
        "kind": "report",
        "title": "出访报告和票据",
        "title_en": "Trip report and receipts",
        "wanted": "写清楚去了哪里、见了谁、有什么成果；附行程单和票据。",
        "wanted_en": "Where you went, whom you met and what came of it; with itinerary and receipts.",
        "days": 90,
        "limit": 2000,
    },
    {
        "kind": "payment",
        "title": "报销旅费",
        "title_en": "Travel costs",
        "wanted": "报告通过后按票据报销，不超过资助额。",
        "wanted_en": "Paid against the receipts once the report is accepted, up to the grant.",
        "days": 30,
        "counted_from": "before",
        "needs_before": True,
        "amount": Decimal("12000.00"),
    },
)
TRIP = (
    "十月上旬赴新加坡参加国际水处理会议，作口头报告一次；"
    "访问两所高校的膜材料实验室，与其中一所商定联合培养研究生一名。"
)


def make(world):
    """Put the grant, and what became of it, on the timeline."""
    world.at(world.days(-150), _write)
    for number in (0, 4):
        world.at(world.days(-140 + number), _ask_for_exchange, world.members[number])
    world.at(world.days(-80), _grant_exchange)
    world.at(world.days(-60), _prefer)
    world.at(world.days(-9), _report_trip, world.members[4], True)
    world.at(world.days(-3), _report_trip, world.members[0], False)


def _write(world, moment):
    what = (EXCHANGE, EXCHANGE_STAGES, EXCHANGE_LINES)
    put_down(world, *what, -148, -100, moment, steps=STEPS)


def _ask_for_exchange(world, talent, moment):
    call, by = made(world, EXCHANGE), talent.user
    application = operations.start_application(call=call, talent=talent, by=by, now=moment)
    about = {"application": application, "by": by, "now": moment}
    texts = {
        "单位": talent.unit_name,
        "职务": talent.position or "工程师",
        "项目名称": "国际水处理会议",
        "研究内容": "膜材料在低温下的衰减规律，作口头报告。",
    }
    lines = {line.pk: texts[line.label] for line in call.fields.all() if line.label in texts}
    operations.save_answers(answers=lines, **about)
    operations.submit_application(**about)


def _grant_exchange(world, moment):
    """Select both: from now on a report and a payment are due of each."""
    by, call = world.staff["DEMOCLERK"], made(world, EXCHANGE)
    operations.close_call(call=call, by=None, now=moment)
    for application in call.applications.order_by("pk"):
        about = {"application": application, "by": by, "now": moment}
        operations.accept_application(**about)
        operations.decide_application(result="awarded", **about)
    operations.conclude_call(call=call, by=by, now=moment)


def _report_trip(world, talent, accepted, moment):
    """Hand a trip report in; where it is `accepted`, the payment waits to be made."""
    due = Due.objects.get(application__talent=talent, step__title="出访报告和票据")
    about = {"due": due, "now": moment}
    operations.write_due(text=TRIP, by=talent.user, **about)
    operations.hand_in_due(by=talent.user, **about)
    if accepted:
        operations.accept_due(by=world.staff["DEMOCLERK"], **about)


def _prefer(world, moment):
    """Let the unit of one of those who apply be preferred for a year."""
    operations.register_advantage(
        kind="return-fund",
        words="设有返岗科研基金",
        words_en="Has a return-to-research fund",
        measure=8,
        unit=world.members[5].unit,
        first_day=moment.date(),
        last_day=moment.date() + timedelta(days=365),
        source="返岗科研基金备案表，2026年第3号",
        by=world.staff["DEMOCLERK"],
        now=moment,
    )
