"""The secret address at which a woman's calendar reads her bookings."""

import hmac

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from privacy.crypto import keyed_digest

LENGTH = 32  # hexadecimal digits: 128 bits


class CalendarLink(models.Model):
    """A woman's own calendar is open at an address only she knows; gone when the row is.

    The address is made of her code and a digest keyed by a secret of the portal, so that whoever reads the
    database learns no address; the moment of making is part of it, so that a new one ends the old.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_link"
    )
    made_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")

    def __str__(self):
        return str(self.pk)

    @property
    def secret(self):
        """Return the part of the address nobody can guess."""
        made = self.made_at.isoformat()
        return keyed_digest("events.calendar_link", self.user.code, made)[:LENGTH]

    @classmethod
    def found(cls, code, secret):
        """Return the link an address names, or None."""
        link = cls.objects.select_related("user").filter(user__code=code).first()
        fits = link is not None and hmac.compare_digest(link.secret.encode(), secret.encode())
        return link if fits and link.user.is_active else None
