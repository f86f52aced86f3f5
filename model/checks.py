"""What the code refuses, and what an attacker could do if it did not: one row a check.

A check has no part in what follows from what: while it stands, its attack does not exist. To add a
row is one line. A test removes each row in turn and sees the matrix change.
"""

from dataclasses import dataclass
from typing import Final

from model.saturate import Rule


@dataclass(frozen=True, slots=True)
class Check:
    """A row: what holds, what would be possible `without` it, and as patterns for whom and what.

    `shown` names the test, or the case in vectors/, in which the check refuses; empty for none yet.
    """

    name: str
    says: str
    without: str
    given: str
    gives: str
    spec: str
    code: str
    shown: str = ""

    @property
    def attack(self) -> Rule:
        """The rule that exists only without this check."""
        return Rule(f"without {self.name}", self.given, self.gives)


_C = Check
CHECKS: Final = (
    # What a source believes
    _C("org-id", "a chain begins at the id that the source was told", "any organisation would do",
       "serves", "misled & file_key(after)", "8.3", "protocol.charter.verify_chain",
       "vectors/charter/is-another-organisations.case"),
    _C("root-signature", "a charter is signed by the root of the one before",
       "the server would write charters", "serves", "charter", "8.3", "protocol.root.verify_root",
       "vectors/charter/next-is-signed-by-another-root.case"),
    _C("both-signatures", "the root signs with Ed25519 and ML-DSA-65, and both count",
       "a quantum computer would write charters", "quantum", "charter", "8.1",
       "protocol.root.verify_root",
       "vectors/charter/has-only-ed25519.case"),
    _C("charter-dates", "a charter ends", "who left could use an old one for ever",
       "old_quorum & serves", "misled & text(after)", "8.3", "protocol.charter.check_dates",
       "tests/unit/source/test_visit.py"
       "::test_an_expired_charter_is_refused"),
    _C("keyring-clock", "a keyring is of today, give or take a day",
       "letters would be sealed to day keys of another day", "serves & unlocked(X)",
       "day_key(before)", "9.5", "protocol.keyring.verify_keyring_statements",
       "vectors/keyring/is-two-days-old.case"),
    _C("statement-signature", "a day key is signed by a device of the charter",
       "the server would state day keys", "serves", "misled & file_key(after)", "9.1",
       "protocol.statements.verify_statement",
       "vectors/keyring/has-a-forged-day-key.case"),
    _C("statement-charter", "a statement holds under the charter it names alone",
       "new signs of life would keep an old charter alive", "signing_key(X) & left(X) & serves",
       "misled & text(after)", "9.1", "protocol.statements.verify_statement",
       "vectors/keyring/has-statements-for-the-charter-before.case"),
    _C("minimum", "day keys of enough handlers, else no letter is sealed",
       "the server would choose who reads", "serves", "shut_out", "9.5",
       "protocol.keyring.check_open",
       "vectors/keyring/has-too-few-handlers.case"),
    _C("sign-of-life", "two handlers have signed lately, else no letter is sealed",
       "an old charter would do until it expires", "signing_key(X) & left(X) & serves",
       "misled & text(after)", "9.5", "protocol.keyring.check_open",
       "vectors/keyring/was-emptied-eight-days-ago.case"),
    _C("reply-signature", "an answer is signed by a device of the charter",
       "whoever knows a thread key could answer", "thread_key(G, W) & posts", "answers", "6.3",
       "protocol.reply.join_fragments",
       "tests/unit/protocol/test_reply.py"
       "::test_reply_signed_by_another_device_is_refused"),
    _C("reply-slot", "an answer is by the device under whose tags it stands",
       "one handler could answer in another's name",
       "signing_key(X) & current(X) & thread_key(G, W) & posts", "other_name", "6.3",
       "protocol.reply.join_fragments",
       "tests/unit/protocol/test_reply.py"
       "::test_reply_in_another_devices_slot_is_refused"),
    _C("reply-to", "an answer names the source it is for",
       "what was answered to one could be shown to another",
       "answer(R) & thread_key(G, W) & posts", "answers", "6.3", "source.mailbox.read_mailbox",
       "tests/unit/source/test_mailbox.py"
       "::test_an_answer_to_somebody_else_is_damage"),
    _C("reply-left", "who left is not heard when their generation is long over",
       "who left could answer for ever", "signing_key(X) & left(X) & thread_key(g1, W) & posts",
       "answers", "6.3", "source.mailbox.read_mailbox",
       "tests/unit/source/test_mailbox.py"
       "::test_a_leaver_falls_silent_once_their_generation_is_over_in_every_week"),
    _C("cell-seal", "a cell opens under its own tag and week alone, whole or not at all",
       "whoever posts could put other words into an answer", "posts", "answers", "6.3",
       "protocol.reply.open_cell",
       "tests/unit/protocol/test_reply.py"
       "::test_any_bit_of_a_cell_flipped_never_opens"),
    _C("portal-address", "a source turns away from an onion that the charter does not name",
       "a copy would see who comes, and choose what they see", "", "portal_key", "10.3",
       "protocol.charter.check_portal",
       "tests/unit/source/test_visit.py"
       "::test_a_copy_at_another_onion_is_refused_before_anything_else_is_asked"),
    _C("manifest", "the portal's files are signed, and desks and outsiders look as visitors do",
       "the server would give everybody other pages", "serves", "other_page", "17.6",
       "desk.portal_watch.watch_portal protocol.manifest.verify_manifest",
       "tests/unit/desk/test_portal_watch.py"
       "::test_whatever_is_not_as_it_was_signed_alarms"),
    # What a desk believes
    _C("letter-seal", "a letter opens as it was sealed or not at all",
       "the server could alter what a letter says", "serves", "letter_altered", "4.1",
       "protocol.age.open_with_identities",
       "tests/unit/protocol/test_letter.py"
       "::test_any_bit_flipped_never_opens"),
    _C("unsigned", "who has not signed writes no colleague's letter",
       "anybody could write to the desks as a handler", "", "colleague", "4.4",
       "protocol.letter.read_letter",
       "tests/unit/protocol/test_letter.py"
       "::test_note_signed_by_nobody_is_refused"),
    _C("former-colleague", "who left is no colleague any more",
       "who left could go on writing to the desks", "signing_key(X) & left(X)", "colleague", "4.4",
       "desk.judging.judge",
       "tests/unit/desk/test_judging.py"
       "::test_who_has_left_speaks_no_more"),
    _C("rewritten", "a letter under the seal of another is put apart",
       "who opened a letter could hand it in again with other words", "file_key(L)",
       "letter_altered", "4.4", "desk.judging.read_opened",
       "tests/unit/desk/test_judging.py"
       "::test_a_payload_rewritten_under_the_same_header_alarms"),
    _C("desk-serial", "a desk refuses a charter older than its own",
       "desks would sign under an old charter again", "signing_key(X) & left(X) & serves",
       "misled & text(after)", "8.3", "desk.adoption.adopt",
       "tests/unit/desk/test_adoption.py"
       "::test_an_older_charter_is_refused"),
    _C("generation", "the generation rises when a handler leaves",
       "who left would read on, and write as the source", "auth(g1) & thread_key(g1, W)",
       "auth(g2) & thread_key(g2, W)", "3.2", "organisation.roster.revoke",
       "tests/unit/protocol/test_thread.py"
       "::test_leavers_auth_does_not_speak_for_the_next_generation"),
    _C("old-letters", "a letter of an old generation is put apart after a day",
       "who left could write as the source", "auth(g1) & thread_key(g1, W)", "speaks", "4.4",
       "desk.judging.judge",
       "tests/unit/desk/test_judging.py"
       "::test_an_older_generation_has_one_day_of_grace"),
    _C("pin-check", "a thread key does not change within a generation",
       "who writes as the source would take its answers over", "auth(g2)", "diverted", "3.3",
       "desk.pins.matches desk.settling.settle",
       "tests/unit/desk/test_settling.py"
       "::test_whichever_comes_first_both_are_shown_alike_and_neither_is_answered"),
    _C("whole-file", "a chunk opens in its place alone, and the whole has the letter's hash",
       "the server would rearrange files", "serves", "file_altered", "7.4",
       "protocol.attachment.open_chunk desk.contents.open_content",
       "tests/unit/protocol/test_attachment.py"
       "::test_chunk_opens_in_its_place_alone"),
    # What is gone
    _C("day-key-end", "a day key is destroyed on day + 9", "a vault would open letters of years",
       "unlocked(X)", "day_key(before)", "9.1", "storage.vault.day_keys.destroy_old",
       "tests/e2e/test_journey_trouble.py"
       "::test_a_letter_opens_three_days_late_and_not_ten_days_late"),
    _C("pin-step", "a vault steps its thread keys on and forgets the old",
       "a vault and the old boards would open every answer", "unlocked(X)", "thread_key(g1, w0)",
       "3.3", "storage.vault.threads.step_pins",
       "tests/unit/desk/test_pins.py"
       "::test_an_open_vault_holds_no_thread_key_of_a_week_that_is_over"),
    _C("deletion", "of what is deleted on a desk no word is left in its vault",
       "a seized vault would give back what its handler deleted", "unlocked(X)",
       "text(before) & kept(before) & answer(before)", "14.18",
       "storage.vault.deleting.forget_thread",
       "tests/unit/desk/test_retention.py"
       "::test_of_a_deleted_thread_no_word_is_left_anywhere"),
    _C("vault-kdf", "a vault is sealed under its passphrase", "a desk switched off would do",
       "vault(X)", "unlocked(X)", "14", "storage.vault.header.derive_key",
       "tests/unit/storage/vault/test_header.py"
       "::test_another_passphrase_is_refused"),
    _C("hybrid", "a letter is sealed with ML-KEM-768 and X25519, and both must fall",
       "a quantum computer would open recorded letters", "quantum & letter(L)", "file_key(L)",
       "4.1.2", "protocol.age.HybridRecipient.wrap",
       "tests/spec/test_second_reader.py"
       "::test_source_letter_opens_and_reads"),
    _C("any-words", "any twelve words open a mailbox, mostly an empty one",
       "words alone would tell that they were used", "words", "words_used", "3.1",
       "protocol.words.decode_words",
       "tests/unit/source/test_check.py"
       "::test_words_never_used_open_an_empty_mailbox"),
    _C("form-in-memory", "of what is typed into a form the server writes nothing",
       "its disk would tell what the form was told", "disk", "entropy & text(before)", "10.10",
       "server.assisted.Assisted",
       "tests/e2e/test_forms.py"
       "::test_nothing_that_was_typed_is_in_any_file"),
    # What shows
    _C("silence", "a server writes nothing of a visit: no circuit, no ticket, no hour",
       "the disk would tell what came together, and when", "disk", "letters_linked & order_told",
       "12.1", "storage.server.tables.metadata server.http_protocol.CourierProtocol",
       "tests/e2e/test_server_silence.py"
       "::test_nothing_tells_of_a_visit"),
    _C("timetable", "a desk posts the same numbers at the same times, covers among what is real",
       "the server would see when desks answer, and which cells are answers", "disk",
       "cells_told", "14.21", "desk.beat.begin_beat desk.timetable.next_beat",
       "tests/unit/desk/test_beat.py"
       "::test_the_server_sees_the_same_of_a_desk_that_answers_all_day_and_of_one_left_alone"),
    _C("fetch-all", "a desk fetches attachments whether they are read or not",
       "the server would see what a handler reads", "serves", "read_told", "14.9",
       "desk.chunks.fetch_chunks",
       "tests/unit/desk/test_chunks.py"
       "::test_what_was_read_and_what_was_not_is_fetched_alike"),
    _C("same-births", "as many cells are born each epoch, whatever desks posted",
       "the board would show when somebody is answered", "board", "cells_told", "12",
       "server.board.bring_board_to",
       "tests/e2e/test_server_board.py"
       "::test_most_answers_and_none_look_the_same_for_a_thousand_epochs"),
    _C("tag-once", "a tag number is used once", "the board would show whose cells belong together",
       "board", "answers_linked", "3.4", "storage.vault.tags.reserve",
       "tests/property/test_tags.py"
       "::test_no_tag_is_used_twice_and_no_reply_is_missed"),
    _C("shuffle", "the night writes the day anew in random order, and destroys its key",
       "the disk would show for weeks in which order letters came", "disk", "order_told", "12.5",
       "server.night.do_night storage.staging.StagingKeys.destroy",
       "tests/e2e/test_server_night.py"
       "::test_order_of_arrival_is_in_no_file_after_the_night"),
    _C("one-length", "every letter has one length", "lengths would tell letters from covers",
       "letter(L)", "covers_told", "4.2", "protocol.frame.frame",
       "tests/property/test_source.py"
       "::test_every_letter_has_one_length"),
    _C("cover", "who only reads leaves a letter too, a cover", "reading would look like reading",
       "traffic", "visits_told", "10.3", "source.check.check",
       "tests/e2e/test_visits_look_alike.py"
       "::test_reading_writing_and_guessing_are_the_same_bytes_turn_by_turn"),
    _C("one-page", "a browser writes and reads on one page, which begins the visit before the"
       " choice", "the page that is asked for would tell reading from writing", "traffic",
       "visits_told", "10.8", "server.portal.pages.render_pages",
       "tests/e2e/browser/test_visits_in_chromium.py"
       "::test_reading_and_writing_are_the_same_requests_from_the_page_on"),
    _C("new-circuits", "every visit has circuits of its own", "the server would see who comes back",
       "serves", "letters_linked", "10.3", "tor.transport.Transport.new_visit",
       "tests/e2e/test_tor_onions.py"
       "::test_purposes_and_visits_come_over_different_circuits"),
    _C("digests", "desks hold what each was shown against what the others were",
       "the server would show a letter to one desk alone", "serves", "held_back", "14.11",
       "desk.comparing.compare",
       "tests/unit/desk/test_comparing.py"
       "::test_a_letter_shown_to_one_desk_alone_alarms_both"),
    _C("board-watch", "desks look for their cells on the board that strangers see",
       "the server would leave answers off the board", "serves", "held_back", "14.12",
       "desk.board_watch.judge_board",
       "tests/unit/desk/test_board_watch.py"
       "::test_cells_that_must_have_been_born_and_are_missing_or_altered_alarm"),
    # Who gets in
    _C("lot", "tickets that are short go by lot, and none is taken back",
       "who asks first and often would have every ticket", "", "crowded", "10.4",
       "server.lanes.Lane.enter",
       "tests/unit/server/test_lanes.py"
       "::test_places_go_by_lot_among_those_who_wait"),
    _C("circuit-budget", "a circuit reads a few boards in ten minutes",
       "one circuit would take all that an onion can carry", "", "crowded", "10.9",
       "server.circuits.Circuits.may_read",
       "tests/e2e/test_server_crowd.py"
       "::test_circuit_gets_a_few_boards_and_then_one_answer_for_ten_minutes"),
    _C("deadlines", "who dawdles is hung up on",
       "a few hundred slow ones would keep everybody out", "", "crowded", "10.7",
       "server.deadlines.with_deadlines server.http_protocol.CourierProtocol",
       "tests/e2e/test_server_crowd.py"
       "::test_honest_visitors_are_served_while_500_slow_ones_hang"),
    _C("ticket-once", "a ticket is good for one letter and 64 chunks, once and for half an hour",
       "one visitor's work would fill the letterbox", "", "crowded", "10.4",
       "server.tickets.Tickets",
       "tests/e2e/test_server_strangers.py"
       "::test_used_late_unknown_and_foreign_tickets_get_one_answer"),
    _C("seats", "who has most of the connections yields one when they run short",
       "idle connections would keep everybody out", "", "crowded", "10.9",
       "server.seats.Seats.take",
       "tests/e2e/test_server_crowd.py"
       "::test_honest_visitors_find_a_seat_among_more_connections_than_there_are"),
    _C("client-authorisation", "the desk onion is there for its clients alone",
       "anybody could knock at it", "", "desk_reached", "11.2",
       "tor.onion.write_authorized_clients",
       "tests/e2e/test_tor_onions.py"
       "::test_the_desk_onion_is_closed_without_a_key_and_says_so_at_once"),
    _C("access-list", "a device is let in while the charter and its access list name it",
       "who left could go on collecting and posting", "credentials(X)", "desk_onion", "11.2",
       "server.standing.Standing.device_of protocol.access.verify_access",
       "tests/unit/server/test_standing.py"
       "::test_device_of_a_handler_who_left_has_no_token_and_no_client_key"),
    _C("no-public-chunks", "the portal hands out no chunk",
       "who left could fetch files with the keys of old letters", "chunk_id(F)", "chunk(F)", "10.5",
       "server.public_app.PublicApp.routes",
       "tests/e2e/test_server_strangers.py"
       "::test_uploaded_chunk_looks_like_an_unknown_one_on_the_portal"),
)  # fmt: skip
