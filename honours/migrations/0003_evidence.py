import django.db.models.deletion
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    """Files by which an honour can be checked."""

    dependencies = [("honours", "0002_catalogue")]

    operations = [
        migrations.CreateModel(
            name="AwardFile",
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
                        default=kernel.ids.code, editable=False, max_length=12, unique=True
                    ),
                ),
                ("file_name", privacy.fields.EncryptedTextField(verbose_name="文件名")),
                ("kind", models.CharField(max_length=4, verbose_name="文件类型")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "award",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="honours.award",
                    ),
                ),
            ],
            options={
                "verbose_name": "荣誉的依据文件",
                "verbose_name_plural": "荣誉的依据文件",
                "ordering": ["pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AwardFilePiece",
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
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="honours.awardfile",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="award_file_piece_once")
                ],
            },
        ),
    ]
