"""Audit entries in sentences: who did what to whom, why, told to somebody who may know it.

Names are looked up when the sentence is read, never stored with the entry: a record is named to those
who may open it, and stays a kind and a number to others; a woman who acted herself is 本人 to those who may
not read accounts.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, IntegerField
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kernel.words import clauses, colon, day_text, labelled, listed, month_text
from privacy import audit
from privacy.models import AuditEntry

NEWEST = 30
COUNTED = (IntegerField, DateField)
# Numbers that entries of several apps keep, and that are no field of a model.
NUMBERS = {
    "count": gettext_lazy("数量"),
    "people": gettext_lazy("人数"),
    "points": gettext_lazy("积分"),
    "seats": gettext_lazy("席位"),
    "bookings": gettext_lazy("报名"),
    "days": gettext_lazy("天数"),
}


@dataclass(frozen=True)
class Line:
    """One entry as it is read. `who_link` and `about_link` are addresses, "" where she may not go there."""

    pk: int
    at: datetime
    who: str
    what: str
    about: str
    details: str
    why: str
    who_link: str = ""
    about_link: str = ""

    @property
    def sentence(self):
        """Return who did what, and why, without naming what it was done to (a record's own page)."""
        return " · ".join(filter(None, [self._did, self.details, self._why]))

    @property
    def full(self):
        """Return the sentence of the log: with the record, and links to it and to whoever acted."""
        rest = "".join(f" · {part}" for part in (self.details, self._why) if part)
        about = self.about and format_html("{}{}", colon(), _linked(self.about, self.about_link))
        who = _linked(self.who, self.who_link)
        return format_html("{} {}{}{}", who, self.what, about, rest)

    @property
    def _did(self):
        return f"{self.who} {self.what}"

    @property
    def _why(self):
        return self.why and _("理由：%(reason)s") % {"reason": self.why}


def _linked(words, link):
    return format_html('<a href="{}">{}</a>', link, words) if link else words


def of(obj, *, reader, most=NEWEST):
    """Return the newest Lines of a saved model instance."""
    entries = AuditEntry.objects.filter(
        object_type=obj._meta.label_lower, object_id=str(obj.pk)
    ).order_by("-pk")
    return lines(entries[:most], reader=reader)


def lines(entries, *, reader):
    """Return the Lines of some audit entries; a few queries, however many entries."""
    entries = list(entries)
    actors = get_user_model().objects.in_bulk({e.actor_id for e in entries if e.actor_id})
    named = _named(entries, reader)
    codes = _codes(entries, named)
    return [_line(entry, actors.get(entry.actor_id), named, codes, reader) for entry in entries]


def _line(entry, actor, named, codes, reader):
    model, about = _model(entry.object_type), (entry.object_type, entry.object_id)
    row = named.get(about)
    name = getattr(row, "audit_name", row) or codes.get(about, entry.object_id)
    return Line(
        pk=entry.pk,
        at=entry.at,
        who=_who(entry, actor, row, reader),
        what=str(audit.words(entry.action)),
        about="" if actor and row == actor else f"{kind(entry.object_type)} {name}",
        details=_details(entry.detail, model),
        why=entry.reason or _kept_reason(entry, row),
        who_link=_address(actor, reader) if actor else "",
        about_link=_address(row, reader) if row else "",
    )


def _kept_reason(entry, row):
    """Return a reason that stands in the record alone, where it can be emptied, "" for who may not see the record."""
    return getattr(row, entry.detail.get("reason_in", ""), "")


def _who(entry, actor, row, reader):
    if actor is None:
        return pgettext("audit", "系统") if entry.actor_id is None else f"#{entry.actor_id}"
    if actor.is_staff or actor.pk == reader.pk or reader.has_perm("accounts.view_user"):
        return str(actor)
    if row is not None and _whose(row) not in (None, actor.pk):
        return str(actor)  # who stands at a station's desk works here, and is no member of staff
    return pgettext("audit", "本人")


def _whose(row):
    """Return the primary key of the account a row belongs to, by its `user` or its record's; None where neither tells."""
    return getattr(row, "user_id", None) or getattr(getattr(row, "talent", None), "user_id", None)


def _model(label):
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def kind(label):
    """Return what "app.model" is called, the label itself where there is no such model any more."""
    model = _model(label)
    return str(model._meta.verbose_name) if model else label


def _may_view(model, reader):
    return reader.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def _named(entries, reader):
    """Return {(type, id): row} of the rows the reader may see."""
    found = {}
    for label in {entry.object_type for entry in entries}:
        model = _model(label)
        if model is None or not _may_view(model, reader):
            continue
        rows = model._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(reader)
        ids = {e.object_id for e in entries if e.object_type == label and e.object_id.isdecimal()}
        found |= {(label, str(row.pk)): row for row in rows.filter(pk__in=ids)}
    return found


def _codes(entries, named):
    """Return {(type, id): code} of the rows that are not named, of models that say which is theirs (`audit_code`)."""
    hidden, found = {}, {}
    for entry in entries:
        if entry.object_id.isdecimal() and (entry.object_type, entry.object_id) not in named:
            hidden.setdefault(entry.object_type, set()).add(entry.object_id)
    for label, ids in hidden.items():
        model = _model(label)
        if code := getattr(model, "audit_code", ""):
            codes = model._base_manager.filter(pk__in=ids).values_list("pk", code)
            found |= {(label, str(pk)): said for pk, said in codes}
    return found


def _address(row, reader):
    """Return the address of a row's page in the admin, "" where there is none for the reader."""
    if type(row) not in admin.site._registry or not _may_view(type(row), reader):
        return ""
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def facts(entry):
    """Return what of an entry's details has words, one "what: value" each; the rest are codes for programs."""
    model = _model(entry.object_type)
    return [*_said(entry.detail, model), *_numbers(entry.detail, model)]


def _details(detail, model):
    return clauses(_said(detail, model))


def _said(detail, model):
    """Say which fields were changed, and what a coded field became."""
    own = getattr(model, "audit_details", None)
    said = [own(detail)] if own else []
    for name, value in detail.items():
        if name in ("fields", "field"):
            names = value if isinstance(value, list) else [value]
            said.append(listed(_field_words(model, one) for one in names))
        elif isinstance(value, str | list) and (words := _value_words(model, name, value)):
            said.append(words)
    return list(filter(None, said))


def _numbers(detail, model):
    """Say numbers, which a sentence leaves out: under the name of the model's field, or the one apps share."""
    for name, value in detail.items():
        if not isinstance(value, int) or isinstance(value, bool):
            continue
        if words := _value_words(model, name, value):
            yield words
        elif name in NUMBERS:
            yield labelled(NUMBERS[name], value)


def _field_words(model, name):
    try:
        return str(model._meta.get_field(name).verbose_name)
    except (FieldDoesNotExist, AttributeError):
        return name


def _value_words(model, name, value):
    """Return "人才层次：区级 → 市级" for [old, new] of a field, "" for what is none of its values."""
    try:
        field = model._meta.get_field(name)
    except (FieldDoesNotExist, AttributeError):
        return ""
    values = value if isinstance(value, list) else [value]
    choices = dict(field.flatchoices)
    if not (set(values) <= {*choices, ""} if choices else isinstance(field, COUNTED)):
        return ""
    shown = " → ".join(_shown(choices.get(one, one), field) for one in values)
    return labelled(_field_words(model, name), shown)


def _shown(value, field):
    if value in (None, ""):
        return _("（空）")
    if not isinstance(field, DateField):
        return str(value)
    words = month_text if field.name.endswith("month") else day_text
    return words(date.fromisoformat(value))
