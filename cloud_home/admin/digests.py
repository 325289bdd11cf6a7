"""Digests the clock could not send: found, and given back to it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from cloud_home import operations
from cloud_home.models import Preference
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin


@admin.register(Preference)
class PreferenceAdmin(SweptAdmin, ReadOnly, StaffAdmin):
    """Whose digest was set aside; what others chose is nobody's business."""

    empty_words = gettext_lazy("没有发不出的摘要；多次没有发出的会列在这里，可以重试。")
    list_display = ("user", "digest", "told_up_to", "next_at")
    list_select_related = ("user",)
    list_filter = (SetAsideFilter,)
    fields = ("user", "digest", "told_up_to", "next_at")
    actions = ("try_again",)
    again = staticmethod(operations.try_again)
    has_again_permission = has_perm("cloud_home.change_preference")
