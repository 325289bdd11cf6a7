"""Runs of deliveries in hand: what a crash of the database loses of them is what makes them unsure."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE notices_run SET UNLOGGED", "ALTER TABLE notices_run SET LOGGED"
        )
    ]
