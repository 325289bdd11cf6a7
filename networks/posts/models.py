"""Terms of an association, its posts, and who holds them.

Who is in office on a day is a question of dates (`Holding.objects.in_office`): of the holding, its term and her
membership. No flag says it and no job ends it.
"""

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from calls.models import Application
from kernel.sweeps import SweptQuerySet
from networks.associations.models import Association
from networks.members.models import Membership
from places.models import days_overlap
from talents.models import Talent

SIX_MONTHS, THREE_MONTHS = relativedelta(months=6), relativedelta(months=3)


class YearsAfter(Func):
    """A date so many years after another."""

    template = "(%(expressions)s)::date"
    arg_joiner = " + "

    def __init__(self, day, years):
        super().__init__(
            F(day),
            Func(years, template="make_interval(years => %(expressions)s)"),
            output_field=models.DateField(),
        )


class Rung(models.TextChoices):
    """The ladder of an association, from the bottom."""

    MEMBER = "member", pgettext_lazy("rung", "会员")
    DELEGATE = "delegate", pgettext_lazy("rung", "会员代表")
    COUNCIL = "council", pgettext_lazy("rung", "理事（执委）")
    STANDING = "standing", pgettext_lazy("rung", "常务理事（常委）")
    LEADER = "leader", pgettext_lazy("rung", "负责人")


class TermQuerySet(SweptQuerySet):
    """Questions about terms."""

    def visible_to(self, user):
        """Keep for staff all of them."""
        return self if user.is_staff and user.has_perm("networks.view_term") else self.none()

    def on(self, day):
        """Keep those that run on a day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def last(self):
        """Keep the newest of each standing association: its end is when the next election is due."""
        later = self.model.objects.filter(
            association=OuterRef("association"), starts_on__gt=OuterRef("starts_on")
        )
        return self.filter(~Exists(later), association__dissolved_on=None)

    def ending(self, day):
        """Keep the newest terms that end within six months of a day, or have ended."""
        return self.last().filter(ends_on__lte=day + SIX_MONTHS)

    def to_remind(self, day):
        """Keep running terms that end within six or three months of a day and of which nobody was told so."""
        running = self.last().filter(starts_on__lte=day, ends_on__gte=day)
        six = Q(six_reminded_at=None, ends_on__lte=day + SIX_MONTHS)
        three = Q(three_reminded_at=None, ends_on__lte=day + THREE_MONTHS)
        return running.filter(six | three)

    def to_tell(self, day):
        """Keep those overdue of which the department's lead was not told."""
        return self.overdue(day).filter(overdue_told_at=None)

    def overdue(self, day):
        """Keep the newest terms that have ended: the election is overdue."""
        return self.last().filter(ends_on__lt=day)


