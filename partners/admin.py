"""Partner units' API keys in the admin: create (the secret is shown once), look at, stop."""

import re

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oauth2_provider.generators import generate_client_id
from oauth2_provider.models import (
    get_access_token_model,
    get_device_grant_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from kernel.admin.base import StaffAdmin
from kernel.errors import DomainError
from kernel.words import listed
from partners import operations
from partners.models import PartnerKey
from partners.scopes import choices, scopes

# The toolkit registers its own screens: tokens are nobody's reading, keys get the screen below.
for model in (
    PartnerKey,
    get_access_token_model(),
    get_grant_model(),
    get_id_token_model(),
    get_refresh_token_model(),
    get_device_grant_model(),
):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

CLIENT_ID = re.compile(r"[A-Za-z0-9]{30,60}")


class KeyForm(forms.ModelForm):
    """What a new key is for. The client id travels with the form, so that sent twice is one key."""

    name = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=60,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("例如：人事系统同步"),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("权限范围"),
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只勾选对方确实需要的。"),
    )
    expires_at = forms.SplitDateTimeField(
        label=gettext_lazy("到期时间"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=gettext_lazy("留空表示长期有效，建议不超过一年。"),
    )
    client_id = forms.CharField(widget=forms.HiddenInput, initial=generate_client_id)

    class Meta:
        model = PartnerKey
        fields = ["unit", "name", "client_id"]

    by = None
    secret = ""

    def clean_client_id(self):
        """Accept only what the form itself could have made."""
        value = self.cleaned_data["client_id"]
        if not CLIENT_ID.fullmatch(value):
            raise forms.ValidationError(_("表单已失效，请返回列表重新打开。"))
        return value

    def _post_clean(self):
        if self.errors:
            return
        try:
            self.instance, self.secret = operations.create_key(
                **self.cleaned_data, by=self.by, now=timezone.now()
            )
        except DomainError as error:
            self.add_error(error.field, str(error))

    def save(self, commit=True):
        """Everything is saved already."""
        self.instance.fresh_secret = self.secret
        return self.instance

    def save_m2m(self):
        """Nothing is left to save."""


@admin.register(PartnerKey)
class PartnerKeyAdmin(StaffAdmin):
    """Keys by unit; the stored digest of the secret is never shown."""

    form = KeyForm
    list_display = ["unit", "name", "scope_words", "created", "expires_at", "state_shown"]
    list_select_related = ["unit"]
    list_filter = ["unit__kind"]
    search_fields = ["unit__name", "name", "client_id"]
    search_help_text = gettext_lazy("单位、用途或客户端编号")
    autocomplete_fields = ["unit"]
    ordering = ["-id"]
    change_form_outer_before_template = "partners/admin/key.html"
    view_on_site = False  # the toolkit's own page of a key is not mounted

    def get_fields(self, request, obj=None):
        """Ask when adding; show when there."""
        if obj is None:
            return ["unit", "name", "scopes", "expires_at", "client_id"]
        return [
            "unit",
            "name",
            "client_id",
            "scope_words",
            "created",
            "expires_at",
            "revoked_at",
            "state_words",
        ]

    def get_readonly_fields(self, request, obj=None):
        """A key is not edited: another scope is another key."""
        return self.get_fields(request, obj) if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Give the form the person who acts."""
        if obj is None:
            kwargs["fields"] = ["unit", "name", "client_id"]
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def has_change_permission(self, request, obj=None):
        """Keys are created and stopped, never changed."""
        return False

    def has_revoke_permission(self, request):
        """Stopping a key is the change permission's only use."""
        return request.user.has_perm("partners.change_partnerkey")

    def save_model(self, request, obj, form, change):
        """The form has done it."""

    def log_addition(self, request, obj, message):
        """The audit log has it."""

    def response_add(self, request, obj, post_url_continue=None):
        """Show the secret in this answer and nowhere else: no redirect, no message, no cache."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("接口密钥已创建"),
            "opts": self.opts,
            "key": obj,
            "secret": obj.fresh_secret,
            "base": request.build_absolute_uri("/api/v1"),
        }
        response = TemplateResponse(request, "partners/admin/key_created.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Offer to stop the key."""
        context = {**(extra_context or {}), "may_revoke": self.has_revoke_permission(request)}
        return super().change_view(request, object_id, form_url, context)

    @display(description=gettext_lazy("权限范围"))
    def scope_words(self, key):
        """Name the scopes."""
        words = scopes()
        return listed(words.get(scope, scope) for scope in key.allowed_scopes)

    @display(
        description=gettext_lazy("状态"),
        label={"works": "success", "stopped": "danger"},
    )
    def state_shown(self, key):
        """Tell whether it opens anything now."""
        if key.works_at(timezone.now()):
            return "works", _("有效")
        return "stopped", _("已停用")

    @display(description=gettext_lazy("状态"))
    def state_words(self, key):
        """Show the state as words on the key's own page."""
        return self.state_shown(key)[1]

    def get_urls(self):
        """Add the page that stops a key."""
        page = path(
            "<int:pk>/revoke/",
            self.admin_site.admin_view(self.revoke),
            name="partners_partnerkey_revoke",
        )
        return [page, *super().get_urls()]

    def revoke(self, request, pk):
        """Say what will happen, then stop the key."""
        key = self.get_object(request, str(pk))
        if key is None:
            raise Http404
        if not self.has_revoke_permission(request):
            raise PermissionDenied
        back = reverse("admin:partners_partnerkey_change", args=[pk])
        if request.method == "POST":
            operations.revoke_key(key=key, by=request.user, now=timezone.now())
            self.message_user(request, _("密钥已停用，它换取的令牌已全部作废。"))
            return redirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("停用接口密钥"),
            "opts": self.opts,
            "key": key,
            "back": back,
        }
        return TemplateResponse(request, "partners/admin/key_revoke.html", context)
