"""What follows from what: one row for each thing that the code computes or that a position gives.

To add a row is one line: its name, what it is for people, what one needs, what one gets, the
section of the specification, and the code that does it (dotted, below `silent_courier`); `only_if`
says what such a step takes for granted. A test removes each row and sees the matrix change.

The story: a source writes a letter and is answered (`before`); handler `b` leaves, which ends
generation `g1`; `a` answers once more (`between`); the source writes again, under `g2`, and is
answered (`after`). For every other attacker, *before* and *after* are before and after they came
into what they hold. Weeks run `w0`, `w1`, `w2`, and `w8` is more than seven weeks later.
"""

from dataclasses import dataclass
from typing import Final

from model.saturate import Rule


@dataclass(frozen=True, slots=True)
class Derivation:
    """A row; `says` is for people, `given` and `gives` are patterns, `code` may name several."""

    name: str
    says: str
    given: str
    gives: str
    spec: str
    code: str
    only_if: str = ""

    @property
    def rule(self) -> Rule:
        """What the engine needs of it."""
        return Rule(self.name, self.given, self.gives, self.only_if)


# What is true for everybody; knowing it gives nobody anything.
WORLD: Final = (
    "under(g0, g1) & under(g1, g2) & generation(g1) & generation(g2) & newest(g2)"
    " & next(w0, w1) & next(w1, w2) & next(w2, w8)"
    " & letter_of(before, g1, w0) & letter_of(after, g2, w2) & encloses(before, photo)"
    " & answer_of(before, g1, w0) & answer_of(between, g1, w1) & answer_of(after, g2, w2)"
    " & current(a) & left(b) & has_day_key(a, after)"
)

KEPT: Final = "the vault keeps the letter or answer"
TIMED: Final = "a letter has attachments, or a browser's visit shows by its time what it was for"
ONE_VISITOR: Final = "it is given to visitors who are picked out, and to nobody who looks"
LISTED: Final = "the server still holds the letter"
NO_DESK: Final = "it is a letter, and given to no desk at all"
STALE: Final = (
    "the desks do not know the new charter yet, or their last signs of life under the old one are"
    " still fresh"
)

