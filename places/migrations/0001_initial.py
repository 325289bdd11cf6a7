import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.lookups
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import places.hours


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),  # hours and seats that must not overlap, here and in the apps above
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="名称")),
                ("address", models.CharField(max_length=200, verbose_name="地址")),
                (
                    "map_link",
                    models.URLField(
                        blank=True,
                        help_text="地图里点“分享”得到的链接，以 https:// 开头。",
                        max_length=300,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="地图链接",
                    ),
                ),
                ("phone", models.CharField(max_length=20, verbose_name="公开电话")),
                ("step_free", models.BooleanField(default=False, verbose_name="入口没有台阶")),
                ("has_lift", models.BooleanField(default=False, verbose_name="有电梯")),
                (
                    "accessible_toilet",
                    models.BooleanField(default=False, verbose_name="有无障碍卫生间"),
                ),
                ("has_parking", models.BooleanField(default=False, verbose_name="可以停车")),
                (
                    "access_words",
                    models.CharField(
                        blank=True,
                        help_text="如“2 号门进，右手电梯到 3 楼；轮椅走东侧坡道”。",
                        max_length=200,
                        verbose_name="怎么进来",
                    ),
                ),
                (
                    "weekly",
                    models.JSONField(default=places.hours.closed_week, verbose_name="每周开放时间"),
                ),
                (
                    "closed_on_holidays",
                    models.BooleanField(default=True, verbose_name="法定节假日休息"),
                ),
                ("active", models.BooleanField(default=True, verbose_name="使用中")),
                (
                    "verified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="最近核实"),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核实人",
                    ),
                ),
            ],
            options={
                "verbose_name": "场所",
                "verbose_name_plural": "场所",
                "ordering": ["name"],
                "indexes": [models.Index(fields=["verified_at"], name="place_to_verify")],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                models.F("weekly"),
                                function="jsonb_array_length",
                                output_field=models.IntegerField(),
                            ),
                            7,
                        ),
                        name="place_week_has_seven_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at", None), ("verified_by", None)),
                            models.Q(
                                ("verified_at__isnull", False), ("verified_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="place_verified_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OtherHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="从")),
                ("last_day", models.DateField(verbose_name="到")),
                ("spans", models.JSONField(blank=True, default=list, verbose_name="这几天的时间")),
                ("reason", models.CharField(max_length=60, verbose_name="原因")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_hours",
                        to="places.place",
                        verbose_name="场所",
                    ),
                ),
            ],
            options={
                "verbose_name": "例外的开放时间",
                "verbose_name_plural": "例外的开放时间",
                "ordering": ["first_day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="other_hours_end_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="other_hours_have_a_reason",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("place", "="),
                            (
                                models.Func(
                                    "first_day",
                                    "last_day",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_upper=True
                                    ),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="other_hours_once_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarDays",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="从")),
                ("last_day", models.DateField(verbose_name="到")),
                (
                    "is_off",
                    models.BooleanField(
                        choices=[(True, "放假"), (False, "上班（调休）")],
                        default=True,
                        verbose_name="安排",
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="如“春节”。", max_length=20, verbose_name="节日"),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="如“国务院办公厅关于2027年部分节假日安排的通知”。",
                        max_length=100,
                        verbose_name="依据",
                    ),
                ),
            ],
            options={
                "verbose_name": "节假日和调休",
                "verbose_name_plural": "节假日和调休",
                "ordering": ["-first_day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="calendar_days_end_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="calendar_days_named",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    "first_day",
                                    "last_day",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_upper=True
                                    ),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            )
                        ],
                        name="calendar_days_once",
                    ),
                ],
            },
        ),
    ]
