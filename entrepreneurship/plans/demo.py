"""Returnee plans of the demo: one that takes applications with a self-check, and last year's cohort."""

from datetime import date
from decimal import Decimal

from calls import operations as calls
from calls.demo.current import made, put_down
from calls.models import Due
from honours import operations as honours
from honours.models import Recommendation

RULES = "两江新区留学人员创业支持办法（示例）第六条"
PLAN = {
    "kind": "fund",
    "measure": 3,
    "title": "2026 年女性留学人员创业支持计划",
    "title_en": "Start-up plan for women returning from abroad 2026",
    "text": "支持女性留学人员到两江新区创办科技企业。入选后按阶段拨付启动资金，推荐申报市级留创计划。",
    "text_en": "For women who come back from abroad to found a technology company here: seed money in instalments, "
    "and a recommendation to the municipal returnee plan.",
    "sources": ["self"],
    "places": 10,
    "award": "女性留学人员创业支持计划",
    "most_awards": 2,
    "contact": "两江新区妇联发展部 023-0000-0000",
}
LAST_YEAR = PLAN | {
    "title": "2025 年女性留学人员创业支持计划",
    "title_en": "Start-up plan for women returning from abroad 2025",
}
STAGES = ("acceptance", "decision", "recommendation")
LINES = ("单位", "职务", "项目名称", "研究内容")
SINCE = {"document": RULES, "in_force_from": date(2024, 7, 1), "in_force_until": date(2029, 6, 30)}
REQUIREMENTS = (
    {
        "text": "在海外学习或工作一年以上",
        "text_en": "Studied or worked abroad for a year or more",
        "answered_by": "overseas",
    },
    {
        "text": "回国未满五年",
        "text_en": "Back from abroad for less than five years",
        "answered_by": "herself",
    },
    {
        "text": "有硕士以上学位",
        "text_en": "A master's degree or higher",
        "answered_by": "degree",
        "least_degree": "3",
    },
    {
        "text": "年龄不超过 50 周岁",
        "text_en": "Not older than 50",
        "answered_by": "age",
        "most_age": 50,
    },
    {
        "text": "本人是企业的创始人，持股不低于 30%",
        "text_en": "A founder with a share of at least 30 %",
        "answered_by": "herself",
    },
    {
        "text": "海外学历经教育部留学服务中心认证",
        "text_en": "The foreign degree is certified",
        "answered_by": "office",
        "office": "教育部留学服务中心",
    },
)
CONDITIONS = tuple(SINCE | values for values in REQUIREMENTS)
STEPS = (
    {
        "kind": "report",
        "title": "企业注册和场地证明",
        "title_en": "Registration and premises",
        "wanted": "营业执照副本、租赁合同。",
        "wanted_en": "Business licence and lease.",
        "days": 120,
        "limit": 500,
    },
    {
        "kind": "payment",
        "title": "第一笔启动资金",
        "title_en": "First instalment",
        "wanted": "证明通过后拨付。",
        "wanted_en": "Paid once the papers are accepted.",
        "days": 30,
        "counted_from": "before",
        "needs_before": True,
        "amount": Decimal("100000.00"),
    },
)
UPWARD = {
    "name": "重庆市留学人员创业支持计划",
    "name_en": "Chongqing plan for returnee start-ups",
    "level": "municipal",
    "for_whom": "person",
    "granted_by": "重庆市人力资源和社会保障局",
    "is_current": True,
}
TEXTS = {
    "单位": "两江新区留学人员创业园",
    "职务": "创始人",
    "项目名称": "齿轮箱声学诊断",
    "研究内容": "用声学方法提前发现齿轮箱的故障。",
}


def make(world):
    """Put both plans, and what became of last year's, on the timeline."""
    world.at(world.days(-360), _write_last_year)
    for number in range(3):
        world.at(world.days(-345 + number), _apply, world.members[10 + number], LAST_YEAR)
    world.at(world.days(-300), _select)
    world.at(world.days(-260), _prove, world.members[10])
    world.at(world.days(-250), _pay, world.members[10])
    world.at(world.days(-240), _send_up, world.members[10])
    world.at(world.days(-30), _write_this_year)
    world.at(world.days(-6), _apply, world.members[13], PLAN)
    world.at(world.days(-3), _refuse, world.members[13])


def _write_last_year(world, moment):
    put_down(world, LAST_YEAR, STAGES, LINES, -358, -310, moment, STEPS, CONDITIONS)
    _lead_upward(world, LAST_YEAR, moment)


def _write_this_year(world, moment):
    put_down(world, PLAN, STAGES, LINES, -28, 30, moment, STEPS, CONDITIONS)


def _lead_upward(world, plan, moment):
    by = world.staff["DEMOCLERK"]
    honour = honours.save_honour(values=UPWARD, by=by, now=moment)
    honours.set_call_honour(call=made(world, plan), honour=honour, by=by, now=moment)


def _apply(world, talent, plan, moment):
    call, by = made(world, plan), talent.user
    application = calls.start_application(call=call, talent=talent, by=by, now=moment)
    about = {"application": application, "by": by, "now": moment}
    answers = {line.pk: TEXTS[line.label] for line in call.fields.all()}
    calls.save_answers(answers=answers, **about)
    calls.submit_application(**about)


def _select(world, moment):
    """Select two, the third is on reserve."""
    by, call = world.staff["DEMOCLERK"], made(world, LAST_YEAR)
    calls.close_call(call=call, by=None, now=moment)
    for number, application in enumerate(call.applications.order_by("pk")):
        about = {"application": application, "by": by, "now": moment}
        calls.accept_application(**about)
        calls.decide_application(result="awarded" if number < 2 else "reserve", **about)
    calls.conclude_call(call=call, by=by, now=moment)


def _prove(world, talent, moment):
    due = Due.objects.get(application__talent=talent, step__title="企业注册和场地证明")
    calls.write_due(due=due, text="已注册，租用创业园三层。", by=talent.user, now=moment)
    calls.hand_in_due(due=due, by=talent.user, now=moment)
    calls.accept_due(due=due, by=world.staff["DEMOCLERK"], now=moment)


def _pay(world, talent, moment):
    due = Due.objects.get(application__talent=talent, step__title="第一笔启动资金")
    calls.pay_due(
        due=due,
        amount=due.step.amount,
        paid_on=moment.date(),
        reference="记字第 31 号",
        by=world.staff["DEMOCLERK"],
        now=moment,
    )


def _send_up(world, talent, moment):
    honours.send_recommendation(
        recommendation=Recommendation.objects.get(talent=talent, honour__name=UPWARD["name"]),
        sent_to="重庆市人力资源和社会保障局",
        sent_on=moment.date(),
        by=world.staff["DEMOCLERK"],
        now=moment,
    )


def _refuse(world, talent, moment):
    """Do not accept one, and say which condition is not met."""
    call = made(world, PLAN)
    calls.refuse_application(
        application=call.applications.get(talent=talent),
        reason="回国时间已超过五年。",
        unmet=call.requirements.filter(text="回国未满五年"),
        by=world.staff["DEMOCLERK"],
        now=moment,
    )
