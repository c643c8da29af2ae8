from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('orders', '0003_market')]

    initial = False

    operations = [
        ops.CreateModel(
            name='OversightCase',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(db_index=True, max_length=30)),
                ('reason', fields.CharField(max_length=200)),
                ('fields_asked', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('hours', fields.IntField()),
                ('opened_by', fields.CharField(max_length=30)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('approved_by', fields.CharField(null=True, max_length=30)),
                ('approved_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('closed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'oversight_case', 'app': 'orders', 'pk_attr': 'id', 'table_description': "Why somebody of the platform reads a shop's orders, who agreed, which fields, until when (调查单), `cas_`."},
            bases=['Row'],
        ),
    ]
