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
            name="MonthlyReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "等待生成"),
                            ("building", "生成中"),
                            ("ready", "已生成"),
                            ("failed", "生成失败"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "started_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="开始生成"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="完成时间"),
                ),
                (
                    "error_code",
                    models.CharField(blank=True, max_length=60, verbose_name="失败原因"),
                ),
                ("figures", models.JSONField(blank=True, null=True, verbose_name="数据")),
                ("xlsx", models.BinaryField(blank=True, null=True)),
                ("pdf", models.BinaryField(blank=True, null=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
            ],
            options={
                "verbose_name": "数据月报",
                "verbose_name_plural": "数据月报",
                "ordering": ["-month", "-version"],
                "permissions": [("request_monthlyreport", "可以生成数据月报")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "version"), name="report_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="report_first_of_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(
                                ("figures__isnull", False),
                                ("finished_at__isnull", False),
                                ("pdf__isnull", False),
                                ("xlsx__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_ready_has_files",
                    ),
                ],
            },
        ),
    ]
