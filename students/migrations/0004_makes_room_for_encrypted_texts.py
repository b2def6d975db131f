"""Columns wide enough for ciphertext, an id of the key of each student; `0005_…` fills them."""

from django.db import migrations, models

import moirai.crypto.fields
import moirai.crypto.models
import students.models.cv


class Migration(migrations.Migration):

    dependencies = [
        ('students', '0003_says_when_a_file_holds_a_virus'),
        ('crypto', '0001_keys_of_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='student',
            name='key_id',
            field=moirai.crypto.models.KeyIdField(verbose_name='id of the key'),
        ),
        migrations.RenameField(model_name='cv', old_name='sha256', new_name='content_hash'),
        migrations.AlterField(
            model_name='cv',
            name='content_hash',
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name='keyed hash of the file'),
        ),
        migrations.AlterField(
            model_name='cv',
            name='file',
            field=moirai.crypto.fields.EncryptedFileField(blank=True, person='student', upload_to=students.models.cv.cv_path, verbose_name='file'),
        ),
        migrations.AlterField(
            model_name='cv',
            name='original_name',
            field=moirai.crypto.fields.EncryptedCharField(blank=True, max_length=255, person='student', verbose_name='name of the file'),
        ),
        migrations.AlterField(
            model_name='cv',
            name='text',
            field=moirai.crypto.fields.EncryptedTextField(blank=True, person='student', verbose_name='text'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='statement',
            field=moirai.crypto.fields.EncryptedCharField(blank=True, max_length=500, person='student_skill.student', verbose_name='statement'),
        ),
        migrations.AlterField(
            model_name='profileentry',
            name='description',
            field=moirai.crypto.fields.EncryptedTextField(blank=True, max_length=2000, person='student', verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='profileentry',
            name='organisation',
            field=moirai.crypto.fields.EncryptedCharField(blank=True, max_length=200, person='student', verbose_name='organisation'),
        ),
        migrations.AlterField(
            model_name='profileentry',
            name='title',
            field=moirai.crypto.fields.EncryptedCharField(max_length=200, person='student', verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='student',
            name='declared_skills',
            field=moirai.crypto.fields.EncryptedTextField(blank=True, help_text='One per line.', person='self', verbose_name='skills as declared'),
        ),
        migrations.AlterField(
            model_name='student',
            name='external_id',
            field=moirai.crypto.fields.EncryptedLookupField(blank=True, max_length=100, null=True, person='self', verbose_name='id in the source file'),
        ),
        migrations.AlterField(
            model_name='student',
            name='headline',
            field=moirai.crypto.fields.EncryptedCharField(blank=True, max_length=200, person='self', verbose_name='in one sentence'),
        ),
        migrations.AlterField(
            model_name='student',
            name='phone',
            field=moirai.crypto.fields.EncryptedCharField(blank=True, max_length=30, person='self', verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='student',
            name='student_number',
            field=moirai.crypto.fields.EncryptedLookupField(blank=True, max_length=30, null=True, person='self', verbose_name='student number'),
        ),
    ]
