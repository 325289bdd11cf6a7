"""Terms, posts and who holds them, in the admin."""

from functools import partial

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from kernel.admin.base import ReadOnly, has_perm
from kernel.admin.fields import choice_field, day_field, line_field
from kernel.admin.forms import OperationAdmin
from kernel.admin.lists import OneChoiceFilter, column, state_column
from kernel.admin.offered import OffersByRule
from kernel.admin.sweeps import SetAsideFilter, SweptAdmin
from kernel.words import record_day_text
from networks import rights
from networks.admin_parts import AssociationRowForm, find_talent, talent_field
from networks.associations.models import Association
from networks.posts import operations, rules
from networks.posts.models import EndReason, Holding, Post, Term

CHANGE, HOLD, EXTEND = operations.CHANGE_POSTS, operations.HOLD, operations.EXTEND


def _may(permission, rule):
    return lambda row, by: rights.why_not_staff(row.association, by, permission) or rule(row)


# --- terms -----------------------------------------------------------------------------------------
class TermForm(AssociationRowForm):
    """A term as staff put it down."""

    class Meta:
        model = Term
        fields = ("association", "number", "years", "starts_on")

    def operate(self, stored, *, by, now, **values):
        """Put it down."""
        return operations.add_term(by=by, now=now, **values)


class ExtendForm(forms.Form):
    """Until when, and by which document."""

    until = day_field(gettext_lazy("延期到"))
    document = line_field(
        gettext_lazy("同意延期的文件"), help_text=gettext_lazy("名称和文号；最长一年，只能延一次")
    )


class TermDueFilter(OneChoiceFilter):
    """Whose election is overdue."""

    title = gettext_lazy("换届")
    parameter_name = "due"
    choice = ("overdue", gettext_lazy("换届超期"))

    def narrow(self, queryset):
        """Keep the newest terms that have ended."""
        return queryset.overdue(timezone.localdate())


def _term_words(row):
    today = timezone.localdate()
    if row.starts_on > today:
        return "coming", pgettext_lazy("term", "还没有开始")
    if row.ends_on >= today:
        return "running", pgettext_lazy("term", "在任")
    return "over", pgettext_lazy("term", "已届满")


@admin.register(Term)
class TermAdmin(SweptAdmin, OffersByRule, ReadOnly, OperationAdmin):
    """Terms of office."""

    form = TermForm
    list_display = ("association", "number", "term_shown", "starts_on", "ends_on", "extended_at")
    more_columns = ("years", "six_reminded_at", "three_reminded_at", "overdue_told_at")
    list_filter = (TermDueFilter, "association", SetAsideFilter)
    list_select_related = ("association",)
    search_fields = ("association__name",)
    search_help_text = gettext_lazy("按协会名称查找")
    ordering = ("-id",)
    add_words = gettext_lazy("登记届次")
    empty_words = gettext_lazy("还没有届次。登记在任的一届；以后的由换届选举写入。")
    add_fieldsets = ((None, {"fields": TermForm.Meta.fields}),)
    actions = ("try_again",)
    actions_detail = ("extend", "take_back")
    argument = "term"
    again = staticmethod(operations.retry_term)
    rules_of_actions = {
        "extend": _may(EXTEND, rules.why_not_extend),
        "take_back": _may(EXTEND, rules.why_not_take_back_extension),
    }
    has_add_permission = has_again_permission = has_perm(operations.CHANGE_TERMS)
    has_work_permission = has_perm(EXTEND)
    term_shown = state_column({"running": "success", "coming": "info"}, words=_term_words)

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [
            (_("协会"), row.association.name),
            (_("届"), row.words),
            (_("届满日期"), record_day_text(row.planned_ends_on)),
        ]

    @action(description=gettext_lazy("登记延期换届"), url_path="extend", permissions=["work"])
    def extend(self, request, object_id):
        """Ask until when and by what, then extend it."""
        return self._page(
            request,
            object_id,
            "extend",
            title=_("登记延期换届"),
            submit=_("登记延期"),
            form_class=ExtendForm,
            outcome=_("任期和任到届满的职务一并延长；一届只能延期一次。"),
            operation=operations.extend_term,
            done=_("已登记延期。"),
        )

    @action(description=gettext_lazy("撤回延期"), url_path="take-back", permissions=["work"])
    def take_back(self, request, object_id):
        """Ask once more, then take it back."""
        return self._page(
            request,
            object_id,
            "take_back",
            title=_("撤回延期"),
            submit=_("撤回"),
            danger=True,
            outcome=_("任期回到原来的届满日期，已经过了的，任职和权限随即结束。"),
            operation=operations.take_back_extension,
            done=_("已撤回。"),
        )


