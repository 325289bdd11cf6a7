"""Writing a call: its conditions, its stages, its form. All of it while it is a draft; the text may be corrected later."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from calls import conditions, prefilling, rules, tables
from calls.locking import lock_call
from calls.models import Call, Field, FieldKind, Numbering, Stage, StageKind
from calls.models.choices import MOST_FILES, MOST_MB, MOST_ROWS
from calls.operations import following, requiring
from calls.operations.drafts import draft_of, put_in_place
from kernel.errors import Invalid
from privacy import audit

TEXTS = ("text", "text_en", "contact")  # what may be corrected after opening
EDITABLE = (
    "kind",
    "measure",
    "title",
    "title_en",
    *TEXTS,
    "opens_at",
    "closes_at",
    "sources",
    "places",
    "unit_quota",
    "sector_quotas",
    "surplus_percent",
    "subjects",
    "women_percent",
    "leaders_percent",
    "leaders_by",
    "award",
    "no_repeat",
    "cool_down_years",
    "most_awards",
    "endorse_by",
    "open_to_all",
    "women_preferred",
    "shows_advantages",
)
ASKS = (
    "kind",
    "label",
    "label_en",
    "help",
    "required",
    "limit",
    "choices",
    "columns",
    "most",
    "file_kinds",
    "file_mb",
    "profile",
    "identifying",
)


def _refuse_contradictions(call):
    if call.closes_at <= call.opens_at:
        raise Invalid("closes_before_opening", _("截止时间须晚于开始时间。"), field="closes_at")
    if call.places and call.unit_quota and call.unit_quota > call.places:
        raise Invalid("quota_above_places", _("每个单位的限额不能多于名额。"), field="unit_quota")
    if not call.sources:
        raise Invalid("sources_missing", _("请选择谁可以推荐。"), field="sources")
    conditions.refuse_contradictions(call)


def _put_stages(call, stages):
    """Make the stage table what these codes say, in the order every procedure has."""
    if error := rules.needed(stages):
        raise error
    chosen = [kind for kind in StageKind.values if kind in stages]
    if [stage.kind for stage in call.stages.all()] == chosen:
        return
    call.stages.all().delete()
    Stage.objects.bulk_create(
        Stage(call=call, kind=kind, order=order) for order, kind in enumerate(chosen)
    )


@transaction.atomic
def add_call(*, fields, stages, joint=(), by, now):
    """Save a new call as a draft.

    `fields` are names of EDITABLE and `department` (by default that of `by`) to values, `stages` codes of
    StageKind, `joint` Departments. Raises Refused unless `by` may, Invalid for what contradicts itself. Returns the Call.
    """
    department = fields.get("department") or (by.department if by else None)
    if error := rules.why_not_add(department, by):
        raise error
    values = {name: fields[name] for name in EDITABLE if name in fields}
    call = Call(**values, department=department, created_at=now)
    _refuse_contradictions(call)
    call.save()
    Numbering.objects.create(call=call)
    call.joint_departments.set(joint)
    _put_stages(call, stages)
    audit.record("calls.add_call", call, by=by, at=now)
    return call


@transaction.atomic
def edit_call(*, call, fields, stages=None, joint=None, by, now):
    """Change a draft, or correct the text (TEXTS) of what is published. Saving the same changes nothing.

    Raises Refused, Conflict for what is frozen, Invalid for what contradicts itself. Returns the Call.
    """
    if error := rules.why_not_manage(call, by, "calls.change_call"):
        raise error
    call = lock_call(call)
    changed = [n for n in EDITABLE if n in fields and getattr(call, n) != fields[n]]
    restaged = stages is not None and set(stages) != {s.kind for s in call.stages.all()}
    rejoined = joint is not None and set(joint) != set(call.joint_departments.all())
    if (restaged or set(changed) - set(TEXTS)) and (error := rules.why_not_write(call)):
        raise error
    if not (changed or restaged or rejoined):
        return call
    for name in changed:
        setattr(call, name, fields[name])
    _refuse_contradictions(call)
    if changed:
        call.save(update_fields=changed)
    if restaged:
        _put_stages(call, stages)
    if rejoined:
        call.joint_departments.set(joint)
    audit.record("calls.edit_call", call, by=by, at=now, fields=changed)
    return call


@transaction.atomic
def copy_call(*, call, opens_at, closes_at, by, now):
    """Make a new draft like an earlier call, last year's for instance: conditions, stages and form. Returns the Call."""
    if error := rules.why_not_manage(call, by, "calls.add_call"):
        raise error
    again = {"opens_at": opens_at, "closes_at": closes_at, "department": call.department}
    if call.endorse_by:  # as long after the deadline as last time
        again["endorse_by"] = closes_at + (call.endorse_by - call.closes_at)
    copy = add_call(
        fields={name: getattr(call, name) for name in EDITABLE} | again,
        stages=[stage.kind for stage in call.stages.all()],
        joint=call.joint_departments.all(),
        by=by,
        now=now,
    )
    copy.copied_from = call
    copy.save(update_fields=["copied_from"])
    Field.objects.bulk_create(
        Field(call=copy, order=field.order, **{name: getattr(field, name) for name in ASKS})
        for field in call.fields.all()
    )
    following.copy_steps(call, copy)
    requiring.copy_requirements(call, copy)
    return copy


