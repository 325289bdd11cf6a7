"""What the public page of replies and effects is narrowed by: class, department, campaign."""

from collections import Counter

from django import forms
from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Department
from advisory.suggestions.models import (
    AnswerClass,
    Assignment,
    Reply,
    Suggestion,
    SuggestionCampaign,
)
from advisory.suggestions.shown import with_adopted
from events.listing import Choice


class ReplyFilter(forms.Form):
    """What the address asks for; what does not fit is left out."""

    answer = forms.ChoiceField(required=False, choices=AnswerClass)
    department = forms.SlugField(required=False)
    campaign = forms.CharField(required=False, max_length=12)
    adopted = forms.ChoiceField(required=False, choices=[("yes", "")])

    def __init__(self, data):
        super().__init__(data)
        self.full_clean()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self, rows):
        """Return suggestions narrowed to what was chosen."""
        if answer := self.chosen.get("answer"):
            rows = rows.filter(answer=answer)
        if campaign := self.chosen.get("campaign"):
            rows = rows.filter(campaign__code=campaign)
        if department := self.chosen.get("department"):
            rows = rows.filter(lead=department)
        if self.chosen.get("adopted"):
            rows = rows.filter(was_adopted=True)
        return rows

    def choices(self, rows):
        """Return (label, its Choices) of each filter. Queries: three."""
        columns = ("answer", "lead", "campaign__code", "was_adopted")
        counted = list(rows.order_by().values_list(*columns).annotate(Count("pk", distinct=True)))
        titles = SuggestionCampaign.objects.values_list("code", "title")
        names = {row.code: str(row) for row in Department.objects.all()}
        # Each row of choices says by its first one what it is about: the label is only read aloud.
        filters = [
            ("answer", _("按答复类别筛选"), _("全部类别"), dict(AnswerClass.choices)),
            ("department", _("按部门筛选"), _("全部部门"), names),
            ("campaign", _("按征集筛选"), _("全部征集"), dict(titles)),
            ("adopted", _("按采纳筛选"), _("采纳与否不限"), {"yes": _("已被采纳")}),
        ]
        return [
            (label, self._offered(name, whole, words, _tally(counted, place)))
            for place, (name, label, whole, words) in enumerate(filters)
        ]

    def _offered(self, name, whole, words, counts):
        chosen = self.chosen.get(name, "")
        offered = [Choice(self._address(name, ""), whole, sum(counts.values()), not chosen)]
        for value in (one for one in words if one in counts):
            offered.append(
                Choice(
                    self._address(name, value), str(words[value]), counts[value], chosen == value
                )
            )
        return offered if len(offered) > 1 else []

    def _address(self, name, value):
        asked = {**self.chosen, name: value}
        return "?" + urlencode({key: one for key, one in asked.items() if one})


def _tally(counted, place):
    """Return how many there are of each value of a column; whether it was taken up is "yes" or ""."""
    tally = Counter()
    for row in counted:
        value = row[place]
        tally[("yes" if value else "") if isinstance(value, bool) else value] += row[-1]
    return tally


def answered():
    """Return the public suggestions with a reply everybody may read, with who led and whether it was taken up."""
    lead = Assignment.objects.standing().leading().filter(suggestion=OuterRef("pk"))
    public = Reply.objects.signed().filter(suggestion=OuterRef("pk"), kept_back_reason="")
    rows = Suggestion.objects.public().filter(Exists(public), answered_at__isnull=False)
    return with_adopted(rows).annotate(lead=Subquery(lead.values("department__code")[:1]))
