"""What is filed is public, or it is kept why not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("advisory", "0005_reasons_not_written")]
    operations = [
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("listed", True), ("unlisted_reason", "")),
                    models.Q(
                        ("listed", False),
                        models.Q(
                            models.Q(("state__in", ("filed", "answered", "closed")), _negated=True),
                            models.Q(("unlisted_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="suggestion_unlisted_has_reason",
            ),
        ),
    ]
