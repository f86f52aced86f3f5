"""What devices have signed about the portal's files."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of manifests."""
    op.create_table(
        "manifests",
        sa.Column("device", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("charter", sa.LargeBinary, nullable=False),
        sa.Column("day", sa.BigInteger, nullable=False),
        sa.Column("manifest", sa.LargeBinary, nullable=False),
    )
