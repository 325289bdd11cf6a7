"""Flexible work of the demo (liangjiang.demo): every kind, confirmed, due, not re-checked, gone and withdrawn."""

from datetime import timedelta

from django.utils import timezone

from talents.codes import Discipline
from workplaces.flexible import operations

# Kind, posts, discipline, how many, pay, its words, workload, child's age, street, place, days since it was confirmed.
OFFERS = (
    ("hours", "研发岗、数据分析岗", "", None, "same", "", "每周 40 小时，10 点到 16 点在岗", None, "礼嘉街道", "两江数字经济产业园", 20),
    ("home", "软件开发岗", "520", 12, "same", "", "每周两天在家办公", None, "天宫殿街道", "互联网产业园", 35),
    ("part_time", "实验室研究岗", "430", 3, "pro_rata", "", "每周 24 小时，三天到岗", 6, "水土街道", "水土高新园", 60),
    ("steps", "全部科研岗位", "", None, "same", "", "产假后前三个月六成工作量，之后三个月八成", 1, "鱼嘴镇", "", 90),
    ("no_nights", "检验岗、中试岗", "350", None, "same", "", "排班只排白班，夜班补贴照发一半", 3, "水土街道", "生物医药园", 120),
    ("shared", "测试工程师", "510", 2, "pro_rata", "", "两人各做一半，交接半小时算工作时间", None, "悦来街道", "", 200),
    ("shifted", "工艺工程师", "460", 8, "other", "换到周末的班次按公司规定另计", "每周 40 小时，班次可以互换", 12, "鱼复街道", "鱼复新城", 342),
    ("compressed", "设计岗", "560", 4, "same", "", "每周四天，每天 10 小时", None, "人和街道", "", 380),
    ("home", "专利撰写岗", "", 2, "other", "按件计酬，说明见招聘启事", "每月交 4 件", None, "康美街道", "不限地点", 440),
    ("hours", "项目管理岗", "", None, "same", "", "上午 8 点到 10 点之间到岗", None, "金山街道", "", 15),
)  # fmt: skip
WITHDRAWN = len(OFFERS) - 1


def make(world):
    """Put them on the timeline."""
    for number, row in enumerate(OFFERS):
        world.at(world.days(-row[-1]), _offer, number, row)
    world.at(world.days(-5), _withdraw)


def _unit(world, number):
    """Return the unit an offer is of: the contact of the demo keeps four."""
    return world.units[0 if number in (0, 6, 7, 9) else number % len(world.units)]


def _offer(world, number, row, moment):
    kind, posts, discipline, how_many, pay, pay_words, workload, age, street, place, _days = row
    values = {
        "kind": kind,
        "posts": posts,
        "discipline": Discipline(discipline) if discipline else "",
        "how_many": how_many,
        "pay": pay,
        "pay_words": pay_words,
        "workload": workload,
        "age_until": age,
        "valid_from": timezone.localdate(moment) - timedelta(days=30),
        "valid_until": None,
        "district": street,
        "place": place,
        "ask": "人力资源部",
        "phone": f"023-6701{number:04d}",
    }
    by = world.staff["DEMOCLERK"]
    operations.save_offer(unit=_unit(world, number), values=values, by=by, now=moment)


def _withdraw(world, moment):
    found = _unit(world, WITHDRAWN).flexible_offers.get(posts=OFFERS[WITHDRAWN][1])
    by = world.staff["DEMOCLERK"]
    operations.withdraw_offer(offer=found, reason="单位来电说已不再实行", by=by, now=moment)
