"""People, units and departments in the admin. Every change goes through accounts.operations."""

from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts import access, access_requests, joint, operations, phones, rescue
from accounts import roles as known_roles
from accounts.models import Department, JointAction, Unit, User
from accounts.roles import role_names
from kernel import masking
from kernel.admin.base import ReadOnly, StaffAdmin
from kernel.admin.decision import decide
from kernel.admin.forms import OperationAdmin, OperationForm, reason_field
from kernel.admin.lists import column, state_column
from kernel.words import clauses, labelled, listed
from privacy.admin_reveal import RevealAdmin

# Roles are written in the apps' declarations, not clicked together; and a row added in allauth's
# tables would be a way into somebody's account without a trace.
admin.site.unregister([Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken])


ASKED = _("申请已提交，待另一位管理员（没有时由审计员）确认后生效；进展见“双人确认”。")

# Stands beside "changed", which the rest of the form is.
ASKED_RIGHTS = _(
    "权限还没有变：已提交申请，待另一位管理员（没有时由审计员）确认后生效；进展见“双人确认”。"
)

ASKED_FIRST = _(
    "她是工作人员：提交后须由另一位管理员（没有时由审计员）确认才会办理，她本人会收到通知。请先用其他方式确认是本人。"
)


def _reason_field():
    help_text = _(
        "增加工作人员角色、重新启用或调换工作人员的部门，须由另一位管理员（没有时由审计员）确认后生效，请写明理由。"
    )
    return reason_field(help_text, required=False)


def _roles_field():
    return forms.MultipleChoiceField(
        label=_("角色"),
        required=False,
        choices=known_roles.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("除单位联系人外，勾选任一角色即可进入工作台。不能修改自己的角色。"),
    )


