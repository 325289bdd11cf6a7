import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0002_delivery_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChosenWay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=40, verbose_name="事项")),
                (
                    "way",
                    models.CharField(
                        choices=[("sms", "短信"), ("mail", "邮件"), ("site", "只看站内通知")],
                        max_length=10,
                        verbose_name="提醒方式",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chosen_ways",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "提醒方式", "verbose_name_plural": "提醒方式"},
        ),
        migrations.AddConstraint(
            model_name="chosenway",
            constraint=models.UniqueConstraint(fields=("user", "topic"), name="way_chosen_once"),
        ),
    ]
