"""The catalogues outside that a new portal offers; coordinators change the list."""

from django.db import migrations

DEFAULTS = [
    ("Indonesia OneSearch", "https://onesearch.id/Search/Results?lookfor={q}&type=AllFields"),
    ("WorldCat", "https://search.worldcat.org/search?q={q}"),
    ("Google Books", "https://www.google.com/search?tbm=bks&q={q}"),
    ("Open Library", "https://openlibrary.org/search?q={q}"),
]


def add(apps, schema_editor):
    catalogues = apps.get_model("catalog", "OutsideCatalogue").objects
    for position, (name, address) in enumerate(DEFAULTS, start=1):
        catalogues.get_or_create(name=name, defaults={"address": address, "position": position})


def remove(apps, schema_editor):
    apps.get_model("catalog", "OutsideCatalogue").objects.filter(
        name__in=[name for name, _ in DEFAULTS]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0024_outside_catalogues")]
    operations = [migrations.RunPython(add, remove)]
