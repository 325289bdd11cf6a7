"""Pages of the admin that ask for a correction of points, or for one to be undone: two people do it."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from care_points import operations
from care_points.forms import AdjustForm
from care_points.models import TransferKind
from care_points.operations import adjusting
from kernel.admin.base import has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import reason_form
from kernel.errors import DomainError

UndoForm = reason_form(gettext_lazy("确认的同事和本人都会看到，至少四个字。"))
ASKED = gettext_lazy(
    "另一位管理员（没有时由审计员）确认后才会记账；本人会收到通知。进展见“双人确认”。"
)


class AdjustsAccounts:
    """Adds the page that asks for corrections to the accounts' admin."""

    has_adjust_permission = has_perm(adjusting.RIGHT)

    def list_links(self, request, changelist):
        """Lead to the page."""
        links = super().list_links(request, changelist)
        if not self.has_adjust_permission(request):
            return links
        return [*links, (_("更正积分"), self.address("adjust"), "")]

    def get_urls(self):
        """Add the page."""
        view = self.admin_site.admin_view(self.adjust)
        name = "care_points_pointsaccount_adjust"
        return [path("adjust/", view, name=name), *super().get_urls()]

    def adjust(self, request):
        """Ask for points on or off some women's accounts."""
        if not self.has_adjust_permission(request):
            raise PermissionDenied
        return decide(
            self,
            request,
            title=_("更正积分"),
            form_class=partial(AdjustForm, user=request.user),
            outcome=ASKED,
            submit=_("提交申请"),
            operation=_propose,
            done=lambda asked: (
                ngettext(
                    "已提交 %(count)s 项申请，确认后记账。",
                    "已提交 %(count)s 项申请，确认后记账。",
                    len(asked),
                )
                % {"count": len(asked)}
            ),
            back=self.address("changelist"),
        )


@transaction.atomic
def _propose(*, people, direction, points, reason, by, now):
    """Ask for each woman's correction; one that is refused is named, and none is asked for."""
    signed = points if direction == "+" else -points
    asked = []
    for talent in sorted(people, key=lambda talent: talent.pk):
        try:
            asked.append(
                operations.propose_adjustment(
                    talent=talent, points=signed, reason=reason, by=by, now=now
                )
            )
        except DomainError as error:
            if len(people) == 1 or error.field == "reason":
                raise
            named = type(error)(error.code, f"{talent.full_name}：{error}", field="people")
            raise named from error
    return asked


class UndoesAdjustments:
    """Adds the button that asks for a correction to be undone to the transfers' admin."""

    actions_detail = ["undo_adjustment"]
    has_adjust_permission = has_perm(adjusting.RIGHT)

    def get_actions_detail(self, request, object_id):
        """Offer it for a correction that stands."""
        transfer = self.get_object(request, object_id)
        offered = super().get_actions_detail(request, object_id)
        if transfer is None or transfer.kind != TransferKind.ADJUSTED:
            return []
        return [] if operations.why_not_undo_adjustment(transfer, request.user) else offered

    @action(
        description=gettext_lazy("申请撤销更正"), url_path="undo-adjustment", permissions=["adjust"]
    )
    def undo_adjustment(self, request, object_id):
        """Ask why, then ask a colleague to confirm."""
        if not self.has_adjust_permission(request):
            raise PermissionDenied
        transfer = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("申请撤销更正"),
            form_class=UndoForm,
            why_not=operations.why_not_undo_adjustment(transfer, request.user),
            facts=[(_("流水号"), transfer.code), (_("事由"), transfer.about)],
            outcome=ASKED,
            submit=_("提交申请"),
            operation=partial(operations.propose_undo, transfer=transfer),
            done=_("申请已提交，确认后撤销。"),
            back=self.address("change", transfer.pk),
        )
