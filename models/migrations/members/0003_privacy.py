from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

from models import columns

class Migration(migrations.Migration):
    dependencies = [('members', '0002_audit')]

    initial = False

    operations = [
        # What was sealed in the form before does not open any more: there was no mall but the demo, made anew by
        # `jobs demo` where it finds people without keys.
        ops.RunSQL(["DELETE FROM address", "DELETE FROM credential", "UPDATE member SET phone_sealed = ''"]),
        ops.CreateModel(
            name='Consent',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('purpose', fields.CharField(max_length=30)),
                ('version', fields.IntField()),
                ('given_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('withdrawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'consent', 'app': 'members', 'pk_attr': 'id', 'table_description': "A member's yes to a purpose, `cns_`. A withdrawn one stays, and another yes is another row."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Erasure',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('person_id', fields.CharField(unique=True, max_length=30)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'erasure', 'app': 'members', 'pk_attr': 'id', 'table_description': 'That a person was erased, `ers_`: what must be done again after every restore of a backup.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Export',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('asked_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('ready_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('taken_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('archive_sealed', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'export', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A copy of all that is stored about a member, made for them to take once, `exp_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='KeeperKey',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('keeper', fields.CharField(max_length=30)),
                ('version', fields.IntField()),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('master_id', fields.CharField(max_length=60)),
                ('wrapped', fields.CharField(max_length=600)),
            ],
            options={'table': 'keeper_key', 'app': 'members', 'unique_together': (('keeper', 'version'),), 'indexes': [Index(fields=['master_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A key of the platform, of a shop or of equality search, `kky_`, wrapped by a master key.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='PersonKey',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('person_id', fields.CharField(max_length=30)),
                ('keeper', fields.CharField(max_length=30)),
                ('keeper_key_id', fields.CharField(max_length=30)),
                ('wrapped', fields.CharField(max_length=120)),
            ],
            options={'table': 'person_key', 'app': 'members', 'unique_together': (('person_id', 'keeper'),), 'indexes': [Index(fields=['keeper_key_id', 'id']), Index(fields=['keeper', 'id'])], 'pk_attr': 'id', 'table_description': "The key that seals what is stored about a person, `pky_`, wrapped by its keeper's key."},
            bases=['Row'],
        ),
        columns.LongerText(model_name='Address', name='phone_sealed', field=fields.CharField(max_length=140)),
        columns.LongerText(model_name='Address', name='receiver_sealed', field=fields.CharField(max_length=240)),
        columns.LongerText(model_name='Address', name='street_sealed', field=fields.CharField(max_length=700)),
        columns.AddText(model_name='Address', name='place_sealed', field=fields.CharField(max_length=140)),
        columns.DropColumn(model_name='Address', name='latitude'),
        columns.DropColumn(model_name='Address', name='longitude'),
        columns.LongerText(model_name='Credential', name='login_hash', field=fields.CharField(unique=True, max_length=80)),
        columns.LongerText(model_name='Member', name='phone_sealed', field=fields.CharField(max_length=140)),
        ops.AddField(
            model_name='Member',
            name='erased_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        columns.DropColumn(model_name='Member', name='phone_masked'),
        columns.AddText(model_name='PlatformStaff', name='name_sealed', field=fields.CharField(max_length=240)),
        columns.DropColumn(model_name='PlatformStaff', name='name'),
    ]
