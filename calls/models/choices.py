"""What calls, their stages and the lines of their forms choose from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallKind(models.TextChoices):
    """What is applied for."""

    HONOUR = "honour", _("荣誉推荐")
    PROGRAMME = "programme", _("人才项目")
    FUND = "fund", _("资金支持")
    OTHER = "other", _("其他申报")


class CallState(models.TextChoices):
    """How far a call has come. Whether it takes applications is a question of the hour as well (`is_taking`)."""

    DRAFT = "draft", pgettext_lazy("call", "草稿")
    OPEN = "open", pgettext_lazy("call", "已发布")
    CLOSED = "closed", pgettext_lazy("call", "已截止")
    DECIDED = "decided", pgettext_lazy("call", "已公布结果")
    CANCELLED = "cancelled", pgettext_lazy("call", "已取消")


class NominationSource(models.TextChoices):
    """Who may bring somebody forward."""

    SELF = "self", _("本人自荐")
    UNIT = "unit", _("单位推荐")
    THIRD_PARTY = "third", _("他人推荐")


class StageKind(models.TextChoices):
    """What an application goes through; a call has some of these, in this order."""

    ENDORSEMENT = "endorsement", _("单位审核推荐")
    ACCEPTANCE = "acceptance", _("部门受理")
    BLIND_SCORING = "blind_scoring", _("匿名评分")
    PANEL = "panel", _("评审会")
    PUBLIC_NOTICE = "public_notice", _("公示")
    DECISION = "decision", _("公布结果")
    RECOMMENDATION = "recommendation", _("向上级推荐")


class Subject(models.TextChoices):
    """What is put forward."""

    PERSON = "person", _("个人")
    COLLECTIVE = "collective", _("集体")
    POST = "post", _("文明岗")


# Those that have a name, members and a share of women of their own.
TOGETHER = (Subject.COLLECTIVE, Subject.POST)


class LeadersBy(models.TextChoices):
    """Within what the share of leaders of units is counted."""

    UNIT = "unit", _("每个单位的限额")
    SECTOR = "sector", _("每类单位的限额")
    CALL = "call", _("全部名额")


# The stages in which a panel judges.
REVIEWED = (StageKind.BLIND_SCORING, StageKind.PANEL)


class FieldKind(models.TextChoices):
    """What a line of a form takes."""

    TEXT = "text", _("文字")
    NUMBER = "number", _("数字")
    DATE = "date", _("日期")
    CHOICE = "choice", _("单选")
    TABLE = "table", _("表格")
    FILE = "file", _("上传文件")


class FileKind(models.TextChoices):
    """What a line takes as a file; what it is is read from its content."""

    PDF = "pdf", "PDF"
    WORD = "docx", _("Word（.docx）")
    IMAGE = "image", _("图片（JPG、PNG）")


MOST_ROWS, MOST_FILES, MOST_MB = 50, 10, 10

# What these say names her, whoever reads it.
IDENTIFYING = frozenset({"full_name", "unit_name", "position", "school_and_major", "honours"})


class FromProfile(models.TextChoices):
    """What of her record a text begins with. Numbers and contact data are not among them."""

    FULL_NAME = "full_name", _("姓名")
    UNIT = "unit_name", _("单位")
    POSITION = "position", _("职务")
    TITLE = "professional_title", _("职称")
    SCHOOL = "school_and_major", _("毕业院校及专业")
    FIELDS = "research_fields", _("研究方向")
    HONOURS = "honours", _("获奖及荣誉")
