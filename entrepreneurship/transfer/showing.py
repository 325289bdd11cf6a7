"""What of a profile is shown and searched: copied from the version that is published, so that one table answers the list."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from entrepreneurship.transfer.models import (
    Readiness,
    TransferForm,
    TransferKind,
    TransferProfile,
)
from kernel import bigrams
from kernel.keyset import Keyset
from talents.codes import Discipline

COPIED = ("title", "advantage", "field", "readiness", "forms", "keywords")
NEWEST = Keyset(("-published_at", "-id"))


def copy(profile, version):
    """Give a profile what its published version says, and what it is found by."""
    for name in COPIED:
        setattr(profile, name, getattr(version, name))
    index(profile, version.problem)


def index(profile, problem):
    """Bring the columns a profile is found by in step; whose it is is a unit's name, never a woman's."""
    owner = profile.unit or (profile.talent and profile.talent.unit)
    unit = owner.name if owner else ""
    lines = [profile.title, *profile.keywords, profile.advantage, problem, unit]
    profile.search_text = bigrams.text(*lines)
    profile.search_grams = bigrams.grams(profile.search_text)


def found(queryset, query):
    """Return what is found by a query, the newest first: by the index, common words along the order of the list."""
    if not bigrams.terms(query):
        return queryset
    if bigrams.is_common(TransferProfile, query):
        return bigrams.plain_match(queryset, query)
    return bigrams.match(queryset, query)


class TransferFilter(forms.Form):
    """What the address of the list asks for; what does not fit is left out."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部")), *TransferKind.choices]
    )
    field = forms.ChoiceField(
        label=_("领域"), required=False, choices=[("", _("全部")), *Discipline.choices]
    )
    readiness = forms.TypedChoiceField(
        label=_("技术就绪水平不低于"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("不限")), *Readiness.choices],
    )
    form = forms.ChoiceField(
        label=_("合作方式"), required=False, choices=[("", _("全部")), *TransferForm.choices]
    )

    def __init__(self, data):
        super().__init__(data)
        self.full_clean()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}

    def rows(self, now=None):
        """Return what is shown and was asked for, in no order yet."""
        rows = TransferProfile.objects.shown(timezone.localdate(now))
        for name in ("kind", "field"):
            if value := self.chosen.get(name):
                rows = rows.filter(**{name: value})
        if level := self.chosen.get("readiness"):
            rows = rows.filter(readiness__gte=level)
        if form := self.chosen.get("form"):
            rows = rows.filter(forms__contains=[form])
        return found(rows, self.chosen.get("q", ""))
