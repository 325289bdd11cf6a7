"""Cohorts: whom plans selected."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table with its index."""

    dependencies = [
        ("calls", "0009_requirements"),
        ("entrepreneurship", "0002_finance"),
        ("talents", "0004_compare_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("joined_at", models.DateTimeField(verbose_name="入选时间")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_member",
                        to="calls.application",
                        verbose_name="申报",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_members",
                        to="calls.call",
                        verbose_name="申报通知",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="talents.talent",
                        verbose_name="女性科技人才",
                    ),
                ),
                (
                    "venture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="plan_members",
                        to="entrepreneurship.venture",
                        verbose_name="创业项目",
                    ),
                ),
            ],
            options={
                "verbose_name": "计划入选人",
                "verbose_name_plural": "计划入选人",
                "ordering": ["-id"],
                "permissions": [
                    ("link_planmember", "可以登记入选人的创业项目"),
                    ("export_planmember", "可以导出计划入选人"),
                ],
                "indexes": [models.Index(fields=["call", "-id"], name="plan_member_cohort")],
            },
        ),
    ]
