"""The migrations make the tables that the code knows, from nothing, and do no harm twice."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from silent_courier.storage.migrations import upgrade
from silent_courier.storage.server.tables import metadata


def _engine(tmp_path: Path) -> Engine:
    return create_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")


def test_migrated_database_has_the_tables_of_the_code(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    with engine.begin() as connection:
        upgrade(connection)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_tables_made_either_way_are_the_same_to_the_letter(tmp_path: Path) -> None:
    """Autogeneration does not compare everything, WITHOUT ROWID for one."""
    migrated, direct = _engine(tmp_path), create_engine("sqlite://")
    with migrated.begin() as connection:
        upgrade(connection)
    metadata.create_all(direct)

    assert _definitions(migrated) == _definitions(direct)
    migrated.dispose()
    direct.dispose()


def _definitions(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL"))
        found = {name: " ".join(sql.split()) for name, sql in rows}
    found.pop("alembic_version", None)
    return found


def test_upgrading_again_changes_nothing(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    for _ in range(2):
        with engine.begin() as connection:
            upgrade(connection)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            ("0003",)
        ]
    engine.dispose()


def test_broken_upgrade_leaves_nothing_behind(tmp_path: Path) -> None:
    engine = _engine(tmp_path)
    connection = engine.connect()
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    upgrade(connection)
    connection.rollback()
    connection.close()

    assert inspect(engine).get_table_names() == []
    engine.dispose()
