"""The conditions of the self-check, and how often one woman may be selected.

`requirement_frozen`: conditions are frozen with the form (`calls_freeze_part`, 0002). `calls_freeze_call` (0002, 0006, 0008)
freezes how often, too.
"""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

FREEZE = """
CREATE OR REPLACE FUNCTION calls_freeze_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (
        ROW(NEW.kind, NEW.measure, NEW.department_id, NEW.title, NEW.title_en, NEW.opens_at,
            NEW.sources, NEW.places, NEW.unit_quota, NEW.open_to_all, NEW.women_preferred)
        IS DISTINCT FROM
        ROW(OLD.kind, OLD.measure, OLD.department_id, OLD.title, OLD.title_en, OLD.opens_at,
            OLD.sources, OLD.places, OLD.unit_quota, OLD.open_to_all, OLD.women_preferred)
        OR ROW(NEW.sector_quotas, NEW.surplus_percent, NEW.subjects, NEW.women_percent,
            NEW.leaders_percent, NEW.leaders_by, NEW.award, NEW.no_repeat, NEW.cool_down_years,
            NEW.shows_advantages, NEW.most_awards)
        IS DISTINCT FROM
        ROW(OLD.sector_quotas, OLD.surplus_percent, OLD.subjects, OLD.women_percent,
            OLD.leaders_percent, OLD.leaders_by, OLD.award, OLD.no_repeat, OLD.cool_down_years,
            OLD.shows_advantages, OLD.most_awards)
        OR NEW.closes_at < OLD.closes_at
        OR (NEW.endorse_by IS NULL) <> (OLD.endorse_by IS NULL)
        OR NEW.endorse_by < OLD.endorse_by
    ) THEN
        RAISE check_violation USING MESSAGE = 'call_frozen';
    END IF;
    RETURN NEW;
END $$;
"""
FROZEN = """
CREATE TRIGGER requirement_frozen BEFORE INSERT OR UPDATE OR DELETE ON calls_requirement
    FOR EACH ROW EXECUTE FUNCTION calls_freeze_part();
"""
THAWED = "DROP TRIGGER requirement_frozen ON calls_requirement;"


class Migration(migrations.Migration):
    """The tables with their constraints, the triggers above."""

    dependencies = [
        ("accounts", "0002_departments"),
        ("calls", "0008_afterwards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Requirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requirements",
                        to="calls.call",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("text", models.CharField(max_length=200, verbose_name="条件")),
                ("text_en", models.CharField(blank=True, max_length=400, verbose_name="英文条件")),
                (
                    "answered_by",
                    models.CharField(
                        choices=[
                            ("herself", "本人回答"),
                            ("age", "档案：年龄"),
                            ("degree", "档案：学位"),
                            ("overseas", "档案：海外学习经历"),
                            ("office", "由有关单位认定"),
                        ],
                        max_length=8,
                        verbose_name="怎么判断",
                    ),
                ),
                (
                    "most_age",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(18),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="最大年龄（周岁）",
                    ),
                ),
                (
                    "least_degree",
                    models.CharField(
                        blank=True,
                        choices=[("2", "博士"), ("3", "硕士"), ("4", "学士")],
                        max_length=4,
                        verbose_name="最低学位",
                    ),
                ),
                ("office", models.CharField(blank=True, max_length=60, verbose_name="由谁认定")),
                ("document", models.CharField(max_length=120, verbose_name="依据文件")),
                ("in_force_from", models.DateField(verbose_name="文件施行日期")),
                (
                    "in_force_until",
                    models.DateField(blank=True, null=True, verbose_name="文件有效期至"),
                ),
            ],
            options={
                "verbose_name": "自查条件",
                "verbose_name_plural": "自查条件",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "text"), name="requirement_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_until", None),
                            ("in_force_until__gte", models.F("in_force_from")),
                            _connector="OR",
                        ),
                        name="requirement_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_by", "age"),
                                ("least_degree", ""),
                                ("most_age__isnull", False),
                                ("office", ""),
                            ),
                            models.Q(
                                ("answered_by", "degree"),
                                ("most_age", None),
                                ("office", ""),
                                models.Q(("least_degree", ""), _negated=True),
                            ),
                            models.Q(
                                ("answered_by", "office"),
                                ("least_degree", ""),
                                ("most_age", None),
                                models.Q(("office", ""), _negated=True),
                            ),
                            models.Q(
                                ("answered_by__in", ["herself", "overseas"]),
                                ("least_degree", ""),
                                ("most_age", None),
                                ("office", ""),
                            ),
                            _connector="OR",
                        ),
                        name="requirement_has_what_it_asks",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="call",
            name="most_awards",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="按“授予什么”的名称，历年合计；空着不限",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(20),
                ],
                verbose_name="一人最多入选几次",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("most_awards", None),
                    models.Q(("most_awards__gte", 1), models.Q(("award", ""), _negated=True)),
                    _connector="OR",
                ),
                name="call_most_awards",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="unmet",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="calls.requirement", verbose_name="不符合的条件"
            ),
        ),
        migrations.RunSQL(FREEZE, migrations.RunSQL.noop),
        migrations.RunSQL(FROZEN, THAWED),
    ]