class ChangeUserForm(OperationForm):
    """What an administrator may change about an account."""

    roles = _roles_field()
    reason = _reason_field()
    asked = None

    class Meta:
        model = User
        fields = ["full_name", "department", "unit", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "roles" in self.fields:
            self.fields["roles"].initial = list(self.instance.groups.values_list("name", flat=True))

    def operate(self, stored, **values):
        """Change the account and its roles; what needs two people is asked for."""
        user, self.asked = access_requests.change(user=stored, **values)
        return user


class AddUserForm(OperationForm):
    """A new member of staff or a unit's contact; she signs in by SMS code."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("她用这个手机号收验证码登录，第一次进入工作台时设置双重验证。"),
    )
    roles = _roles_field()
    reason = _reason_field()
    asked = None

    class Meta:
        model = User
        fields = ["full_name", "department", "unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True

    def operate(self, stored, **values):
        """Create the account; roles that need two people are asked for."""
        user, self.asked = access_requests.add(**values)
        return user


class FindByPhoneForm(forms.Form):
    """A whole mobile number."""

    phone = forms.CharField(
        label=_("手机号"), max_length=30, widget=UnfoldAdminTextInputWidget(attrs={"type": "tel"})
    )

    def clean_phone(self):
        """Take any spelling of a mainland mobile number; return its 11 digits."""
        number = phones.normalise(self.cleaned_data["phone"])
        if number is None:
            raise forms.ValidationError(_("请填写完整的 11 位手机号。"))
        return number


class WhyForm(forms.Form):
    """How an administrator made sure of who asks."""

    reason = reason_field(_("写明怎样确认了是本人，如“本人持身份证到场”。写入审计日志。"))


class NewPhoneForm(WhyForm):
    """The number she has now."""

    phone = forms.CharField(
        label=_("新手机号"), max_length=30, widget=UnfoldAdminTextInputWidget(attrs={"type": "tel"})
    )
    field_order = ("phone", "reason")


@admin.register(User)
class UserAdmin(RevealAdmin, OperationAdmin):
    """Accounts; phones are masked, password hashes are not shown at all."""

    list_display = [
        "full_name",
        "masked_phone",
        "department",
        "unit",
        "role_list",
        "is_active",
        "last_login",
    ]
    list_select_related = ["department", "unit"]
    list_filter = ["department", "groups", "is_staff", "is_active"]
    search_fields = ["full_name", "code"]
    search_help_text = _("姓名或用户编号")
    readonly_fields = ["code", "masked_phone", "last_login", "date_joined", "language"]
    autocomplete_fields = ["unit"]
    ordering = ["-id"]
    actions_detail = ["replace_phone", "reset_second_factor", "reveal"]
    actions_list = ["by_phone"]
    revealed = ["phone"]
    add_fieldsets = [
        (None, {"fields": ["full_name", "phone", "department", "unit", "roles", "reason"]})
    ]

    masked_phone = column(_("手机号"), lambda user: masking.phone(user.phone), empty="")

    def get_queryset(self, request):
        """Fetch roles with the rows."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        """Show what is not editable, and nothing that is encrypted or secret."""
        return self.readonly_fields

    def get_fieldsets(self, request, obj=None):
        """Let those who may not change an account read its roles."""
        if obj is None:
            return self.add_fieldsets
        roles = ["role_list"]
        if self.has_change_permission(request, obj):
            roles = ["roles", "reason"]
        fieldsets = [
            (None, {"fields": ["full_name", "masked_phone", "code", "language"]}),
            (_("归属与角色"), {"fields": ["department", "unit", "is_active", *roles]}),
            (_("时间"), {"fields": ["date_joined", "last_login"]}),
        ]
        return self.told_fieldsets(request, obj, fieldsets)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Use the form that belongs to the page."""
        if self.has_change_permission(request, obj):
            kwargs["form"] = ChangeUserForm if obj else AddUserForm
            kwargs["fields"] = kwargs["form"].Meta.fields
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request, obj, form, change):
        """Say what waits for a second person."""
        if form.asked:
            messages.info(request, ASKED_RIGHTS)

    @admin.display(description=_("角色"))
    def role_list(self, user):
        """Name her roles."""
        names = role_names(group.name for group in user.groups.all())
        return listed([*([_("超级管理员")] if user.is_superuser else []), *names]) or "—"

    @action(description=_("按手机号查找"), url_path="by-phone", permissions=["view", "reveal"])
    def by_phone(self, request):
        """Find an account by its whole number, posted so that it stays out of addresses and logs."""
        return decide(
            self,
            request,
            title=_("按手机号查找"),
            form_class=FindByPhoneForm,
            submit=_("查找"),
            outcome=_("每次查找都会记入审计日志。"),
            operation=operations.find_by_phone,
            back=self.address("changelist"),
            go_on=lambda user: self.address("change", user.pk),
        )

    def get_actions_detail(self, request, object_id):
        """Offer what helps somebody back in to who may do it to this account."""
        offered = super().get_actions_detail(request, object_id)
        user = self.get_object(request, object_id)
        if user and rescue.why_not_rescue(user, request.user):
            offered = [entry for entry in offered if entry.action_name.endswith("_reveal")]
        return offered

    def facts(self, user):
        """Say whose account it is."""
        return [
            (_("姓名"), user),
            (_("用户编号"), user.code),
            (_("手机号"), masking.phone(user.phone)),
        ]

    def _rescue(self, request, object_id, title, operation, form_class, *, outcome, done):
        """Ask why, then help her back in; for a member of staff, ask a second person first."""
        user, submit = self.get_or_404(request, object_id), title
        if access.why_not_rescue_alone(user, request.user):
            operation, done, outcome = rescue.ask_rescue, ASKED, ASKED_FIRST
            submit = _("提交申请")
        return decide(
            self,
            request,
            title=title,
            form_class=form_class,
            facts=self.facts(user),
            outcome=outcome,
            submit=submit,
            danger=submit == title,
            operation=partial(operation, user=user),
            done=done,
            back=self.address("change", user.pk),
        )

    @action(description=_("更换手机号"), url_path="phone", permissions=["change"])
    def replace_phone(self, request, object_id):
        """Give the account another phone."""
        outcome = _("请先用其他方式确认是本人。新号码立即可以登录，原号码会收到短信提醒。")
        decision = gettext("更换手机号"), rescue.replace_phone, NewPhoneForm
        done = _("手机号已更换，已通知本人和原号码。")
        return self._rescue(request, object_id, *decision, outcome=outcome, done=done)

    @action(description=_("重置双重验证"), url_path="second-factor", permissions=["change"])
    def reset_second_factor(self, request, object_id):
        """Take her second factors off."""
        outcome = _(
            "请先用其他方式确认是本人。她的验证器、通行密钥和恢复码全部失效，下次登录须重新设置。"
        )
        decision = gettext("重置双重验证"), rescue.reset_second_factor, WhyForm
        done = _("双重验证已重置，已通知本人。")
        return self._rescue(request, object_id, *decision, outcome=outcome, done=done)


class RefusalForm(forms.Form):
    """Why it is not agreed to."""

    reason = reason_field(_("申请人会看到。"))


