"""What may be done with nurseries and their classes, and why not."""

from django.utils.translation import gettext as _

from kernel.errors import Conflict, Invalid, Refused
from workplaces import changes, keeping
from workplaces.childcare.models import RIGHTS, Nursery, NurseryChange, NurseryClass, NurseryRule


def why_not_unit(unit, by):
    """Say why `by` may not keep the nurseries of a unit: its contact does, and staff."""
    return keeping.why_not_unit(unit, by, **RIGHTS)


def why_not_keep(nursery, by):
    """Say why `by` may not write a nursery or its classes: the unit's contact does, clerks of its department do."""
    return keeping.why_not_keep(nursery, by, **RIGHTS)


def why_not_check(nursery, by):
    """Say why `by` may not note that a registration was checked: staff of its department do, not the unit itself."""
    if by is not None and not by.is_staff:
        return Refused("not_allowed", _("备案由主管部门核实，单位不能自己核实。"))
    if error := why_not_keep(nursery, by):
        return error
    if nursery.registration_checked_on is None:
        return None
    return Conflict("checked_already", _("备案已经核实过了；备案编号改动后才需要再核实。"))


def why_not_registration(registration, nursery=None):
    """Say that a registration number stands in another entry."""
    others = Nursery.objects.filter(registration=registration)
    if not others.exclude(pk=nursery and nursery.pk).exists():
        return None
    sentence = _("这个备案编号已有登记，请核对编号，或改那一条。")
    return Conflict("registration_twice", sentence, field="registration")


def why_not_class_name(nursery, name, klass=None):
    """Say that a nursery has a class of that name."""
    rows = NurseryClass.objects.standing().filter(nursery=nursery, name=name)
    if not rows.exclude(pk=klass and klass.pk).exists():
        return None
    return Conflict("class_twice", _("这家机构已有同名的班级，请改那一条。"), field="name")


def why_not_size(band, capacity, carers, day):
    """Say that a class is larger than the standard in force allows, or has too few carers for its places."""
    rule = NurseryRule.objects.in_force(day).filter(band=band).first()
    if rule is None:
        return None
    said = {"band": rule.get_band_display(), "most": rule.most, "per": rule.per_carer}
    if capacity > rule.most:
        sentence = _("%(band)s每班最多 %(most)s 人，请改班额或班型。") % said
        return Invalid("class_large", sentence, field="capacity")
    if rule.per_carer and carers * rule.per_carer < capacity:
        need = -(-capacity // rule.per_carer)
        sentence = _(
            "%(band)s一名保育人员最多照护 %(per)s 人，%(capacity)s 人的班至少要 %(need)s 名。"
        )
        said |= {"capacity": capacity, "need": need}
        return Invalid("carers_few", sentence % said, field="carers")
    return None


def why_not_free(free, capacity):
    """Say that more places are said to be free than there are."""
    if 0 <= free <= capacity:
        return None
    sentence = _("空余托位不能多于班额 %(capacity)s 个，请核对后再填。")
    return Invalid("free_above", sentence % {"capacity": capacity}, field="free")


def why_not_standing(klass):
    """Say that a class was ended."""
    if klass.ended_at is None:
        return None
    return Conflict("class_ended", _("这个班已停办，请先恢复。"))


def why_not_restore(klass):
    """Say why a class cannot be taken up again."""
    if klass.ended_at is None:
        return Conflict("class_standing", _("这个班没有停办。"))
    return why_not_class_name(klass.nursery, klass.name, klass)


def changes_of(change):
    """Return the changes of what a change is of: the nursery alone, or one class."""
    return NurseryChange.objects.filter(nursery=change.nursery_id, klass=change.klass_id)


def why_not_undo_nursery(nursery, by):
    """Say why `by` cannot undo the latest change of a nursery."""
    if error := why_not_keep(nursery, by):
        return error
    own = nursery.changes.filter(klass=None)
    return changes.why_not_undo(changes.latest(own), own)


def why_not_undo_class(klass, by):
    """Say why `by` cannot undo the latest change of a class."""
    if error := why_not_keep(klass.nursery, by) or why_not_standing(klass):
        return error
    return changes.why_not_undo(changes.latest(klass.changes), klass.changes)


def why_not_again(row):
    """Say that the clock has not set a nursery or class aside."""
    if type(row).objects.filter(pk=row.pk).set_aside().exists():
        return None
    return Conflict("not_set_aside", _("这一条没有被搁置，不用重试。"))


def why_not_undo(change):
    """Say why a change cannot be undone: only the latest that still holds of the nursery, or of the class, can."""
    return changes.why_not_undo(change, changes_of(change))


# --- the standard ----------------------------------------------------------------------------------
def why_not_rule_days(valid_from, valid_until):
    """Say that a standard would end before it begins."""
    if valid_until is None or valid_until >= valid_from:
        return None
    return Invalid("days_backwards", _("结束日不能早于开始日。"), field="valid_until")


def why_not_rule_twice(band, valid_from, valid_until, rule=None):
    """Say that another standard of the band holds on some of these days."""
    rows = NurseryRule.objects.on_or_after(valid_from).filter(band=band)
    if valid_until:
        rows = rows.filter(valid_from__lte=valid_until)
    if not rows.exclude(pk=rule and rule.pk).exists():
        return None
    sentence = _("这段时间这个班型已有标准，请先给那一条填结束日。")
    return Conflict("rule_there", sentence, field="valid_from")


def why_not_check_rule(rule, today):
    """Say that a standard holds no more: there is nothing left to compare."""
    if rule.valid_until is None or rule.valid_until >= today:
        return None
    return Conflict("rule_over", _("这条标准已经失效，不用再核对。"))
