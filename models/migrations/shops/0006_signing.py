from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('shops', '0005_reach')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ShopsRecall',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('subject', fields.CharField(max_length=30)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'shops_recall', 'app': 'shops', 'pk_attr': 'id', 'table_description': 'Of persons whose work in a shop changed.'},
            bases=['RecallRow'],
        ),
    ]
