"""`manage.py migrate`: Django's own, as the owner of the tables where the settings name one."""

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection

from liangjiang.settings.data import database
from privacy import roles


class Command(migrate.Command):
    """Connect as DATABASE_OWNER_URL, migrate, then give the roles of the running portal their rights.

    Without DATABASE_OWNER_URL everything is done as the role of DATABASE_URL, which then owns the
    tables: enough for tests, too much for a running portal.
    """

    def handle(self, *args, **options):
        """Migrate, and grant where there is somebody to grant to."""
        if not settings.DATABASE_OWNER_URL:
            super().handle(*args, **options)
            return
        application = connection.settings_dict["USER"]
        connection.close()
        connection.settings_dict.update(database(settings.DATABASE_OWNER_URL))
        super().handle(*args, **options)
        if application != connection.settings_dict["USER"]:
            roles.grant(application=application, purge=settings.DATABASE_PURGE_ROLE)
