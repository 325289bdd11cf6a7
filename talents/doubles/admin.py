"""The clerks' pages for records that may be one woman's: the list, side by side, merged, judged, and back."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold import widgets
from unfold.decorators import action

from kernel import masking
from kernel.admin.base import ReadOnly, StaffAdmin, has_perm
from kernel.admin.decision import carry_out, decide, form_page
from kernel.admin.forms import reason_field, reason_form
from kernel.admin.lists import DefaultFilter, column
from kernel.errors import Invalid
from kernel.words import listed
from talents import dossier, operations, standing
from talents.career import shown
from talents.doubles import finding
from talents.doubles.models import Pair
from talents.doubles.moving import movings
from talents.models import Talent

KEEP, LOSE = "keep", "lose"
NOTHING = ("0", "0")
MASKED = {"id_number": "masked_id_number", "phone": "masked_phone", "email": "masked_email"}


ReasonForm = reason_form(gettext_lazy("写入办理记录。"))


# --- side by side ----------------------------------------------------------------------------------
class MergeForm(forms.Form):
    """For each field in which two records differ, whose value is kept; and why they are one woman's."""

    reason = reason_field(
        gettext_lazy("例如：与本人电话核实，两份档案是同一人。写入办理记录。"),
        label=gettext_lazy("为什么是同一人"),
    )

    def __init__(self, data=None, *, keep, lose):
        super().__init__(data)
        self.differing, self.same = [], []
        proved = operations.proved_phone(keep, lose)
        for name, columns in operations.CHOICES.items():
            if name == "phone" and proved:
                continue  # the one she has proved stays, whichever is kept
            mine, theirs = _value(keep, name), _value(lose, name)
            if all(getattr(keep, one) == getattr(lose, one) for one in columns):
                if mine:
                    self.same.append(shown.label(keep, name))
                continue
            self.differing.append(name)
            self.fields[name] = forms.ChoiceField(
                label=shown.label(keep, name),
                choices=[(KEEP, mine or _("（空）")), (LOSE, theirs or _("（空）"))],
                initial=KEEP if mine else LOSE,
                widget=forms.RadioSelect,
            )

    def rows(self):
        """Return (field, what both hold) of what has to be chosen."""
        return [self[name] for name in self.differing]

    def clean(self):
        """Keep the names of what is taken from the record that is lost."""
        data = super().clean()
        chosen = [name for name in self.differing if data.pop(name, KEEP) == LOSE]
        return {"reason": data.get("reason", ""), "chosen": chosen}


def _value(talent, name):
    return shown.value(talent, MASKED.get(name, name))


def hanging(talent):
    """Return [(label, words)] of what hangs on a record."""
    account = _("没有账号")
    if talent.user:
        account = masking.phone(talent.user.phone) or talent.user.code
    agreed = standing.why_not_listed(talent, timezone.localdate())
    facts = [
        (_("状态"), talent.standing_words),
        (_("来源"), talent.get_source_display()),
        (_("本人账号"), account),
        (_("咨询推荐"), str(agreed or _("可以咨询和推荐"))),
    ]
    counts = [(moving.words, moving.count(talent)) for moving in movings() if moving.words]
    return facts + [(words, str(count)) for words, count in counts]


class OtherForm(forms.Form):
    """Which record is hers as well: one that was found, or any by its code."""

    def __init__(self, *args, records=(), **kwargs):
        super().__init__(*args, **kwargs)
        if records:
            self.fields["other"] = forms.ModelChoiceField(
                Talent.objects.filter(pk__in=[talent.pk for talent in records]),
                label=_("可能是同一人的档案"),
                required=False,
                empty_label=None,
                initial=records[0].pk if len(records) == 1 else None,
                widget=widgets.UnfoldAdminRadioSelectWidget,
            )
            self.fields["other"].label_from_instance = _line
        self.fields["code"] = forms.CharField(
            label=_("或者填写另一份档案的人才编号") if records else _("另一份档案的人才编号"),
            required=False,
            max_length=12,
            widget=widgets.UnfoldAdminTextInputWidget({"autocomplete": "off"}),
            help_text=_("编号在档案页“来历”一栏。"),
        )


def _line(talent):
    parts = [talent.full_name, talent.unit_name, shown.value(talent, "birth_month")]
    return format_html('<span class="whitespace-normal">{}</span>', " · ".join(filter(None, parts)))


def likely(talent, by):
    """Return up to ten records `by` may see that may be this woman's, the likeliest first, those judged apart left out."""
    found = finding.alike([talent.pk])
    apart = Pair.objects.filter(apart_at__isnull=False, first__in=[a for a, _b in found])
    found = {
        (set(pair) - {talent.pk}).pop(): finding.weight(reasons)
        for pair, reasons in found.items()
        if pair not in set(apart.values_list("first", "second"))
    }
    rows = Talent.objects.visible_to(by).filter(pk__in=found).select_related("unit")
    return sorted(rows, key=lambda row: (-found[row.pk], row.pk))[:10]


