"""Have each record that is written compared again (talents.doubles.finding), whoever writes it.

`DO UPDATE` instead of nothing: it holds the row, so whoever finds pairs leaves it until the change is committed.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import privacy.fields

QUEUE = """
CREATE FUNCTION talents_compare_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO talents_tocompare (talent_id) VALUES (NEW.id)
    ON CONFLICT (talent_id) DO UPDATE SET talent_id = excluded.talent_id;
    RETURN NULL;
END $$;

CREATE TRIGGER talents_compare_new AFTER INSERT ON talents_talent
    FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION talents_compare_again();
CREATE TRIGGER talents_compare_changed AFTER UPDATE ON talents_talent
    FOR EACH ROW
    WHEN ((OLD.state, OLD.id_number_index, OLD.phone_index, OLD.full_name, OLD.birth_month, OLD.unit_id,
           OLD.unit_text)
        IS DISTINCT FROM (NEW.state, NEW.id_number_index, NEW.phone_index, NEW.full_name, NEW.birth_month,
           NEW.unit_id, NEW.unit_text))
    EXECUTE FUNCTION talents_compare_again();
"""

UNQUEUE = """
DROP TRIGGER talents_compare_changed ON talents_talent;
DROP TRIGGER talents_compare_new ON talents_talent;
DROP FUNCTION talents_compare_again();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_departments"),
        ("talents", "0003_career"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("trace", privacy.fields.EncryptedTextField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField(verbose_name="合并时间")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
            ],
            options={
                "verbose_name": "档案合并",
                "verbose_name_plural": "档案合并",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("id_number", "身份证号相同"),
                                ("phone", "手机号相同"),
                                ("work", "姓名、出生年月和单位相同"),
                                ("sound", "姓名读音和出生年月相同"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="相同之处",
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(verbose_name="可能性")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("apart_at", models.DateTimeField(blank=True, null=True, verbose_name="判断时间")),
                (
                    "apart_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="判断理由"),
                ),
            ],
            options={
                "verbose_name": "可能重复的档案",
                "verbose_name_plural": "可能重复的档案",
                "ordering": ["-weight", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ToCompare",
            fields=[
                ("talent_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "待比对的档案",
                "verbose_name_plural": "待比对的档案",
            },
        ),
        migrations.AddIndex(
            model_name="talent",
            index=models.Index(fields=["pinyin_name", "birth_month"], name="talent_sound"),
        ),
        migrations.AddField(
            model_name="merge",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merges",
                to="talents.talent",
                verbose_name="保留的档案",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="lost",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_into",
                to="talents.talent",
                verbose_name="并入的档案",
            ),
        ),
        migrations.AddField(
            model_name="pair",
            name="apart_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="判断人",
            ),
        ),
        migrations.AddField(
            model_name="pair",
            name="first",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="talents.talent",
                verbose_name="档案",
            ),
        ),
        migrations.AddField(
            model_name="pair",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="talents.talent",
                verbose_name="另一份档案",
            ),
        ),
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(
                condition=models.Q(("trace__isnull", False)), fields=["at"], name="merge_traced"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("lost",), name="merge_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("lost")), _negated=True), name="merge_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at", None), ("trace__isnull", True), _connector="OR"),
                name="merge_undone_has_no_trace",
            ),
        ),
        migrations.AddIndex(
            model_name="pair",
            index=models.Index(
                condition=models.Q(("apart_at", None)),
                fields=["-weight", "id"],
                name="pair_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.UniqueConstraint(fields=("first", "second"), name="pair_once"),
        ),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="pair_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="pair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("apart_at", None), ("apart_reason", "")),
                    models.Q(
                        ("apart_at__isnull", False), models.Q(("apart_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="pair_apart_has_reason",
            ),
        ),
        migrations.RunSQL(QUEUE, UNQUEUE),
    ]
