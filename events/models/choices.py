"""What an event may be: its kinds, states and who may see it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What kind of gathering (measures 2, 3, 6 and 10)."""

    SALON = "salon", _("沙龙")
    FORUM = "forum", _("论坛")
    ROUND_TABLE = "round_table", _("座谈会")
    SEMINAR = "seminar", _("专题研修班")
    ACADEMIC_EXCHANGE = "academic_exchange", _("学术交流")
    TRAINING = "training", _("创业培训")
    TALK = "talk", _("宣讲")
    WELLBEING = "wellbeing", _("身心关爱")
    CAMPUS_VISIT = "campus_visit", _("女科学家进校园")
    # Who comes earns by the hours a colleague confirms, not by coming (operations.volunteering).
    VOLUNTEERING = "volunteering", _("志愿服务")
    # An hour of two: the leader of the event, and who has its one seat (rules.led).
    COACHING = "coaching", _("创业辅导")


class Platform(models.TextChoices):
    """The four platforms measure 2 names."""

    TALENT_GATHERING = "talent_gathering", _("两江英才荟")
    INNOVATION_FORUM = "innovation_forum", _("智汇两江创新论坛")
    ENTERPRISE_FORUM = "enterprise_forum", _("企业发展论坛")
    MINGYUE_LAKE = "mingyue_lake", _("明月湖协同创新投资联盟")


class Mode(models.TextChoices):
    """Where people come together."""

    ON_SITE = "on_site", _("现场")
    ONLINE = "online", _("线上")
    BOTH = "both", _("现场和线上")


class Region(models.TextChoices):
    """The regions of cooperation measure 2 names."""

    ONE_ZONE_TWO_CLUSTERS = "one_zone_two_clusters", _("一区两群")
    CHENGDU_CHONGQING = "chengdu_chongqing", _("成渝双城经济圈")
    YANGTZE_RIVER = "yangtze_river", _("长江经济带")
    BELT_AND_ROAD = "belt_and_road", _("一带一路")


class Stage(models.TextChoices):
    """Where an event stands at a moment, as people say it: its state and the clock."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("报名截止")
    RUNNING = "running", _("进行中")
    OVER = "over", _("已结束")
    DONE = "done", _("已办结")
    CANCELLED = "cancelled", _("已取消")


class EventState(models.TextChoices):
    """Where an event stands; changed by events.operations alone."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    CANCELLED = "cancelled", _("已取消")


class Visibility(models.TextChoices):
    """Who sees that an event is held, and may book it; what is not public is in no list, feed, API or cache."""

    PUBLIC = "public", _("公开")
    TALENTS = "talents", _("仅入库人才可见")
    INVITED = "invited", _("仅受邀人可见")


class OfferHours(models.IntegerChoices):
    """How long a seat that came free is kept for the next in the queue."""

    AT_ONCE = 0, _("不用确认，直接转为已报名")
    TWO = 2, _("2 小时")
    TWELVE = 12, _("12 小时")
    DAY = 24, _("24 小时")
    TWO_DAYS = 48, _("48 小时")