@admin.register(JointAction)
class JointActionAdmin(ReadOnly, StaffAdmin):
    """What one person asked for and a second one confirms."""

    empty_words = _("须两个人办理的事，提交申请后列在这里，等另一位确认。")
    list_display = [
        "kind_shown",
        "person",
        "state_shown",
        "requested_by",
        "requested_at",
        "expires_at",
    ]
    list_display_links = ["kind_shown"]
    list_filter = ["state"]
    list_select_related = ["person", "requested_by"]
    ordering = ["-id"]
    fields = [
        "kind_shown",
        "person",
        "beneficiary",
        "facts_shown",
        "reason",
        "state_now",
        "requested_by",
        "requested_at",
        "expires_at",
        "decided_by",
        "decided_at",
        "decision_reason",
    ]
    readonly_fields = ["kind_shown", "facts_shown", "state_now"]
    actions_detail = ["confirm", "refuse", "withdraw"]

    kind_shown = column(_("事项"), lambda action: action.get_kind_display())
    facts_shown = column(_("将要办理"), lambda action: _facts_text(action), empty="")
    state_now = column(_("状态"), lambda action: action.state_at(timezone.now()))
    state_shown = state_column(
        {"waiting": "warning", "confirmed": "success", "refused": "danger", "expired": "danger"}
    )

    def get_actions_detail(self, request, object_id):
        """Offer what she may do with it now."""
        action, by = self.get_object(request, object_id), request.user
        offered = super().get_actions_detail(request, object_id)
        if action is None:
            return offered
        may = [] if _why_not_decide(action, by) else ["confirm", "refuse"]
        if action.is_waiting and not joint.why_not_withdraw(action, by):
            may.append("withdraw")
        return [entry for entry in offered if entry.action_name.endswith(tuple(may) or ("-",))]

    def _decision(self, request, object_id, operation, rule, **page):
        action = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            why_not=rule(action, request.user),
            facts=_facts(action),
            operation=partial(operation, action=action),
            back=self.address("change", action.pk),
            **page,
        )

    @action(description=_("确认并执行"), url_path="confirm", variant=ActionVariant.PRIMARY)
    def confirm(self, request, object_id):
        """Carry it out as the second person."""
        return self._decision(
            request,
            object_id,
            joint.confirm,
            _why_not_decide,
            title=gettext("确认并执行"),
            submit=gettext("确认并执行"),
            outcome=_(
                "请先向申请人和涉及的人核实。确认后立即执行，双方都会收到通知，并记入审计日志。"
            ),
            danger=True,
            done=_("已确认并执行。"),
        )

    @action(description=_("不同意"), url_path="refuse")
    def refuse(self, request, object_id):
        """Turn it down with a reason."""
        return self._decision(
            request,
            object_id,
            joint.refuse,
            _why_not_decide,
            form_class=RefusalForm,
            title=gettext("不同意"),
            submit=gettext("不同意"),
            outcome=_("什么都不会改变，申请人会收到通知。"),
            done=_("已答复申请人。"),
        )

    @action(description=_("撤回申请"), url_path="withdraw")
    def withdraw(self, request, object_id):
        """Take it back."""
        return self._decision(
            request,
            object_id,
            joint.withdraw,
            joint.why_not_withdraw,
            title=gettext("撤回申请"),
            submit=gettext("撤回申请"),
            outcome=_("什么都不会改变；需要时可以重新提交。"),
            done=_("已撤回。"),
        )


def _why_not_decide(action, by):
    return joint.why_not_decide(action, by, timezone.now())


def _facts(action):
    """Return who asked for what, and what would be done."""
    return [
        (_("事项"), action.get_kind_display()),
        (_("涉及的人"), action.person),
        *joint.kinds()[action.kind].facts(action),
        (_("申请人"), action.requested_by),
        (_("理由"), action.reason),
    ]


def _facts_text(action):
    pairs = joint.kinds()[action.kind].facts(action)
    return clauses(labelled(label, value) for label, value in pairs)


class UnitForm(OperationForm):
    """A unit's record; the credit code is checked."""

    class Meta:
        model = Unit
        fields = ["name", "short_name", "uscc", "kind", "district", "address", "is_partner"]

    def operate(self, stored, **values):
        """Add or change the unit."""
        return operations.save_unit(unit=stored, **values)


@admin.register(Unit)
class UnitAdmin(OperationAdmin):
    """Employers, schools, hospitals, associations and banks."""

    form = UnitForm
    list_display = ["name", "short_name", "kind", "uscc", "district", "is_partner"]
    list_filter = ["kind", "is_partner"]
    search_fields = ["name", "short_name", "uscc"]
    search_help_text = _("单位全称、简称或信用代码")
    fields = UnitForm.Meta.fields
    ordering = ["name"]

    def get_readonly_fields(self, request, obj=None):
        """Being a partner opens and shuts API keys: it is changed by those who give them out."""
        return [] if request.user.has_perm("accounts.admit_unit") else ["is_partner"]


@admin.register(Department)
class DepartmentAdmin(ReadOnly, StaffAdmin):
    """The seven issuing bodies, for reference: rows come from a migration."""

    list_display = ["name", "short_name", "name_en", "code"]
    fields = ["name", "short_name", "name_en", "code", "order"]
    ordering = ["order"]
