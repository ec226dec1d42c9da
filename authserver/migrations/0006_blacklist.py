import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('apis', '0004_management_api'),
        ('authserver', '0005_used_assertion'),
    ]

    operations = [
        migrations.AddField(
            model_name='revokedtoken',
            name='api',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='apis.api', verbose_name='API'),
        ),
        migrations.AlterField(
            model_name='revokedtoken',
            name='jti',
            field=models.CharField(max_length=255),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['tenant', 'created_at', 'id'], name='authserver__tenant__231b21_idx'),
        ),
    ]
