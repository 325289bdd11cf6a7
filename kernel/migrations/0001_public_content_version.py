"""The number that says which state of the public content a cached page shows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE public_content_version",
            "DROP SEQUENCE public_content_version",
        )
    ]
