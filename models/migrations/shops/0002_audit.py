from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('shops', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ShopsAudit',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('act', fields.CharField(max_length=40)),
                ('viewer_id', fields.CharField(null=True, max_length=60)),
                ('hat', fields.CharField(max_length=60)),
                ('session_id', fields.CharField(null=True, max_length=30)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('object_id', fields.CharField(max_length=60)),
                ('shop_id', fields.CharField(null=True, max_length=30)),
                ('before', fields.CharField(null=True, max_length=64)),
                ('after', fields.CharField(null=True, max_length=64)),
                ('result', fields.CharField(max_length=10)),
                ('reason', fields.CharField(max_length=200)),
            ],
            options={'table': 'shops_audit', 'app': 'shops', 'indexes': [Index(fields=['shop_id', 'id']), Index(fields=['viewer_id', 'id']), Index(fields=['object_id', 'id'])], 'pk_attr': 'id'},
            bases=['AuditRow'],
        ),
        ops.CreateModel(
            name='ShopsSeal',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('size', fields.IntField()),
                ('records', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('previous', fields.CharField(max_length=64)),
                ('hash', fields.CharField(max_length=64)),
                ('key_id', fields.CharField(max_length=16)),
                ('signature', fields.CharField(max_length=88)),
            ],
            options={'table': 'shops_audit_seal', 'app': 'shops', 'pk_attr': 'id'},
            bases=['SealRow'],
        ),
        ops.CreateModel(
            name='ShopsUnsealed',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
            ],
            options={'table': 'shops_audit_unsealed', 'app': 'shops', 'pk_attr': 'id'},
            bases=['UnsealedRow'],
        ),
    ]
