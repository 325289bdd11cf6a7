"""Feedback: what those who came say, kept apart from who said it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events import rules
from events.models.bookings import Booking
from events.models.events import Event
from privacy.fields import EncryptedTextField

FEWEST = (
    5  # answers are read in lots of as many, so that none can be told from the others by its time
)
WORDS_LENGTH = 300


class Score(models.IntegerChoices):
    """How she liked it altogether."""

    VERY_GOOD = 5, pgettext_lazy("feedback", "很好")
    GOOD = 4, pgettext_lazy("feedback", "好")
    FAIR = 3, pgettext_lazy("feedback", "一般")
    POOR = 2, pgettext_lazy("feedback", "不太好")
    BAD = 1, pgettext_lazy("feedback", "不好")


class FeedbackQuerySet(models.QuerySet):
    """Questions about answers."""

    def readable(self, event, at):
        """Keep those staff may read of `event`: whole lots; once nobody can answer any more all, if they are FEWEST."""
        answers = self.filter(event=event)
        if at >= event.ends_at + rules.ANSWER_FOR and answers.count() >= FEWEST:
            return answers
        return answers.filter(released=True)

    def unread(self, event):
        """Keep those that wait for their lot to be whole."""
        return self.filter(event=event, released=False)


class Feedback(models.Model):
    """One answer. Neither who gave it nor when stands here; its key is random, so that no order tells either."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="feedback", verbose_name=_("活动")
    )
    score = models.PositiveSmallIntegerField(_("总体感受"), choices=Score)
    helped = EncryptedTextField(_("哪里有收获"), null=True)
    change = EncryptedTextField(_("哪里要改"), null=True)
    # Part of a whole lot of FEWEST.
    released = models.BooleanField(default=False, editable=False)
    # Why staff took the words out of what is read; the score counts all the same.
    hidden_reason = models.CharField(_("屏蔽原因"), max_length=200, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("活动反馈")
        verbose_name_plural = pgettext_lazy("many", "活动反馈")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="feedback_score_1_to_5", condition=Q(score__gte=1, score__lte=5)
            ),
        ]

    def __str__(self):
        return str(self.id)

    @property
    def is_hidden(self):
        """Tell whether its words are out of what is read."""
        return bool(self.hidden_reason)


class FeedbackGiven(models.Model):
    """That somebody has answered for her booking: so that she is asked once. What she said is not to be found from here."""

    booking = models.OneToOneField(
        Booking, models.CASCADE, related_name="feedback_given", primary_key=True
    )

    class Meta:
        verbose_name = _("已给反馈")
        verbose_name_plural = _("已给反馈")

    def __str__(self):
        return str(self.pk)

    @property
    def event(self):
        """Return the event it is about."""
        return self.booking.event
