import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("handed_over", models.PositiveSmallIntegerField(default=0)),
                ("moved_at", models.DateTimeField()),
                ("server_started_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("object_key", models.CharField(max_length=60, verbose_name="对象")),
                ("context", models.JSONField(default=dict)),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="链接")),
                ("discreet", models.BooleanField(default=False)),
                ("due_at", models.DateTimeField(verbose_name="应发时间")),
                ("good_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(verbose_name="生成时间")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤回时间"),
                ),
                (
                    "overtaken_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="失效时间"),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "通知",
                "verbose_name_plural": "通知",
                "ordering": ["-due_at", "-id"],
                "indexes": [
                    models.Index(fields=["recipient", "-due_at", "-id"], name="notice_inbox"),
                    models.Index(
                        condition=models.Q(
                            ("overtaken_at", None), ("read_at", None), ("withdrawn_at", None)
                        ),
                        fields=["recipient", "-due_at", "-id"],
                        name="notice_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recipient", "kind", "object_key"), name="notice_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("sms", "短信"), ("mail", "邮件")],
                        max_length=10,
                        verbose_name="渠道",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "待发送"),
                            ("sending", "发送中"),
                            ("unsure", "结果不明"),
                            ("sent", "已发送"),
                            ("failed", "发送失败"),
                            ("dropped", "不再发送"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="应发时间")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="尝试次数")),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="领取时间"),
                ),
                ("place", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发送时间")),
                (
                    "error_code",
                    models.CharField(blank=True, max_length=60, verbose_name="错误代码"),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notices.notice",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="deliveries",
                        to="notices.run",
                    ),
                ),
            ],
            options={
                "verbose_name": "发送记录",
                "verbose_name_plural": "发送记录",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["due_at", "id"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")),
                        fields=["run"],
                        name="delivery_claimed",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "unsure"])),
                        fields=["-id"],
                        name="delivery_trouble",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "channel"), name="delivery_once")
                ],
            },
        ),
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
            options={
                "verbose_name": "提醒方式",
                "verbose_name_plural": "提醒方式",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "topic"), name="way_chosen_once")
                ],
            },
        ),
    ]
