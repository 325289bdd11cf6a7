"""What was filed without being public before reasons were kept says that none was written."""

from django.db import migrations

FILED = ("filed", "answered", "closed")


def say(apps, schema_editor):
    """Write it where a reason lacks."""
    rows = apps.get_model("advisory", "Suggestion").objects.using(schema_editor.connection.alias)
    rows = rows.filter(state__in=FILED, listed=False, unlisted_reason="")
    rows.update(unlisted_reason="当时没有写原因")


class Migration(migrations.Migration):
    dependencies = [("advisory", "0004_unlisted_reason")]
    operations = [migrations.RunPython(say, migrations.RunPython.noop)]