class Term(models.Model):
    """One term of office. `ends_on` is the day it really ends: extended once, or cut short by an earlier election."""

    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="terms",
        verbose_name=_("协会"),
        db_index=False,
    )
    number = models.PositiveSmallIntegerField(_("第几届"), validators=[MinValueValidator(1)])
    years = models.PositiveSmallIntegerField(
        _("任期"), choices=[(4, _("四年")), (5, _("五年"))], help_text=_("按章程填写")
    )
    starts_on = models.DateField(_("从哪天起"))
    planned_ends_on = models.DateField(_("届满日期"), editable=False)
    ends_on = models.DateField(_("到哪天止"), editable=False)
    extended_at = models.DateTimeField(_("登记延期"), null=True, blank=True, editable=False)
    extension_document = models.CharField(
        _("同意延期的文件"), max_length=120, blank=True, editable=False
    )
    six_reminded_at = models.DateTimeField(_("提前六个月提醒"), null=True, editable=False)
    three_reminded_at = models.DateTimeField(_("提前三个月提醒"), null=True, editable=False)
    overdue_told_at = models.DateTimeField(_("超期上报"), null=True, editable=False)
    sweep_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "届")
        verbose_name_plural = pgettext_lazy("many", "届次")
        ordering = ["association", "-number"]
        permissions = [("extend_term", _("可以登记延期换届"))]
        constraints = [
            models.UniqueConstraint(fields=["association", "number"], name="term_number_once"),
            ExclusionConstraint(
                name="terms_apart",
                expressions=[
                    ("association", RangeOperators.EQUAL),
                    days_overlap("starts_on", "ends_on"),
                ],
            ),
            models.CheckConstraint(name="term_of_four_or_five", condition=Q(years__in=(4, 5))),
            models.CheckConstraint(
                name="term_planned",
                condition=Q(planned_ends_on__lt=YearsAfter("starts_on", F("years")))
                & Q(planned_ends_on__gte=YearsAfter("starts_on", F("years") - 1)),
            ),
            models.CheckConstraint(
                name="term_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            # Longer than planned by a document alone, by no more than a year.
            models.CheckConstraint(
                name="term_extended_by_document",
                condition=Q(ends_on__lte=F("planned_ends_on"), extended_at=None)
                & Q(extension_document="")
                | Q(extended_at__isnull=False)
                & ~Q(extension_document="")
                & Q(ends_on__lte=YearsAfter("planned_ends_on", 1)),
            ),
        ]

    def __str__(self):
        return f"{self.association.name} · {self.words}"

    @property
    def words(self):
        """Return which it is."""
        return _("第 %(number)s 届") % {"number": self.number}

    @property
    def is_extended(self):
        """Tell whether it was extended, which happens once."""
        return self.extended_at is not None

    def is_overdue(self, day):
        """Tell whether it has ended on a day; of the newest of an association the election is then overdue."""
        return self.ends_on < day


class PostQuerySet(models.QuerySet):
    """Questions about posts."""

    def visible_to(self, user):
        """Keep for staff all of them."""
        return self if user.is_staff and user.has_perm("networks.view_post") else self.none()

    def standing(self):
        """Keep those that were not abolished."""
        return self.filter(ended_at=None)


class Post(models.Model):
    """A post by the charter: on which rung, with how many seats, and whether it runs the association's affairs here."""

    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="posts",
        verbose_name=_("协会"),
        db_index=False,
    )
    title = models.CharField(_("职务"), max_length=30)
    title_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    rung = models.CharField(
        _("层级"), max_length=10, choices=[pair for pair in Rung.choices if pair[0] != "member"]
    )
    seats = models.PositiveSmallIntegerField(
        _("人数"), default=1, validators=[MinValueValidator(1)]
    )
    runs = models.BooleanField(
        _("任职期间可以办理会员事务"),
        default=False,
        help_text=_("审核入会、看会员和任职名单；任期、会籍或任职一结束，权限随之结束"),
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)
    ended_at = models.DateTimeField(_("取消时间"), null=True, blank=True, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "协会职务")
        verbose_name_plural = pgettext_lazy("many", "协会职务")
        ordering = ["association", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "title"], condition=Q(ended_at=None), name="post_once"
            ),
            models.CheckConstraint(name="post_has_seats", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="post_rung",
                condition=Q(rung__in=("delegate", "council", "standing", "leader")),
            ),
        ]

    def __str__(self):
        return f"{self.association.name} · {self.title}"

    @property
    def label(self):
        """Return what it is called in the reader's language."""
        return (get_language() == "en" and self.title_en) or self.title


class Outside(models.TextChoices):
    """Who holds a post without being in the database: counted, never named."""

    WOMAN = "woman", _("库外（女）")
    MAN = "man", _("库外（男）")


class EndReason(models.TextChoices):
    """Why somebody left a post before its time."""

    RESIGNED = "resigned", pgettext_lazy("post", "辞职")
    REMOVED = "removed", pgettext_lazy("post", "免职")
    NEW_TERM = "new_term", pgettext_lazy("post", "提前换届")
    NOT_MEMBER = "not_member", pgettext_lazy("post", "会籍结束")
    VOID = "void", pgettext_lazy("post", "当选无效")


