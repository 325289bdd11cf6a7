"""The tables, less the indexes nothing asks for."""

from django.db.backends.postgresql import schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Django's editor without the second index of each unique or indexed text column.

    It serves searches by beginnings (`LIKE 'x%'`) and nothing else. What is unique here is a random code or
    a keyed hash, which nobody searches so, and a booking wrote a third of its index entries for them. A model
    that is searched by beginnings declares the index itself (`opclasses`).
    """

    def _create_like_index_sql(self, model, field):
        return None
