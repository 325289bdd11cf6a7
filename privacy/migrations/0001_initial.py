import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import privacy.fields
import privacy.purposes


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditBase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_id", models.BigIntegerField(unique=True, verbose_name="最后一条的编号")),
                ("digest", models.CharField(max_length=64, verbose_name="最后一条的校验码")),
                ("removed", models.PositiveIntegerField(verbose_name="条数")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("seal", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "审计日志的起点",
                "verbose_name_plural": "审计日志的起点",
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("entry_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "审计链",
                "verbose_name_plural": "审计链",
            },
        ),
        migrations.CreateModel(
            name="ReleasedTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="统计表")),
                ("month", models.DateField(null=True, verbose_name="月份")),
                ("cells", models.JSONField(default=dict)),
                ("looked_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "已公布的统计",
                "verbose_name_plural": "已公布的统计",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["name", "month"], name="released_table_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("actor_id", models.BigIntegerField(null=True, verbose_name="操作人编号")),
                ("action", models.CharField(max_length=60, verbose_name="动作")),
                ("object_type", models.CharField(max_length=60, verbose_name="对象类型")),
                ("object_id", models.CharField(max_length=40, verbose_name="对象编号")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("detail", models.JSONField(default=dict, verbose_name="细节")),
            ],
            options={
                "verbose_name": "审计日志",
                "verbose_name_plural": "审计日志",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["object_type", "object_id", "-id"], name="audit_object"),
                    models.Index(fields=["actor_id", "-id"], name="audit_actor"),
                    models.Index(fields=["action", "-id"], name="audit_action"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "准备中"),
                            ("ready", "可下载"),
                            ("failed", "没有准备成功"),
                            ("dropped", "已删除"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="申请时间")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("ready_at", models.DateTimeField(null=True, verbose_name="备好时间")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="删除时间")),
                ("size", models.PositiveIntegerField(default=0)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_copies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "个人信息副本",
                "verbose_name_plural": "个人信息副本",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["user", "-id"], name="copy_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "requested")),
                        fields=("user",),
                        name="copy_asked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(("expires_at__isnull", False), ("ready_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="copy_ready_expires",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataCopyPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", privacy.fields.EncryptedTextField()),
                (
                    "copy",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="privacy.datacopy",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("copy", "number"), name="copy_piece_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=60, verbose_name="规则")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("done", models.PositiveIntegerField(verbose_name="已清理")),
                ("failed", models.PositiveIntegerField(verbose_name="失败")),
            ],
            options={
                "verbose_name": "到期清理",
                "verbose_name_plural": "到期清理",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["at"], name="retention_at")],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=privacy.purposes.choices, max_length=32, verbose_name="用途"
                    ),
                ),
                (
                    "about",
                    models.CharField(blank=True, default="", max_length=20, verbose_name="涉及"),
                ),
                (
                    "recipient",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="接收方"),
                ),
                (
                    "good_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="有效至"),
                ),
                ("granted", models.BooleanField(verbose_name="同意")),
                ("text_version", models.CharField(max_length=20, verbose_name="告知文本版本")),
                (
                    "source",
                    models.CharField(
                        choices=privacy.purposes.source_choices,
                        default="web",
                        max_length=20,
                        verbose_name="来源",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "个人信息授权",
                "verbose_name_plural": "个人信息授权",
                "indexes": [models.Index(fields=["user", "purpose", "-id"], name="consent_newest")],
            },
        ),
    ]
