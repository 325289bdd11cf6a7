"""Why a filed suggestion is not public."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("advisory", "0003_reply_due_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="unlisted_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="不公开的原因"),
        ),
    ]
