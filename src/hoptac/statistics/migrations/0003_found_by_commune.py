"""Sums of a few communes are found without going through the whole register and its roll-up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0002_kept_by_triggers"),
        ("registry", "0005_list_reads_index_only"),
    ]
    operations = [
        migrations.AddIndex(
            model_name="yearstretch",
            index=models.Index(fields=["commune_id"], name="stretch_in_commune"),
        ),
        # The present periods of a commune are found by the list's own index.
        migrations.RunSQL(
            "CREATE INDEX statistics_past_in_commune ON registry_period (commune_id)"
            " WHERE NOT is_latest",
            "DROP INDEX statistics_past_in_commune",
        ),
    ]
