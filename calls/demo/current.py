"""Calls of the demo that go on: a recommendation that takes applications, one on public notice, a programme that is being judged blind."""

import io
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from accounts.models import User
from calls import operations, rules
from calls.conflicts import conflicts_between
from calls.models import Application, Assignment, Review
from kernel import word

HONOUR = {
    "kind": "honour",
    "measure": 5,
    "title": "2027 年三八红旗手推荐",
    "title_en": "March 8th Red-Banner Holder 2027: call for nominations",
    "text": (
        "面向在两江新区科技创新、成果转化和教学医疗一线作出突出成绩的女性科技人才。\n\n"
        "请如实填写主要事迹，突出近三年的工作；材料将由妇联核对，入选人选按程序公示后向市妇联推荐。"
    ),
    "text_en": (
        "For women in science and technology with outstanding achievements in innovation, technology transfer, "
        "teaching or medicine in Liangjiang New Area."
    ),
    "sources": ["self", "unit", "third"],
    "places": 10,
    "unit_quota": 2,
    "sector_quotas": {"enterprise": 6, "hospital": 3},
    "surplus_percent": 20,
    "leaders_percent": 20,
    "leaders_by": "call",
    "award": "三八红旗手",
    "no_repeat": True,
    "contact": "两江新区妇联发展部 023-0000-0000",
}
HONOUR_STAGES = (
    "endorsement",
    "acceptance",
    "panel",
    "public_notice",
    "decision",
    "recommendation",
)
LAST_YEAR = HONOUR | {
    "title": "两江新区巾帼科技创新标兵推荐",
    "title_en": "Women Pacesetters in Science and Innovation of Liangjiang",
    "places": 3,
    "unit_quota": 3,
    "sector_quotas": {},
    "leaders_percent": None,
    "award": "巾帼科技创新标兵",
    "no_repeat": False,
}
DEEDS = (
    "牵头完成车规芯片可靠性测试平台，服务本地整车企业十二家。",
    "研发的水质在线监测仪用于嘉陵江六个断面，连续三年无故障。",
    "二十年扎根一线，带出十五名青年技师，获专利九项。",
)
NOTICE = {
    "authority": "两江新区妇联",
    "text": "经单位推荐、部门受理和评审会评议，拟推荐以下人选，现予公示。公示期间如有异议，请署名或匿名提出。",
    "contact": "两江新区妇联发展部 023-0000-0000，星光大道 1 号 306 室",
}
# Without a panel: the demo shows one at work in the programme.
LAST_YEARS_STAGES = tuple(stage for stage in HONOUR_STAGES if stage != "panel")
PROGRAMME = {
    "kind": "programme",
    "measure": 1,
    "title": "2026 年两江女性科技人才培育项目",
    "title_en": "Liangjiang Women in Science Development Programme 2026",
    "text": "支持女性科技人才牵头开展应用研究和成果转化，每项资助一年。\n\n申报书不要写可以看出身份的信息，评审按匿名进行。",
    "text_en": "One year's support for applied research and technology transfer led by women.",
    "sources": ["self"],
    "places": 5,
    "unit_quota": None,
    "contact": "两江新区妇联发展部 023-0000-0000",
}
PROGRAMME_STAGES = ("acceptance", "blind_scoring", "public_notice", "decision")
LINES = {
    "单位": {"kind": "text", "label_en": "Unit", "limit": 120, "profile": "unit_name"},
    "职务": {"kind": "text", "label_en": "Position", "limit": 80, "profile": "position"},
    "主要获奖及荣誉": {
        "kind": "text",
        "label_en": "Awards and honours",
        "limit": 1000,
        "profile": "honours",
        "required": False,
    },
    "主要事迹": {
        "kind": "text",
        "label_en": "Main achievements",
        "limit": 1500,
        "help": "近三年为主，写清本人的贡献",
    },
    "推荐类别": {
        "kind": "choice",
        "label_en": "Category",
        "choices": ["科研", "工程技术", "教育", "医疗卫生", "创业"],
    },
    "参加工作日期": {"kind": "date", "label_en": "First day at work", "required": False},
    "项目名称": {"kind": "text", "label_en": "Project title", "limit": 60},
    "项目团队": {
        "kind": "text",
        "label_en": "Team",
        "limit": 500,
        "help": "成员和单位；评审专家看不到这一项",
        "identifying": True,
    },
    "申请经费（万元）": {"kind": "number", "label_en": "Funding requested (10,000 yuan)"},
    "研究内容": {"kind": "text", "label_en": "Research plan", "limit": 2000},
    "主持过的项目": {
        "kind": "table",
        "label_en": "Projects led",
        "columns": [
            {"name": "起始年份", "kind": "number", "limit": 4, "name_en": "Since"},
            {"name": "项目名称", "kind": "text", "limit": 60, "name_en": "Project"},
            {"name": "成效", "kind": "text", "limit": 120, "name_en": "What came of it"},
        ],
        "most": 5,
        "required": False,
    },
    "证明材料": {
        "kind": "file",
        "label_en": "Supporting documents",
        "help": "获奖证书、专利、合同等",
        "file_kinds": ["pdf", "docx", "image"],
        "most": 5,
        "required": False,
    },
}
HONOUR_LINES = (
    *("单位", "职务", "推荐类别", "主要事迹", "主要获奖及荣誉", "参加工作日期"),
    *("主持过的项目", "证明材料"),
)
PROGRAMME_LINES = (
    *("项目名称", "项目团队", "申请经费（万元）", "研究内容"),
    *("主持过的项目", "证明材料"),
)
LED = [["2023", "旋转机械在线监测", "在两家企业试用，减少停机三次"]]
PROJECTS = (
    (
        "齿轮箱早期故障的声学诊断",
        "本单位四人",
        "15",
        "用现场采集的声信号建立故障特征库，在两家企业试用。",
    ),
    ("低碳水泥的固碳养护工艺", "本单位三人", "20", "研究养护湿度与固碳率的关系，完成中试。"),
    (
        "儿童用药口腔膜剂",
        "本单位五人，医院两人",
        "12.5",
        "筛选三种处方，完成稳定性试验和口感评价。",
    ),
)
CRITERIA = (("创新性", 40, 4), ("可行性", 30, 3), ("应用价值", 30, 3))
# What the first two reviewers gave, by criterion, and why; the third is still at work.
GIVEN = {
    0: ((34, 24, 26), (30, 22, 20), (36, 25, 27)),
    1: ((38, 27, 28), (35, 26, 25), (22, 15, 16)),
}
COMMENTS = ("问题抓得准，方法有新意。", "条件具备，进度安排合理。", "有企业愿意试用。")
OUTSIDE = {"full_name": "沈思远", "unit_text": "西南山地大学", "email": "reviewer@example.cn"}


