"""Staff write the conditions of a draft by which women check themselves before they apply."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from calls.models import Requirement
from calls.models.requirements import MOST_REQUIREMENTS, AnsweredBy
from calls.operations.drafts import draft_of, put_in_place
from kernel.errors import Conflict, Invalid
from privacy import audit

ASKED = {AnsweredBy.AGE: "most_age", AnsweredBy.DEGREE: "least_degree", AnsweredBy.OFFICE: "office"}
WRITTEN = (
    "text",
    "text_en",
    "answered_by",
    "document",
    "in_force_from",
    "in_force_until",
    *ASKED.values(),
)
MISSING = {"most_age": None, "least_degree": "", "office": ""}


def why_not_requirement(requirement):
    """Say why a condition cannot stand as it is written, or None."""
    needed = ASKED.get(requirement.answered_by)
    if needed and not getattr(requirement, needed):
        sentences = {
            "most_age": _("按年龄判断的，请填写最大年龄。"),
            "least_degree": _("按学位判断的，请选择最低学位。"),
            "office": _("由有关单位认定的，请填写由谁认定。"),
        }
        return Invalid(f"{needed}_missing", sentences[needed], field=needed)
    until = requirement.in_force_until
    if until and until < requirement.in_force_from:
        return Invalid(
            "document_over_before", _("文件有效期不能早于施行日期。"), field="in_force_until"
        )
    others = requirement.call.requirements.exclude(pk=requirement.pk)
    if others.filter(text=requirement.text).exists():
        return Invalid("requirement_twice", _("已有同样的一条。"), field="text")
    if requirement.pk is None and others.count() >= MOST_REQUIREMENTS:
        sentence = _("最多 %(most)s 条自查条件。") % {"most": MOST_REQUIREMENTS}
        return Conflict("requirements_full", sentence)
    return None


@transaction.atomic
def save_requirement(*, call, requirement=None, values, by, now):
    """Write a condition of a draft, or change one. `values` are names of WRITTEN.

    What another way of judging would need is dropped. Raises Refused, Conflict once it is open, Invalid.
    Returns the Requirement.
    """
    call = draft_of(call, by)
    last = call.requirements.aggregate(last=Max("order"))["last"] or 0
    requirement = requirement or Requirement(call=call, order=last + 1)
    for name in WRITTEN:
        if name in values:
            setattr(requirement, name, values[name])
    for how, name in ASKED.items():
        if requirement.answered_by != how:
            setattr(requirement, name, MISSING[name])
    if error := why_not_requirement(requirement):
        raise error
    requirement.save()
    audit.record("calls.write_requirements", call, by=by, at=now)
    return requirement


@transaction.atomic
def move_requirement_up(*, requirement, by, now):
    """Let a condition change places with the one before it; the first stays where it is. Returns the Requirement."""
    call = draft_of(requirement.call, by)
    if not put_in_place(requirement, call.requirements.all()):
        return requirement
    audit.record("calls.write_requirements", call, by=by, at=now)
    return requirement


@transaction.atomic
def remove_requirement(*, requirement, by, now):
    """Take a condition out of a draft. Raises Refused, or Conflict once it is open."""
    call = draft_of(requirement.call, by)
    if call.requirements.filter(pk=requirement.pk).delete()[0]:
        audit.record("calls.write_requirements", call, by=by, at=now)


def copy_requirements(call, copy):
    """Give a new draft the conditions of the call it is made like."""
    names = ("order", *WRITTEN)
    Requirement.objects.bulk_create(
        Requirement(call=copy, **{name: getattr(one, name) for name in names})
        for one in call.requirements.all()
    )
