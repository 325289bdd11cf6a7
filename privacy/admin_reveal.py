"""The admin page that shows an encrypted field in full to somebody who says why."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.decorators import action

from kernel.admin.base import StaffAdmin
from kernel.admin.decision import carry_out, form_page
from kernel.admin.forms import reason_field
from privacy import operations


class RevealForm(forms.Form):
    """Which field is needed in full, and why."""

    field = forms.ChoiceField(label=_("查看哪一项"), widget=widgets.UnfoldAdminSelectWidget)
    reason = reason_field(
        _("至少四个字，如“核对证件复印件”。"), label=_("查看理由"), missing=_("请写明查看理由。")
    )

    def __init__(self, data, *, labels):
        """`labels` are the fields there are ({name: label}); of a single one nobody is asked which."""
        super().__init__(data)
        self.only = next(iter(labels)) if len(labels) == 1 else None
        self.fields["field"].choices = labels.items()
        if self.only:
            del self.fields["field"]

    def clean(self):
        """Add the single field's name."""
        return super().clean() | ({"field": self.only} if self.only else {})


class RevealAdmin(StaffAdmin):
    """Adds the page 查看完整号码: `revealed` names the encrypted fields it can show.

    Needs "reveal" in `actions_detail`, and the permission "<app>.reveal_<model>".
    """

    revealed = ()

    def facts(self, obj):
        """Return (label, value) pairs that say whose record it is."""
        return [(self.opts.verbose_name, obj)]

    def has_reveal_permission(self, request, object_id=None):
        """Those who may see a number in full."""
        return request.user.has_perm(f"{self.opts.app_label}.reveal_{self.opts.model_name}")

    @action(description=_("查看完整号码"), url_path="reveal", permissions=["reveal"])
    def reveal(self, request, object_id):
        """Ask why, then show the field in this answer and nowhere else."""
        obj = self.get_or_404(request, object_id)
        labels = {name: self.opts.get_field(name).verbose_name for name in self.revealed}
        form = RevealForm(request.POST if request.method == "POST" else None, labels=labels)
        label = shown = None
        if form.is_valid():
            label = labels[form.cleaned_data["field"]]
            shown = carry_out(form, lambda **asked: operations.reveal(obj=obj, **asked), request)
        return form_page(
            self,
            request,
            "privacy/admin/reveal.html",
            title=_("查看完整号码"),
            form=form,
            facts=self.facts(obj),
            outcome=_("每次查看都会连同您的姓名和理由记入审计日志。"),
            submit_label=_("查看"),
            back=self.address("change", obj.pk),
            label=label if form.is_valid() else None,
            shown=shown,
        )
