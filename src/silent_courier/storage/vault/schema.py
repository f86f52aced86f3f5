"""The vault's tables, and the one way from an older version to this one. Spec §14.2.

Every id, hash and key is a blob; days count from 1970-01-01. The `user_version` says how many
of the steps below a vault has taken; one that took more than there are is left alone.
"""

from typing import Final

from silent_courier.protocol.errors import VaultTooNewError
from silent_courier.storage.vault.database import Vault

_FIRST: Final = """
CREATE TABLE self (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    label TEXT NOT NULL,
    signing_seed BLOB NOT NULL,
    client_seed BLOB NOT NULL,
    token BLOB NOT NULL,
    org_id BLOB,
    device INTEGER,
    listed_until INTEGER NOT NULL DEFAULT 0,
    syncs INTEGER NOT NULL DEFAULT 0,
    alive_day INTEGER NOT NULL DEFAULT 0,
    alive_charter BLOB NOT NULL DEFAULT x'',
    reviewed BLOB NOT NULL DEFAULT x''  -- charter under which the quarantine was last read again
) STRICT;

-- Every charter hash ever adopted (or named as the one before); the chain of the latest alone.
CREATE TABLE charter (hash BLOB PRIMARY KEY, serial INTEGER, chain BLOB) STRICT, WITHOUT ROWID;

-- stated: the charter hash under which the server has our statement.
CREATE TABLE day_key (
    day INTEGER PRIMARY KEY, seed BLOB NOT NULL, stated BLOB, refused INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The keyrings we saw: on which days, and whose day keys stood in them.
CREATE TABLE keyring (day INTEGER PRIMARY KEY) STRICT;
-- late: letters up to this one may have been sealed before the device's day key was there.
CREATE TABLE presence (
    day INTEGER, device INTEGER, late INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (day, device)
) STRICT, WITHOUT ROWID;
-- Each device's last sign of life, and the days whose keys were destroyed before it came back.
CREATE TABLE alive (device INTEGER PRIMARY KEY, day INTEGER NOT NULL) STRICT;
CREATE TABLE gap (device INTEGER, first INTEGER, last INTEGER) STRICT;

CREATE TABLE letter (
    seq INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    day INTEGER,                       -- the server's list it stood in; NULL: only passed on
    arrival INTEGER NOT NULL,          -- that day, but never before a list we saw without it
    on_server INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL,
    reason TEXT,
    kind TEXT,
    entry BLOB,                        -- the payload's id, when it stands in a thread
    signer INTEGER,
    passed_by INTEGER,
    key_day INTEGER,
    file_key BLOB,
    header BLOB,                       -- digest of the age header
    payload BLOB,                      -- of a letter in quarantine; else in the thread
    trailer BLOB,
    sealed BLOB                        -- as long as its day key lives
) STRICT;
CREATE INDEX letter_state ON letter (state);
CREATE INDEX letter_day ON letter (day);
CREATE INDEX letter_key_day ON letter (key_day);
CREATE INDEX letter_entry ON letter (entry);
CREATE INDEX letter_header ON letter (header);

CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    source BLOB NOT NULL,
    kind TEXT NOT NULL,
    day INTEGER NOT NULL,
    device INTEGER,
    unread INTEGER NOT NULL DEFAULT 0,
    sync INTEGER NOT NULL,             -- which sync brought it, or came before it was written here
    payload BLOB NOT NULL
) STRICT;
CREATE INDEX entry_source ON entry (source);

CREATE TABLE pin (
    source BLOB, generation INTEGER, week INTEGER NOT NULL, key BLOB NOT NULL,
    PRIMARY KEY (source, generation)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
    source BLOB, generation INTEGER, week INTEGER, next INTEGER NOT NULL,
    PRIMARY KEY (source, generation, week)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_cell (
    seq INTEGER PRIMARY KEY,
    cell BLOB NOT NULL,
    entry BLOB NOT NULL,
    refused INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE outbox_letter (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    payload BLOB NOT NULL,
    sealed BLOB,
    sealed_day INTEGER,
    recipients TEXT                    -- device slots it was sealed to, as JSON
) STRICT;

CREATE TABLE attachment (
    seq INTEGER PRIMARY KEY,
    entry BLOB NOT NULL,
    position INTEGER NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    key BLOB NOT NULL,
    chunks INTEGER NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (entry, position)
) STRICT;
CREATE TABLE chunk (
    attachment INTEGER, position INTEGER, PRIMARY KEY (attachment, position)
) STRICT, WITHOUT ROWID;

-- File keys and history that colleagues sent us, until they are used.
CREATE TABLE file_key (
    hash BLOB, device INTEGER, file_key BLOB NOT NULL, PRIMARY KEY (hash, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE history (
    hash BLOB, device INTEGER, part INTEGER, parts INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (hash, device, part)
) STRICT, WITHOUT ROWID;

-- Who got which letter from a colleague, and whom a handler here asked us to pass everything to.
-- day: of the keys it was sealed to; who was away until they were destroyed was given nothing.
CREATE TABLE passed (
    hash BLOB, device INTEGER, day INTEGER, PRIMARY KEY (hash, device, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE wanted (device INTEGER PRIMARY KEY) STRICT;
"""

