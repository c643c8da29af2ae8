from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('members', '0007_factor')]

    initial = False

    operations = [
        ops.DeleteModel(name='Throttle'),
        ops.CreateModel(
            name='Throttle',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('tries', fields.IntField()),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('known_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('touched_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'throttle', 'app': 'members', 'pk_attr': 'id', 'table_description': "How often something was tried of late, `thr_`: nobody's name stands here, nor anybody's address."},
            bases=['Row'],
        ),
    ]
