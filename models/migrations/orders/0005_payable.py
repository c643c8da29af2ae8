from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('orders', '0004_oversight')]

    initial = False

    operations = [
        ops.AddIndex(
            model_name='ShopOrder',
            index=Index(fields=['shop_id', 'payable', 'id']),
        ),
    ]