@transaction.atomic
def save_field(*, call, field=None, values, by, now):
    """Add a line to the form of a draft, or change one. `values` are names of ASKS.

    Raises Refused, Conflict once it is open, Invalid for a name that is there or a choice without choices.
    Returns the Field.
    """
    call = draft_of(call, by)
    field = field or Field(call=call, order=_last(call) + 1)
    for name in ASKS:
        if name in values:
            setattr(field, name, values[name])
    if call.fields.filter(label=field.label).exclude(pk=field.pk).exists():
        raise Invalid("field_twice", _("申报表里已有同名的一项。"), field="label")
    if field.kind == FieldKind.CHOICE and len(set(field.choices)) < 2:
        raise Invalid("choices_missing", _("单选至少要有两个不同的选项。"), field="choices")
    if error := _why_not_shape(field):
        raise error
    if field.profile and field.kind != FieldKind.TEXT:
        raise Invalid("profile_not_text", _("只有文字可以从档案带入。"), field="profile")
    field.identifying = field.identifying or prefilling.is_identifying(field.profile)
    field.save()
    audit.record("calls.write_form", call, by=by, at=now)
    return field


def _why_not_shape(field):
    """Say why a table or a line for files is not one, or None."""
    if field.is_table and (error := tables.why_not_columns(field.columns)):
        return error
    if field.is_file and not field.file_kinds:
        return Invalid("kinds_missing", _("请选择可以上传哪几种文件。"), field="file_kinds")
    top = MOST_FILES if field.is_file else MOST_ROWS
    if (field.is_file or field.is_table) and not 1 <= field.most <= top:
        sentence = _("最多几行或几个文件须在 1 到 %(top)s 之间。") % {"top": top}
        return Invalid("most_wrong", sentence, field="most")
    if field.is_file and not 1 <= field.file_mb <= MOST_MB:
        sentence = _("每个文件的大小须在 1 到 %(top)s MB 之间。") % {"top": MOST_MB}
        return Invalid("file_mb_wrong", sentence, field="file_mb")
    return None


def _last(call):
    return call.fields.aggregate(last=Max("order"))["last"] or 0


@transaction.atomic
def move_field(*, field, up, by, now):
    """Let a line of a draft's form change places with its neighbour; at the end nothing changes. Returns the Field."""
    call = draft_of(field.call, by)
    if not put_in_place(field, call.fields.all(), up=up):
        return field
    audit.record("calls.write_form", call, by=by, at=now)
    return field


@transaction.atomic
def remove_field(*, field, by, now):
    """Take a line out of a draft's form. Raises Refused, or Conflict once it is open."""
    call = draft_of(field.call, by)
    if call.fields.filter(pk=field.pk).delete()[0]:
        audit.record("calls.write_form", call, by=by, at=now)
