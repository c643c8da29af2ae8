from tortoise import migrations
from tortoise.migrations import operations as ops
from models.states import NoticeKind
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('shops', '0003_privacy')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Notice',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('kind', fields.CharEnumField(description='ORDERS_OPENED: ORDERS_OPENED', enum_type=NoticeKind, max_length=20)),
                ('about_id', fields.CharField(max_length=30)),
                ('until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'notice', 'app': 'shops', 'unique_together': (('about_id', 'kind'),), 'indexes': [Index(fields=['shop_id', 'at', 'id'])], 'pk_attr': 'id', 'table_description': 'What the platform owes a shop to know (通知), `ntc_`.'},
            bases=['Row'],
        ),
    ]