_D = Derivation
DERIVATIONS: Final = (
    # Words and what they derive
    _D("words", "twelve words are the entropy", "words", "entropy", "3.1",
       "protocol.words.decode_words"),
    _D("auth", "who a source is, in the newest generation", "entropy", "auth(g2)", "3.2",
       "protocol.thread.derive_auth"),
    _D("hash-down", "an auth value gives those of older generations, down to the source's id",
       "auth(G) & under(F, G)", "auth(F)", "3.2", "protocol.thread.derive_source_id"),
    _D("thread-key", "the first thread key of every generation", "entropy & generation(G)",
       "thread_key(G, w0)", "3.3", "protocol.thread.derive_thread_key"),
    _D("step", "a thread key gives the next week's", "thread_key(G, W) & next(W, V)",
       "thread_key(G, V)", "3.3", "protocol.thread.ThreadKey.step_to"),
    _D("tags", "a week's tags", "thread_key(G, W)", "tags(G, W)", "3.4",
       "protocol.thread.derive_tags"),
    # The board
    _D("find", "cells under known tags are one source's", "board & tags(G, W) & answer_of(R, G, W)",
       "cells(R) & answers_linked", "6.3", "protocol.board.find_fragments"),
    _D("cell-key", "the key of a cell", "cells(R) & answer_of(R, G, W) & thread_key(G, W)",
       "cell_key(R)", "3.4", "protocol.thread.derive_cell_key"),
    _D("open-cell", "an answer", "cells(R) & cell_key(R)", "answer(R)", "6.3",
       "protocol.reply.open_cell"),
    _D("used", "an answer for these words shows that they were used", "words & cells(R)",
       "words_used", "6.3", "source.mailbox.read_mailbox"),
    # Letters and attachments
    _D("unwrap", "a day key gives the file key of the day's letters", "letter(L) & day_key(L)",
       "file_key(L)", "4.4", "protocol.age.HybridIdentity.unwrap"),
    _D("open-letter", "a file key opens its letter", "letter(L) & file_key(L)", "opened(L)", "4.1",
       "protocol.letter.open_letter_with_file_key"),
    _D("read-letter", "an opened letter is read, and a cover is known for one", "opened(L)",
       "text(L) & covers_told", "4.4", "protocol.letter.read_letter"),
    _D("letter-keys", "a letter carries its auth value and its week's thread key",
       "opened(L) & letter_of(L, G, W)", "auth(G) & thread_key(G, W)", "5.3",
       "protocol.payload.LetterPayload"),
    _D("thread", "letters that lead to one source id stand in one thread",
       "opened(before) & opened(after) & auth(g0)", "letters_linked", "3.2",
       "storage.vault.threads.entries"),
    _D("enclosure", "a letter carries its attachments' keys", "opened(L) & encloses(L, F)",
       "attachment_key(F)", "7.1", "protocol.payload.Attachment"),
    _D("chunk-id", "an attachment's key names its chunks", "attachment_key(F)", "chunk_id(F)",
       "7.2", "protocol.attachment.derive_chunk_id"),
    _D("open-chunk", "an attachment's key opens its chunks", "chunk(F) & attachment_key(F)",
       "file(F)", "7.3", "protocol.attachment.open_chunk"),
    # A desk
    _D("vault", "a passphrase opens a vault", "vault(X) & passphrase(X)", "unlocked(X)", "14",
       "storage.vault.opening.open_vault"),
    _D("device", "a vault holds its device's keys", "unlocked(X)",
       "signing_key(X) & credentials(X)", "8.6", "storage.vault.identity.secrets"),
    _D("day-keys", "a vault holds day keys, up to 14 days ahead", "unlocked(X) & has_day_key(X, L)",
       "day_key(L)", "9.1", "storage.vault.day_keys.living"),
    _D("pin", "a vault holds the thread key of the week", "unlocked(X) & pinned(X, G, W)",
       "thread_key(G, W)", "3.3", "storage.vault.threads.pin"),
    _D("kept", "a vault holds what letters say, and answers",
       "unlocked(X) & filed(X, L)", "kept(L) & text(L) & covers_told & answer(L)", "5.6",
       "storage.vault.threads.entries protocol.kept.KeptLetterPayload", KEPT),
    _D("read", "a vault knows what its handler has opened", "unlocked(X) & filed(X, L)",
       "read_told", "14.10", "storage.vault.openings.untold"),
    _D("kept-files", "a letter as it is kept names its attachments' keys",
       "kept(L) & encloses(L, F)", "attachment_key(F)", "5.6", "protocol.kept.KeptLetterPayload"),
    _D("kept-key", "while the server lists a letter, a vault keeps its file key",
       "unlocked(X) & filed(X, L)", "file_key(L)", "14.5",
       "storage.vault.letters.forget_file_keys", LISTED),
    _D("desk-onion", "a current device's credentials open the desk onion",
       "credentials(X) & current(X)", "desk_reached & desk_onion", "11.2",
       "server.standing.Standing.device_of"),
    _D("collect", "the desk onion hands out every sealed letter", "desk_onion & letter_of(L, G, W)",
       "letter(L)", "11.4", "storage.server.letters.read_letters"),
    _D("fetch", "the desk onion hands out a chunk to who can name it", "desk_onion & chunk_id(F)",
       "chunk(F)", "11.5", "storage.chunks.DiskChunks.open"),
    _D("post", "the desk onion takes cells for the board", "desk_onion", "posts", "11.6",
       "storage.server.cells.queue_cells"),
    _D("every-thread", "a vault knows every thread, so every cell that is real",
       "unlocked(X) & board", "cells_told", "3.4", "storage.vault.threads.newest_pin"),
    # A server
    _D("store", "the disk holds sealed letters and chunks, and the onions' keys", "disk",
       "letter(before) & chunk(photo) & portal_key", "12.1", "storage.server.tables.metadata"),
    _D("staged", "letters of today stand on the disk as they came, beside the key of the day",
       "disk", "order_told", "12.5", "storage.server.staged_letters.stage_letters",
       "the letters came since the night"),
    _D("watch", "who serves sees what comes when, and may answer nobody", "serves",
       "order_told & crowded", "12", "server.run.RunningServer"),
    _D("serve", "who serves has the disk, new letters, and the last word on the board", "serves",
       "disk & board & letter(after) & posts & desk_reached & traffic & portal_end", "12",
       "server.run.RunningServer"),
    _D("rewrite-first", "a letter that no desk was shown can be shown rewritten to all of them",
       "file_key(L) & serves", "letter_altered", "4.4", "desk.judging.read_opened"),
    _D("withhold", "nothing shows that a letter was given to no desk at all", "serves",
       "held_back", "14.11", "source.visit.read", NO_DESK),
    _D("ticket", "one ticket serves a letter and its chunks, and one circuit a letter and the page"
       " that was open so long before it", "serves", "covers_told", "10.3",
       "server.tickets.Tickets", TIMED),
    _D("one-visitor", "who serves may give one visitor a page that nobody else is given", "serves",
       "other_page", "17.6", "server.portal.site.Site", ONE_VISITOR),
    _D("own-manifest", "a current device signs what the portal's files are",
       "signing_key(X) & current(X) & serves", "other_page", "17.5",
       "protocol.manifest.sign_manifest"),
    _D("root-manifest", "a charter names the devices that may sign what the portal's files are",
       "charter & serves", "other_page", "17.4", "protocol.manifest.verify_manifest"),
    _D("assisted", "who serves the assisted form sees what is typed into it, the receipt too",
       "serves & assisted", "entropy & text(after) & covers_told & visits_told", "10.10",
       "server.assisted.Assisted cli.assistant.SourceAssistant"),
    # A network
    _D("line", "a line shows lengths and times", "line", "traffic", "14",
       "tor.transport.Transport"),
    _D("volume", "uploads show in lengths and times, and so does how long a page was open before"
       " its letter", "traffic", "visits_told", "10.3", "source.parcel.send_chunks", TIMED),
    _D("both-ends", "times at both ends of Tor match", "line & portal_end", "source_located", "14",
       "tor.transport.Transport"),
    # Standing
    _D("charter", "the root key signs charters", "root_key", "charter", "8.1",
       "protocol.root.sign_root"),
    _D("false-charter", "whoever is shown a newer charter by the root relies on it",
       "charter & serves", "misled & file_key(after) & shut_out & colleague", "8.3",
       "protocol.charter.verify_chain"),
    _D("false-handler", "a charter names the keys that answers are signed with",
       "charter & thread_key(G, W) & posts", "answers & other_name", "6.3",
       "protocol.charter.Charter.all_devices"),
    _D("own-day-key", "a current device may state any day key",
       "signing_key(X) & current(X) & serves", "misled & file_key(after)", "9.1",
       "protocol.statements.sign_statement"),
    _D("old-quorum", "enough handlers of an old charter fill its keyring themselves",
       "old_quorum & serves", "misled & text(after)", "9.5", "protocol.keyring.check_open",
       "that charter has not expired"),
    _D("old-charter", "a source remembers no serial, and a desk learns of a charter by the server",
       "signing_key(X) & left(X) & serves", "misled & text(after)", "8.3",
       "desk.adoption.adopt", STALE),
    _D("speak", "who has a source's newest auth value and thread key can write as the source",
       "auth(G) & newest(G) & thread_key(G, W)", "speaks", "14", "source.compose.compose_letter"),
    _D("speak-late", "letters of the last generation are taken for a day more",
       "auth(g1) & thread_key(g1, W)", "speaks", "4.4", "desk.judging.GRACE_DAYS",
       "the generation rose a day ago at most"),
    _D("reply", "a handler answers who can be reached",
       "signing_key(X) & current(X) & thread_key(G, W) & posts", "answers", "6.2",
       "protocol.reply.seal_reply"),
    _D("reply-late", "who left is heard under the generations they were part of",
       "signing_key(X) & left(X) & thread_key(g1, W) & posts", "answers", "6.3",
       "source.mailbox.read_mailbox",
       "under their own name, marked as who left, for seven weeks"),
    _D("spoil", "who can make a thread's tags and post takes them before a colleague does",
       "tags(G, W) & posts", "answers_spoiled", "14", "protocol.thread.derive_tag"),
    _D("colleague", "a current device writes to colleagues", "signing_key(X) & current(X)",
       "colleague", "4.3", "protocol.letter.seal_colleague_letter"),
    # A quantum computer
    _D("ed25519", "device keys and onion keys follow from their public halves", "quantum",
       "signing_key(a) & signing_key(b) & portal_key", "14", "protocol.primitives.ed25519_public"),
    _D("tor-later", "what Tor carried opens, when it was recorded", "quantum & line",
       "source_located & letter(after)", "14", "tor.transport.Transport"),
)  # fmt: skip
