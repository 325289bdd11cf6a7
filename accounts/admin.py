"""People, units and departments in the admin. Every change goes through accounts.operations."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminTextInputWidget,
)

from accounts import operations, phones
from accounts import roles as known_roles
from accounts.models import Department, Unit, User
from accounts.roles import role_names
from kernel import masking
from kernel.admin.base import StaffAdmin
from kernel.errors import DomainError
from kernel.words import listed
from privacy import audit
from privacy.crypto import blind_index
from privacy.operations import reveal

admin.site.unregister(Group)  # roles are written in accounts.roles, not clicked together
# Nor are allauth's tables: a row added there would be a way into somebody's account without a trace.
for row in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(row)


class OperationForm(forms.ModelForm):
    """A form whose writing is done by an operation; its refusals become form errors.

    `_post_clean` runs the operation in a savepoint, so what is refused is undone as a whole and shown
    at its field with everything that was typed.
    """

    by = None

    def operate(self, cleaned):
        """Call the operation; returns the saved instance."""
        raise NotImplementedError

    def _post_clean(self):
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.instance = self.operate(self.cleaned_data)
        except DomainError as error:
            field = error.field if error.field in self.fields else None
            self.add_error(field, str(error))

    def save(self, commit=True):
        """Everything is saved already."""
        return self.instance

    def save_m2m(self):
        """Nothing is left to save."""


class OperationAdmin(StaffAdmin):
    """An admin class that saves through its form's operation."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Give the form the person who acts."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def save_model(self, request, obj, form, change):
        """The form has done it."""

    def save_related(self, request, form, formsets, change):
        """The form has done it."""


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

    class Meta:
        model = User
        fields = ["full_name", "department", "unit", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "roles" in self.fields:
            self.fields["roles"].initial = list(self.instance.groups.values_list("name", flat=True))

    def operate(self, cleaned):
        """Change the account, then its roles."""
        now = timezone.now()
        fresh = User.objects.get(pk=self.instance.pk)
        changes = {name: cleaned[name] for name in self.Meta.fields if name in cleaned}
        user = operations.change_user(user=fresh, by=self.by, now=now, **changes)
        return operations.set_roles(user=user, roles=cleaned["roles"], by=self.by, now=now)


class AddUserForm(OperationForm):
    """A new member of staff or a unit's contact; she signs in by SMS code."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("她用这个手机号收验证码登录，第一次进入工作台时设置双重验证。"),
    )
    roles = _roles_field()

    class Meta:
        model = User
        fields = ["full_name", "department", "unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True

    def operate(self, cleaned):
        """Create the account."""
        return operations.add_user(by=self.by, now=timezone.now(), **cleaned)


class RevealForm(forms.Form):
    """Why the full number is needed."""

    reason = forms.CharField(
        label=_("查看理由"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("至少四个字，与您的姓名一起记入审计日志。"),
    )


class FindByPhoneForm(forms.Form):
    """A whole mobile number."""

    phone = forms.CharField(
        label=_("手机号"), max_length=30, widget=UnfoldAdminTextInputWidget(attrs={"type": "tel"})
    )

    def clean_phone(self):
        """Return the 11 digits."""
        number = phones.normalise(self.cleaned_data["phone"])
        if number is None:
            raise forms.ValidationError(_("请填写完整的 11 位手机号。"))
        return number


@admin.register(User)
class UserAdmin(OperationAdmin):
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
    editable = ("full_name", "department", "unit", "is_active")
    readonly_fields = ["code", "masked_phone", "last_login", "date_joined", "language"]
    autocomplete_fields = ["unit"]
    ordering = ["-id"]

    def get_queryset(self, request):
        """Fetch roles with the rows."""
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request, obj=None):
        """Show what is not editable, and nothing that is encrypted or secret."""
        return self.readonly_fields

    def get_fieldsets(self, request, obj=None):
        """Short when adding, complete when changing."""
        if obj is None:
            fields = ["full_name", "phone", "department", "unit", "roles"]
            return [(None, {"fields": fields})]
        roles = "roles" if self.has_change_permission(request, obj) else "role_list"
        return [
            (None, {"fields": ["full_name", "masked_phone", "code", "language"]}),
            (_("归属与角色"), {"fields": ["department", "unit", roles, "is_active"]}),
            (_("时间"), {"fields": ["date_joined", "last_login"]}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Use the form that belongs to the page."""
        if not self.has_change_permission(request, obj):
            return super().get_form(request, obj, change=change, **kwargs)
        kwargs["form"] = ChangeUserForm if obj else AddUserForm
        kwargs["fields"] = kwargs["form"].Meta.fields
        return super().get_form(request, obj, change=change, **kwargs)

    @admin.display(description=_("手机号"))
    def masked_phone(self, user):
        """Show enough of the number to recognise it."""
        return masking.phone(user.phone)

    @admin.display(description=_("角色"))
    def role_list(self, user):
        """Name her roles."""
        names = role_names(group.name for group in user.groups.all())
        return listed([*([_("超级管理员")] if user.is_superuser else []), *names]) or "—"

    def get_urls(self):
        """Add the pages that reveal a number and find its owner."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/phone/", view(self.reveal_phone), name="accounts_user_phone"),
            path("by-phone/", view(self.find_by_phone), name="accounts_user_by_phone"),
            *super().get_urls(),
        ]

    actions_detail = ["to_reveal_phone"]
    actions_list = ["to_find_by_phone"]

    @action(description=_("查看完整手机号"), url_path="to-phone", permissions=["reveal"])
    def to_reveal_phone(self, request, object_id):
        """Go to the page that asks for a reason."""
        return HttpResponseRedirect(reverse("admin:accounts_user_phone", args=[object_id]))

    @action(description=_("按手机号查找"), url_path="to-by-phone", permissions=["reveal"])
    def to_find_by_phone(self, request):
        """Go to the page that finds somebody by her number."""
        return HttpResponseRedirect(reverse("admin:accounts_user_by_phone"))

    def has_reveal_permission(self, request, object_id=None):
        """Offer it to those who may."""
        return request.user.has_perm("accounts.reveal_user")

    def reveal_phone(self, request, pk):
        """Ask for a reason, then show the number once."""
        user = self.get_object(request, str(pk))
        if user is None or not self.has_view_permission(request, user):
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        form, number = RevealForm(request.POST or None), None
        if form.is_valid():
            try:
                number = reveal(
                    obj=user,
                    field="phone",
                    by=request.user,
                    reason=form.cleaned_data["reason"],
                    now=timezone.now(),
                )
            except DomainError as error:
                form.add_error(error.field, str(error))
        context = {
            **self.admin_site.each_context(request),
            "title": _("查看完整手机号"),
            "opts": self.opts,
            "original": user,
            "form": form,
            "number": number,
        }
        return TemplateResponse(request, "accounts/admin/reveal.html", context)

    def find_by_phone(self, request):
        """Find an account by its whole number, posted so that it stays out of addresses and logs."""
        # Whoever may try numbers can complete a masked one: as good as seeing it, and on record.
        if not (self.has_view_permission(request) and self.has_reveal_permission(request)):
            raise PermissionDenied
        form = FindByPhoneForm(request.POST or None)
        if form.is_valid():
            rows = self.get_queryset(request)
            index = blind_index("phone", form.cleaned_data["phone"])
            user = rows.filter(phone_index=index).first()
            audit.record(
                "accounts.find_by_phone",
                user or request.user,
                by=request.user,
                at=timezone.now(),
                found=user is not None,
            )
            if user:
                return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[user.pk]))
            form.add_error("phone", _("您能查看的账号里没有这个手机号。"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("按手机号查找"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "accounts/admin/by_phone.html", context)


class UnitForm(OperationForm):
    """A unit's record; the credit code is checked."""

    class Meta:
        model = Unit
        fields = ["name", "uscc", "kind", "district", "address", "is_partner"]

    def operate(self, cleaned):
        """Add or change the unit."""
        unit = Unit.objects.get(pk=self.instance.pk) if self.instance.pk else None
        return operations.save_unit(unit=unit, by=self.by, now=timezone.now(), **cleaned)


@admin.register(Unit)
class UnitAdmin(OperationAdmin):
    """Employers, schools, hospitals, associations and banks."""

    form = UnitForm
    list_display = ["name", "kind", "uscc", "district", "is_partner"]
    list_filter = ["kind", "is_partner"]
    search_fields = ["name", "uscc"]
    search_help_text = _("单位名称或信用代码")
    fields = ["name", "uscc", "kind", "district", "address", "is_partner"]
    editable = ("name", "uscc", "kind", "district", "address", "is_partner")
    ordering = ["name"]

    def get_readonly_fields(self, request, obj=None):
        """Being a partner opens and shuts API keys: it is changed by those who give them out."""
        return ["is_partner"] if obj and not request.user.has_perm("accounts.admit_unit") else []


@admin.register(Department)
class DepartmentAdmin(StaffAdmin):
    """The seven issuing bodies, for reference."""

    list_display = ["name", "short_name", "name_en", "code"]
    fields = ["name", "short_name", "name_en", "code", "order"]
    ordering = ["order"]

    def has_add_permission(self, request):
        """Rows come from a migration."""
        return False

    def has_change_permission(self, request, obj=None):
        """Rows come from a migration."""
        return False