# --- posts -----------------------------------------------------------------------------------------
class PostForm(AssociationRowForm):
    """A post by the charter."""

    class Meta:
        model = Post
        fields = ("association", *operations.POST_FIELDS)

    def operate(self, stored, *, by, now, association=None, **values):
        """Save it."""
        association = stored.association if stored else association
        return operations.save_post(
            association=association, post=stored, values=values, by=by, now=now
        )


@admin.register(Post)
class PostAdmin(OffersByRule, OperationAdmin):
    """Posts of associations."""

    form = PostForm
    list_display = ("title", "association", "rung", "seats", "runs", "ended_at")
    list_filter = ("rung", "runs", "association")
    list_select_related = ("association",)
    search_fields = ("title", "association__name")
    search_help_text = gettext_lazy("按职务或协会名称查找")
    ordering = ("association", "order", "pk")
    editable = operations.POST_FIELDS
    add_words = gettext_lazy("新建职务")
    empty_words = gettext_lazy("还没有职务。按章程登记会长、副会长、理事等。")
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "association",
                    ("title", "title_en"),
                    ("rung", "seats"),
                    ("runs", "order"),
                )
            },
        ),
    )
    actions_detail = ("end", "restore")
    argument = "post"
    rules_of_actions = {
        "end": _may(CHANGE, lambda row: rules.why_not_end_post(row, timezone.localdate())),
        "restore": _may(CHANGE, rules.why_not_restore_post),
    }
    has_add_permission = has_work_permission = has_perm(CHANGE)

    def has_change_permission(self, request, obj=None):
        """Its own department's alone, while it stands."""
        return request.user.has_perm(CHANGE) and (
            obj is None
            or (
                obj.ended_at is None
                and rights.why_not_staff(obj.association, request.user, CHANGE) is None
            )
        )

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        return [(_("协会"), row.association.name), (_("职务"), row.title)]

    @action(description=gettext_lazy("取消职务"), url_path="end", permissions=["work"])
    def end(self, request, object_id):
        """Ask once more, then abolish it."""
        return self._page(
            request,
            object_id,
            "end",
            title=_("取消职务"),
            submit=_("取消职务"),
            danger=True,
            outcome=_("以后不能再任这个职务；以前的任职照样保留。可以恢复。"),
            operation=operations.end_post,
            done=_("已取消。"),
        )

    @action(description=gettext_lazy("恢复职务"), url_path="restore", permissions=["work"])
    def restore(self, request, object_id):
        """Ask once more, then bring it back."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复职务"),
            submit=_("恢复"),
            operation=operations.restore_post,
            done=_("已恢复。"),
        )


# --- who holds them --------------------------------------------------------------------------------
class PostChoice(forms.ModelChoiceField):
    """Chooses a post by association and title."""

    def label_from_instance(self, obj):
        """Return both."""
        return str(obj)


class HoldingForm(AssociationRowForm):
    """That somebody holds a post, by a document."""

    talent_code = talent_field(required=False)
    post = PostChoice(label=gettext_lazy("职务"), queryset=None, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Holding
        fields = ("post", "outside", "first_day", "document")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "post" in self.fields:
            kept = Association.objects.standing().kept_by(self.by)
            rows = Post.objects.standing().filter(association__in=kept)
            self.fields["post"].queryset = rows.select_related("association")

    def clean_talent_code(self):
        """Return the record of the number, None where nothing was typed."""
        return find_talent(self.cleaned_data["talent_code"])

    def operate(self, stored, *, by, now, talent_code, **values):
        """Write it."""
        return operations.appoint(talent=talent_code, by=by, now=now, **values)


class EndForm(forms.Form):
    """The last day, and why."""

    last_day = day_field(
        gettext_lazy("最后一天"), help_text=gettext_lazy("选“当选无效”的，按没有任过职登记")
    )
    reason = choice_field(
        gettext_lazy("原因"), [(one.value, one.label) for one in rules.ENDED_BY_STAFF]
    )


class InOfficeFilter(OneChoiceFilter):
    """Who holds a post today."""

    title = gettext_lazy("任职")
    parameter_name = "office"
    choice = ("today", gettext_lazy("今天在任"))

    def narrow(self, queryset):
        """Keep those in office today."""
        return queryset.in_office(timezone.localdate())


def _holding_words(row):
    today = timezone.localdate()
    if row.end_reason == EndReason.VOID:
        return "void", EndReason.VOID.label
    if row.first_day > today:
        return "coming", pgettext_lazy("holding", "还没有开始")
    return (
        ("over", pgettext_lazy("holding", "已结束"))
        if row.last_day < today
        else (
            "running",
            pgettext_lazy("holding", "任期内"),
        )
    )


@admin.register(Holding)
class HoldingAdmin(OffersByRule, ReadOnly, OperationAdmin):
    """Who holds posts in the associations of a department."""

    form = HoldingForm
    list_display = (
        "holder_shown",
        "association",
        "post_shown",
        "standing_shown",
        "first_day",
        "last_day",
    )
    more_columns = ("term", "document", "end_reason", "noted_at")
    list_filter = (InOfficeFilter, "rung", "association")
    list_select_related = ("association", "post__association", "talent", "term__association")
    search_fields = ("talent__full_name", "talent__code", "association__name", "post__title")
    search_help_text = gettext_lazy("按姓名、人才编号、协会或职务查找")
    ordering = ("-id",)
    add_words = gettext_lazy("登记任职")
    empty_words = gettext_lazy("还没有任职。换届选举的结果自动写入；补选、增补的在这里登记。")
    add_fieldsets = (
        (None, {"fields": ("post", ("talent_code", "outside"), ("first_day", "document"))}),
    )
    actions_detail = ("end", "restore")
    argument = "holding"
    rules_of_actions = {
        "end": _may(HOLD, rules.why_not_end),
        "restore": _may(HOLD, lambda row: rules.why_not_restore(row, None, timezone.localdate())),
    }
    has_add_permission = has_work_permission = has_perm(HOLD)
    holder_shown = column(gettext_lazy("任职的人"), "holder")
    post_shown = column(gettext_lazy("职务"), lambda row: row.post.title)
    standing_shown = state_column(
        {"running": "success", "coming": "info", "void": "danger"}, words=_holding_words
    )

    def get_fieldsets(self, request, obj=None):
        """Ask for other things than what is shown later."""
        return self.add_fieldsets if obj is None else super().get_fieldsets(request, obj)

    def facts_of(self, row):
        """Say which it is."""
        said = {"first": record_day_text(row.first_day), "last": record_day_text(row.last_day)}
        return [
            (_("协会"), row.association.name),
            (_("职务"), row.post.title),
            (_("任职的人"), row.holder),
            (_("任期"), _("%(first)s到%(last)s") % said),
        ]

    @action(description=gettext_lazy("登记结束"), url_path="end", permissions=["work"])
    def end(self, request, object_id):
        """Ask when and why, then note it."""
        today = {"last_day": timezone.localdate()}
        return self._page(
            request,
            object_id,
            "end",
            title=_("登记任职结束"),
            submit=_("登记"),
            danger=True,
            form_class=partial(EndForm, initial=today),
            outcome=_(
                "从第二天起不再在任，随任职来的权限一并结束；本人会收到通知。登记错了可以恢复。"
            ),
            operation=operations.end_holding,
            done=_("已登记。"),
        )

    @action(description=gettext_lazy("恢复任职"), url_path="restore", permissions=["work"])
    def restore(self, request, object_id):
        """Ask once more, then take it back."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复任职"),
            submit=_("恢复"),
            outcome=_("任到这一届届满；席位已有别人的，不能恢复。"),
            operation=operations.restore_holding,
            done=_("已恢复，已通知本人。"),
        )