# What a handler has begun to write; kind: reply or note.
_DRAFTS: Final = """
CREATE TABLE draft (
    source BLOB, kind TEXT, text TEXT NOT NULL, PRIMARY KEY (source, kind)
) STRICT, WITHOUT ROWID;
"""

# What keeps colleagues, strangers and servers from having their way with a desk.
_WARY: Final = """
-- A sign of life that was begun; newer ones in a keyring are not this vault's.
ALTER TABLE self ADD COLUMN alive_begun INTEGER NOT NULL DEFAULT 0;
-- Another copy of this vault has been at work.
ALTER TABLE self ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
-- The charter under which a keyring showed another key of ours for the day.
ALTER TABLE day_key ADD COLUMN refused_under BLOB;
-- Tag numbers by the SHA-256 of the week's thread key; the table `tag` is of older vaults.
CREATE TABLE thread_tag (thread BLOB PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- misses: syncs in which a chunk was not there; not asked for again before the day `again`.
ALTER TABLE attachment ADD COLUMN misses INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attachment ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
-- To whom else a colleague passed a letter on, if the file key that came with it opens it.
CREATE TABLE promised (
    hash BLOB, signer INTEGER, device INTEGER, day INTEGER, PRIMARY KEY (hash, signer, device, day)
) STRICT, WITHOUT ROWID;
-- Our own day when a letter was first listed, whatever day the server gave it.
ALTER TABLE letter ADD COLUMN seen INTEGER;
UPDATE letter SET seen = arrival;
-- The source for which a letter in quarantine would speak with another thread key.
ALTER TABLE letter ADD COLUMN disputes BLOB;
CREATE INDEX letter_disputes ON letter (disputes) WHERE disputes IS NOT NULL;
"""

# What colleagues, sources and handlers are told, once each; and nothing that speaks for a source.
_TOLD: Final = """
-- In its thread a source's letter stands without what speaks for the source.
UPDATE entry SET payload = CAST(
    json_remove(
        json_set(CAST(payload AS TEXT), '$.kind', 'kept', '$.source_id', lower(hex(source))),
        '$.auth', '$.thread_key', '$.week'
    ) AS BLOB
) WHERE kind = 'letter';
UPDATE letter SET file_key = NULL WHERE NOT on_server;

-- acknowledges: the cell says *opened on …* and is posted after every answer.
ALTER TABLE outbox_cell ADD COLUMN acknowledges INTEGER NOT NULL DEFAULT 0;

-- Letters that a person has opened, here or at a colleague's, and when. told: colleagues know.
-- sealed_day: when this desk acknowledged it; acknowledged: somebody did.
CREATE TABLE opening (
    entry BLOB PRIMARY KEY, source BLOB NOT NULL, day INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0, acknowledged INTEGER NOT NULL DEFAULT 0, sealed_day INTEGER
) STRICT, WITHOUT ROWID;

-- Which letters of a day colleagues were shown; prefixes: 8 bytes of each hash, or nothing.
CREATE TABLE digest (
    device INTEGER, day INTEGER, count INTEGER NOT NULL, digest BLOB NOT NULL,
    prefixes BLOB NOT NULL, PRIMARY KEY (device, day)
) STRICT, WITHOUT ROWID;
-- The last day of which colleagues were told what this desk was shown.
ALTER TABLE self ADD COLUMN digested INTEGER NOT NULL DEFAULT 0;

-- subject: what it is about besides the day, so that nothing is raised twice. details: JSON.
CREATE TABLE alarm (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, day INTEGER NOT NULL, subject TEXT NOT NULL,
    details TEXT NOT NULL, raised INTEGER NOT NULL, dismissed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (kind, day, subject)
) STRICT;

-- The day keys that keyrings showed: SHA-256 of the recipient.
CREATE TABLE stated_key (
    device INTEGER, day INTEGER, recipient BLOB NOT NULL, PRIMARY KEY (device, day)
) STRICT, WITHOUT ROWID;

-- Cells that the server took and that were not seen on the public board yet.
CREATE TABLE posted_cell (tag BLOB PRIMARY KEY, digest BLOB NOT NULL, at INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE TABLE board_seen (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, digest BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE TABLE closure (
    id INTEGER PRIMARY KEY CHECK (id = 1), day INTEGER NOT NULL, until INTEGER NOT NULL, stated BLOB
) STRICT;
"""

