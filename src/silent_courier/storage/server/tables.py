"""The tables of the server's database. Spec §12.1.

No table holds a time finer than a day but the board, which has its epochs, and none holds anything
about a request. Where arrival could show in the order of rows, rows stand in the order of their
keys, which look random. `key` is the day of the staging key that a row is sealed under, 0
for none; such rows stand under names that only their key can make. The migrations make these
tables; a test compares the two.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table

metadata = MetaData()

charters = Table(
    "charters",
    metadata,
    Column("serial", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),
    Column("access", LargeBinary, nullable=False),
    Column("access_hash", LargeBinary, nullable=False),
)

day_statements = Table(
    "day_statements",
    metadata,
    Column("charter", LargeBinary, primary_key=True),
    Column("device", Integer, primary_key=True, autoincrement=False),
    Column("day", BigInteger, primary_key=True, autoincrement=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

signs_of_life = Table(
    "signs_of_life",
    metadata,
    Column("device", Integer, primary_key=True, autoincrement=False),
    Column("charter", LargeBinary, nullable=False),
    Column("day", BigInteger, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

closures = Table(
    "closures",
    metadata,
    Column("device", Integer, primary_key=True, autoincrement=False),
    Column("charter", LargeBinary, nullable=False),
    Column("day", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

manifests = Table(
    "manifests",
    metadata,
    Column("device", Integer, primary_key=True, autoincrement=False),
    Column("charter", LargeBinary, nullable=False),
    Column("day", BigInteger, nullable=False),
    Column("manifest", LargeBinary, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("day", BigInteger, nullable=False, index=True),
    Column("expires", BigInteger, nullable=False),
    Column("letter", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("expires", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

board = Table(
    "board",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("epoch", BigInteger, nullable=False),
    Column("epoch_seconds", BigInteger, nullable=False),
)

cells = Table(
    "cells",
    metadata,
    Column("tag", LargeBinary, primary_key=True),
    Column("ends", BigInteger, nullable=False),
    Column("cell", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

staged_letters = Table(
    "staged_letters",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("key", BigInteger, nullable=False),
    Column("day", BigInteger, nullable=False, index=True),
    Column("head", LargeBinary, nullable=False),
    Column("letter", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

staged_chunks = Table(
    "staged_chunks",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("key", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

queued_cells = Table(
    "queued_cells",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("key", BigInteger, nullable=False),
    Column("turn", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("device", Integer, nullable=False),
    Column("cell", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

cell_counts = Table(
    "cell_counts",
    metadata,
    Column("device", Integer, primary_key=True, autoincrement=False),
    Column("day", BigInteger, primary_key=True, autoincrement=False),
    Column("posted", BigInteger, nullable=False),
)
