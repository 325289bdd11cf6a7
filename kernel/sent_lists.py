"""A list somebody uploads: its size bounded, opened in a process with limits, given as rows of texts; nothing is kept."""

from kernel import confined
from kernel.errors import Invalid

LIMITS = confined.Limits(memory=300 << 20, cpu=20, wall=30, output=8 << 20)
MOST_BYTES = 5 * 1024 * 1024


def read(upload, child, refusals):
    """Return the rows of an uploaded file as `child` (a dotted module that uses kernel.list_reading) finds them.

    `refusals` says {"unreadable", "too_long", "no_header": sentence}. Raises Invalid("list_…") at the field `file`.
    """
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise refused("too_long", refusals)
    try:
        answer = confined.answer(child, data, LIMITS)
    except (confined.LimitReached, confined.ChildFailed):
        raise refused("unreadable", refusals) from None
    if "error" in answer:
        raise refused(answer["error"], refusals)
    return answer["rows"]


def refused(code, refusals):
    """Return why a list is not taken (DomainError)."""
    return Invalid(f"list_{code}", str(refusals[code]), field="file")
