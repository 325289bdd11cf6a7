"""What `make transfers` measures: search and matching among many profiles; prints JSON."""

import json
from datetime import timedelta
from random import Random

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.models import Unit
from entrepreneurship.transfer import matching
from entrepreneurship.transfer.models import TransferProfile
from entrepreneurship.transfer.showing import NEWEST, TransferFilter, index
from kernel.days import months_after
from kernel.timed import timed
from talents.codes import Discipline

PAGE, CHUNK = 12, 2_000
WHAT = (
    "检测",
    "预警",
    "监测",
    "涂层",
    "电池",
    "芯片",
    "机器人",
    "传感器",
    "发酵",
    "铸造",
    "降噪",
    "影像",
)
HOW = ("在线", "低功耗", "高温", "无损", "柔性", "分布式", "微型", "可降解", "智能", "快速")
WHERE = (
    "晶圆",
    "桥梁",
    "库区",
    "座舱",
    "果园",
    "车间",
    "病房",
    "隧道",
    "管网",
    "矿山",
    "港口",
    "温室",
)
# Rare, common, unknown, a unit, two words, with filters.
QUERIES = (
    {"q": "晶圆"},
    {"q": "检测"},
    {"q": "无损 桥梁"},
    {"q": "第40000号"},
    {"q": "龘龘"},
    {"q": "有限公司"},
    {"q": "传感器", "kind": "need"},
    {"q": "低功耗", "field": "510", "readiness": "6"},
    {"form": "equity"},
    {"field": "430", "kind": "offer"},
    {},
)


class Command(BaseCommand):
    """Fill the transfer of results with generated profiles, or time what is read of them."""

    help = __doc__

    def add_arguments(self, parser):
        """Take how many there shall be, or the order to measure."""
        parser.add_argument("--grow", type=int, default=0, help="profiles there shall be")

    def handle(self, *args, grow, **options):
        """Do one of both."""
        if grow:
            _grow(grow)
            self.stdout.write("{}")
        else:
            self.stdout.write(json.dumps(measured()))


def _grow(rows):
    random, units = Random(7), list(Unit.objects.all())
    now, fields = timezone.now(), [code for code in Discipline.values if code < "700"]
    for start in range(TransferProfile.objects.count(), rows, CHUNK):
        made = [
            _profile(number, random, units, fields, now)
            for number in range(start, min(start + CHUNK, rows))
        ]
        TransferProfile.objects.bulk_create(made)


def _profile(number, random, units, fields, now):
    where, how, what = random.choice(WHERE), random.choice(HOW), random.choice(WHAT)
    profile = TransferProfile(
        kind=("offer", "need")[number % 2],
        unit=random.choice(units),
        title=f"{where}的{how}{what}第{number}号",
        advantage=f"误差从 {number % 9 + 2}% 降到 1%",
        field=random.choice(fields),
        readiness=number % 9 + 1,
        forms=random.sample(["licence", "transfer", "equity", "joint", "service"], 2),
        keywords=[f"{where}{what}", f"{how}{what}", f"{where}{how}"],
        created_at=now,
        published_at=now - timedelta(seconds=number),
        expires_on=months_after(timezone.localdate(now), 12),
    )
    index(profile, f"{where}里靠人工做{what}，费时，需要{how}的办法。" * 3)
    return profile


def measured():
    """Return {what: [median ms, 95th percentile ms]}."""
    rows = TransferProfile.objects
    key = rows.order_by("pk").values_list("pk", flat=True)[rows.count() // 2]
    today = timezone.localdate()
    some = list(rows.filter(pk__gt=key).exclude(kind="joint").order_by("pk")[:40])
    return {
        "floor: one profile by its key": timed(
            [lambda: rows.filter(pk=key).values_list("pk").get()]
        ),
        "search: a page of the list": timed([_searching(query) for query in QUERIES]),
        "matching one profile": timed([_matching(profile, today) for profile in some], runs=2),
    }


def _searching(query):
    def search():
        found = TransferFilter(query).rows().listed()
        return NEWEST.page(found, "", PAGE)

    return search


def _matching(profile, today):
    return lambda: matching.find(profile, today)
