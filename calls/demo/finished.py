"""A recommendation of the demo that is over: nominated, endorsed, judged by a panel, on public notice, objected to, decided.

What followed from it (recommended upward, granted, told of in a story) the apps above put on the timeline.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import islice

from accounts.models import User
from calls import operations
from calls.demo.current import (
    COMMENTS,
    CRITERIA,
    HONOUR,
    HONOUR_LINES,
    HONOUR_STAGES,
    LED,
    NOTICE,
    OUTSIDE,
    bring_forward,
    made,
    may_judge,
    put_down,
)
from calls.models import Application, Assignment, Review

FINISHED = HONOUR | {
    "title": "2026 年三八红旗手推荐",
    "title_en": "March 8th Red-Banner Holder 2026: call for nominations",
    "places": 3,
    "surplus_percent": 30,
    "leaders_percent": 40,
}
# Of six women the number of the unit (accounts.demo.UNITS), the post, what they did, and what each of three reviewers
# gave for it by criterion; the unit of the last does not stand for her.
DEEDS = (
    (
        *(0, "高级工程师", "工程技术"),
        "主持建成区内第一条车规传感器中试线，两年服务二十三家企业，带出八名女工程师。",
        (38, 28, 28),
    ),
    (
        *(12, "主任医师", "医疗卫生"),
        "建起覆盖十一家社区医院的远程会诊平台，三年会诊四千余例，急重症转诊提前一小时。",
        (36, 27, 28),
    ),
    (
        *(10, "研究员", "科研"),
        "发明低温固碳养护工艺，在三家水泥企业中试，每吨产品减碳四成。",
        (37, 25, 27),
    ),
    (
        *(15, "高级教师", "教育"),
        "十五年教物理，组建女生科创社，四十二名学生选择理工科专业。",
        (33, 26, 25),
    ),
    (
        *(3, "副总工程师", "科研"),
        "完成齿轮箱早期故障的声学诊断，两家企业试用，减少停机三次。",
        (30, 24, 22),
    ),
    (
        *(8, "副总经理", "创业"),
        "创办细胞制剂检测平台，三年服务本地企业四十家。",
        None,
    ),
)
RESULTS = ("awarded", "awarded", "awarded", "reserve", "not_awarded")
OBJECTION = "公示材料写的二十三家服务企业，据我所知有几家只是参观过，请核实。"
ANSWER = (
    "已调取服务合同和验收单：二十三家企业均有合同，其中二十一家已验收，两家正在执行。公示内容属实，异议不成立，"
    "感谢监督"
)


def make(world):
    """Put it on the timeline."""
    world.at(world.days(-87), put_down, FINISHED, HONOUR_STAGES, HONOUR_LINES, -85, -60)
    world.at(world.days(-80), _nominate)
    world.at(world.days(-75), _apply)
    world.at(world.days(-58), _endorse)
    world.at(world.days(-56), _accept)
    world.at(world.days(-54), _begin_judging)
    world.at(world.days(-50, 15), _judge)
    world.at(world.days(-48), _rank)
    world.at(world.days(-46), _make_known)
    world.at(world.days(-42, 15), _object)
    world.at(world.days(-38), _answer)
    # Five working days, and the longest holidays there are in between.
    world.at(world.days(-24), _tell_results)


def _women(world):
    """Return the six women: of each unit the one who has been here longest."""
    pool = [one for one in world.members[9:] if one.department.code == "women_federation"]
    pool.sort(key=lambda one: one.created_at)
    units = [world.units[number] for number, *_said in DEEDS]
    return [next(one for one in pool if one.unit_id == unit.pk) for unit in units]


def _nominate(world, moment):
    """Let the unit's contact bring one of its women forward and a colleague another; both agree and apply."""
    call, contact = made(world, FINISHED), User.objects.get(code="DEMOUNITS")
    call.refresh_from_db()
    first, second, colleague = _women(world)[:3]
    for number, (talent, by, unit) in enumerate(
        ((first, contact, contact.unit), (second, colleague.user, None))
    ):
        nomination = bring_forward(call, talent, by, moment, unit=unit)
        agreed = {"by": talent.user, "now": moment + timedelta(hours=3)}
        operations.agree_to_nomination(nomination=nomination, talent=talent, **agreed)
        _hand_in(call, talent, number, moment + timedelta(days=1))


def _apply(world, moment):
    """Let the others apply by themselves, a day apart."""
    call = made(world, FINISHED)
    for number, talent in list(enumerate(_women(world)))[2:]:
        _hand_in(call, talent, number, moment + timedelta(days=number))


def _hand_in(call, talent, number, moment):
    _unit, post, category, deeds, _points = DEEDS[number]
    said = {
        "单位": talent.unit_name,
        "职务": post,
        "推荐类别": category,
        "主要事迹": deeds,
        "参加工作日期": f"{2004 + number}-07-01",
        "主持过的项目": LED,
    }
    lines = {line.pk: said[line.label] for line in call.fields.all() if line.label in said}
    by = talent.user
    application = operations.start_application(call=call, talent=talent, by=by, now=moment)
    about = {"application": application, "by": by}
    operations.save_answers(answers=lines, now=moment + timedelta(minutes=40), **about)
    operations.submit_application(now=moment + timedelta(minutes=50), **about)


