"""Elections: what comes after a term, and which call is for which post."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calls.models import Call
from kernel import ids
from networks.associations.models import Association
from networks.posts.models import Post, Term


class ElectionQuerySet(models.QuerySet):
    """Questions about elections."""

    def visible_to(self, user):
        """Keep, for staff, those of associations their department looks after."""
        if not user.is_staff or not user.has_perm("networks.view_election"):
            return self.none()
        if user.sees_all_departments:
            return self
        return self.filter(association__department=user.department_id)

    def under_way(self):
        """Keep those that have neither written a term nor been called off."""
        return self.filter(term=None, cancelled_at=None)


class Election(models.Model):
    """The election of a term: prepared, with calls for its posts, until the first result writes the term."""

    code = models.CharField(_("编号"), max_length=12, unique=True, default=ids.code, editable=False)
    association = models.ForeignKey(
        Association, models.PROTECT, related_name="elections", verbose_name=_("协会")
    )
    number = models.PositiveSmallIntegerField(_("选举第几届"), validators=[MinValueValidator(1)])
    starts_on = models.DateField(
        _("新一届从哪天起"), help_text=_("换届大会的日期；前一届到前一天为止")
    )
    term = models.OneToOneField(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="election",
        verbose_name=_("选出的一届"),
        editable=False,
    )
    opened_at = models.DateTimeField(_("开始筹备"), editable=False)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("取消的原因"), max_length=200, blank=True, editable=False)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "换届选举")
        verbose_name_plural = pgettext_lazy("many", "换届选举")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["association"],
                condition=Q(term=None, cancelled_at=None),
                name="election_one_under_way",
            ),
            models.CheckConstraint(
                name="election_cancelled_why",
                condition=Q(cancelled_at=None, cancel_reason="")
                | Q(cancelled_at__isnull=False, term=None) & ~Q(cancel_reason=""),
            ),
        ]

    audit_code = "code"

    def __str__(self):
        return f"{self.association.name} · {self.words}"

    @property
    def words(self):
        """Return which it is."""
        return _("第 %(number)s 届换届选举") % {"number": self.number}

    @property
    def is_under_way(self):
        """Tell whether it can still be prepared or called off."""
        return self.term_id is None and self.cancelled_at is None

    @property
    def state_words(self):
        """Return how far it is."""
        if self.cancelled_at:
            return pgettext_lazy("election", "已取消")
        if self.term_id:
            return pgettext_lazy("election", "已写入任职")
        return pgettext_lazy("election", "筹备中")


class ElectionCallQuerySet(models.QuerySet):
    """Questions about calls of elections."""

    def of(self, call):
        """Return what a call elects, None where it is no election's."""
        return self.filter(call=call).select_related("post", "election__association").first()


class ElectionCall(models.Model):
    """That a call is for a post: whom it selects holds it in the term that is elected."""

    election = models.ForeignKey(
        Election,
        models.PROTECT,
        related_name="calls",
        verbose_name=_("换届选举"),
        db_index=False,
    )
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("职务"))
    call = models.OneToOneField(
        Call, models.PROTECT, related_name="election_call", verbose_name=_("申报通知")
    )

    objects = ElectionCallQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("选举的申报通知")
        ordering = ["post__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["election", "post"], name="election_call_once"),
        ]

    def __str__(self):
        return f"{self.election} · {self.post.title}"