def pages(keep, lose):
    """Return (the one to keep, the other): what is in the database before what waits, her account, the older."""
    return sorted((keep, lose), key=lambda t: (not t.is_verified, t.user_id is None, t.pk))


def compare_address(one, other):
    """Return the address of two records side by side."""
    keep, lose = pages(one, other)
    return reverse("admin:talents_talent_merge", args=[keep.pk, lose.pk])


class MergeRecords:
    """Adds the pages of merging to the records' admin."""

    def merge_urls(self):
        """Return the address of two records side by side."""
        view = self.admin_site.admin_view(self.merge)
        where = "<path:object_id>/merge/<path:other_id>/"
        return [path(where, view, name="talents_talent_merge")]

    @action(description=gettext_lazy("合并档案"), url_path="unite", permissions=["verify"])
    def unite(self, request, object_id):
        """Ask which other record is hers, then show the two side by side."""
        talent = self.get_or_404(request, object_id)
        records = likely(talent, request.user)
        return decide(
            self,
            request,
            title=_("合并档案"),
            submit=_("左右对照"),
            facts=self.facts(talent),
            form_class=partial(OtherForm, records=records),
            outcome="" if records else _("没有发现与它相似的档案；知道是哪一份，可以填编号。"),
            operation=partial(self._other, talent),
            back=self.address("change", talent.pk),
            go_on=lambda other: compare_address(talent, other),
        )

    def _other(self, talent, *, by, now, other=None, code=""):
        if other is None and code.strip():
            rows = Talent.objects.visible_to(by)
            other = rows.filter(code=code.strip().upper()).first()
            if other is None:
                raise Invalid("unknown_code", _("您能查看的档案里没有这个编号。"), field="code")
        if other is None:
            raise Invalid("none_chosen", _("请选择一份档案，或填写编号。"), field="code")
        if error := operations.why_not_decide(other, by):
            raise error
        if other.pk == talent.pk:
            sentence = _("不能把一份档案并入它自己，请选择另一份。")
            raise Invalid("same_record", sentence, field="code")
        return other

    def merge(self, request, object_id, other_id):
        """Show two records side by side and merge them, or say why not."""
        if not self.has_verify_permission(request):
            raise PermissionDenied
        keep, lose = self.get_or_404(request, object_id), self.get_or_404(request, other_id)
        why_not = operations.why_not_merge(keep, lose, request.user)
        if why_not and why_not.code in ("same_record", "own_record"):
            messages.error(request, str(why_not))
            return redirect(self.address("change", keep.pk))
        if why_not and why_not.code == "keep_verified":
            return redirect(self.address("merge", lose.pk, keep.pk))
        sent = request.method == "POST"
        form = MergeForm(request.POST if sent else None, keep=keep, lose=lose)
        if sent and form.is_valid():
            seen = dossier.seen_of_each(request)
            seen = {talent.pk: seen.get(str(talent.pk)) for talent in (keep, lose)}
            merge = partial(operations.merge_records, keep=keep, lose=lose, seen=seen)
            if carry_out(form, merge, request):
                messages.success(request, _("两份档案已合并，30 天内可以撤销。"))
                return redirect(self.address("change", keep.pk))
        return self._side_by_side(request, form, keep, lose, why_not)

    def _side_by_side(self, request, form, keep, lose, why_not):
        swap = operations.why_not_merge(lose, keep, request.user) is None
        first, second = sorted((keep.pk, lose.pk))
        pair = Pair.objects.waiting().filter(first=first, second=second).first()
        hangs = [
            (label, mine, theirs)
            for (label, mine), (_label, theirs) in zip(hanging(keep), hanging(lose), strict=True)
        ]
        return form_page(
            self,
            request,
            "talents/admin/merge.html",
            title=_("左右对照"),
            form=form,
            keep=keep,
            lose=lose,
            why_not=why_not,
            two_numbers=keep.id_number and lose.id_number and keep.id_number != lose.id_number,
            hangs=[row for row in hangs if row[1:] != NOTHING],
            empty=listed(label for label, *both in hangs if tuple(both) == NOTHING),
            same=listed(form.same),
            pair=pair,
            swap=self.address("merge", lose.pk, keep.pk) if swap else "",
            addresses=[self.address("change", talent.pk) for talent in (keep, lose)],
            carried=dossier.stamps([keep, lose]),
        )

    @action(description=gettext_lazy("撤销合并"), url_path="undo-merge", permissions=["verify"])
    def undo_merge(self, request, object_id):
        """Ask why, and make two records of the one again."""
        talent = self.get_or_404(request, object_id)
        merge = operations.live_merge(talent)
        if merge is None:
            messages.error(request, _("没有可以撤销的合并：没有合并过，或已满 30 天。"))
            return redirect(self.address("change", talent.pk))
        return decide(
            self,
            request,
            title=_("撤销合并"),
            submit=_("撤销合并"),
            why_not=operations.why_not_undo_merge(merge, request.user),
            facts=[*self.facts(talent), (_("合并时的理由"), merge.reason)],
            form_class=ReasonForm,
            outcome=_(
                "两份档案恢复到合并以前：账号、报名、积分各回各处；合并以后又改过的内容保持现在的样子。"
            ),
            operation=partial(operations.undo_merge, merge=merge),
            done=_("合并已撤销，两份档案已恢复。"),
            back=self.address("change", talent.pk),
        )


