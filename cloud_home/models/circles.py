"""Circles, who belongs to them, and who may read what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from events.models import Event
from kernel import ids
from kernel.keyset import Keyset
from talents.codes import Discipline
from talents.operations import own_record
from talents.standing import why_not_take_part

BY_NAME = Keyset(("name", "id"))


class CircleKind(models.TextChoices):
    """What a circle gathers around."""

    FIELD = "field", _("学科与领域")
    ASSOCIATION = "association", _("协会与议题")
    EVENT = "event", _("活动")


def manages_circles(user):
    """Tell whether `user` is staff of the programme: somebody who looks after circles of a department."""
    return user.is_authenticated and user.is_staff and user.has_perm("cloud_home.view_circle")


class CircleQuerySet(models.QuerySet):
    """Questions about circles."""

    def managed_by(self, user):
        """Keep the circles `user` looks after: those of her department, or all."""
        if not manages_circles(user):
            return self.none()
        return self if user.sees_all_departments else self.filter(department=user.department_id)

    def visible_to(self, user):
        """Keep circles `user` may know of: staff theirs, a woman in the database all but threads of events hidden from her."""
        return self._open_to(user, Q(event=None))

    def readable_by(self, user):
        """Keep circles whose words `user` may read: those of a sensitive subject are for members."""
        joined = Membership.objects.filter(user=user.pk).values("circle")
        return self._open_to(user, Q(event=None) & (Q(discreet=False) | Q(pk__in=joined)))

    def _open_to(self, user, condition):
        if not user.is_authenticated or not user.is_active:
            return self.none()
        talent = own_record(user)
        if why_not_take_part(talent) is not None:
            return self.managed_by(user)
        seen = Event.objects.seen_by(user, talent).filter(sensitive_topic=False)
        hers = condition | Q(event__in=seen)
        if not manages_circles(user):
            return self.filter(hers)
        if user.sees_all_departments:
            return self
        return self.filter(hers | Q(department=user.department_id))

    def joined_by(self, user):
        """Keep the circles `user` belongs to."""
        return self.filter(memberships__user=user.pk)

    def standing(self):
        """Keep circles that are not closed."""
        return self.filter(closed_at=None)


class Circle(models.Model):
    """Women who share a field, a subject or an event, and what they say to each other."""

    code = models.CharField(max_length=12, unique=True, default=ids.code, editable=False)
    name = models.CharField(_("圈子名称"), max_length=80)
    kind = models.CharField(_("圈子类型"), max_length=12, choices=CircleKind)
    about = models.CharField(_("简介"), max_length=200, help_text=_("一两句话：适合谁、聊什么"))
    discipline = models.CharField(
        _("学科"),
        max_length=4,
        choices=Discipline,
        blank=True,
        help_text=_("学科圈填写，求教时用来找同行"),
    )
    event = models.OneToOneField(
        Event, models.PROTECT, null=True, blank=True, related_name="circle", verbose_name=_("活动")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="circles",
        verbose_name=_("负责部门"),
        db_index=False,
    )
    discreet = models.BooleanField(
        _("敏感主题"),
        default=False,
        help_text=_("健康、法律等主题：只有成员看得到内容，短信和邮件里不提内容"),
    )
    created_at = models.DateTimeField(_("建立时间"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)
    close_reason = models.CharField(_("关闭原因"), max_length=200, blank=True)

    objects = CircleQuerySet.as_manager()

    class Meta:
        verbose_name = _("圈子")
        verbose_name_plural = pgettext_lazy("many", "圈子")
        ordering = ["name", "id"]
        permissions = [("moderate_circle", _("可以管理云之家的发言"))]
        constraints = [
            models.CheckConstraint(
                name="circle_event_has_event",
                condition=Q(kind="event", event__isnull=False) | ~Q(kind="event") & Q(event=None),
            ),
            # Events may be called alike, year after year.
            models.UniqueConstraint(
                fields=["name"], name="circle_name_once", condition=Q(event=None)
            ),
            models.CheckConstraint(
                name="circle_closed_has_reason",
                condition=Q(closed_at=None, close_reason="")
                | Q(closed_at__isnull=False) & ~Q(close_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-id"], name="circle_department"),
            models.Index(fields=["kind", "name", "id"], name="circle_kind"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the address of its page."""
        return reverse("circle", args=[self.code])

    @property
    def is_closed(self):
        """Tell whether nothing is written in it any more."""
        return self.closed_at is not None

    @property
    def is_of_event(self):
        """Tell whether it is the thread of an event."""
        return self.kind == CircleKind.EVENT

    def is_managed_by(self, user):
        """Tell whether `user` looks after it (one row of `managed_by`, without a query)."""
        if not manages_circles(user):
            return False
        return user.sees_all_departments or self.department_id == user.department_id


class Membership(models.Model):
    """That somebody belongs to a circle; leaving deletes the row."""

    circle = models.ForeignKey(
        Circle, models.CASCADE, related_name="memberships", verbose_name=_("圈子"), db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="circles", verbose_name=_("成员")
    )
    joined_at = models.DateTimeField(_("加入时间"))
    is_moderator = models.BooleanField(_("圈主"), default=False)
    follows = models.BooleanField(_("关注新话题"), default=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "圈子成员")
        verbose_name_plural = pgettext_lazy("many", "圈子成员")
        ordering = ["-is_moderator", "joined_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["circle", "user"], name="membership_once"),
        ]

    def __str__(self):
        return f"{self.circle}"

    @property
    def audit_name(self):
        """Return what the audit log calls it."""
        return str(self.pk)
