"""What a career consists of: the kinds of entries, the lists they choose from, and what each field means in each."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.words import month_text, year_text
from talents import codes


class EntryKind(TextChoices):
    """Kinds of entries."""

    EDUCATION = "education", _("教育经历")
    EMPLOYMENT = "employment", _("工作经历")
    TITLE = "title", _("职称经历")
    TIER = "tier", _("人才称号")
    ACHIEVEMENT = "achievement", _("成果")
    OVERSEAS = "overseas", _("海外经历")
    LANGUAGE = "language", _("语言")
    POST = "post", _("社会兼职")


class Tier(TextChoices):
    """Talent tier or reserve, set by clerks."""

    RESERVE = "reserve", _("储备")
    DISTRICT = "district", _("区级")
    CITY = "city", _("市级")
    NATIONAL = "national", _("国家级")


class AchievementSort(TextChoices):
    """What she achieved."""

    PAPER = "paper", _("论文")
    PATENT = "patent", _("专利")
    STANDARD = "standard", _("标准")
    PROJECT = "project", _("项目")
    PRODUCT = "product", _("产品")
    AWARD = "award", _("奖项")


class OverseasSort(TextChoices):
    """What took her abroad."""

    STUDY = "study", _("学习")
    COLLABORATION = "collaboration", _("合作研究")


class LanguageLevel(TextChoices):
    """How well she speaks it."""

    NATIVE = "native", _("母语")
    FLUENT = "fluent", _("熟练")
    WORKING = "working", _("可以工作")
    BASIC = "basic", _("基础")


@dataclass(frozen=True)
class Spec:
    """What an entry of one kind holds.

    `asks` are {field: label} in the order of the form, `needs` the fields that may not be empty; `sorts` the
    list `sort` chooses from; `months` tells whether its dates are months, else years; `lead` is the field that
    stands first in a line.
    """

    asks: dict
    needs: frozenset
    lead: str
    sorts: Any = None
    months: bool = True
    hints: dict = field(default_factory=dict)

    def said(self, name, value):
        """Return the value of a field in words, "" where it is empty."""
        if not value:
            return ""
        if name == "sort":
            return str(dict(self.sorts.choices).get(value, "")) if self.sorts else ""
        if name in ("began", "ended"):
            return month_text(value) if self.months else year_text(value)
        return value


SPECS = {
    EntryKind.EDUCATION: Spec(
        {
            "organisation": _("院校"),
            "name": _("专业"),
            "sort": _("学历"),
            "began": _("入学"),
            "ended": _("毕业"),
        },
        frozenset({"organisation", "sort"}),
        "organisation",
        codes.EducationLevel,
    ),
    EntryKind.EMPLOYMENT: Spec(
        {
            "organisation": _("单位"),
            "name": _("职务"),
            "began": _("到岗"),
            "ended": _("离开"),
        },
        frozenset({"organisation", "ended"}),
        "organisation",
    ),
    EntryKind.TITLE: Spec(
        {
            "name": _("职称"),
            "sort": _("级别"),
            "began": _("取得年份"),
            "organisation": _("评审机构"),
        },
        frozenset({"name", "sort"}),
        "name",
        codes.TitleLevel,
        months=False,
    ),
    EntryKind.TIER: Spec(
        {
            "sort": _("层次"),
            "name": _("称号或计划"),
            "organisation": _("授予机构"),
            "began": _("授予年月"),
            "ended": _("到期"),
        },
        frozenset({"sort", "organisation", "began"}),
        "name",
        Tier,
    ),
    EntryKind.ACHIEVEMENT: Spec(
        {
            "sort": _("种类"),
            "name": _("名称"),
            "role": _("本人角色"),
            "began": _("年份"),
            "number": _("编号"),
            "organisation": _("发表、授权或颁发单位"),
        },
        frozenset({"sort", "name", "began"}),
        "name",
        AchievementSort,
        months=False,
        hints={
            "role": _("如“第一作者”“发明人（排名 2）”“项目负责人”。"),
            "number": _("专利号、DOI、标准号或项目编号。"),
        },
    ),
    EntryKind.OVERSEAS: Spec(
        {
            "sort": _("种类"),
            "organisation": _("院校或机构"),
            "name": _("国家或地区"),
            "role": _("内容"),
            "began": _("开始"),
            "ended": _("结束"),
        },
        frozenset({"sort", "organisation", "name"}),
        "organisation",
        OverseasSort,
        hints={"role": _("如“联合培养博士”“访问学者”。")},
    ),
    EntryKind.LANGUAGE: Spec(
        {"name": _("语种"), "sort": _("水平")},
        frozenset({"name", "sort"}),
        "name",
        LanguageLevel,
    ),
    EntryKind.POST: Spec(
        {
            "organisation": _("组织"),
            "name": _("职务"),
            "began": _("开始"),
            "ended": _("结束"),
        },
        frozenset({"organisation", "name"}),
        "organisation",
    ),
}
# Given by an authority: she reads them, clerks keep them.
CLERKS_ONLY = frozenset({EntryKind.TIER})
HERS = tuple(kind for kind in EntryKind if kind not in CLERKS_ONLY)
