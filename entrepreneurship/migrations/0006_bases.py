"""What bases offer, and what women ask of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("talents", "0004_compare_again"),
        ("entrepreneurship", "0005_training"),
    ]

    operations = [
        migrations.CreateModel(
            name="BaseService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="entrepreneurship.base",
                        verbose_name="创新创业基地",
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="服务")),
                ("title_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
                ("for_whom", models.CharField(max_length=120, verbose_name="适合谁")),
                (
                    "cost",
                    models.CharField(
                        help_text="如“免费”“第一年免租，之后每平方米 20 元”",
                        max_length=60,
                        verbose_name="费用",
                    ),
                ),
                (
                    "contact",
                    models.CharField(
                        help_text="会写在公开页面上，不要写个人手机号",
                        max_length=120,
                        verbose_name="公开的联系方式",
                    ),
                ),
                ("verified_on", models.DateField(verbose_name="核实日期")),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核实人",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停止时间")),
            ],
            options={
                "verbose_name": "基地服务",
                "verbose_name_plural": "基地服务",
                "ordering": ["base", "title"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["verified_on"],
                        name="base_service_verified",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("base", "title"),
                        name="base_service_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BaseRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="编号",
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="entrepreneurship.base",
                        verbose_name="创新创业基地",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="entrepreneurship.baseservice",
                        verbose_name="服务",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="base_requests",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
                (
                    "venture",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="base_requests",
                        to="entrepreneurship.venture",
                        verbose_name="创业项目",
                    ),
                ),
                (
                    "words",
                    privacy.fields.EncryptedTextField(null=True, verbose_name="想请基地做什么"),
                ),
                (
                    "contact",
                    privacy.fields.EncryptedTextField(null=True, verbose_name="怎样联系您"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="受理人",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "等待答复"),
                            ("answered", "已答复"),
                            ("declined", "没能办理"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="提交时间")),
                ("counted_from", models.DateField(verbose_name="起算日期")),
                ("due_on", models.DateField(verbose_name="答复期限")),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提醒时间"),
                ),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="上报时间"),
                ),
                ("answer", privacy.fields.EncryptedTextField(null=True, verbose_name="答复")),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full", "名额或场地已满"),
                            ("not_for_her", "不符合服务的条件"),
                            ("ended", "服务已经停止"),
                            ("elsewhere", "应由别的单位办理"),
                        ],
                        max_length=12,
                        verbose_name="没能办理的原因",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="办结时间")),
                (
                    "reopened_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="重新提出的时间"),
                ),
                (
                    "helped",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "帮上了"), ("partly", "帮上一部分"), ("no", "没帮上")],
                        max_length=6,
                        verbose_name="帮上了吗",
                    ),
                ),
                (
                    "helped_words",
                    privacy.fields.EncryptedTextField(null=True, verbose_name="她的话"),
                ),
                ("helped_at", models.DateTimeField(blank=True, null=True, verbose_name="反馈时间")),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "基地服务申请",
                "verbose_name_plural": "基地服务申请",
                "ordering": ["-id"],
                "permissions": [
                    ("answer_for_unit", "可以代表单位答复基地服务申请"),
                    ("lead_baserequest", "收到基地服务申请超期的上报"),
                ],
                "indexes": [
                    models.Index(fields=["base", "-id"], name="base_request_of_base"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["due_on"],
                        name="base_request_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("service", "talent"),
                        name="base_request_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "declined"),
                                models.Q(("decline_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "declined"), _negated=True),
                                ("decline_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="base_request_declined_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="base_request_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("helped", ""), ("state", "answered"), _connector="OR"),
                        name="base_request_helped_when_answered",
                    ),
                ],
            },
        ),
    ]
