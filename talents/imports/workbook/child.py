"""Read a form in a process of its own (kernel.confined); started by `incoming`."""

import io

from django.conf import settings

if not settings.configured:
    # The sentences are worded by who asks; nothing else of the portal is known here.
    settings.configure(USE_I18N=False, USE_TZ=True)

from talents.imports.problems import WorkbookError

from .cells import plain_columns, plain_row
from .reading import read


def answers(data):
    """Yield {"tables", "notes", "total"}, then one list for each row; or {"error": Problem.stored}."""
    try:
        form = read(io.BytesIO(data))
    except WorkbookError as error:
        yield {"error": error.problem.stored}
        return
    yield {
        "tables": [[t.sheet, plain_columns(t.header.columns)] for t in form.tables],
        "notes": [note.stored for note in form.notes],
        "total": len(form.rows),
    }
    yield from map(plain_row, form.rows)
