"""What happened to the things of one event (materials, photos, certificates), as their pages show it."""

from privacy import history


def named_lines(entries, names, reader):
    """Return the newest of some audit entries as (Line, what it was done to).

    Arguments:
        entries: a queryset of them. names: {key of an object: what it is called now}. reader: a User.
    """
    newest = list(entries.order_by("-pk")[: history.NEWEST])
    told = [names.get(entry.object_id, "") for entry in newest]
    return list(zip(history.lines(newest, reader=reader), told, strict=True))
