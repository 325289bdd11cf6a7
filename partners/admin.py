"""Partner units' API keys in the admin: create (the secret is shown once), look at, stop."""

import re
from functools import partial

from django import forms
from django.contrib import admin
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
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin, OperationForm
from kernel.admin.lists import column
from kernel.words import listed
from partners import operations
from partners.models import PartnerKey
from partners.scopes import choices, scopes

# The toolkit registers its own screens: tokens are nobody's reading, keys get the screen below.
TOOLKIT = (
    PartnerKey,
    get_access_token_model(),
    get_grant_model(),
    get_id_token_model(),
    get_refresh_token_model(),
    get_device_grant_model(),
)
admin.site.unregister(filter(admin.site.is_registered, TOOLKIT))

CLIENT_ID = re.compile(r"[A-Za-z0-9]{30,60}")


class KeyForm(OperationForm):
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

    def clean_client_id(self):
        """Accept only what the form itself could have made."""
        value = self.cleaned_data["client_id"]
        if not CLIENT_ID.fullmatch(value):
            raise forms.ValidationError(_("表单已失效，请返回列表重新打开。"))
        return value

    def operate(self, stored, **values):
        """Create the key; its secret goes along to the page that shows it."""
        key, secret = operations.create_key(**values)
        key.fresh_secret = secret
        return key


def _scope_words(key):
    words = scopes()
    return listed(words.get(scope, scope) for scope in key.allowed_scopes)


def _state(key):
    """Tell whether the key opens anything now: a state and its word."""
    works = key.works_at(timezone.now())
    return ("works", _("有效")) if works else ("stopped", _("已停用"))


@admin.register(PartnerKey)
class PartnerKeyAdmin(ReadOnly, OperationAdmin):
    """Keys by unit, created and stopped, never changed; the digest of the secret is never shown."""

    form = KeyForm
    list_display = ["unit", "name", "scope_words", "created", "expires_at", "state_shown"]
    list_select_related = ["unit"]
    list_filter = ["unit__kind"]
    search_fields = ["unit__name", "name", "client_id"]
    search_help_text = gettext_lazy("单位、用途或客户端编号")
    autocomplete_fields = ["unit"]
    ordering = ["-id"]
    actions_detail = ["revoke"]
    add_fieldsets = [(None, {"fields": ["unit", "name", "scopes", "expires_at", "client_id"]})]
    fields = [
        "unit",
        "name",
        "client_id",
        "scope_words",
        "created",
        "expires_at",
        "revoked_at",
        "state_words",
    ]
    readonly_fields = ["scope_words", "state_words"]
    view_on_site = False  # the toolkit's own page of a key is not mounted

    has_add_permission = has_perm("partners.add_partnerkey")
    has_revoke_permission = has_perm(
        "partners.change_partnerkey"
    )  # stopping is all there is to change

    scope_words = column(gettext_lazy("权限范围"), _scope_words)
    state_words = column(gettext_lazy("状态"), lambda key: _state(key)[1])

    @display(
        description=gettext_lazy("状态"),
        label={"works": "success", "stopped": "danger"},
    )
    def state_shown(self, key):
        """Show the state as a coloured word."""
        return _state(key)

    def response_add(self, request, obj, post_url_continue=None):
        """Show the secret in this answer and nowhere else: no redirect, no message, no cache."""
        return self.page(
            request,
            "partners/admin/key_created.html",
            title=_("接口密钥已创建"),
            key=obj,
            secret=obj.fresh_secret,
            base=request.build_absolute_uri("/api/v1"),
        )

    def get_actions_detail(self, request, object_id):
        """Offer to stop a key that is not stopped."""
        key = self.get_object(request, object_id)
        return super().get_actions_detail(request, object_id) if key and not key.revoked_at else []

    @action(description=gettext_lazy("停用密钥"), url_path="revoke", permissions=["revoke"])
    def revoke(self, request, object_id):
        """Say what will happen, then stop the key."""
        key = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("停用接口密钥"),
            facts=[(_("单位"), key.unit), (_("用途"), key.name)],
            outcome=_("停用后，对方立即无法读取数据，并且不能恢复；需要时请另建密钥。"),
            submit=_("确认停用"),
            danger=True,
            operation=partial(operations.revoke_key, key=key),
            done=_("密钥已停用，它换取的令牌已全部作废。"),
            back=self.address("change", key.pk),
        )
