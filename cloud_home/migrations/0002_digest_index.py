from django.db import migrations

# A title that changes is changed in digests told before (letters.retitle), which name topics in their text alone.
# The index holds the digests and nothing else: one over all kinds would be paid for by each notice that is queued.
MAKE = """
CREATE INDEX cloud_home_digests ON notices_notice (due_at) WHERE kind = 'cloud_home.digest'
"""
DROP = "DROP INDEX cloud_home_digests"


class Migration(migrations.Migration):
    dependencies = [("cloud_home", "0001_initial"), ("notices", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, DROP)]
