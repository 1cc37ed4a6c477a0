from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KT
from django.db.models.functions import Left

OWN_NUMBER = Left(KT("draft__identifier"), 200)


class Migration(migrations.Migration):
    """Looks at every stored record once: some minutes per ten million, while the portal goes on."""

    atomic = False
    dependencies = [
        ("catalog", "0011_holdings_titles"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="sourcerecord",
            index=models.Index(
                models.F("source"),
                OWN_NUMBER,
                name="record_own_number",
                condition=~models.Q(identifier=OWN_NUMBER),
            ),
        ),
    ]
