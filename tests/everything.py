"""Everything the portal keeps, as text: every table, what is sealed in them opened, lists taken out, Redis, files."""

import base64
import io
import zipfile
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from privacy import crypto, sealed
from privacy.fields import EncryptedTextField
from talents.exports.models import Export


def tables():
    """Yield (table, its rows as text)."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield table, "\n".join(row[0] for row in cursor.fetchall())


def opened():
    """Yield (place, text) of every sealed value of the database."""
    for place in sealed.places():
        name, model = place.field, place.model_class
        for (stored,) in model._base_manager.values_list(name):
            if stored is None:
                continue
            if isinstance(model._meta.get_field(name), EncryptedTextField):
                yield str(place), stored
                continue
            texts = []

            def read(value, texts=texts, label=place.label):
                texts.append(crypto.decrypt(label, value))
                return value

            with suppress(ValueError, TypeError, KeyError):
                place.rewrite(stored, read)
            yield str(place), "\n".join(texts)


def exported():
    """Yield (place, text) of the workbooks clerks had written, whose pieces are packed."""
    for export in Export.objects.exclude(pieces=None).distinct():
        pieces = export.pieces.order_by("number")
        data = b"".join(base64.b64decode(piece.content) for piece in pieces)
        with suppress(zipfile.BadZipFile):
            yield "an exported list", _unpacked(data)


def _unpacked(data):
    """Return all that an archive holds as text, of archives in it too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    return "\n".join(
        _unpacked(part) if part[:2] == b"PK" else part.decode(errors="replace") for part in parts
    )


def redis_values():
    """Yield (key, its value as text, opened where it is sealed)."""
    client = cache._cache.get_client(None, write=True)
    labels = [entry.label for entry in sealed.fleeting()]
    for key in client.scan_iter(count=1000):
        if client.type(key) != b"string":
            yield key.decode(), repr(client.dump(key))
            continue
        value = client.get(key)
        yield key.decode(), f"{key!r} {value!r} {value.decode(errors='replace')}"
        with suppress(Exception):
            name = key.decode().removeprefix(cache.make_key(""))
            for label in labels:
                yield key.decode(), crypto.decrypt(label, cache.get(name))


def files():
    """Yield (path, content as text) of what lies in the portal's own folders."""
    for folder in {settings.VAR_DIR, getattr(settings, "MEDIA_ROOT", "") or settings.VAR_DIR}:
        for path in folder.rglob("*"):
            if path.is_file() and "postgres" not in path.parts:
                yield str(path), path.read_bytes().decode(errors="replace")


def places_with(marks):
    """Return where any of the marks (str) stands: {mark: places}."""
    found = {}
    for source in (tables, opened, exported, redis_values, files):
        for place, text in source():
            for mark in marks:
                if mark in text:
                    found.setdefault(mark, set()).add(place)
    return found
