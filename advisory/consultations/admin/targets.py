"""Targets in the admin: what share of women each department aims at in a year."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from advisory.consultations import rules
from advisory.consultations.admin.forms import ShareTargetForm
from advisory.consultations.models import ShareTarget
from kernel.admin.forms import OperationAdmin


@admin.register(ShareTarget)
class ShareTargetAdmin(OperationAdmin):
    """Everybody's targets; each department sets its own."""

    form = ShareTargetForm
    list_display = ("year", "department", "percent", "set_at")
    list_filter = ("year", "department")
    list_select_related = ("department",)
    ordering = ("-year", "department", "pk")
    editable = ("percent",)
    add_words = gettext_lazy("设定女性占比目标")
    empty_words = gettext_lazy("还没有目标。设定以后，计划邀请的女性低于目标时要写明原因。")
    add_fieldsets = ((None, {"fields": ("year", "percent")}),)
    fieldsets = ((None, {"fields": (("department", "year"), ("percent", "set_at"))}),)

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def has_change_permission(self, request, obj=None):
        """Its own department's alone."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or obj.department_id == request.user.department_id

    def has_add_permission(self, request):
        """Who may change one sets one."""
        return request.user.has_perm(rules.TARGET) and request.user.department_id is not None
