from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_mail_target"),
    ]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="unsubscribe_url",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="One click there ends mails of this kind.",
                max_length=500,
            ),
        ),
    ]