class HoldingQuerySet(models.QuerySet):
    """Questions about who holds posts."""

    def visible_to(self, user):
        """Keep her own; for staff, those of associations their department looks after."""
        if not user.is_staff or not user.has_perm("networks.view_holding"):
            return self.of_woman(user)
        if user.sees_all_departments:
            return self
        return self.filter(association__department=user.department_id)

    def of_woman(self, user):
        """Keep hers."""
        return self.filter(talent__user=user.pk)

    def real(self):
        """Leave out what never was: the result was void, or it ended before it began."""
        return self.filter(last_day__gte=F("first_day"))

    def in_office(self, day):
        """Keep who holds a post on a day: by its own dates, the term's, and her membership's."""
        days = Q(first_day__lte=day, last_day__gte=day)
        term = Q(term__starts_on__lte=day, term__ends_on__gte=day)
        standing = Q(association__dissolved_on=None) | Q(association__dissolved_on__gt=day)
        member = Exists(
            Membership.objects.in_force(day).filter(
                association=OuterRef("association"), talent=OuterRef("talent")
            )
        )
        return self.filter(days, term, standing).filter(Q(talent=None) | member)

    def running(self, day):
        """Keep those in office on a day whose post runs the association's affairs here."""
        return self.in_office(day).filter(post__runs=True)


class Holding(models.Model):
    """That somebody holds a post from a day to a day: a woman of the database, or somebody outside it who is not named.

    `association`, `rung` and `is_single` are the post's, written by a trigger (0001): two exclusion constraints stand on
    them. Nobody is twice on a rung, and a post with one seat has one holder at a time.
    """

    post = models.ForeignKey(
        Post, models.PROTECT, related_name="holdings", verbose_name=_("职务"), db_index=False
    )
    association = models.ForeignKey(
        Association,
        models.PROTECT,
        related_name="holdings",
        verbose_name=_("协会"),
        db_index=False,
        editable=False,
    )
    rung = models.CharField(_("层级"), max_length=10, choices=Rung, editable=False)
    is_single = models.BooleanField(editable=False, default=False)
    term = models.ForeignKey(
        Term, models.PROTECT, related_name="holdings", verbose_name=_("届"), db_index=False
    )
    talent = models.ForeignKey(
        Talent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holdings",
        verbose_name=_("女性科技人才"),
        db_index=False,
    )
    outside = models.CharField(_("库外的人"), max_length=6, choices=Outside, blank=True)
    first_day = models.DateField(_("从哪天起"))
    last_day = models.DateField(_("到哪天止"))
    document = models.CharField(
        _("依据"), max_length=120, help_text=_("选举结果、会议决议或文件的名称和文号")
    )
    application = models.OneToOneField(
        Application,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="post_holding",
        verbose_name=_("申报"),
    )
    end_reason = models.CharField(
        _("提前结束的原因"), max_length=12, choices=EndReason, blank=True, editable=False
    )
    ended_at = models.DateTimeField(_("登记结束"), null=True, blank=True, editable=False)
    noted_at = models.DateTimeField(_("登记时间"), editable=False)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "任职")
        verbose_name_plural = pgettext_lazy("many", "任职")
        ordering = ["-id"]
        constraints = [
            ExclusionConstraint(
                name="post_one_holder",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    days_overlap(),
                ],
                condition=Q(is_single=True, last_day__gte=F("first_day")),
            ),
            ExclusionConstraint(
                name="rung_once",
                expressions=[
                    ("association", RangeOperators.EQUAL),
                    ("rung", RangeOperators.EQUAL),
                    ("talent", RangeOperators.EQUAL),
                    days_overlap(),
                ],
                condition=Q(talent__isnull=False, last_day__gte=F("first_day")),
            ),
            models.CheckConstraint(
                name="holding_by_one",
                condition=Q(talent__isnull=False, outside="") | Q(talent=None) & ~Q(outside=""),
            ),
            models.CheckConstraint(name="holding_document", condition=~Q(document="")),
            models.CheckConstraint(
                name="holding_ended_why",
                condition=Q(end_reason="", ended_at=None, last_day__gte=F("first_day"))
                | ~Q(end_reason="") & Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["talent", "-id"], name="holding_hers"),
            models.Index(fields=["association", "last_day"], name="holding_list"),
            models.Index(fields=["term"], name="holding_term"),
        ]

    def __str__(self):
        return f"{self.post} · {self.holder}"

    @property
    def holder(self):
        """Return who holds it, for staff."""
        return str(self.talent) if self.talent_id else self.get_outside_display()