def make(world):
    """Put them, and what became of them, on the timeline."""
    world.at(world.days(-60), put_down, PROGRAMME, PROGRAMME_STAGES, PROGRAMME_LINES, -55, -5)
    for number, project in enumerate(PROJECTS):
        world.at(world.days(-20 + 3 * number), _apply, world.members[5 + number], project)
    world.at(world.days(-120), put_down, LAST_YEAR, LAST_YEARS_STAGES, HONOUR_LINES, -118, -30)
    for number in range(3):
        world.at(world.days(-110 + number), _recommend, world.members[number])
    world.at(world.days(-20), _select)
    world.at(world.days(-2), _make_known)
    world.at(world.days(-4), _accept)
    world.at(world.days(-3), _begin_judging)
    world.at(world.days(-2), _judge)
    world.at(world.days(-12), put_down, HONOUR, HONOUR_STAGES, HONOUR_LINES, -10, 20)
    world.at(world.days(-2, 11), _return_one)
    world.at(world.days(-1, 10), _nominate)


def put_down(world, fields, stages, lines, opens, closes, moment, steps=(), requirements=()):
    """Write a call with these lines and publish it; it takes applications from day `opens` to day `closes`.

    `steps` are what follows its results, `requirements` the conditions of its self-check.
    """
    by = world.staff["DEMOCLERK"]
    times = {"opens_at": world.days(opens, 9), "closes_at": world.days(closes, 18)}
    call = operations.add_call(fields=fields | times, stages=stages, by=by, now=moment)
    for label in lines:
        values = LINES[label] | {"label": label}
        operations.save_field(call=call, values=values, by=by, now=moment)
    for values in steps:
        operations.save_step(call=call, values=values, by=by, now=moment)
    for values in requirements:
        operations.save_requirement(call=call, values=values, by=by, now=moment)
    operations.open_call(call=call, by=by, now=moment)
    world.calls = [*getattr(world, "calls", []), call]


