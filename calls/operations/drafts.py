"""What staff lay down of a draft line by line (form, conditions, steps): who may, and in which order the lines stand."""

from calls import rules
from calls.locking import lock_call


def draft_of(call, by):
    """Return the call locked, if `by` may write it and it is a draft. Raises Refused, or Conflict once it is open."""
    if error := rules.why_not_manage(call, by, "calls.change_call"):
        raise error
    call = lock_call(call)
    if error := rules.why_not_write(call):
        raise error
    return call


def put_in_place(line, lines, *, up=True):
    """Let a line change places with its neighbour among `lines` (a queryset in its order); tell whether it did.

    At the end nothing changes.
    """
    rows = list(lines)
    here = rows.index(line)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return False
    rows[here], rows[there] = rows[there], rows[here]
    for order, row in enumerate(rows, 1):
        row.order = order
    lines.model.objects.bulk_update(rows, ["order"])
    return True
