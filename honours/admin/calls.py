"""What honours add to the pages of calls and applications in the admin: calls name no honour themselves.

The registered classes are taken as they are and given a button each, so that a clerk finds it where she looks.
"""

from functools import partial

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from calls.models import Application, Call
from calls.rules import why_not_manage
from honours import operations, rules
from honours.admin.forms import LeadsToForm
from honours.models import Award
from kernel.admin.base import has_perm
from kernel.admin.decision import decide
from kernel.errors import Conflict
from kernel.words import moment_text


def _registered(model):
    """Return the class a model is registered with, which is given up for one that adds to it."""
    known = type(admin.site._registry[model])
    admin.site.unregister(model)
    return known


_Calls, _Applications = _registered(Call), _registered(Application)


def _leads_to(call):
    known = getattr(call, "leads_to", None)
    return known and known.honour


def _why_not_lead(call, by):
    return why_not_manage(call, by, "calls.change_call") or rules.why_not_lead_to(
        call, _leads_to(call)
    )


@admin.register(Call)
class CallAdmin(_Calls):
    """Calls, and the honour each leads to."""

    actions_detail = (*_Calls.actions_detail, "honour")
    rules_of_actions = _Calls.rules_of_actions | {"honour": _why_not_lead}

    has_honour_permission = has_perm("honours.add_award")

    @action(description=gettext_lazy("授予的荣誉"), url_path="honour", permissions=["honour"])
    def honour(self, request, object_id):
        """Ask which honour those selected receive."""
        call = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("授予的荣誉"),
            submit=_("保存"),
            form_class=partial(LeadsToForm, initial={"honour": _leads_to(call)}),
            why_not=_why_not_lead(call, request.user),
            facts=[(_("申报通知"), call.label), (_("申报截止"), moment_text(call.closes_at))],
            outcome=_(
                "区级荣誉：公布结果时授予入选人，生成证书和积分。市级、国家级荣誉：公布结果时列入“向上推荐”，"
                "获批后再授予。已经公布的，保存后随即补上。"
            ),
            operation=partial(operations.set_call_honour, call=call),
            back=self.address("change", call.pk),
            done=_("已保存。"),
        )


def _why_no_award(application, by):
    if Award.objects.visible_to(by).filter(application=application).exists():
        return None
    return Conflict("no_award", _("这份申报没有授予荣誉。"))


@admin.register(Application)
class ApplicationAdmin(_Applications):
    """Applications, and the way to the honour that came of one: there a result told by mistake is taken back."""

    actions_detail = (*_Applications.actions_detail, "award")
    rules_of_actions = _Applications.rules_of_actions | {"award": _why_no_award}

    @action(description=gettext_lazy("荣誉（更正、撤销）"), url_path="award")
    def award(self, request, object_id):
        """Lead to the honour."""
        application = self.get_or_404(request, object_id)
        award = Award.objects.visible_to(request.user).filter(application=application).first()
        if award is None:
            return redirect(self.address("change", application.pk))
        return redirect(reverse("admin:honours_award_change", args=[award.pk]))
