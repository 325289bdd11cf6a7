"""Rules of the four periods: at most one for each right and day."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("places", "0001_initial")]  # it makes ready what exclusions stand on

    operations = [
        migrations.CreateModel(
            name="PeriodRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("menstruation", "经期"),
                            ("pregnancy", "孕期"),
                            ("birth", "产期"),
                            ("nursing", "哺乳期"),
                        ],
                        max_length=12,
                        verbose_name="时期",
                    ),
                ),
                (
                    "right",
                    models.CharField(
                        choices=[
                            ("menstrual_work", "经期不做的工作"),
                            ("no_loss", "不因怀孕、生育、哺乳降低工资或辞退"),
                            ("lighter_work", "减轻工作量或换岗位"),
                            ("checkups", "产前检查算工作时间"),
                            ("pregnant_nights", "不加班、不上夜班，工作中有休息（怀孕后期）"),
                            ("maternity", "产假"),
                            ("before_birth", "产前可以先休"),
                            ("difficult", "难产增加"),
                            ("each_further", "多胞胎每多一个增加"),
                            ("city_extra", "重庆增加的产假"),
                            ("loss_early", "怀孕未满 4 个月流产"),
                            ("loss_late", "怀孕满 4 个月流产"),
                            ("father", "配偶护理假"),
                            ("childcare", "育儿假（夫妻双方各自）"),
                            ("nursing_time", "每天的哺乳时间"),
                            ("nursing_further", "多胞胎每多一个，每天增加"),
                            ("nursing_nights", "不加班、不上夜班（哺乳期）"),
                        ],
                        max_length=16,
                        verbose_name="内容",
                    ),
                ),
                (
                    "amount",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="数量"),
                ),
                (
                    "amount_most",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="规定是一个范围时填写，如 5 至 10 天",
                        null=True,
                        verbose_name="最多",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("days", "天"),
                            ("days_a_year", "天/年"),
                            ("minutes_a_day", "分钟/天"),
                            ("months_pregnant", "个月起"),
                        ],
                        max_length=16,
                        verbose_name="单位",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="用平常的话写，读者会看到", max_length=200, verbose_name="说明"
                    ),
                ),
                ("words_en", models.CharField(blank=True, max_length=400, verbose_name="英文说明")),
                ("law", models.CharField(max_length=60, verbose_name="法规")),
                (
                    "article",
                    models.CharField(
                        help_text="如“第七条第一款”", max_length=30, verbose_name="条款"
                    ),
                ),
                (
                    "link",
                    models.URLField(
                        blank=True,
                        max_length=300,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="出处链接",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="施行日期")),
                (
                    "valid_until",
                    models.DateField(
                        blank=True,
                        help_text="最后一天；仍然有效的留空",
                        null=True,
                        verbose_name="失效日期",
                    ),
                ),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="核对日期")),
            ],
            options={
                "verbose_name": "四期保护规定",
                "verbose_name_plural": "四期保护规定",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="period_rule_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", None), ("amount_most", None), ("measure", "")),
                            models.Q(
                                ("amount__isnull", False), models.Q(("measure", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="period_rule_amount_measured",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_most", None),
                            ("amount_most__gt", models.F("amount")),
                            _connector="OR",
                        ),
                        name="period_rule_most_is_more",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("law", ""), _negated=True),
                            models.Q(("article", ""), _negated=True),
                            models.Q(("words", ""), _negated=True),
                        ),
                        name="period_rule_has_a_source",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("right", "="),
                            (
                                models.Func(
                                    "valid_from",
                                    "valid_until",
                                    django.contrib.postgres.fields.ranges.RangeBoundary(
                                        inclusive_upper=True
                                    ),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="period_rule_once_a_day",
                    ),
                ],
            },
        ),
    ]
