"""The catalogue of honours in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from honours import operations
from honours.models import Honour
from honours.operations.catalogue import EDITABLE
from kernel.admin.forms import OperationAdmin, OperationForm
from kernel.admin.lists import column


class HonourForm(OperationForm):
    """An honour as staff write it."""

    class Meta:
        model = Honour
        fields = EDITABLE

    def operate(self, stored, *, by, now, **cleaned):
        """Add or change it."""
        return operations.save_honour(honour=stored, values=cleaned, by=by, now=now)


@admin.register(Honour)
class HonourAdmin(OperationAdmin):
    """The honours there are."""

    form = HonourForm
    editable = EDITABLE
    list_display = ("name", "level", "for_whom", "granted_by", "current")
    list_filter = ("level", "for_whom", "is_current")
    search_fields = ("name", "standard_code")
    search_help_text = _("按名称或标准代码查找")
    ordering = ("pk",)
    empty_words = _("还没有荣誉称号。先在这里建目录，再登记荣誉。")
    fields = (
        "name",
        "name_en",
        ("level", "for_whom"),
        "granted_by",
        "standard_code",
        "is_current",
    )

    current = column(_("还在评选"), lambda row: _("是") if row.is_current else _("否"))
