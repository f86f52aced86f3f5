"""Staging: what has come since the night, and queued cells, sealed under a key of the day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables for what is staged, and take cells that wait over as they are, unsealed."""
    op.create_table(
        "staged_letters",
        sa.Column("name", sa.LargeBinary, primary_key=True),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("day", sa.BigInteger, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Column("letter", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_staged_letters_day", "staged_letters", ["day"])
    op.create_table(
        "staged_chunks",
        sa.Column("name", sa.LargeBinary, primary_key=True),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    _make_queue()


def _make_queue() -> None:
    op.execute("CREATE TEMPORARY TABLE waiting AS SELECT * FROM queued_cells")
    op.drop_table("queued_cells")
    op.create_table(
        "queued_cells",
        sa.Column("name", sa.LargeBinary, primary_key=True),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("device", sa.Integer, nullable=False),
        sa.Column("cell", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO queued_cells (name, key, turn, position, device, cell)"
        " SELECT tag, 0, turn, position, device, cell FROM waiting"
    )
    op.execute("DROP TABLE waiting")