def _endorse(world, moment):
    """Let the contact speak for her unit, and the clerk put down what other units sent on paper; one does not stand for its woman."""
    call, clerk = made(world, FINISHED), world.staff["DEMOCLERK"]
    contact = User.objects.get(code="DEMOUNITS")
    operations.close_call(call=call, by=None, now=moment)
    for application in call.applications.select_related("talent").order_by("number"):
        about = {"application": application, "now": moment}
        if application.talent.unit_id == contact.unit_id:
            operations.endorse_application(by=contact, **about)
        elif application.talent == _women(world)[-1]:
            reason = "公司成立不满三年，本年度先由单位培养"
            paper = "加盖公章的书面意见原件"
            operations.decline_application(reason=reason, paper=paper, by=clerk, **about)
        else:
            operations.endorse_application(paper="加盖公章的推荐表原件", by=clerk, **about)


def _accept(world, moment):
    for application in made(world, FINISHED).applications.filter(state="submitted").order_by("pk"):
        operations.accept_application(
            application=application, by=world.staff["DEMOCLERK"], now=moment
        )


def _begin_judging(world, moment):
    """Put two women of the database and an outside expert on the panel; each judges all."""
    review = Review.objects.get(stage__call=made(world, FINISHED))
    about = {"by": world.staff["DEMOCLERK"], "now": moment}
    for name, most, weight in CRITERIA:
        values = {"name": name, "most": most, "weight": weight}
        operations.save_criterion(review=review, values=values, **about)
    applicants = _women(world)
    others = (one for one in reversed(world.members) if one not in applicants)
    for talent in islice((one for one in others if may_judge(one.user, applicants)), 2):
        operations.add_reviewer(review=review, person={"talent": talent}, **about)
    operations.add_reviewer(review=review, person=OUTSIDE, **about)
    values = {"least": 3, "due_at": world.days(-49, 18)}
    operations.edit_review(review=review, values=values, **about)
    operations.distribute(review=review, **about)
    operations.start_judging(review=review, **about)


def _judge(world, moment):
    """Let all three score all and hand in, one point stricter the later they are."""
    review = Review.objects.get(stage__call=made(world, FINISHED))
    criteria, women = list(review.criteria.all()), _women(world)
    for stricter, reviewer in enumerate(review.reviewers.order_by("pk")):
        about = {"by": reviewer.user, "now": moment + timedelta(hours=stricter)}
        sheets = Assignment.objects.filter(reviewer=reviewer).select_related(
            "candidate__application__talent"
        )
        nothing_between = {sheet.pk: ("", "") for sheet in sheets}
        operations.declare_interests(reviewer=reviewer, answers=nothing_between, **about)
        for sheet in sheets.order_by("candidate__number"):
            operations.open_file(assignment=sheet, **about)
            given = DEEDS[women.index(sheet.candidate.application.talent)][-1]
            scores = {
                one.pk: (Decimal(points - stricter), comment)
                for one, points, comment in zip(criteria, given, COMMENTS, strict=True)
            }
            operations.save_scores(assignment=sheet, scores=scores, **about)
        operations.hand_in(reviewer=reviewer, **about)


def _rank(world, moment):
    """Fix the ranking and note the results by it: three selected, one in reserve."""
    review = Review.objects.get(stage__call=made(world, FINISHED))
    about = {"by": world.staff["DEMOCLERK"], "now": moment}
    operations.fix_ranking(review=review, **about)
    ranked = review.candidates.select_related("application").order_by("place")
    for candidate, result in zip(ranked, RESULTS, strict=True):
        operations.decide_application(application=candidate.application, result=result, **about)


def _make_known(world, moment):
    by, call = world.staff["DEMOCLERK"], made(world, FINISHED)
    fields = call.fields.filter(label__in=("职务", "主要事迹"))
    notice = operations.draft_notice(call=call, values=NOTICE, fields=fields, by=by, now=moment)
    operations.start_notice(notice=notice, by=by, now=moment)


def _object(world, moment):
    """Somebody doubts what is said of the first; she gives no name."""
    notice = made(world, FINISHED).notices.get()
    operations.file_objection(
        notice=notice,
        entry=notice.entries.order_by("order").first(),
        text=OBJECTION,
        anonymous=True,
        key="demo-objection-answered",
        now=moment,
    )


def _answer(world, moment):
    objection = made(world, FINISHED).notices.get().objections.get()
    by = world.staff["DEMOCLERK"]
    operations.decide_objection(objection=objection, upheld=False, answer=ANSWER, by=by, now=moment)


def _tell_results(world, moment):
    """End the notice and tell the results; what follows elsewhere follows."""
    call = made(world, FINISHED)
    operations.end_notice(notice=call.notices.get(), by=None, now=moment)
    later = moment + timedelta(days=1)
    operations.conclude_call(call=call, by=world.staff["DEMOCLERK"], now=later)


def awarded(world):
    """Return the applications that were selected, by number."""
    return Application.objects.filter(call=made(world, FINISHED), state="awarded").order_by(
        "number"
    )
