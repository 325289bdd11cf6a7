"""Photos of an event, who is recognised in each, and whether she agrees to be shown."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models.bookings import Booking
from events.models.choices import EventState
from events.models.events import Event
from events.models.materials import CODE_LENGTH, new_code
from kernel.photo_sizes import PhotoSize
from privacy.pieces import Piece


class PhotoAnswer(models.Model):
    """What she says about photos of one event, as it stands now; each answer is in the register of consents as well.

    No row means that she has not been asked, or has not answered: nobody is shown by silence. Who has no account is
    asked on site: the register knows accounts alone, her answer stands here.
    """

    booking = models.OneToOneField(
        Booking, models.CASCADE, related_name="photo_answer", verbose_name=_("报名")
    )
    site = models.BooleanField(_("同意在网站展示"), default=False)
    press = models.BooleanField(_("同意供媒体使用"), default=False)
    text_version = models.CharField(_("告知文本版本"), max_length=20)
    at = models.DateTimeField(_("时间"))
    # Who asked her on site; None where she has answered herself.
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("询问人"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("活动照片授权")

    def __str__(self):
        return str(self.pk)

    @property
    def event(self):
        """Return the event it is about."""
        return self.booking.event


class HiddenWhy(models.TextChoices):
    """Why a photo was taken off."""

    STAFF = "staff", _("工作人员下架")
    CONSENT = "consent", _("授权撤回")


def without(consent):
    """Return the condition "somebody named in the photo does not agree to `consent`" (site or press)."""
    people = PhotoPerson.objects.filter(photo=OuterRef("pk"))
    return Exists(people.exclude(**{f"booking__photo_answer__{consent}": True}))


class PhotoQuerySet(models.QuerySet):
    """Questions about photos."""

    def published(self):
        """Keep what staff show, whatever those named say."""
        return self.exclude(published_at=None).filter(hidden_at=None)

    def shown(self):
        """Keep what the event's page shows: rules.why_not_show_photo as SQL."""
        on = Q(event__state=EventState.PUBLISHED, event__sensitive_topic=False)
        return self.published().filter(on).exclude(without("site"))

    def with_press(self):
        """Add `for_press`: whether the press may have it, of those that are shown."""
        guests = Q(guests=0) | Q(guests_press=True)
        return self.annotate(for_press=~without("press") & guests)


class Photo(models.Model):
    """One photo, made anew without place, time and maker; written by events.operations alone."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    event = models.ForeignKey(
        Event, models.CASCADE, related_name="photos", verbose_name=_("活动"), db_index=False
    )
    alt = models.CharField(_("文字说明"), max_length=150, blank=True)
    credit = models.CharField(_("摄影"), max_length=40, blank=True)
    # Nobody in it can be recognised; else those named (PhotoPerson) and guests, who are a number.
    nobody = models.BooleanField(_("画面里没有认得出的人"), default=False)
    guests = models.PositiveSmallIntegerField(_("认得出的来宾"), default=0)
    guests_press = models.BooleanField(_("来宾也同意供媒体使用"), default=False)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField(_("上传时间"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("下架时间"), null=True, blank=True)
    hidden_why = models.CharField(_("下架原因"), max_length=10, choices=HiddenWhy, blank=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "活动照片")
        verbose_name_plural = pgettext_lazy("many", "活动照片")
        ordering = ["id"]
        indexes = [models.Index(fields=["event", "id"], name="photo_event")]
        constraints = [
            models.CheckConstraint(
                name="photo_published_has_words", condition=Q(published_at=None) | ~Q(alt="")
            ),
            models.CheckConstraint(
                name="photo_hidden_has_cause",
                condition=Q(hidden_at=None, hidden_why="")
                | Q(hidden_at__isnull=False) & ~Q(hidden_why=""),
            ),
            models.CheckConstraint(
                name="photo_nobody_is_no_guest", condition=Q(nobody=False) | Q(guests=0)
            ),
        ]

    def __str__(self):
        return self.alt or str(self.pk)

    def get_absolute_url(self):
        """Return the address of its large picture."""
        return self.address(PhotoSize.LARGE)

    def address(self, size):
        """Return the address of one of its sizes."""
        return reverse("photo", args=[self.code, size])

    @property
    def small(self):
        """Return the address of its small picture."""
        return self.address(PhotoSize.SMALL)

    @property
    def audit_name(self):
        """Return what the audit log calls it: its words may name somebody."""
        return str(self.pk)

    @property
    def is_published(self):
        """Tell whether staff show it."""
        return self.published_at is not None and self.hidden_at is None


class PhotoPerson(models.Model):
    """That a woman is recognised in a photo. PROTECT: where her booking goes, the photo goes first."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="people", db_index=False)
    booking = models.ForeignKey(
        Booking, models.PROTECT, related_name="photos", verbose_name=_("报名")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("照片里的人")
        ordering = [F("booking__place")]
        constraints = [
            models.UniqueConstraint(fields=["photo", "booking"], name="photo_person_once")
        ]

    def __str__(self):
        return str(self.pk)


class PhotoPiece(Piece):
    """A megabyte of a photo in one of its sizes."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="pieces", db_index=False)
    size = models.CharField(max_length=5, choices=PhotoSize)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["photo", "size", "number"], name="photo_piece_once"),
        )
