from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('shops', '0004_notice')]

    initial = False

    operations = [
        ops.RemoveIndex(
            model_name='Branch',
            name=None,
            fields=['delivers', 'latitude', 'longitude'],
        ),
        ops.AddIndex(
            model_name='Branch',
            index=Index(fields=['delivers', 'latitude', 'longitude', 'shop_id', 'preparation_minutes', 'delivery_metres']),
        ),
    ]
