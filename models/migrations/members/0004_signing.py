from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('members', '0003_privacy')]

    initial = False

    operations = [
        ops.CreateModel(
            name='MembersRecall',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('subject', fields.CharField(max_length=30)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'members_recall', 'app': 'members', 'pk_attr': 'id'},
            bases=['RecallRow'],
        ),
        ops.CreateModel(
            name='SigningKey',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('x', fields.CharField(max_length=43)),
                ('master_id', fields.CharField(max_length=40)),
                ('wrapped', fields.CharField(max_length=200)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('signs_from', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'signing_key', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A key pair that signs access tokens, `sgk_`. Its id is the `kid`, and keys follow one another.'},
            bases=['Row'],
        ),
    ]