def _apply(world, talent, project, moment):
    call, by = made(world, PROGRAMME), talent.user
    application = operations.start_application(call=call, talent=talent, by=by, now=moment)
    *lines, led, papers = call.fields.all()
    answers = dict(zip((line.pk for line in lines), project, strict=True)) | {led.pk: LED}
    about = {"application": application, "by": by}
    operations.save_answers(answers=answers, now=moment + timedelta(minutes=20), **about)
    sent = [("试用报告.docx", _report(project[0], talent.full_name))]
    operations.attach_files(field=papers, sent=sent, now=moment + timedelta(minutes=22), **about)
    operations.submit_application(now=moment + timedelta(minutes=25), **about)


def _report(title, author):
    """Return a Word file as she would send it: its properties name her, its page does not."""
    document = word.opened(title, author)
    document.add_heading(title, 1)
    document.add_paragraph("设备在企业现场连续运行六个月，数据完整，达到预期指标。")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _accept(world, moment):
    by = world.staff["DEMOCLERK"]
    for application in Application.objects.filter(call=made(world, PROGRAMME)).order_by("pk"):
        operations.accept_application(application=application, by=by, now=moment)


def _begin_judging(world, moment):
    """Put two women of the database and an outside expert on the panel and let them begin."""
    review = Review.objects.get(stage__call=made(world, PROGRAMME))
    about = {"by": world.staff["DEMOCLERK"], "now": moment}
    for name, most, weight in CRITERIA:
        values = {"name": name, "most": most, "weight": weight}
        operations.save_criterion(review=review, values=values, **about)
    applicants = [
        one.talent for one in made(world, PROGRAMME).applications.select_related("talent__unit")
    ]
    experts = (talent for talent in world.members[12:] if may_judge(talent.user, applicants))
    for talent in islice(experts, 2):
        operations.add_reviewer(review=review, person={"talent": talent}, **about)
    outside = operations.add_reviewer(review=review, person=OUTSIDE, **about)
    outside.user.password = world.password
    outside.user.save(update_fields=["password"])
    values = {"least": 3, "due_at": world.days(6, 18)}
    operations.edit_review(review=review, values=values, **about)
    operations.distribute(review=review, **about)
    operations.start_judging(review=review, **about)


def may_judge(user, applicants):
    """Tell whether nothing between this person and these women (Talents) keeps her off a panel."""
    return not any(
        found.is_hard for woman in applicants for found in conflicts_between(user, woman)
    )


def _judge(world, moment):
    """Two hand in, one of them far from the others in one application; the outside expert has not begun."""
    review = Review.objects.get(stage__call=made(world, PROGRAMME))
    criteria = list(review.criteria.all())
    for number, reviewer in enumerate(review.reviewers.filter(is_outside=False).order_by("pk")):
        about = {"by": reviewer.user, "now": moment}
        operations.declare_interests(reviewer=reviewer, answers={}, **about)
        sheets = Assignment.objects.of(reviewer.user).filter(reviewer=reviewer)
        for sheet, given in zip(sheets.order_by("candidate__number"), GIVEN[number], strict=True):
            operations.open_file(assignment=sheet, **about)
            scores = {
                one.pk: (Decimal(points), comment)
                for one, points, comment in zip(criteria, given, COMMENTS, strict=True)
            }
            operations.save_scores(assignment=sheet, scores=scores, **about)
        operations.hand_in(reviewer=reviewer, **about)


def _free(world, call, moment):
    """Return the members who may be put forward for a call and have not begun, but for the first nine, who do other things."""
    call.refresh_from_db()  # it was a draft when it was put down
    taken = set(call.applications.values_list("talent", flat=True))
    return [
        one
        for one in world.members[9:]
        if one.pk not in taken and rules.why_not_apply(call, one, moment) is None
    ]


