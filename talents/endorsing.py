"""A unit stands for its woman: a fact beside the record, which speaks for her when a clerk verifies.

The unit says so through the API, or on paper that a clerk holds. Taken back, the row stays, with when.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit


class EndorsementQuerySet(models.QuerySet):
    """Questions about endorsements."""

    def standing(self):
        """Keep what was not taken back."""
        return self.filter(ended_at=None)


class Endorsement(models.Model):
    """That a unit recommends a woman for the database; `by` and `reason` where a clerk holds its paper."""

    talent = models.ForeignKey(
        "talents.Talent", models.PROTECT, related_name="endorsements", verbose_name=_("人才")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False
    )
    at = models.DateTimeField(_("推荐时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    reason = models.CharField(_("依据"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位推荐意见")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "unit"], name="endorsement_once", condition=Q(ended_at=None)
            ),
            # A clerk says by what paper; a unit says it itself.
            models.CheckConstraint(
                name="endorsement_on_paper_has_reason",
                condition=Q(by=None) | ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return str(self.unit)
