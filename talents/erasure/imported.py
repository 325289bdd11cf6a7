"""Rows of imported lists that are about her, found by what they hold: they lie encrypted until thirty days are over."""

import json
from datetime import timedelta

from django.db import transaction
from django.db.models import Min

from kernel.text import fold
from talents.identity.models import Claim
from talents.imports import files, mapping
from talents.imports.models import ImportRow, ImportRun, ImportState
from talents.imports.rows import SEARCHED

CHUNK = 500
READ_WITHIN = timedelta(hours=1)
HERS = ("phone", "email", "id_number")
# Notices that call a list by the name of its file.
NAMED_IN = ("talents.import_finished", "talents.import_expired")


def forget(person):
    """Delete every row about her, the files they are from, and her name from names of files; returns how many rows.

    Safe to repeat. A file is kept beside its rows only to be read again, which would bring her back.
    """
    marks = _marks(person)
    hers = ImportRow.objects.filter(talent__in=[record.pk for record in person.records])
    rows = ImportRow.objects.filter(words__isnull=False)
    rows = rows.only("pk", "run_id", "number", "words", "content").order_by("pk")
    about = (row for row in rows.iterator(CHUNK) if any(_is_about(row, mark) for mark in marks))
    found = [*hers.only("pk", "run_id", "number"), *about]
    _drop_files({row.run_id for row in found})
    for name in {mark["full_name"] for mark in marks if len(mark["full_name"]) > 1}:
        _forget_in_names(name)
    return sum(_delete(row) for row in found)


def oldest_unread(now):
    """Return when the oldest list came in that is still to be read, None for none; one no worker takes is not waited for."""
    runs = ImportRun.objects.filter(state=ImportState.UPLOADED, created_at__gt=now - READ_WITHIN)
    return runs.aggregate(oldest=Min("created_at"))["oldest"]


def _marks(person):
    """Return what her records say of her, folded as the rows are searched by."""
    marks = [
        {name: fold(getattr(record, name) or "") for name in ("full_name", *HERS)}
        | {"unit_name": fold(record.unit_name or "")}
        for record in person.records
    ]
    if person.user:
        marks.append({"full_name": "", "phone": fold(person.user.phone or ""), "unit_name": ""})
        marks += [
            {name: fold(getattr(claim, name) or "") for name in ("full_name", "phone", "id_number")}
            | {"unit_name": fold(claim.unit_text)}
            for claim in Claim.objects.filter(user=person.user)
        ]
    return marks


def _is_about(stored, mark):
    """Tell whether a row is about her: one of her numbers stands in it, or her name, her unit and no other's number.

    Numbers are looked for in all that was sent: one with a wrong last digit was read as none.
    """
    sent = fold(stored.content or "")
    if any(mark.get(name) and mark[name] in sent for name in HERS):
        return True
    row = dict(zip(SEARCHED, stored.words.split("\n"), strict=True))
    another = any(row[name] and mark.get(name) and row[name] != mark[name] for name in HERS)
    named = bool(mark["full_name"]) and row["full_name"] == mark["full_name"]
    return named and not another and row["unit_name"] in ("", mark["unit_name"])


def _drop_files(runs):
    """Drop the files of these lists that were read, and of those in which no names were found yet."""
    for run in ImportRun.objects.filter(file__isnull=False).distinct():
        if run.pk in runs or mapping.is_nameless(run):
            _drop_file(run.pk)


@transaction.atomic
def _drop_file(pk):
    run = ImportRun.objects.select_for_update().get(pk=pk)
    if run.state != ImportState.UPLOADED:
        files.drop(run)
        run.save(update_fields=["unknown_columns"])


@transaction.atomic
def _delete(row):
    """Delete a row and those that were put together with it."""
    merged = ImportRow.objects.filter(run=row.run_id, merge_with=row.number)
    return merged.delete()[0] + ImportRow.objects.filter(pk=row.pk).delete()[0]


def _forget_in_names(name):
    for run in ImportRun.objects.filter(file_name__icontains=name):
        run.file_name = _without(run.file_name, name)
        run.save(update_fields=["file_name"])


def _without(text, name):
    return text.replace(name, "＊" * len(name))


def forget_in_notices(notices, name):
    """Take her name out of notices (a QuerySet) that name a file after her; returns how many."""
    changed = 0
    for notice in notices.filter(context__file__contains=name):
        notice.context = json.loads(_without(json.dumps(notice.context, ensure_ascii=False), name))
        notice.save(update_fields=["context"])
        changed += 1
    return changed
