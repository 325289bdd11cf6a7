"""Returnee plans of the demo: one that takes applications with a self-check, and last year's cohort."""

from datetime import date
from decimal import Decimal

from calls import operations as calls
from calls.demo.current import made, put_down
from calls.models import Due
from entrepreneurship.plans import operations
from entrepreneurship.plans.models import PlanMember
from entrepreneurship.ventures.demo import venture_of
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
# Last year's cohort, who is on reserve, and who is refused this year: each founds a venture of the demo.
SELECTED, RESERVE, REFUSED = (4, 7), 11, 9
TEXTS = {
    4: ("两江视界", "高温工位的机器视觉检测", "让质检员离开高温工位：相机看得清红热的铸件，漏检少于千分之二。"),
    7: ("碧流环境", "小流域的水质在线监测", "太阳能浮标每小时测一次氨氮和总磷，数据直接到河长手机。"),
    11: ("星火教育科技", "中学生的科学实验箱", "二十个实验，一张课桌就能做，配重庆话讲解的视频。"),
    9: ("巧匠机器人", "面向小批量产线的协作机器人", "工人手把手教一遍，十分钟换一个活。"),
}  # fmt: skip


def make(world):
    """Put both plans, and what became of last year's, on the timeline."""
    world.at(world.days(-360), _write_last_year)
    for number, who in enumerate((*SELECTED, RESERVE)):
        world.at(world.days(-345 + number), _apply, who, LAST_YEAR)
    world.at(world.days(-300), _select)
    for number, who in enumerate(SELECTED):
        world.at(world.days(-260 + number), _prove, world.members[who])
        world.at(world.days(-105 + number), _link, world.members[who])
    world.at(world.days(-250), _pay, world.members[SELECTED[0]])
    world.at(world.days(-240), _send_up, world.members[SELECTED[0]])
    world.at(world.days(-30), _write_this_year)
    world.at(world.days(-6), _apply, REFUSED, PLAN)
    world.at(world.days(-3), _refuse, world.members[REFUSED])


def _write_last_year(world, moment):
    put_down(world, LAST_YEAR, STAGES, LINES, -358, -310, moment, STEPS, CONDITIONS)
    _lead_upward(world, LAST_YEAR, moment)


def _write_this_year(world, moment):
    put_down(world, PLAN, STAGES, LINES, -28, 30, moment, STEPS, CONDITIONS)


def _lead_upward(world, plan, moment):
    by = world.staff["DEMOCLERK"]
    honour = honours.save_honour(values=UPWARD, by=by, now=moment)
    honours.set_call_honour(call=made(world, plan), honour=honour, by=by, now=moment)


def _apply(world, who, plan, moment):
    talent = world.members[who]
    call, by = made(world, plan), talent.user
    application = calls.start_application(call=call, talent=talent, by=by, now=moment)
    about = {"application": application, "by": by, "now": moment}
    unit, project, content = TEXTS[who]
    said = dict(zip(LINES, (unit, "创始人", project, content), strict=True))
    answers = {line.pk: said[line.label] for line in call.fields.all()}
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


def _link(world, talent, moment):
    """Let her say which venture she was selected with: it was entered after the plan was decided."""
    member = PlanMember.objects.get(talent=talent)
    operations.link_venture(member=member, venture=venture_of(talent), by=talent.user, now=moment)


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
