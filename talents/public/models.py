"""What of a record is shown to everybody, by her own choice."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import ids
from privacy.consents import agreeing

PUBLIC_PAGE = "public_page"  # the purpose of a consent


class Shown(models.TextChoices):
    """What may be shown."""

    NAME = "name", _("姓名（不选则显示为“王*敏”）")
    UNIT = "unit", _("单位")
    POSITION = "position", _("职务")
    TITLE = "professional_title", _("职称")
    DISCIPLINE = "discipline", _("学科")
    RESEARCH = "research_fields", _("研究方向")
    ACHIEVEMENT = "achievement", pgettext_lazy("many", "成果")
    HONOURS = "honours", _("获奖及荣誉")


class PublicPageQuerySet(models.QuerySet):
    """Questions about public pages."""

    def visible_to(self, user):
        """Keep her own; what everybody sees is asked of `public`."""
        return self.filter(talent__user=user) if user.is_authenticated else self.none()

    def public(self, day):
        """Keep those switched on that are shown on a date (`why_not_shown`): who leaves takes the page along.

        A page is its woman's: without an account that agrees to it today there is nobody who could take it off.
        """
        over = Q(talent__paused_at=None) | Q(talent__paused_until__lte=day)
        here = Q(talent__state="verified", talent__moved_away_on=None)
        shown = self.filter(over, here, is_on=True)
        return agreeing(shown, PUBLIC_PAGE, user="talent__user")


class PublicPage(models.Model):
    """A page about one woman at /people/: `code` is its address until she asks for a readable one (`name`)."""

    talent = models.OneToOneField("talents.Talent", models.CASCADE, related_name="public_page")
    is_on = models.BooleanField(_("已公开"), default=False)
    shown = ArrayField(
        models.CharField(max_length=20, choices=Shown), default=list, verbose_name=_("公开的内容")
    )
    code = models.CharField(max_length=12, unique=True, default=ids.code)
    name = models.SlugField(_("地址"), max_length=60, unique=True, null=True)  # noqa: DJ001
    may_be_indexed = models.BooleanField(_("允许搜索引擎收录"), default=False)
    changed_at = models.DateTimeField(_("更新时间"))

    objects = PublicPageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("公开主页")
        constraints = [
            # A readable address is her name in pinyin: it would tell what she does not show.
            models.CheckConstraint(
                name="public_name_is_shown", condition=Q(name=None) | Q(shown__contains=["name"])
            )
        ]

    def __str__(self):
        return self.address

    @property
    def address(self):
        """Return the last part of its address."""
        return self.name or self.code.lower()
