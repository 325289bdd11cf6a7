"""A department's circles for staff: made, changed, closed, and who keeps order in them."""

from functools import partial

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from cloud_home import operations, rules
from cloud_home.forms import CircleForm, CloseForm, ModeratorForm
from cloud_home.models import Circle, CircleKind
from kernel.admin.base import has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import column, state_column


@admin.register(Circle)
class CircleAdmin(OperationAdmin):
    """A department's circles: make, change, close; name who keeps order."""

    form = CircleForm
    editable = operations.EDITABLE
    list_display = ("name", "kind", "state_shown", "discreet_shown", "department", "created_at")
    list_filter = ("kind", "discreet", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("department",)
    search_fields = ("name", "about")
    search_help_text = gettext_lazy("按名称或简介查找")
    readonly_fields = ("moderators_shown",)
    fields = (
        "name",
        "kind",
        "about",
        "discipline",
        "discreet",
        "department",
        "event",
        "moderators_shown",
        "created_at",
        "closed_at",
        "close_reason",
    )
    add_fieldsets = (
        (None, {"fields": ("name", "kind", "about", "discipline", "discreet", "department")}),
    )
    actions_detail = ("name_moderator", "remove_moderator", "close", "reopen")
    add_words = gettext_lazy("新建圈子")
    empty_words = gettext_lazy("还没有圈子。按学科、协会或议题建一个，请几位热心的人先发起话题。")

    has_manage_permission = has_perm("cloud_home.change_circle")

    state_shown = state_column(
        {"open": "success", "closed": "danger"},
        words=lambda circle: ("closed", _("已关闭")) if circle.is_closed else ("open", _("开放")),
    )

    discreet_shown = column(
        gettext_lazy("敏感主题"), lambda circle: _("是") if circle.discreet else ""
    )

    def get_queryset(self, request):
        """Show the circles she looks after."""
        return Circle.objects.managed_by(request.user).order_by("-pk")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Threads of events are opened on the event's page, not here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "kind" and request.resolver_match.url_name.endswith("_add"):
            field.choices = [(c, w) for c, w in field.choices if c != CircleKind.EVENT]
        return field

    def get_readonly_fields(self, request, obj=None):
        """Show what the thread of an event has from its event, without a field to write in."""
        shown = super().get_readonly_fields(request, obj)
        return (*shown, *operations.OF_EVENT, "kind") if obj and obj.is_of_event else shown

    def get_changeform_initial_data(self, request):
        """Suggest her own department."""
        return {"department": request.user.department_id}

    def get_view_on_site_url(self, obj=None):
        """Lead to the circle's page."""
        return obj.get_absolute_url() if obj else None

    moderators_shown = column(
        gettext_lazy("圈主"),
        lambda circle: "、".join(
            m.user.full_name
            for m in circle.memberships.filter(is_moderator=True).select_related("user")
        ),
    )

    def get_actions_detail(self, request, object_id):
        """Offer what is due."""
        offered = super().get_actions_detail(request, object_id)
        circle = self.get_object(request, object_id)
        withheld = "close" if circle is None or circle.is_closed else "reopen"
        return [entry for entry in offered if not entry.action_name.endswith(f"_{withheld}")]

    def _manage(self, request, object_id, operation, *, facts=lambda circle: [], **page):
        """Ask before an operation on a circle; `facts(circle)` say more than its name."""
        circle = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            why_not=rules.why_not_manage(circle, request.user),
            facts=[(_("圈子"), circle.name), *facts(circle)],
            operation=partial(operation, circle=circle),
            back=self.address("change", circle.pk),
            **page,
        )

    @action(description=gettext_lazy("关闭"), url_path="close", permissions=["manage"])
    def close(self, request, object_id):
        """Ask why, then close."""
        return self._manage(
            request,
            object_id,
            operations.close_circle,
            title=_("关闭圈子"),
            submit=_("关闭圈子"),
            form_class=CloseForm,
            outcome=_("内容仍可阅读，不能再发言；随时可以重新打开。"),
            danger=True,
            done=_("圈子已关闭。"),
        )

    @action(description=gettext_lazy("重新打开"), url_path="reopen", permissions=["manage"])
    def reopen(self, request, object_id):
        """Ask, then open again."""
        return self._manage(
            request,
            object_id,
            operations.reopen_circle,
            facts=lambda circle: [(_("关闭原因"), circle.close_reason)],
            title=_("重新打开圈子"),
            submit=_("重新打开"),
            outcome=_("成员又可以发言。"),
            done=_("圈子已重新打开。"),
        )

    @action(description=gettext_lazy("指定圈主"), url_path="moderator", permissions=["manage"])
    def name_moderator(self, request, object_id):
        """Ask who keeps order."""
        return self._manage(
            request,
            object_id,
            operations.name_moderator,
            title=_("指定圈主"),
            submit=_("指定圈主"),
            form_class=ModeratorForm,
            outcome=_("圈主可以隐藏发言、关闭话题；举报和申诉由工作人员处理。"),
            done=_("已指定圈主。"),
        )

    @action(description=gettext_lazy("取消圈主"), url_path="no-moderator", permissions=["manage"])
    def remove_moderator(self, request, object_id):
        """Ask who keeps order no more."""
        return self._manage(
            request,
            object_id,
            _remove_moderator,
            facts=lambda circle: [(_("圈主"), self.moderators_shown(circle))],
            title=_("取消圈主"),
            submit=_("取消圈主"),
            form_class=ModeratorForm,
            outcome=_("她仍是圈子成员。"),
            done=_("已取消圈主。"),
        )


def _remove_moderator(*, circle, code, by, now):
    membership = operations.moderator_called(circle, code)
    return operations.remove_moderator(membership=membership, by=by, now=now)
