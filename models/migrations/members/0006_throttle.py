from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('members', '0005_refresh')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Throttle',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('name', fields.CharField(unique=True, max_length=90)),
                ('tries', fields.IntField()),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('known_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('touched_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'throttle', 'app': 'members', 'pk_attr': 'id', 'table_description': "How often something was tried of late, `thr_`: nobody's name stands here, nor anybody's address."},
            bases=['Row'],
        ),
        ops.AlterField(
            model_name='Credential',
            name='member_id',
            field=fields.CharField(max_length=30),
        ),
        ops.RemoveField(model_name='Credential', name='failures'),
        ops.RemoveField(model_name='Credential', name='locked_until'),
        ops.AddIndex(
            model_name='Credential',
            index=Index(fields=['member_id', 'id']),
        ),
    ]
