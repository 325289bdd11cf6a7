"""Ventures of the demo (liangjiang.demo): twelve over four years, in every stage, one question unanswered.

The other themes speak of these (`venture_of`): who is introduced to a bank or selected by a plan founds one of them.
"""

from datetime import date

from stdnum.cn import uscc

from entrepreneurship.ventures import operations
from entrepreneurship.ventures.models import UNKNOWN_AFTER, Venture

# Name, industry, what it does, when it was registered (None: not yet), the stage it stands at now and since when.
VENTURES = (
    ("听声科技", "M", "用声学方法提前发现齿轮箱的故障", date(2023, 5, 20), "operating", None),
    ("云桥芯片设计", "I", "车规级电源管理芯片", date(2023, 1, 9), "operating", None),
    ("青禾生物", "C", "可降解的医用敷料", date(2024, 3, 18), "operating", None),
    ("渝材新能", "C", "固态电池的电解质材料", date(2025, 6, 3), "operating", None),
    ("两江视界", "I", "高温工位的机器视觉检测", date(2026, 2, 26), "registered", None),
    ("智护家园", "I", "居家养老的跌倒预警", date(2024, 9, 12), "paused", date(2026, 4, 1)),
    ("山城云图", "I", "山地城市的三维地图", date(2023, 7, 7), "closed", date(2025, 10, 31)),
    ("碧流环境", "M", "小流域的水质在线监测", date(2024, 11, 5), "operating", None),
    ("微光医疗", "M", "眼底影像的早期筛查", None, "team", date(2026, 3, 15)),
    ("巧匠机器人", "C", "面向小批量产线的协作机器人", None, "idea", None),
    ("稻花种业", "A", "耐高温的优质稻", None, "paused", date(2026, 6, 20)),
    ("星火教育科技", "P", "中学生的科学实验箱", None, "team", date(2026, 8, 2)),
)
# What was answered of them: people, women among them, revenue, finance, patents.
YEARS = {
    0: (9, 4, "to_1m", "to_1m", 1),
    1: (26, 11, "to_20m", "to_5m", 7),
    2: (15, 8, "to_5m", "to_1m", 3),
    3: (12, 5, "to_1m", "to_5m", 2),
    7: (18, 7, "to_5m", "none", 4),
}
ASKED = ("jobs", "women_jobs", "revenue", "finance", "patents")
FOUNDED_WITH = 4  # ventures whose second founder, a woman without one of her own, has confirmed
INVITES = 8  # a venture that has asked the first woman, who has not answered


def make(world):
    """Put them on the timeline."""
    for number, talent in zip(range(len(VENTURES)), world.members, strict=False):
        world.at(world.days(-110), _enter, number, talent)
        if number in YEARS:
            world.at(world.days(-60), _answer, number)
    for number, talent in enumerate(world.members[15 : 15 + FOUNDED_WITH]):
        world.at(world.days(-100), _join, number, talent)
    world.at(world.days(-2), _invite, INVITES, world.members[0])
    world.at(world.days(-70), _ask, 4)  # nobody answers it


def _code(number):
    begin = f"91500000MAD{(number + 5) * 48_271 % 999_983:06d}"
    return begin + uscc.calc_check_digit(begin)


def _venture(number):
    return Venture.objects.get(name=VENTURES[number][0])


def venture_of(talent):
    """Return the venture of the demo a woman began."""
    return Venture.objects.get(talent=talent)


def _enter(world, number, talent, moment):
    """Enter one as she would, step by step."""
    name, industry, summary, registered_on, stage, since = VENTURES[number]
    begin = registered_on or date(2026, 1, 12)
    values = {
        "name": name,
        "industry": industry,
        "summary": summary,
        "stage": "registered" if registered_on else "idea",
        "day": begin,
        "uscc": _code(number) if registered_on else "",
        "role": "lead",
        "share": "60",
    }
    about = {"by": talent.user, "now": moment}
    venture = operations.create_venture(talent=talent, values=values, **about)
    steps = [("operating", begin)] if registered_on and stage != "registered" else []
    if stage not in ("operating", "registered", "idea"):
        steps.append((stage, since))
    for code, day in steps:
        venture = operations.enter_stage(venture=venture, stage=code, day=day, **about)
    if number == 0:
        operations.add_outside_founder(venture=venture, role="finance", share="10", **about)


def _join(world, number, talent, moment):
    venture = _venture(number)
    link = operations.invite_founder(
        venture=venture, role="technology", share="25.5", by=venture.talent.user, now=moment
    )
    operations.accept_founder(founder=link, talent=talent, by=talent.user, now=moment)


def _invite(world, number, talent, moment):
    """Send a woman a link she has not answered yet."""
    venture = _venture(number)
    about = {"role": "technology", "share": "15", "number": talent.code}
    operations.invite_founder(venture=venture, by=venture.talent.user, now=moment, **about)


def _answer(world, number, moment):
    venture = _venture(number)
    values = {"alive": True} | dict(zip(ASKED, YEARS[number], strict=True))
    operations.answer_check(venture=venture, values=values, by=venture.talent.user, now=moment)


def _ask(world, number, moment):
    """Bring one venture's yearly question forward and let it go unanswered."""
    Venture.objects.filter(pk=_venture(number).pk).update(next_check_on=moment.date())
    check = operations.ask_check(venture=_venture(number), now=moment)
    operations.close_check(check=check, now=moment + UNKNOWN_AFTER)
