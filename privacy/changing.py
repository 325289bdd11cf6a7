"""A row that is added or changed field by field, as operations save what staff keep."""

from datetime import date

from privacy import audit


def verb(model_name, row):
    """Return the verb of saving: "add_…" where there is no `row` yet, else "change_…"."""
    return f"{'change' if row else 'add'}_{model_name}"


def fill(model, row, fields, changeable):
    """Lock the row, or begin a new one, and set its fields; returns it and the names that changed.

    A field that is not among `changeable` is a mistake of the program: TypeError.
    """
    if unknown := set(fields) - set(changeable):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    new = row is None
    row = model() if new else model.objects.select_for_update().get(pk=row.pk)
    changed = [name for name, value in fields.items() if new or getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    return row, changed


def counted(before, fields, changed, names):
    """Return {field: [old, new]} as JSON of those of `names` that changed: numbers and days, nobody's data."""
    return {name: _plain(before[name], fields[name]) for name in changed if name in names}


def _plain(*values):
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def record(action, row, changed, *, by, at, **counts):
    """Record which fields changed; of those in `counts` the old value and the new one. Nothing changed: nothing."""
    if not changed:
        return
    names = sorted(set(changed) - set(counts))
    audit.record(action, row, by=by, at=at, **counts, **({"fields": names} if names else {}))
