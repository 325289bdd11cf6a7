"""Stories in the admin: written, agreed to, published by a second person, taken off."""

from functools import partial

from django.contrib import admin
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from kernel.admin.base import has_perm
from kernel.admin.forms import OperationAdmin, reason_form
from kernel.admin.lists import column, state_column
from kernel.admin.offered import OffersByRule
from kernel.words import moment_text
from role_models import operations, rules, seen
from role_models.admin.forms import FILED, StoryForm
from role_models.admin.photos import PhotoPages
from role_models.models import (
    FEWEST_READERS,
    WORKING,
    Story,
    StoryReads,
    StoryVersion,
    VersionState,
)

COLOURS = {
    "asked": "info",
    "agreed": "warning",
    "published": "success",
    "hidden": "danger",
    "withdrawn": "danger",
}
HiddenForm = reason_form(gettext_lazy("会告诉故事的主人公，4 到 200 字。"))


class StageFilter(admin.SimpleListFilter):
    """Where the stories stand."""

    title = gettext_lazy("状态")
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        """Offer what is told apart."""
        return [
            ("draft", _("撰写中")),
            ("wished", _("本人希望修改")),
            ("asked", _("等本人同意")),
            ("agreed", _("本人已同意，待审核")),
            ("photos", _("有照片待审核")),
            ("published", _("展示中")),
            ("hidden", _("已下架")),
            ("withdrawn", _("本人已撤回")),
        ]

    def queryset(self, request, queryset):
        """Keep the stories of one stage."""
        stage = self.value()
        if stage in (VersionState.DRAFT, VersionState.ASKED, VersionState.AGREED):
            return queryset.filter(working_state=stage, withdrawn_at=None)
        if stage == "wished":
            wished = StoryVersion.objects.filter(state=VersionState.DRAFT).exclude(wish="")
            return queryset.filter(pk__in=wished.values("story"), withdrawn_at=None)
        if stage == "published":
            return queryset.shown()
        if stage == "photos":
            return queryset.with_photos_to_approve()
        narrowing = {
            "hidden": Q(hidden_at__isnull=False) | Q(award__revoked_at__isnull=False),
            "withdrawn": Q(withdrawn_at__isnull=False),
        }
        return queryset.filter(narrowing[stage]) if stage in narrowing else queryset


def _stage(story):
    """Return (colour's key, words) of where a story stands."""
    if story.withdrawn_at:
        return "withdrawn", _("本人已撤回")
    if story.hidden_at:
        return "hidden", _("已下架")
    if story.lost_honour:
        return "hidden", _("荣誉已撤销，不展示")
    shown = _("展示中") if story.published_at else ""
    if not story.working_state:
        return "published", shown
    words = VersionState(story.working_state).label
    return story.working_state, f"{shown} · {words}" if shown else words


def _readers(story):
    """Return how often it was read, where enough did for a number to say something."""
    if not story.read_count:
        return ""
    if story.read_count < FEWEST_READERS:
        return _("不足 %(n)s") % {"n": FEWEST_READERS}
    return str(story.read_count)


def _versions(story):
    """Return the versions with what became of each, the newest first."""
    rows = story.versions.select_related("edited_by", "published_by").order_by("-number")
    lines = []
    for row in rows:
        facts = [row.get_state_display()]
        for label, at in (
            (_("请本人看"), row.asked_at),
            (_("本人同意"), row.agreed_at),
            (_("发布"), row.published_at),
        ):
            if at:
                facts.append(f"{label} {moment_text(at)}")
        if row.published_by:
            facts.append(_("审核 %(name)s") % {"name": row.published_by.full_name})
        if row.wish:
            facts.append(_("本人的意见：%(wish)s") % {"wish": row.wish})
        lines.append((row.number, row.title, "；".join(map(str, facts))))
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}. {}（{}）</li>", lines))


def _wish(story):
    version = story.working
    return version.wish if version else ""


def _rule(permission, then):
    """Return the rule of a button: the right, then what the operation asks."""

    def rule(story, by):
        return rules.why_not_look_after(story, by, f"role_models.{permission}_story") or then(
            story, by
        )

    return rule


def _only(condition):
    """Return a rule that lets through what fulfils a condition, without a sentence of its own."""
    return lambda story, by: rules.why_not_in(None) if not condition(story) else None


