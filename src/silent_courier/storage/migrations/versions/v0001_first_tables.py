"""The first tables: charter, statements, letters, chunks, board."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table of the first version."""
    _make_charter_and_statements()
    _make_letters_and_chunks()
    _make_board()


def _make_charter_and_statements() -> None:
    op.create_table(
        "charters",
        sa.Column("serial", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.LargeBinary, nullable=False),
        sa.Column("access", sa.LargeBinary, nullable=False),
        sa.Column("access_hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "day_statements",
        sa.Column("charter", sa.LargeBinary, primary_key=True),
        sa.Column("device", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("recipient", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "signs_of_life",
        sa.Column("device", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("charter", sa.LargeBinary, nullable=False),
        sa.Column("day", sa.BigInteger, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "closures",
        sa.Column("device", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("charter", sa.LargeBinary, nullable=False),
        sa.Column("day", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )


def _make_letters_and_chunks() -> None:
    op.create_table(
        "letters",
        sa.Column("sha256", sa.LargeBinary, primary_key=True),
        sa.Column("day", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("letter", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_letters_day", "letters", ["day"])
    op.create_table(
        "chunks",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _make_board() -> None:
    op.create_table(
        "board",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("epoch_seconds", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "cells",
        sa.Column("tag", sa.LargeBinary, primary_key=True),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("cell", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "queued_cells",
        sa.Column("tag", sa.LargeBinary, primary_key=True),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("device", sa.Integer, nullable=False),
        sa.Column("cell", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cell_counts",
        sa.Column("device", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("posted", sa.BigInteger, nullable=False),
    )
