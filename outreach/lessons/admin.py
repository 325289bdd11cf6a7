"""Lessons in the admin: written, reviewed by two, corrected by another version."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import decide
from kernel.admin.fields import choice_field, line_field, number_field, radio_field, text_field
from kernel.admin.forms import reason_form
from kernel.admin.lists import column
from kernel.admin.offered import OffersByRule
from kernel.errors import Conflict
from kernel.words import moment_text
from outreach.lessons import operations, rules
from outreach.lessons.models import MOST_MINUTES, Lesson, LessonKind
from outreach.volunteers.models import Stage


class WaitsFilter(admin.SimpleListFilter):
    """What waits to be reviewed."""

    title = gettext_lazy("审核")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        """Offer hers and all."""
        return [("mine", _("等我审核")), ("any", _("等待审核"))]

    def queryset(self, request, queryset):
        """Keep what is asked for."""
        if self.value() == "mine":
            return queryset.to_review(request.user)
        return queryset.to_review() if self.value() == "any" else queryset


def lesson_form(version=None):
    """Return the class of the form a lesson is written in, with what a version has."""

    def had(name, default=""):
        return getattr(version, name, default)

    class LessonForm(forms.Form):
        kind = choice_field(gettext_lazy("类型"), LessonKind.choices, initial=had("kind"))
        stage = choice_field(gettext_lazy("学段"), Stage.choices, initial=had("stage"))
        title = line_field(gettext_lazy("题目"), 60, initial=had("title"))
        title_en = line_field(
            gettext_lazy("英文题目"), 120, required=False, initial=had("title_en")
        )
        minutes = number_field(
            gettext_lazy("分钟"), 5, max_value=MOST_MINUTES, initial=had("minutes", 40)
        )
        materials = text_field(
            gettext_lazy("材料"),
            1000,
            4,
            required=False,
            initial=had("materials"),
            help_text=gettext_lazy("一行一样，写清每组几份。"),
        )
        body = text_field(
            gettext_lazy("怎么上"),
            6000,
            14,
            initial=had("body"),
            help_text=gettext_lazy("按步骤写；“- ”开头是一条，“## ”开头是小标题。"),
        )
        risks = text_field(
            gettext_lazy("风险和怎么防"),
            1000,
            4,
            required=False,
            initial=had("risks"),
            help_text=gettext_lazy("实验必填：可能出什么事、怎么防、出了怎么办。"),
        )

    return LessonForm


class ReviewForm(forms.Form):
    """What a reviewer says."""

    agrees = radio_field(
        gettext_lazy("意见"),
        [("yes", gettext_lazy("同意公布")), ("no", gettext_lazy("退回修改"))],
    )
    note = line_field(
        gettext_lazy("要改什么"), 200, required=False, help_text=gettext_lazy("退回的必填。")
    )

    def clean_agrees(self):
        """Return it as the operation takes it."""
        return self.cleaned_data["agrees"] == "yes"


def _latest(lesson):
    return lesson.versions.all()[0]


def _take_back_rule(lesson, by):
    own = _latest(lesson).reviews.filter(by=by).first()
    if own is None:
        return Conflict("none", _("您还没有审核这个版本。"))
    return rules.why_not_take_back(own, by)


@admin.register(Lesson)
class LessonAdmin(OffersByRule, ReadOnly, StaffAdmin):
    """The library; a correction is another version, reviewed anew."""

    view_on_site = False
    list_display = ("title", "kind_shown", "stage_shown", "minutes_shown", "standing")
    list_filter = (WaitsFilter,)
    list_select_related = ("shown",)
    search_fields = ("versions__title",)
    search_help_text = gettext_lazy("按题目查找")
    ordering = ("-pk",)
    empty_words = gettext_lazy("还没有课和实验。写好一份，两位同事审核后公布。")
    actions_detail = ("review", "take_back", "rewrite", "withdraw", "restore")
    argument = "lesson"
    rules_of_actions = {
        "review": lambda lesson, by: rules.why_not_review(_latest(lesson), by),
        "take_back": _take_back_rule,
        "rewrite": lambda lesson, by: rules.why_not_write(by),
        "withdraw": rules.why_not_withdraw,
        "restore": rules.why_not_restore,
    }
    has_work_permission = has_perm("outreach.change_lesson")
    has_judge_permission = has_perm("outreach.review_lesson")
    title = column(gettext_lazy("题目"), lambda row: _latest(row).label)
    kind_shown = column(gettext_lazy("类型"), lambda row: _latest(row).get_kind_display())
    stage_shown = column(gettext_lazy("学段"), lambda row: _latest(row).get_stage_display())
    minutes_shown = column(gettext_lazy("分钟"), lambda row: _latest(row).minutes)
    standing = column(gettext_lazy("状态"), lambda row: _standing(row))
    readonly_fields = (
        "title",
        "kind_shown",
        "stage_shown",
        "minutes_shown",
        "standing",
        "versions_shown",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    ("kind_shown", "stage_shown"),
                    ("minutes_shown", "standing"),
                    "reason",
                    "versions_shown",
                )
            },
        ),
    )

    def get_queryset(self, request):
        """Read the latest version and its reviews along."""
        rows = super().get_queryset(request)
        return rows.prefetch_related("versions__reviews__by", "versions__written_by")

    @display(description=gettext_lazy("版本和审核"))
    def versions_shown(self, lesson):
        """Show each version with its text and what reviewers said."""
        lines = [(_version_words(one), one.body, one.risks) for one in lesson.versions.all()]
        return format_html_join(
            "", "<details><summary>{}</summary><p>{}</p><p>{}</p></details>", lines
        )

    def facts_of(self, lesson):
        """Show what there is to judge."""
        version = _latest(lesson)
        return [
            (_("题目"), version.label),
            (_("类型"), version.get_kind_display()),
            (_("学段"), version.get_stage_display()),
            (_("分钟"), version.minutes),
            (_("材料"), version.materials or "—"),
            (_("怎么上"), version.body),
            (_("风险和怎么防"), version.risks or "—"),
        ]

    @action(description=gettext_lazy("审核"), url_path="review", permissions=["judge"])
    def review(self, request, object_id):
        """Ask what she says of the latest version."""
        lesson = self.get_or_404(request, object_id)
        return self._asked(
            request,
            lesson,
            "review",
            title=_("审核课和实验"),
            submit=_("提交"),
            form_class=ReviewForm,
            outcome=_("两位同事同意后公布；有一位退回，就要写新版本。"),
            operation=partial(operations.review_lesson, version=_latest(lesson)),
            done=_("已记下您的意见。"),
        )

    @action(description=gettext_lazy("收回我的审核"), url_path="take-back", permissions=["judge"])
    def take_back(self, request, object_id):
        """Ask once more, then take her review back."""
        lesson = self.get_or_404(request, object_id)
        own = _latest(lesson).reviews.filter(by=request.user).first()
        if own is None:
            messages.error(request, str(_take_back_rule(lesson, request.user)))
            return redirect(self.address("change", lesson.pk))
        return self._asked(
            request,
            lesson,
            "take_back",
            title=_("收回我的审核"),
            submit=_("收回"),
            outcome=_("您的意见删掉，可以再审核一次。"),
            operation=partial(operations.take_back_review, review=own),
            done=_("已收回。"),
        )

    @action(description=gettext_lazy("写新版本"), url_path="rewrite", permissions=["work"])
    def rewrite(self, request, object_id):
        """Take another version."""
        lesson = self.get_or_404(request, object_id)
        return self._page(
            request,
            object_id,
            "rewrite",
            title=_("写新版本"),
            submit=_("保存"),
            form_class=lesson_form(_latest(lesson)),
            outcome=_("公布的版本照旧公布，直到新版本有两位同事审核通过。"),
            operation=operations.save_lesson,
            done=_("已保存，等两位同事审核。"),
        )

    @action(description=gettext_lazy("撤下"), url_path="withdraw", permissions=["work"])
    def withdraw(self, request, object_id):
        """Ask why, then take it off."""
        return self._page(
            request,
            object_id,
            "withdraw",
            title=_("撤下课和实验"),
            submit=_("撤下"),
            danger=True,
            form_class=reason_form(_("读者看不到。")),
            outcome=_("公开页面上不再显示，以后可以恢复。"),
            operation=operations.withdraw_lesson,
            done=_("已撤下。"),
        )

    @action(description=gettext_lazy("恢复"), url_path="restore", permissions=["work"])
    def restore(self, request, object_id):
        """Ask once more, then put it back."""
        return self._page(
            request,
            object_id,
            "restore",
            title=_("恢复课和实验"),
            submit=_("恢复"),
            outcome=_("恢复为撤下前的样子。"),
            operation=operations.restore_lesson,
            done=_("已恢复。"),
        )

    def _asked(self, request, lesson, rule, **page):
        return decide(
            self,
            request,
            why_not=self.rules_of_actions[rule](lesson, request.user),
            facts=self.facts_of(lesson),
            back=self.address("change", lesson.pk),
            **page,
        )

    # --- a new one ---
    def list_links(self, request, changelist):
        """Lead to the form of a new one."""
        links = super().list_links(request, changelist)
        if self.has_work_permission(request):
            links = [*links, (_("写一份新的"), reverse("admin:outreach_lesson_write"), "")]
        return links

    def get_urls(self):
        """Add the form of a new one."""
        view = self.admin_site.admin_view(self.write)
        return [path("write/", view, name="outreach_lesson_write"), *super().get_urls()]

    def write(self, request):
        """Take a new lesson."""
        if not self.has_work_permission(request):
            raise PermissionDenied
        return decide(
            self,
            request,
            title=_("写一份课或实验"),
            submit=_("保存"),
            form_class=lesson_form(),
            outcome=_("两位同事审核通过后公布。"),
            operation=operations.save_lesson,
            done=_("已保存，等两位同事审核。"),
            back=self.address("changelist"),
            go_on=lambda version: self.address("change", version.lesson_id),
        )


def _standing(lesson):
    """Say where a lesson stands."""
    version = _latest(lesson)
    if lesson.withdrawn_at:
        return _("已撤下")
    if lesson.shown_id == version.pk:
        return _("已公布")
    reviews = version.reviews.all()
    if any(not one.agrees for one in reviews):
        said = _("退回修改")
    else:
        said = _("等待审核（%(n)s/2）") % {"n": len(reviews)}
    return _("已公布旧版本，新版本%(said)s") % {"said": said} if lesson.shown_id else said


def _version_words(version):
    who = str(version.written_by or "")
    head = _("第 %(n)s 版 · %(when)s · %(who)s") % {
        "n": version.number,
        "when": moment_text(version.at),
        "who": who,
    }
    said = [
        f"{one.by} {_('同意公布') if one.agrees else _('退回：%(why)s') % {'why': one.note}}"
        for one in version.reviews.all()
    ]
    return "；".join([head, *said])
