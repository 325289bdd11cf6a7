"""Who is in the volunteer team, what she was trained in, and that she was checked. What a check found is nowhere."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import ids
from kernel.sweeps import SweptQuerySet
from talents.models import Talent

__all__ = [
    "MOST_A_TERM",
    "REMIND_BEFORE",
    "Area",
    "Clearance",
    "Stage",
    "VisitTopic",
    "Volunteer",
    "VolunteerState",
    "VolunteerTraining",
    "Weekday",
]

MOST_A_TERM = 20
REMIND_BEFORE = timedelta(days=30)


class VisitTopic(models.TextChoices):
    """What a volunteer brings, and what a school asks for."""

    TALK = "talk", _("科普报告")
    READING = "reading", _("科学阅读")
    EXPERIMENT = "experiment", _("动手实验")
    CAMPUS = "campus", _("女科学家进校园")
    GUIDANCE = "guidance", _("选科和生涯指导")
    EQUALITY = "equality", _("不受偏见地学科学")


class Stage(models.TextChoices):
    """Before whom she stands."""

    PRESCHOOL = "preschool", _("学前")
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初中")
    SENIOR = "senior", _("高中和中职")
    COMMUNITY = "community", _("社区和家长")


class Weekday(models.IntegerChoices):
    """Days of the week, as ISO numbers them."""

    MONDAY = 1, _("星期一")
    TUESDAY = 2, _("星期二")
    WEDNESDAY = 3, _("星期三")
    THURSDAY = 4, _("星期四")
    FRIDAY = 5, _("星期五")
    SATURDAY = 6, _("星期六")
    SUNDAY = 7, _("星期日")


class Area(models.TextChoices):
    """Parts of the district she travels to: the streets it runs itself, and the industrial parks."""

    RENHE = "renhe", _("人和")
    TIANGONGDIAN = "tiangongdian", _("天宫殿")
    YUANYANG = "yuanyang", _("鸳鸯")
    JINSHAN = "jinshan", _("金山")
    CUIYUN = "cuiyun", _("翠云")
    DAZHULIN = "dazhulin", _("大竹林")
    LIJIA = "lijia", _("礼嘉")
    KANGMEI = "kangmei", _("康美")
    SHUITU = "shuitu", _("水土")
    LONGXING = "longxing", _("龙兴")
    YUFU = "yufu", _("鱼复")


class VolunteerState(models.TextChoices):
    """Where a volunteer stands."""

    DRAFT = "draft", pgettext_lazy("volunteer", "填写中")
    APPLIED = "applied", pgettext_lazy("volunteer", "待确认")
    ACTIVE = "active", pgettext_lazy("volunteer", "在队")
    REFUSED = "refused", pgettext_lazy("volunteer", "未采用")
    LEFT = "left", pgettext_lazy("volunteer", "已退出")


class VolunteerQuerySet(SweptQuerySet):
    """Questions about volunteers."""

    def visible_to(self, user):
        """Keep those staff look after: the coordinator all, a clerk those of her department. Drafts are hers alone."""
        if not (user.is_staff and user.has_perm("outreach.view_volunteer")):
            return self.none()
        rows = self.exclude(state=VolunteerState.DRAFT)
        if user.sees_all_departments or user.has_perm("outreach.coordinate_volunteer"):
            return rows
        return rows.filter(talent__department=user.department_id)

    def locked(self, volunteer):
        """Return `volunteer` as it stands now, its row locked until the transaction ends."""
        rows = self.select_for_update(of=("self",)).select_related("talent__user")
        return rows.get(pk=volunteer.pk)

    def active(self):
        """Keep those in the team."""
        return self.filter(state=VolunteerState.ACTIVE)

    def paused(self, day):
        """Keep those in the team who take a break on a date."""
        open_end = Q(paused_until=None) | Q(paused_until__gte=day)
        return self.active().filter(open_end, paused_on__lte=day)

    def proven(self, day):
        """Keep those whose training and clearance hold on a date."""
        return self.filter(trained_until__gte=day, cleared_until__gte=day)

    def ready(self, day):
        """Keep those who may go on a date: in SQL what `rules.why_not_go` says of one (a test compares)."""
        rested = Q(paused_on=None) | Q(paused_on__gt=day) | Q(paused_until__lt=day)
        return self.active().proven(day).filter(rested)

    def running_out(self, day):
        """Keep those in the team whose training or clearance holds today and ends within 30 days."""
        last = day + REMIND_BEFORE
        return (
            self.active()
            .proven(day)
            .filter(Q(trained_until__lte=last) | Q(cleared_until__lte=last))
        )

    def to_remind(self, day):
        """Keep those to be told that something of theirs runs out, each time once."""
        untold = Q(reminded_of=None) | ~Q(reminded_of=F("proven_until"))
        return self.running_out(day).filter(untold)

    def unproven(self, day):
        """Keep those in the team who may not go for want of a training or a clearance."""
        return self.active().exclude(pk__in=self.model.objects.proven(day).values("pk"))


class Volunteer(models.Model):
    """A woman of the database who goes to schools: what she brings, to whom, when, where, how often."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    talent = models.OneToOneField(
        Talent, models.PROTECT, related_name="volunteer", verbose_name=_("志愿者")
    )
    topics = ArrayField(
        models.CharField(max_length=12, choices=VisitTopic),
        default=list,
        blank=True,
        verbose_name=_("可以带去的内容"),
    )
    stages = ArrayField(
        models.CharField(max_length=12, choices=Stage),
        default=list,
        blank=True,
        verbose_name=_("面向学段"),
    )
    days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=list,
        blank=True,
        verbose_name=_("方便的日子"),
    )
    areas = ArrayField(
        models.CharField(max_length=14, choices=Area),
        default=list,
        blank=True,
        verbose_name=_("愿意去的片区"),
    )
    most_a_term = models.PositiveSmallIntegerField(
        _("每学期最多几次"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_A_TERM)],
    )
    state = models.CharField(
        _("状态"), max_length=8, choices=VolunteerState, default=VolunteerState.DRAFT
    )
    saved_at = models.DateTimeField(_("最近修改"))
    applied_at = models.DateTimeField(_("报名时间"), null=True, blank=True)
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    left_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    # A break of her own: from a day on, until another (both included) or until she says so.
    paused_on = models.DateField(_("暂停自"), null=True, blank=True)
    paused_until = models.DateField(_("暂停到"), null=True, blank=True)
    # What the newest training and clearance say, kept with them (operations.proofs), so that one index finds who may go.
    trained_until = models.DateField(_("培训有效到"), null=True, blank=True)
    cleared_until = models.DateField(_("审查有效到"), null=True, blank=True)
    # None while one of the two is missing: PostgreSQL's LEAST alone would leave it out.
    proven_until = models.GeneratedField(
        expression=models.Case(
            models.When(
                trained_until__isnull=False,
                cleared_until__isnull=False,
                then=models.functions.Least("trained_until", "cleared_until"),
            )
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
        verbose_name=_("可以上门到"),
    )
    reminded_of = models.DateField(null=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "志愿者")
        verbose_name_plural = pgettext_lazy("many", "志愿者")
        ordering = ["-id"]
        permissions = [
            ("coordinate_volunteer", _("可以协调全队志愿者")),
            ("export_volunteer", _("可以导出志愿者名单")),
        ]
        constraints = [
            models.CheckConstraint(
                name="volunteer_most",
                condition=Q(most_a_term__gte=1, most_a_term__lte=MOST_A_TERM),
            ),
            # Who is looked at or in the team has said all there is to say.
            models.CheckConstraint(
                name="volunteer_whole",
                condition=~Q(state__in=("applied", "active"))
                | Q(
                    topics__len__gt=0,
                    stages__len__gt=0,
                    days__len__gt=0,
                    areas__len__gt=0,
                    applied_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="volunteer_decided",
                condition=~Q(state__in=("active", "refused")) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="volunteer_refused_has_reason", condition=~Q(state="refused") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="volunteer_left_at",
                condition=Q(state="left", left_at__isnull=False)
                | (~Q(state="left") & Q(left_at=None)),
            ),
            models.CheckConstraint(
                name="volunteer_pause",
                condition=Q(paused_until=None)
                | Q(paused_on__isnull=False, paused_until__gte=F("paused_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="volunteer_state"),
            models.Index(
                fields=["proven_until"], name="volunteer_proven", condition=Q(state="active")
            ),
        ]

    def __str__(self):
        return self.talent.full_name

    def get_absolute_url(self):
        """Return the address of her own page."""
        return reverse("my_volunteering")

    @property
    def is_active(self):
        """Tell whether she is in the team."""
        return self.state == VolunteerState.ACTIVE

    def is_paused(self, day):
        """Tell whether she takes a break on a date."""
        if self.paused_on is None or day < self.paused_on:
            return False
        return self.paused_until is None or day <= self.paused_until

    @property
    def topic_names(self):
        """Return what she brings, in words."""
        return _words(VisitTopic, self.topics)

    @property
    def stage_names(self):
        """Return before whom she stands, in words."""
        return _words(Stage, self.stages)

    @property
    def day_names(self):
        """Return when she comes, in words."""
        return _words(Weekday, self.days)

    @property
    def area_names(self):
        """Return where she travels to, in words."""
        return _words(Area, self.areas)


def _words(choices, chosen):
    return [str(words) for code, words in choices.choices if code in chosen]


class Proof(models.Model):
    """That something was done on a day and holds until another. Never rewritten (trigger): what was wrong is replaced.

    One that holds until no day takes back what it replaces.
    """

    done_on = models.DateField(_("哪天"))
    good_until = models.DateField(_("有效到"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("登记人"),
    )
    at = models.DateTimeField(_("登记时间"))
    reason = models.CharField(_("更正原因"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_until",
                condition=Q(good_until__isnull=False, good_until__gte=F("done_on"))
                | Q(good_until=None, replaces__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_reason",
                condition=Q(replaces=None, reason="") | (Q(replaces__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.done_on:%Y-%m-%d}"

    @property
    def is_taken_back(self):
        """Tell whether it says that what it replaces does not hold."""
        return self.good_until is None


class VolunteerTraining(Proof):
    """That she was trained for standing before a class."""

    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, related_name="trainings", verbose_name=_("志愿者")
    )
    title = models.CharField(_("培训名称"), max_length=80)
    replaces = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="replaced_by", verbose_name=_("更正的是")
    )

    class Meta(Proof.Meta):
        verbose_name = pgettext_lazy("one", "志愿者培训")
        verbose_name_plural = pgettext_lazy("many", "志愿者培训")


class Clearance(Proof):
    """That she was checked before she meets children: by whom, when, until when. What was found is nowhere."""

    volunteer = models.ForeignKey(
        Volunteer, models.CASCADE, related_name="clearances", verbose_name=_("志愿者")
    )
    replaces = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="replaced_by", verbose_name=_("更正的是")
    )

    class Meta(Proof.Meta):
        verbose_name = pgettext_lazy("one", "从业审查")
        verbose_name_plural = pgettext_lazy("many", "从业审查")
