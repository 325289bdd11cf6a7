"""Links by which a woman hands her seat, or her place in the queue, on to a colleague."""

import hmac

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.bookings import Booking
from privacy.crypto import keyed_digest

LENGTH = 32  # hexadecimal digits: 128 bits


class TransferQuerySet(models.QuerySet):
    """Questions about transfers."""

    def standing(self):
        """Keep those nobody has accepted or taken back."""
        return self.filter(accepted_at=None, taken_back_at=None)


class Transfer(models.Model):
    """One link for one booking: accepted once, by one woman, or taken back before.

    Its address holds a digest keyed by a secret of the portal, so that whoever reads the database learns none.
    """

    booking = models.ForeignKey(
        Booking, models.CASCADE, related_name="transfers", verbose_name=_("报名"), db_index=False
    )
    made_at = models.DateTimeField(_("发起时间"))
    taken_back_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("接收时间"), null=True, blank=True)
    # What the colleague has by it; gone with the booking when that was kept long enough.
    accepted = models.ForeignKey(
        Booking,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("接收的报名"),
    )

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "转让")
        verbose_name_plural = pgettext_lazy("many", "转让")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                name="transfer_standing_once",
                condition=Q(accepted_at=None, taken_back_at=None),
            ),
            models.CheckConstraint(
                name="transfer_one_end", condition=Q(accepted_at=None) | Q(taken_back_at=None)
            ),
        ]
        indexes = [models.Index(fields=["booking", "-id"], name="transfer_booking")]

    def __str__(self):
        return str(self.pk)

    @property
    def is_standing(self):
        """Tell whether somebody may still accept it."""
        return self.accepted_at is None and self.taken_back_at is None

    @property
    def secret(self):
        """Return the part of the address nobody can guess."""
        made = self.made_at.isoformat()
        return keyed_digest("events.transfer", str(self.pk), made)[:LENGTH]

    @classmethod
    def found(cls, number, secret):
        """Return the transfer an address names, or None."""
        rows = cls.objects.select_related("booking__event", "booking__talent", "booking__pool")
        transfer = rows.filter(pk=number).first()
        fits = transfer is not None and hmac.compare_digest(
            transfer.secret.encode(), secret.encode()
        )
        return transfer if fits else None