def _return_one(world, moment):
    """Let one who applied to the recommendation be asked for more."""
    call = made(world, HONOUR)
    talent = _free(world, call, moment)[0]
    by = talent.user
    application = operations.start_application(call=call, talent=talent, by=by, now=moment)
    texts = {"主要事迹": "牵头完成两项成果转化。", "推荐类别": "科研", "单位": talent.unit_name}
    texts["职务"] = talent.position or "研究员"
    lines = {line.label: line.pk for line in call.fields.all()}
    answers = {lines[label]: text for label, text in texts.items()}
    about = {"application": application}
    operations.save_answers(answers=answers, by=by, now=moment, **about)
    operations.submit_application(by=by, now=moment, **about)
    operations.return_application(
        items={call.fields.get(label="主要事迹"): "请写明成果转化的年份和合作单位"},
        due_at=world.days(22, 18),
        by=world.staff["DEMOCLERK"],
        now=moment + timedelta(hours=2),
        **about,
    )


def _nominate(world, moment):
    """Let a unit's contact bring one of its people forward, who agrees and hands in, and somebody bring another forward."""
    call, contact = made(world, HONOUR), User.objects.get(code="DEMOUNITS")
    free = [one for one in _free(world, call, moment) if one.user.phone_verified]
    of_unit = next((one for one in free if one.unit_id == contact.unit_id), None)
    others = [one for one in free if one is not of_unit]
    if of_unit:
        nomination = bring_forward(call, of_unit, contact, moment, unit=contact.unit)
        about = {"by": of_unit.user, "now": moment + timedelta(hours=1)}
        application = operations.agree_to_nomination(nomination=nomination, talent=of_unit, **about)
        texts = {
            "主要事迹": DEEDS[0],
            "推荐类别": "工程技术",
            "职务": "工程师",
            "单位": of_unit.unit_name,
        }
        lines = {line.pk: texts[line.label] for line in call.fields.all() if line.label in texts}
        operations.save_answers(application=application, answers=lines, **about)
        operations.submit_application(application=application, **about)
    if len(others) > 1:
        bring_forward(call, others[0], others[1].user, moment + timedelta(hours=2))


def bring_forward(call, talent, nominator, moment, unit=None):
    """Nominate a woman, for a unit or in one's own name; returns the Nomination."""
    return operations.nominate(
        call=call,
        unit=unit,
        full_name=talent.full_name,
        phone=talent.user.phone,
        reason="二十年扎根一线，带出十五名青年技师，成果在本地企业推广。",
        by=nominator,
        now=moment,
    )


def _recommend(world, talent, moment):
    call, by = made(world, LAST_YEAR), talent.user
    application = operations.start_application(call=call, talent=talent, by=by, now=moment)
    about = {"application": application, "by": by}
    answers = {
        "单位": talent.unit_name,
        "职务": talent.position or "工程师",
        "推荐类别": "工程技术",
        "主要事迹": DEEDS[call.applications.count() % len(DEEDS)],
    }
    lines = {line.pk: answers[line.label] for line in call.fields.all() if line.label in answers}
    operations.save_answers(answers=lines, now=moment + timedelta(minutes=20), **about)
    operations.submit_application(now=moment + timedelta(minutes=25), **about)


def _select(world, moment):
    by, call = world.staff["DEMOCLERK"], made(world, LAST_YEAR)
    operations.close_call(call=call, by=None, now=moment)
    for application in call.applications.order_by("pk"):
        about = {"application": application, "by": by, "now": moment}
        operations.endorse_application(paper="加盖公章的推荐表原件", **about)
        operations.accept_application(**about)
        operations.decide_application(result="awarded", **about)


def made(world, fields):
    """Return the call that was put down with these fields."""
    return next(call for call in world.calls if call.title == fields["title"])


def _make_known(world, moment):
    by, call = world.staff["DEMOCLERK"], made(world, LAST_YEAR)
    fields = call.fields.filter(label__in=("职务", "主要事迹"))
    notice = operations.draft_notice(call=call, values=NOTICE, fields=fields, by=by, now=moment)
    operations.start_notice(notice=notice, by=by, now=moment)
    operations.file_objection(
        notice=notice,
        text="公示的材料里写到的获奖年份与公开报道不一致，请核实。",
        anonymous=True,
        key="demo-objection",
        now=moment + timedelta(hours=5),
    )
