"""Operations of migrations that leave a table's indexes alone.

Tortoise's own make a SQLite table anew for each changed column, and with it lose every index and every constraint of
several columns. SQLite can add and drop columns itself (3.35 and later), and does not mind how long a text is.
"""

from __future__ import annotations

from typing import Any

from tortoise.migrations.operations import AddField, AlterField, RemoveField


class AddText(AddField):
    """A column of text that may not be null: '' in the rows that are there."""

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any | None = None
    ) -> None:
        if state_editor is None or state_editor.DIALECT != "sqlite":
            await super().database_forward(app_label, old_state, new_state, state_editor)
            return
        text: Any = self.field
        kind = text.get_for_dialect("sqlite", "SQL_TYPE")
        table = _table(new_state, app_label, self.model_name)
        await _run(state_editor, f"ALTER TABLE {table} ADD COLUMN {self.name} {kind} NOT NULL DEFAULT ''")


class DropColumn(RemoveField):
    """A column that no index has is not needed any more."""

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any | None = None
    ) -> None:
        table = _table(old_state, app_label, self.model_name)
        await _run(state_editor, f"ALTER TABLE {table} DROP COLUMN {self.name}")


class LongerText(AlterField):
    """A column of text holds more."""

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any | None = None
    ) -> None:
        if state_editor is not None and state_editor.DIALECT != "sqlite":
            await super().database_forward(app_label, old_state, new_state, state_editor)


def _table(state: Any, app_label: str, model: str) -> str:
    name: str = state.apps.get_model(f"{app_label}.{model}")._meta.db_table
    return name


async def _run(state_editor: Any | None, sql: str) -> None:
    if state_editor is not None:
        await state_editor._run_sql(sql)
