"""What a clerk fills in to upload a list."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from accounts.models import Department
from kernel.downloads import TYPES


class UploadForm(forms.Form):
    """The file a unit sent."""

    file = forms.FileField(
        label=_("信息采集表（.xlsx、.xls 或 .csv）"),
        allow_empty_file=True,
        # unfold's script expects its own widget around every file field.
        widget=widgets.UnfoldAdminFileFieldWidget({"accept": f".xlsx,.xls,.csv,{TYPES['xlsx']}"}),
        error_messages={"required": _("请选择要导入的文件。")},
    )

    def __init__(self, *args, by, **kwargs):
        """Staff who see all departments say whose list it is."""
        super().__init__(*args, **kwargs)
        if by.sees_all_departments:
            self.fields["department"] = forms.ModelChoiceField(
                Department.objects.order_by("order"),
                label=_("所属部门"),
                initial=by.department_id,
                widget=widgets.UnfoldAdminSelectWidget,
                error_messages={"required": _("请选择所属部门。")},
            )
