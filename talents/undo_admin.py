"""The pages on which a clerk takes a decision of hers, or of a colleague, back."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from kernel.admin.forms import reason_field
from talents import operations


def why_not_unverify(talent, by):
    """Return why `by` cannot take a verification back today (DomainError), or None."""
    return operations.why_not_take_back_verification(talent, by, timezone.now())


ACTIONS = (
    ("take_back_return", gettext_lazy("撤回退回"), operations.why_not_take_back_return),
    ("take_back_verification", gettext_lazy("撤回审核通过"), why_not_unverify),
)


class UnverifyForm(forms.Form):
    """Why it was a mistake: she reads it."""

    reason = reason_field(gettext_lazy("例如：核对的是另一位同名的人。本人会读到这句话。"))


class UndoneDecisions:
    """Adds those pages to the records' admin."""

    @action(
        description=gettext_lazy("撤回退回"), url_path="take-back-return", permissions=["verify"]
    )
    def take_back_return(self, request, object_id):
        """Put a record that was returned by mistake back into the queue."""
        outcome = _("档案回到原来的位置等待审核，本人会收到通知，不用再修改。")
        done = _("%(name)s 的档案已重新等待审核，已通知本人。")
        decision = _("撤回退回"), operations.take_back_return, forms.Form
        shown = {"outcome": outcome, "done": done, "rule": operations.why_not_take_back_return}
        return self._decide(request, object_id, *decision, on=False, **shown)

    @action(
        description=gettext_lazy("撤回审核通过"),
        url_path="take-back-verification",
        permissions=["verify"],
    )
    def take_back_verification(self, request, object_id):
        """Ask why, and put a record that was verified by mistake back into the queue."""
        talent = self.get_or_404(request, object_id)
        lost = "".join(operations.lost_with_verification(talent, timezone.now()))
        outcome = _(
            "档案回到原来的位置等待审核，暂时不能报名和兑换；公开主页暂不显示，单位暂时查询不到她。本人会收到您写的原因。"
        )
        decision = _("撤回审核通过"), operations.take_back_verification, UnverifyForm
        shown = {
            "outcome": outcome,
            "done": _("%(name)s 的档案已重新等待审核，已通知本人。"),
            "rule": why_not_unverify,
            "more": [(_("她还会读到"), lost)] if lost else [],
        }
        return self._decide(request, object_id, *decision, on=False, **shown)
