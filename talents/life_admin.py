"""The clerks' pages for facts beside a record's state: paused, left the district, and back."""

from functools import partial

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from kernel.admin.decision import decide
from talents import operations, standing
from talents.life_forms import PaperForm, StaffMoveAwayForm, StaffPauseForm, TakeBackForm


def _as_clerk(rule, *, day=False):
    """Return a rule(talent, by) for a clerk's pages: her own record is hers on her own page, and nobody's here."""

    def why_not(talent, by):
        error = operations.why_not_decide(talent, by)
        return error or (rule(talent, by, timezone.localdate()) if day else rule(talent, by))

    return why_not


RULES = {
    "pause": _as_clerk(operations.why_not_pause, day=True),
    "resume": _as_clerk(operations.why_not_resume, day=True),
    "move_away": _as_clerk(operations.why_not_move_away),
    "move_back": _as_clerk(operations.why_not_move_back),
    "endorse": operations.why_not_endorse,
    "take_back": operations.why_not_take_back,
}
ACTIONS = (
    ("endorse", gettext_lazy("登记单位推荐意见"), RULES["endorse"]),
    ("take_back", gettext_lazy("撤回单位推荐意见"), RULES["take_back"]),
    ("pause", gettext_lazy("暂停咨询推荐"), RULES["pause"]),
    ("resume", gettext_lazy("恢复咨询推荐"), RULES["resume"]),
    ("move_away", gettext_lazy("登记离开两江新区"), RULES["move_away"]),
    ("move_back", gettext_lazy("登记回到两江新区"), RULES["move_back"]),
)


def listed_words(talent):
    """Return whether a record can be consulted and recommended today, and why not, in one sentence."""
    if why_not := standing.why_not_listed(talent, timezone.localdate()):
        return _("不在咨询推荐名单：%(why)s") % {"why": why_not}
    return _("在咨询推荐名单，可以咨询和推荐。")


class LifeOfRecord:
    """Adds those pages to the records' admin."""

    def _on_fact(self, request, object_id, name, operation, form_class, *, outcome, done):
        talent = self.get_or_404(request, object_id)
        title = str(next(words for key, words, _rule in ACTIONS if key == name))
        return decide(
            self,
            request,
            title=title,
            submit=title,
            why_not=RULES[name](talent, request.user),
            facts=self.facts(talent),
            form_class=form_class,
            outcome=outcome,
            operation=partial(operation, talent=talent),
            done=done,
            back=self.address("change", talent.pk),
        )

    @action(
        description=gettext_lazy("登记单位推荐意见"), url_path="endorse", permissions=["verify"]
    )
    def endorse(self, request, object_id):
        """Ask by what paper her unit stands for her."""
        outcome = _("审核时会作为有利依据显示，不代替审核；本人会收到通知，可以撤回。")
        decision = operations.endorse, PaperForm
        done = _("单位推荐意见已登记。")
        return self._on_fact(request, object_id, "endorse", *decision, outcome=outcome, done=done)

    @action(
        description=gettext_lazy("撤回单位推荐意见"), url_path="take-back", permissions=["verify"]
    )
    def take_back(self, request, object_id):
        """Ask why."""
        outcome = _("撤回后不再显示；有新的推荐意见，可以再登记。")
        decision = operations.take_back_endorsement, TakeBackForm
        done = _("单位推荐意见已撤回。")
        return self._on_fact(request, object_id, "take_back", *decision, outcome=outcome, done=done)

    @action(description=gettext_lazy("暂停咨询推荐"), url_path="pause", permissions=["verify"])
    def pause(self, request, object_id):
        """Ask until when and why."""
        outcome = _("暂停期间不在咨询推荐名单里；她的报名和积分不受影响，会收到您写的原因。")
        decision = operations.pause, StaffPauseForm
        done = _("已暂停，可以随时恢复。")
        return self._on_fact(request, object_id, "pause", *decision, outcome=outcome, done=done)

    @action(description=gettext_lazy("恢复咨询推荐"), url_path="resume", permissions=["verify"])
    def resume(self, request, object_id):
        """Ask once more."""
        outcome = _("恢复后各部门咨询专家、推荐人选时可以找到她。本人自己暂停的，请先与她确认。")
        decision = operations.resume, forms.Form
        done = _("已恢复。")
        return self._on_fact(request, object_id, "resume", *decision, outcome=outcome, done=done)

    @action(
        description=gettext_lazy("登记离开两江新区"), url_path="move-away", permissions=["verify"]
    )
    def move_away(self, request, object_id):
        """Ask since when and why."""
        outcome = _(
            "档案保留、照常计入统计，不再出现在在库名单和咨询推荐名单里；已报的名仍然有效，不能报名新的活动、兑换服务。"
            "这与本人撤回授权（已退出）不同，她回来后可以恢复。"
        )
        decision = operations.move_away, StaffMoveAwayForm
        done = _("已登记离开两江新区，回来后可以恢复。")
        return self._on_fact(request, object_id, "move_away", *decision, outcome=outcome, done=done)

    @action(
        description=gettext_lazy("登记回到两江新区"), url_path="move-back", permissions=["verify"]
    )
    def move_back(self, request, object_id):
        """Ask once more."""
        outcome = _("恢复后她可以报名活动、兑换服务，也回到在库名单。请同时核对单位。")
        decision = operations.move_back, forms.Form
        done = _("已登记回到两江新区。")
        return self._on_fact(request, object_id, "move_back", *decision, outcome=outcome, done=done)