# What is looked through when a handler searches. shown: the text of an attachment's preview.
_SEARCHED: Final = """
CREATE TABLE searchable (
    seq INTEGER PRIMARY KEY, entry BLOB NOT NULL, attachment INTEGER, shown TEXT
) STRICT;
CREATE INDEX searchable_entry ON searchable (entry);
CREATE INDEX searchable_attachment ON searchable (attachment) WHERE attachment IS NOT NULL;
-- Words come folded (see folding.py), so that what SQLite takes for a letter plays no part.
CREATE VIRTUAL TABLE search USING fts5(body, tokenize = 'ascii', prefix = '1', columnsize = 0);
-- Else words of deleted rows would stay in the index's pages.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
"""

# How this handler likes the desk, by name.
_SETTINGS: Final = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""

# All that the list of threads is made of, so that no letter is decrypted for it.
_LISTED: Final = """
DROP INDEX entry_source;
CREATE INDEX entry_listed ON entry (source, day, kind, unread, device, id);
"""

# What kind of file an attachment is, and what to be wary of, by which version of the rules.
_EXAMINED: Final = """
CREATE TABLE attachment_fact (
    attachment INTEGER PRIMARY KEY, type TEXT NOT NULL, warnings TEXT NOT NULL,
    rules INTEGER NOT NULL
) STRICT;
"""

# What a team agrees on, promises and does; and what stays of what was deleted.
_TEAM: Final = """
-- What colleagues set, each change once, whatever came of it. payload: as it was signed.
CREATE TABLE change (
    seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, source BLOB NOT NULL, day INTEGER NOT NULL,
    clock INTEGER NOT NULL, device INTEGER NOT NULL, payload BLOB NOT NULL
) STRICT;
CREATE INDEX change_source ON change (source);
-- What the changes of a thread come to, as JSON.
CREATE TABLE standing (source BLOB PRIMARY KEY, state BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Two threads of one matter; the lower id has the changes that say so.
CREATE TABLE matter (low BLOB, high BLOB, PRIMARY KEY (low, high)) STRICT, WITHOUT ROWID;
CREATE INDEX matter_high ON matter (high);

-- On which devices a letter was opened, as far as this desk was told. acknowledged: the device has
-- only said that it told the source.
CREATE TABLE reader (
    entry BLOB, device INTEGER, day INTEGER NOT NULL, acknowledged INTEGER NOT NULL,
    PRIMARY KEY (entry, device)
) STRICT, WITHOUT ROWID;

-- Texts to answer with that are this desk's alone.
CREATE TABLE template (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Threads that were deleted, by a hash of the source's id: what colleagues said before stays away.
CREATE TABLE deleted_thread (name BLOB PRIMARY KEY, day INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- What statistics still count of them.
CREATE TABLE past_month (
    month TEXT PRIMARY KEY, letters INTEGER NOT NULL, answered INTEGER NOT NULL,
    opened INTEGER NOT NULL, waited INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What handlers did here. hash: over the one before and this row.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, act TEXT NOT NULL, about TEXT NOT NULL,
    detail TEXT NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_about ON audit (about, at);
"""

# What this desk has signed about the portal's files, and when it looks at them next.
_VOUCHED: Final = """
CREATE TABLE portal (
    id INTEGER PRIMARY KEY CHECK (id = 1), release BLOB, charter BLOB, day INTEGER,
    shown_under BLOB, look_at INTEGER
) STRICT;
INSERT INTO portal (id) VALUES (1);
"""