@admin.register(Story)
class StoryAdmin(PhotoPages, OffersByRule, OperationAdmin):
    """The stories a department looks after."""

    form = StoryForm
    editable = FILED
    list_display = ("title_shown", "who_shown", "kind", "state_shown", "readers", "published_at")
    list_filter = (StageFilter, "kind", "series")
    list_select_related = ("talent", "series", "award__honour")
    search_fields = ("code", "versions__title", "versions__shown_name")
    search_help_text = gettext_lazy("按标题、署名或编号查找")
    ordering = ("-id",)
    add_words = gettext_lazy("写一个榜样故事")
    empty_words = gettext_lazy(
        "还没有榜样故事。写好后请本人看稿；她同意、另一位同事审核以后，才会公开。"
    )
    readonly_fields = ("who_shown", "wish_shown", "versions_shown", "readers")
    fieldsets = (
        (None, {"fields": ("who_shown", "wish_shown", ("kind", "discipline"), "series", "award")}),
        (
            gettext_lazy("中文"),
            {"fields": ("title", "lead", "body", ("shown_name", "shown_post"), "is_minor")},
        ),
        (
            gettext_lazy("英文（可以不填）"),
            {
                "fields": ("title_en", "lead_en", "body_en", "shown_post_en"),
                "classes": ["collapse"],
            },
        ),
        (
            gettext_lazy("进展"),
            {
                "fields": (
                    ("published_at", "withdrawn_at"),
                    ("hidden_at", "hidden_reason"),
                    "readers",
                    "versions_shown",
                )
            },
        ),
    )
    actions_detail = (
        "preview",
        "photo_page",
        "ask",
        "take_back",
        "discard",
        "publish",
        "bring_back",
        "hide",
        "show",
    )
    argument = "story"
    rules_of_actions = {
        "ask": _rule("change", lambda story, by: rules.why_not_ask(story, story.working)),
        "take_back": _rule(
            "change",
            lambda story, by: rules.why_not_in(
                story.working, VersionState.ASKED, VersionState.AGREED
            ),
        ),
        "discard": _rule(
            "change",
            lambda story, by: (
                rules.why_not_hide(story) or rules.why_not_in(story.working, *WORKING)
            ),
        ),
        "publish": _rule(
            "publish", lambda story, by: rules.why_not_publish(story, story.working, by)
        ),
        "bring_back": _rule(
            "publish", lambda story, by: rules.why_not_bring_back(story, story.earlier, by)
        ),
        "hide": _rule("publish", _only(lambda story: story.published_at and not story.hidden_at)),
        "show": _rule("publish", _only(lambda story: story.hidden_at)),
    }
    has_write_permission = has_perm("role_models.change_story")
    has_publish_permission = has_perm("role_models.publish_story")

    title_shown = column(gettext_lazy("标题"), "newest_title")
    who_shown = column(gettext_lazy("主人公"), lambda story: story.talent.full_name)
    state_shown = state_column(COLOURS, words=_stage)
    readers = column(gettext_lazy("阅读次数"), _readers)
    wish_shown = column(gettext_lazy("本人的修改意见"), _wish)
    versions_shown = column(gettext_lazy("各个版本"), _versions)

    def get_queryset(self, request):
        """Bring along the newest title, where the working version stands and how often it was read."""
        newest = StoryVersion.objects.filter(story=OuterRef("pk")).order_by("-number")
        working = newest.filter(state__in=WORKING)
        reads = StoryReads.objects.filter(story=OuterRef("pk")).order_by().values("story")
        return (
            super()
            .get_queryset(request)
            .annotate(
                newest_title=Subquery(newest.values("title")[:1]),
                working_state=Subquery(working.values("state")[:1]),
                read_count=Coalesce(Subquery(reads.annotate(n=Sum("count")).values("n")), 0),
            )
        )

    def has_change_permission(self, request, obj=None):
        """Those who look after it write in it."""
        if not super().has_change_permission(request, obj):
            return False
        may = obj and rules.why_not_look_after(obj, request.user, "role_models.change_story")
        return may is None or not obj

    def get_fieldsets(self, request, obj=None):
        """Ask for the person when adding; show only what there is to who may only look."""
        if obj is None:
            words = (None, {"fields": ("person", ("kind", "discipline"), "series")})
            chinese = dict(self.fieldsets[1][1])
            chinese["fields"] = tuple(f for f in chinese["fields"] if f != "is_minor")
            return (words, (self.fieldsets[1][0], chinese), self.fieldsets[2])
        if not self.has_change_permission(request, obj):
            return self.told_fieldsets(request, obj, (self.fieldsets[0], self.fieldsets[3]))
        if obj.published_at:
            return self.fieldsets
        chinese = dict(self.fieldsets[1][1])
        chinese["fields"] = tuple(f for f in chinese["fields"] if f != "is_minor")
        return (
            self.fieldsets[0],
            (self.fieldsets[1][0], chinese),
            self.fieldsets[2],
            self.fieldsets[3],
        )

    def get_view_on_site_url(self, obj=None):
        """What is not shown has no public page."""
        return obj.get_absolute_url() if obj and obj.is_shown else None

    def facts_of(self, row):
        """Say which it is, and lead to how it will read."""
        version = row.working or row.published
        preview = reverse("story_preview", args=[row.code])
        return [
            (_("标题"), version.title if version else "—"),
            (_("主人公"), row.talent.full_name),
            (
                _("稿件"),
                format_html('<a class="portal-link" href="{}">{}</a>', preview, _("看预览")),
            ),
        ]

    @action(description=gettext_lazy("预览"), url_path="preview")
    def preview(self, request, object_id):
        """Lead to the words as they will stand."""
        story = self.get_or_404(request, object_id)
        return redirect(reverse("story_preview", args=[story.code]))

    @action(description=gettext_lazy("照片"), url_path="to-photos")
    def photo_page(self, request, object_id):
        """Lead to the photos."""
        return redirect(self.address("photos", self.get_or_404(request, object_id).pk))

    @action(description=gettext_lazy("请本人看稿"), url_path="ask", permissions=["write"])
    def ask(self, request, object_id):
        """Say what she is told, then ask her."""
        return self._page(
            request,
            object_id,
            "ask",
            title=_("请本人看稿"),
            submit=_("请她看稿"),
            outcome=_(
                "她会收到通知，在手机上看稿、选照片。她同意以前不会发布；她看稿期间稿件不能改，要改请先收回。"
            ),
            operation=operations.ask_her,
            done=_("已请她看稿。"),
        )

    @action(description=gettext_lazy("收回修改"), url_path="take-back", permissions=["write"])
    def take_back(self, request, object_id):
        """Take it back to write on."""
        return self._page(
            request,
            object_id,
            "take_back",
            title=_("收回修改"),
            submit=_("收回"),
            outcome=_("这一版作废，稿件回到撰写中；改好后要再请她看。"),
            operation=operations.take_back,
            done=_("已收回，可以修改。"),
        )

    @action(description=gettext_lazy("放弃修改稿"), url_path="discard", permissions=["write"])
    def discard(self, request, object_id):
        """Put aside what is being written."""
        return self._page(
            request,
            object_id,
            "discard",
            title=_("放弃修改稿"),
            submit=_("放弃"),
            outcome=_("已发布的一版不变，正在写的这一版作废。"),
            operation=operations.discard_draft,
            done=_("已放弃修改稿。"),
        )

    @action(description=gettext_lazy("审核发布"), url_path="publish", permissions=["publish"])
    def publish(self, request, object_id):
        """Ask the second pair of eyes, then publish what she looked at and nothing that came since."""
        story = self.get_or_404(request, object_id)
        looked_at = request.POST.get("seen", "")
        return self._page(
            request,
            object_id,
            "publish",
            title=_("审核发布"),
            submit=_("发布"),
            outcome=_("请先看过预览。发布后所有人都能看到，她会收到通知；她同意的照片一并审核。"),
            operation=partial(operations.publish_story, seen_review=looked_at),
            carried=(("seen", seen.review(story, story.working)),),
            done=_("已发布。"),
        )

    @action(description=gettext_lazy("换回上一版"), url_path="bring-back", permissions=["publish"])
    def bring_back(self, request, object_id):
        """Publish the version before again."""
        return self._page(
            request,
            object_id,
            "bring_back",
            title=_("换回上一版"),
            submit=_("换回"),
            outcome=_("重新展示此前发布过、她同意过的一版，她会收到通知。"),
            operation=operations.bring_back,
            done=_("已换回上一版。"),
        )

    @action(description=gettext_lazy("下架"), url_path="hide", permissions=["publish"])
    def hide(self, request, object_id):
        """Ask why, then take it off."""
        return self._page(
            request,
            object_id,
            "hide",
            title=_("下架"),
            submit=_("下架"),
            danger=True,
            form_class=HiddenForm,
            outcome=_("页面马上看不到，她会收到原因。可以恢复展示。"),
            operation=operations.hide_story,
            done=_("已下架。"),
        )

    @action(description=gettext_lazy("恢复展示"), url_path="show", permissions=["publish"])
    def show(self, request, object_id):
        """Show it again."""
        return self._page(
            request,
            object_id,
            "show",
            title=_("恢复展示"),
            submit=_("恢复展示"),
            outcome=_("页面重新可以看到。"),
            operation=operations.show_story,
            done=_("已恢复展示。"),
        )
