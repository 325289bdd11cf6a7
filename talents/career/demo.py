"""The demo's careers: what the women did before, what they achieved, and whose records are due to be looked through."""

from datetime import date, timedelta
from random import Random

from django.utils import timezone

from talents.career import files, keeping
from talents.career.kinds import EntryKind
from talents.career.models import CareerEntry
from talents.career.sources import FactSource
from talents.models import Talent

# A title on the way up: what somebody was before.
BEFORE = {
    "senior": ("高级工程师", "associate_senior"),
    "associate_senior": ("工程师", "intermediate"),
    "intermediate": ("助理工程师", "primary"),
}
ACHIEVEMENTS = (
    (
        "paper",
        "面向智能制造的多源数据融合方法",
        "第一作者",
        "机械工程学报",
        "10.3901/JME.2023.05.001",
    ),
    (
        "patent",
        "一种电驱动总成的噪声检测方法",
        "发明人（排名 1）",
        "国家知识产权局",
        "ZL202210123456.7",
    ),
    (
        "project",
        "重庆市重点研发项目“车规级传感器”",
        "项目负责人",
        "重庆市科技局",
        "CSTB2023TIAD0042",
    ),
    ("standard", "智能网联汽车数据安全要求", "起草人", "全国汽车标准化技术委员会", "GB/T 41871"),
    ("award", "重庆市科技进步奖二等奖", "主要完成人", "重庆市人民政府", ""),
    ("product", "车载毫米波雷达模组", "研发负责人", "", ""),
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def make(world, talent, number):
    """Give a woman in the database a past; the first one has some of everything and is asked to look it through."""
    if not talent.is_verified:
        return
    random = Random(number)
    entries = list(_entries(random, talent, whole=number == 0))
    for entry in entries:
        entry.source, entry.confirmed_at = _who_says(talent), talent.verified_at
        entry.created_at = entry.updated_at = talent.verified_at
        entry.save()
    if number == 0:
        paper = next(entry for entry in entries if entry.sort == "paper")
        files.keep(paper, "论文首页.pdf", PDF, talent.verified_at)
    if number % 3 == 1:
        _promote(talent, random, world.now)
    _stand_for(talent, number, world.now)


def _entries(random, talent, *, whole):
    born = talent.birth_month.year
    yield CareerEntry(
        talent=talent,
        kind=EntryKind.EDUCATION,
        organisation=random.choice(("重庆大学", "西南大学", "四川大学")),
        name=talent.research_fields[0],
        sort="21",
        began=date(born + 18, 9, 1),
        ended=date(born + 22, 6, 1),
    )
    if whole or random.random() < 0.5:
        yield CareerEntry(
            talent=talent,
            kind=EntryKind.EMPLOYMENT,
            organisation=random.choice(("重庆示例汽车研究院", "重庆示例电子有限公司")),
            name="工程师",
            began=date(born + 23, 7, 1),
            ended=date(born + 27, 8, 1),
        )
    chosen = ACHIEVEMENTS if whole else random.sample(ACHIEVEMENTS, random.randrange(3))
    for sort, name, role, organisation, code in chosen:
        yield CareerEntry(
            talent=talent,
            kind=EntryKind.ACHIEVEMENT,
            sort=sort,
            name=name,
            role=role,
            organisation=organisation,
            number=code,
            began=date(2019 + random.randrange(6), 1, 1),
        )
    if whole:
        yield from _others(talent)


def _others(talent):
    yield CareerEntry(talent=talent, kind=EntryKind.LANGUAGE, name="英语", sort="fluent")
    yield CareerEntry(
        talent=talent,
        kind=EntryKind.OVERSEAS,
        sort="collaboration",
        organisation="东京大学",
        name="日本",
        role="访问学者",
        began=date(2018, 9, 1),
        ended=date(2019, 8, 1),
    )
    yield CareerEntry(
        talent=talent,
        kind=EntryKind.POST,
        organisation="重庆市女科技工作者协会",
        name="理事",
        began=date(2021, 5, 1),
    )


def _promote(talent, random, now):
    """Let her have got her present title after she came in: the snapshots tell it."""
    if talent.title_level not in BEFORE:
        return
    title, level = BEFORE[talent.title_level]
    rows = Talent.objects.filter(pk=talent.pk)
    at = talent.verified_at + (now - talent.verified_at) * random.uniform(0.3, 0.9)
    today = {"professional_title": talent.professional_title, "title_level": talent.title_level}
    rows.update(professional_title=title, title_level=level, updated_at=talent.verified_at)
    rows.update(**today, updated_at=at, title_since=timezone.localdate(at).replace(month=1, day=1))
    CareerEntry(
        talent=talent,
        kind=EntryKind.TITLE,
        name=title,
        sort=level,
        source=_who_says(talent),
        confirmed_at=at,
        created_at=at,
        updated_at=at,
    ).save()


def _who_says(talent):
    """Return the unit for who was reported and never came herself."""
    return FactSource.IMPORT if talent.source == "import" else FactSource.SELF


def _stand_for(talent, number, now):
    """Have most records be fresh, some due, the first one too."""
    at = talent.verified_at
    if number % 7 == 0:
        at = now - timedelta(days=380 + number)
    rows = Talent.objects.filter(pk=talent.pk)
    rows.update(confirmed_at=at, confirmed_by=_who_says(talent), confirm_from=keeping.ask_again(at))