# What goes out keeps to a timetable, whatever a handler does.
_TIMETABLE: Final = """
-- slot: of the timetable; *_until: all that was due up to then has been posted.
CREATE TABLE beat (
    id INTEGER PRIMARY KEY CHECK (id = 1), slot INTEGER NOT NULL, cells_until REAL NOT NULL,
    letters_until REAL NOT NULL, day INTEGER NOT NULL, cells_today INTEGER NOT NULL
) STRICT;
-- beat: its place among what is posted next; until the server has taken it, that stays as it is.
-- of: how many cells its reply has in all. A cover has an empty entry.
ALTER TABLE outbox_cell ADD COLUMN beat INTEGER;
ALTER TABLE outbox_cell ADD COLUMN of INTEGER NOT NULL DEFAULT 0;
-- cover: it says nothing. bulk: it passes on what colleagues missed, after all that is new.
ALTER TABLE outbox_letter ADD COLUMN beat INTEGER;
ALTER TABLE outbox_letter ADD COLUMN cover INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox_letter ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0;
"""

# Entries from before there was an index, until somebody searches.
_UNSEARCHED: Final = """
CREATE TABLE unsearched (seq INTEGER PRIMARY KEY) STRICT;
INSERT INTO unsearched SELECT seq FROM entry WHERE NOT EXISTS (
    SELECT 1 FROM searchable WHERE searchable.entry = entry.id AND searchable.attachment IS NULL
);
"""

# How long a thread has been closed, or off hold, is counted on this desk's own days.
_FILED: Final = """
-- filed: our own day when the change came here; before this was written down, that of the upgrade.
ALTER TABLE change ADD COLUMN filed INTEGER NOT NULL DEFAULT 0;
UPDATE change SET filed = max(day, CAST(strftime('%s', 'now') AS INTEGER) / 86400);
-- Threads with changes that their standing does not know yet.
CREATE TABLE unmerged (source BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
"""

# The list of the portal's files that verified last: a look begins before the server is asked.
_PUBLISHED: Final = """
ALTER TABLE portal ADD COLUMN manifest BLOB;
"""

# Chunks of deleted attachments that are still asked for: their names, nothing of what they held.
_OWED: Final = """
CREATE TABLE debt (
    seq INTEGER PRIMARY KEY, letter INTEGER NOT NULL, place INTEGER NOT NULL,
    begun INTEGER NOT NULL, misses INTEGER NOT NULL, again INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT;
CREATE TABLE debt_chunk (
    debt INTEGER, position INTEGER, id BLOB NOT NULL, PRIMARY KEY (debt, position)
) STRICT, WITHOUT ROWID;
"""

# What one colleague's device says on a day is counted, and what was kept apart is found by why.
_COUNTED: Final = """
CREATE TABLE signed (device INTEGER PRIMARY KEY, day INTEGER NOT NULL, letters INTEGER NOT NULL)
    STRICT;
CREATE INDEX letter_apart ON letter (reason, arrival) WHERE state = 'quarantined';
"""

# Where exports are being written, until they are whole.
_UNFINISHED: Final = """
CREATE TABLE unfinished (folder TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""

# Which answers a stranger has seen on the board.
_SHOWN: Final = """
-- entry: the answer that this is a cell of; empty for covers, and for what was posted before.
ALTER TABLE posted_cell ADD COLUMN entry BLOB NOT NULL DEFAULT x'';
-- Answers of which every cell was seen on the public board, and the day of the last.
CREATE TABLE shown (entry BLOB PRIMARY KEY, day INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

STEPS: Final = (
    _FIRST,
    _DRAFTS,
    _WARY,
    _TOLD,
    _SEARCHED,
    _SETTINGS,
    _LISTED,
    _EXAMINED,
    _TEAM,
    _VOUCHED,
    _TIMETABLE,
    _UNSEARCHED,
    _FILED,
    _PUBLISHED,
    _OWED,
    _COUNTED,
    _UNFINISHED,
    _SHOWN,
)


def bring_up_to_date(vault: Vault) -> None:
    """Take the steps that this vault has not taken yet; VaultTooNewError."""
    row = vault.row("PRAGMA user_version")
    taken = int(row[0]) if row else 0
    if taken > len(STEPS):
        raise VaultTooNewError
    for number, step in enumerate(STEPS[taken:], start=taken + 1):
        with vault.transaction():
            for statement in step.split(";\n"):
                vault.run(statement)
            vault.run(f"PRAGMA user_version = {number}")
