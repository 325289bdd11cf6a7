"""Read a form in a process of its own (kernel.confined); started by `incoming`."""

import hashlib
import io
import json

from django.conf import settings

if not settings.configured:
    # The sentences are worded by who asks; nothing else of the portal is known here.
    settings.configure(USE_I18N=False, USE_TZ=True)

from talents.imports.problems import WorkbookError

from .cells import plain_columns, plain_row
from .columns import learn
from .reading import read


def answers(data):
    """Yield {"tables", "notes", "total", "key", "unknown", "said"}, then one list for each row.

    `data` is a line of JSON, {key of a form: {header word: field}}, and the file. Yields
    {"error": Problem.stored} for a file that cannot be read.
    """
    said, _, content = data.partition(b"\n")
    try:
        form = read(io.BytesIO(content))
        unknown, key = form.unknown, hashlib.sha256("|".join(form.words).encode()).hexdigest()
        fields = json.loads(said).get(key, {})
        if any(fields.values()):
            learn({word: field for word, field in fields.items() if field})
            form = read(io.BytesIO(content))
    except WorkbookError as error:
        yield {"error": error.problem.stored}
        return
    yield {
        "tables": [[t.sheet, plain_columns(t.header.columns)] for t in form.tables],
        "notes": [note.stored for note in form.notes],
        "total": len(form.rows),
        "key": key,
        "unknown": unknown,
        "said": fields,
    }
    yield from map(plain_row, form.rows)
