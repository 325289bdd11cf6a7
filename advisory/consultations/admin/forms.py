"""What staff fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from advisory.consultations import conflicts, operations, rules
from advisory.consultations.models import Consultation, Outcome, ShareTarget
from kernel.admin.forms import OperationForm, reason_field
from kernel.admin.widgets import HalfHourMoment
from kernel.forms import FILES
from kernel.words import clauses
from talents.asking.shortlist import Wanted, shortlist
from talents.career import standards
from talents.codes import Discipline, Industry, TitleLevel
from talents.models import Talent


def _several(label, choices, help_text):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        help_text=help_text,
        widget=UnfoldAdminSelect2MultipleWidget,
    )


class ConsultationForm(OperationForm):
    """A consultation as staff write it."""

    disciplines = _several(_("学科"), Discipline.choices, _("须是其中一个；不选则不限"))
    industries = _several(_("行业"), Industry.choices, _("须是其中一个；不选则不限"))
    levels = _several(_("职称级别"), TitleLevel.choices, _("优先，不是必须"))
    details = _several(_("二级学科"), (), _("优先，不是必须"))

    class Meta:
        model = Consultation
        fields = (*operations.WRITTEN, "units")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "details" in self.fields:
            self.fields["details"].choices = standards.choices("discipline_detail", Discipline)

    def operate(self, stored, *, by, now, **values):
        """Write it."""
        values["units"] = list(values.get("units", ())) if "units" in values else None
        return operations.save_consultation(consultation=stored, values=values, by=by, now=now)


def wanted(consultation):
    """Return what is looked for in those who are invited, but for whom it knows already."""
    return Wanted(
        disciplines=tuple(consultation.disciplines),
        industries=tuple(consultation.industries),
        words=consultation.words,
        details=tuple(consultation.details),
        levels=tuple(consultation.levels),
        without=frozenset(consultation.invitations.values_list("talent", flat=True)),
    )


def next_ones(consultation, now, most):
    """Return the Shortlist of women who would be invited next."""
    return shortlist(
        kind=rules.KIND,
        wanted=wanted(consultation),
        department=consultation.department,
        now=now,
        most=most,
    )


class Places(forms.ModelMultipleChoiceField):
    """Women of a shortlist, each with why she stands where she does."""

    def __init__(self, places, found, **kwargs):
        self.places = {place.pk: place for place in places}
        self.found = found
        super().__init__(Talent.objects.filter(pk__in=self.places), **kwargs)
        self.choices = [(pk, self._words(place)) for pk, place in self.places.items()]

    def _words(self, place):
        who = " · ".join(filter(None, (place.name, place.title, place.unit, place.fields)))
        said = [*place.why, *(conflicts.words(one) for one in self.found[place.pk])]
        return f"{who}（{clauses(said)}）"


def invite_form(consultation, now):
    """Return the class of the form that invites women: the shortlist, who fits and has waited longest first."""
    free = consultation.places - consultation.invitations.seated().count()
    found = next_ones(consultation, now, max(20, 2 * free))
    known = conflicts.found(consultation, found.places)
    for place in found.places:
        if place.department != consultation.department_id:
            known[place.pk] = conflicts.on_her_card(known[place.pk])

    class InviteForm(forms.Form):
        talents = Places(
            found.places,
            known,
            label=_("邀请谁"),
            widget=UnfoldAdminCheckboxSelectMultipleWidget,
            help_text=_("契合的在前；同样契合的，最久没有被邀请的在前。"),
            error_messages={
                "required": _("请至少选择一位。"),
                "invalid_choice": _("名单刚刚有了变化，请重新选择。"),
            },
        )

    return InviteForm


def meeting_form(consultation):
    """Return the class of the form that plans the meeting."""

    class MeetingForm(forms.Form):
        title = forms.CharField(
            label=_("会议名称"),
            max_length=60,
            initial=consultation.title[:60],
            widget=UnfoldAdminTextInputWidget,
        )
        starts_at = forms.SplitDateTimeField(label=_("开始"), widget=HalfHourMoment)
        ends_at = forms.SplitDateTimeField(label=_("结束"), widget=HalfHourMoment)
        venue = forms.CharField(label=_("地点"), max_length=60, widget=UnfoldAdminTextInputWidget)

    return MeetingForm


class ShareReasonForm(forms.Form):
    """Why fewer women are invited than the target asks for; asked for only then."""

    share_reason = reason_field(
        _("计划邀请的女性低于本部门今年的目标，请写明原因，会保存备查。"),
        label=_("低于目标的原因"),
    )


class PaperForm(forms.Form):
    """A paper."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("PDF、JPG 或 PNG，最大 5 MB；加密保存。"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": FILES}),
    )
    confidential = forms.BooleanField(
        label=_("内部资料"),
        required=False,
        initial=True,
        help_text=_("每次打开都留记录；有利害关系的，研究以后才能看。"),
        widget=UnfoldBooleanWidget,
    )


class OpinionTextForm(forms.Form):
    """What she said at the meeting."""

    text = forms.CharField(
        label=_("意见"), max_length=4000, widget=UnfoldAdminTextareaWidget({"rows": 6})
    )


class OutcomeForm(forms.Form):
    """What became of an opinion."""

    outcome = forms.ChoiceField(
        label=_("结果"), choices=Outcome.choices, widget=UnfoldAdminRadioSelectWidget
    )
    why = forms.CharField(
        label=_("说明"),
        max_length=500,
        required=False,
        help_text=_("用在哪里，或为什么没有全部采纳；没有全部采纳的必填，她会看到。"),
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
    )


class TotalsForm(forms.Form):
    """How many came from outside the database."""

    came_outside = forms.IntegerField(
        label=_("库外到场（提意见）人数"),
        min_value=0,
        max_value=1000,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    came_outside_women = forms.IntegerField(
        label=_("其中女性"), min_value=0, max_value=1000, widget=UnfoldAdminIntegerFieldWidget
    )


class ShareTargetForm(OperationForm):
    """A target of one's own department."""

    class Meta:
        model = ShareTarget
        fields = ("year", "percent")

    def operate(self, stored, *, by, now, percent, year=None):
        """Set it."""
        return operations.set_target(
            department=stored.department if stored else by.department,
            year=stored.year if stored else year,
            percent=percent,
            by=by,
            now=now,
        )
