import django.contrib.postgres.constraints
import django.db.models.constraints
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import events.models.sessions


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_calendar_links"),
        ("talents", "0006_endorsements"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="内容")),
                ("room", models.CharField(blank=True, max_length=60, verbose_name="会场")),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("ends_at", models.DateTimeField(verbose_name="结束时间")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "议程",
                "verbose_name_plural": "议程",
                "ordering": ["starts_at", "room", "id"],
            },
        ),
        migrations.CreateModel(
            name="Speaker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "guest_name",
                    models.CharField(blank=True, max_length=60, verbose_name="嘉宾姓名"),
                ),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="单位")),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("1", "男"), ("2", "女")],
                        max_length=1,
                        verbose_name="性别",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "session",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="speakers",
                        to="events.session",
                        verbose_name="议程",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="speaking",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "主讲人",
                "verbose_name_plural": "主讲人",
                "ordering": ["order", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["event", "starts_at", "room"], name="session_event"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="session_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                expressions=[
                    ("event", "="),
                    ("room", "="),
                    (events.models.sessions.Span("starts_at", "ends_at"), "&&"),
                ],
                name="session_room_once",
            ),
        ),
        migrations.AddIndex(
            model_name="speaker",
            index=models.Index(fields=["session", "order"], name="speaker_session"),
        ),
        migrations.AddConstraint(
            model_name="speaker",
            constraint=models.UniqueConstraint(
                condition=models.Q(("talent__isnull", False)),
                fields=("session", "talent"),
                name="speaker_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="speaker",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("talent__isnull", True),
                    models.Q(("guest_name", ""), ("position", ""), ("unit", "")),
                    _connector="OR",
                ),
                name="speaker_talent_or_guest",
            ),
        ),
    ]
