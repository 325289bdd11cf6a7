"""A kept connection is asked whether it still lives when it has lain idle, not in every request."""

import time

from django.db.backends.postgresql import base

from kernel.postgres.schema import DatabaseSchemaEditor

IDLE_SECONDS = 2


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection. One that was used a moment ago is taken to be alive.

    Where the database was restarted in that moment, the thread answers one request with an error, after
    which Django closes the connection. Connections that lay idle longer are checked as ever.
    """

    SchemaEditorClass = DatabaseSchemaEditor
    used_at = 0.0
    statements = (
        frozenset()
    )  # names of those prepared (kernel.prepared.Statement): a new connection knows none

    def get_new_connection(self, conn_params):
        """Connect; what was prepared was the old connection's."""
        self.statements = set()
        return super().get_new_connection(conn_params)

    def close_if_health_check_failed(self):
        """Check as Django does, unless the connection was used less than IDLE_SECONDS ago.

        Never inside a transaction: a statement that waited longer than that for a lock is followed by COMMIT,
        and a check in between would open another transaction before this one is closed.
        """
        now = time.monotonic()
        if self.autocommit and now - self.used_at >= IDLE_SECONDS:
            super().close_if_health_check_failed()
        self.used_at = now
