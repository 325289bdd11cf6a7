import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a unit's program was answered under an Idempotency-Key."""

    dependencies = [("accounts", "0001_initial"), ("partners", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.JSONField(default=dict)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "接口办理结果",
                "verbose_name_plural": "接口办理结果",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["unit", "scope", "key"], name="kept_answer_once"
                    )
                ],
            },
        ),
    ]
