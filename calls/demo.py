"""Two calls of the demo (liangjiang.demo): a recommendation that takes applications, a programme whose are being looked at."""

from datetime import timedelta

from calls import operations

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
    "申请经费（万元）": {"kind": "number", "label_en": "Funding requested (10,000 yuan)"},
    "研究内容": {"kind": "text", "label_en": "Research plan", "limit": 2000},
}
HONOUR_LINES = ("单位", "职务", "推荐类别", "主要事迹", "主要获奖及荣誉", "参加工作日期")
PROGRAMME_LINES = ("项目名称", "申请经费（万元）", "研究内容")
PROJECTS = (
    ("齿轮箱早期故障的声学诊断", "15", "用现场采集的声信号建立故障特征库，在两家企业试用。"),
    ("低碳水泥的固碳养护工艺", "20", "研究养护湿度与固碳率的关系，完成中试。"),
    ("儿童用药口腔膜剂", "12.5", "筛选三种处方，完成稳定性试验和口感评价。"),
)


def make(world):
    """Put both calls, and what became of them, on the timeline."""
    world.at(world.days(-60), _call, PROGRAMME, PROGRAMME_STAGES, PROGRAMME_LINES, -55, -5)
    for number, project in enumerate(PROJECTS):
        world.at(world.days(-20 + 3 * number), _apply, world.members[5 + number], project)
    world.at(world.days(-3), _look)
    world.at(world.days(-120), _call, LAST_YEAR, HONOUR_STAGES, HONOUR_LINES, -118, -30)
    for number in range(3):
        world.at(world.days(-110 + number), _recommend, world.members[number])
    world.at(world.days(-20), _select)
    world.at(world.days(-2), _make_known)
    world.at(world.days(-12), _call, HONOUR, HONOUR_STAGES, HONOUR_LINES, -10, 20)


def _call(world, fields, stages, lines, opens, closes, moment):
    by = world.staff["DEMOCLERK"]
    times = {"opens_at": world.days(opens, 9), "closes_at": world.days(closes, 18)}
    call = operations.add_call(fields=fields | times, stages=stages, by=by, now=moment)
    for label in lines:
        values = LINES[label] | {"label": label}
        operations.save_field(call=call, values=values, by=by, now=moment)
    operations.open_call(call=call, by=by, now=moment)
    world.calls = [*getattr(world, "calls", []), call]


def _apply(world, talent, project, moment):
    call, by = _made(world, PROGRAMME), talent.user
    application = operations.start_application(call=call, talent=talent, by=by, now=moment)
    answers = dict(zip((line.pk for line in call.fields.all()), project, strict=True))
    about = {"application": application, "by": by}
    operations.save_answers(answers=answers, now=moment + timedelta(minutes=20), **about)
    operations.submit_application(now=moment + timedelta(minutes=25), **about)


def _look(world, moment):
    by = world.staff["DEMOCLERK"]
    first, second, _third = _made(world, PROGRAMME).applications.order_by("pk")
    operations.accept_application(application=first, by=by, now=moment)
    line = second.call.fields.get(label="研究内容")
    operations.return_application(
        application=second,
        items={line: "请补充试验地点和合作单位"},
        due_at=world.days(5, 18),
        by=by,
        now=moment,
    )


def _recommend(world, talent, moment):
    call, by = _made(world, LAST_YEAR), talent.user
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
    by, call = world.staff["DEMOCLERK"], _made(world, LAST_YEAR)
    operations.close_call(call=call, by=None, now=moment)
    for application in call.applications.order_by("pk"):
        about = {"application": application, "by": by, "now": moment}
        operations.accept_application(**about)
        operations.decide_application(result="awarded", **about)


def _made(world, fields):
    return next(call for call in world.calls if call.title == fields["title"])


def _make_known(world, moment):
    by, call = world.staff["DEMOCLERK"], _made(world, LAST_YEAR)
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