def why_no_undo(talent, by):
    """Return why no merge of a record can be taken back (DomainError), or None."""
    merge = operations.live_merge(talent)
    if merge is None:
        return Invalid("no_merge", _("没有可以撤销的合并。"))
    return operations.why_not_undo_merge(merge, by)


ACTIONS = (
    ("unite", gettext_lazy("合并档案"), operations.why_not_decide),
    ("undo_merge", gettext_lazy("撤销合并"), why_no_undo),
)


# --- the list --------------------------------------------------------------------------------------
class JudgedFilter(DefaultFilter):
    """What nobody has judged, unless something else is chosen."""

    title = gettext_lazy("判断")
    parameter_name = "judged"
    default = "waiting"

    def lookups(self, request, model_admin):
        """Offer what waits, what was judged, and all."""
        return [("waiting", _("待判断")), ("apart", _("两个人")), (self.everything, _("全部"))]

    def queryset(self, request, queryset):
        """Keep what was chosen."""
        if self.value() == "waiting":
            return queryset.filter(apart_at=None)
        return queryset.filter(apart_at__isnull=False) if self.value() == "apart" else queryset


def _words(talent):
    return " · ".join(filter(None, [talent.full_name, talent.unit_name]))


def _compare(pair):
    """Lead to the two records side by side; named, for who hears the links read out one after another."""
    return format_html(
        '<a class="portal-link" href="{}">{}</a>',
        compare_address(pair.first, pair.second),
        _("对照 %(name)s") % {"name": pair.first.full_name},
    )


@admin.register(Pair)
class PairAdmin(ReadOnly, StaffAdmin):
    """Records that may be one woman's, the likeliest first."""

    list_display = ["first_shown", "second_shown", "likeness_shown", "compare_shown"]
    list_display_links = ["first_shown"]
    list_select_related = ["first__unit", "second__unit"]
    list_filter = [JudgedFilter]
    list_per_page = 25
    sortable_by = ()
    actions = None
    warn_unsaved_form = False
    ordering = ["-weight", "pk"]
    readonly_fields = ["first_shown", "second_shown", "likeness_shown", "compare_shown"]
    fields = [
        "first_shown",
        "second_shown",
        "likeness_shown",
        "compare_shown",
        "found_at",
        "apart_at",
        "apart_by",
        "apart_reason",
    ]
    actions_detail = ["judge_apart", "judge_again"]
    has_verify_permission = has_perm("talents.verify_talent")

    first_shown = column(gettext_lazy("档案"), lambda pair: _words(pair.first))
    second_shown = column(gettext_lazy("另一份档案"), lambda pair: _words(pair.second))
    likeness_shown = column(gettext_lazy("相同之处"), "likeness")
    compare_shown = column(gettext_lazy("办理"), _compare)

    def get_actions_detail(self, request, object_id):
        """Offer what is due."""
        offered = super().get_actions_detail(request, object_id)
        pair = self.get_object(request, object_id)
        withheld = "judge_again" if pair is None or pair.is_waiting else "judge_apart"
        return [entry for entry in offered if not entry.action_name.endswith(withheld)]

    def facts(self, pair):
        """Say which two records it is about."""
        return [
            (_("档案"), _words(pair.first)),
            (_("另一份档案"), _words(pair.second)),
            (_("相同之处"), pair.likeness),
        ]

    @action(description=gettext_lazy("是两个人"), url_path="apart", permissions=["verify"])
    def judge_apart(self, request, object_id):
        """Ask how it is known that they are two women."""
        pair = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("是两个人"),
            submit=_("是两个人"),
            why_not=operations.why_not_judge(pair, request.user),
            facts=self.facts(pair),
            form_class=ReasonForm,
            outcome=_("以后不再提示这两份档案；判断有误可以恢复。"),
            operation=partial(operations.judge_apart, pair=pair),
            done=_("已注明是两个人。"),
            back=self.address("changelist"),
        )

    @action(description=gettext_lazy("恢复待判断"), url_path="again", permissions=["verify"])
    def judge_again(self, request, object_id):
        """Ask once more."""
        pair = self.get_or_404(request, object_id)
        return decide(
            self,
            request,
            title=_("恢复待判断"),
            submit=_("恢复待判断"),
            why_not=operations.why_not_judge_again(pair, request.user),
            facts=[*self.facts(pair), (_("判断理由"), pair.apart_reason)],
            outcome=_("两份档案重新列入可能重复。"),
            operation=partial(operations.judge_again, pair=pair),
            done=_("已恢复，请对照后判断。"),
            back=self.address("change", pair.pk),
        )
