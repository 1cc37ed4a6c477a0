import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0015_deleted_why"),
    ]

    operations = [
        migrations.AlterField(
            model_name="holding",
            name=name,
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holdings",
                to=target,
            ),
        )
        for name, target in (
            ("edition", "catalog.edition"),
            ("library", "members.library"),
            ("record", "catalog.sourcerecord"),
        )
    ]
