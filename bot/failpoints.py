"""The boundaries between two durable steps, by the work that passes them: where a test may stop the process.

How they work, and that they do nothing in production: storage/failpoints.py.
"""

from storage.failpoints import COMMITTED, COMMITTING, arm, failpoint

__all__ = ["BOUNDARIES", "COMMITTED", "COMMITTING", "arm", "failpoint"]

# poll: a stream is claimed; the key is opened; a window is in memory; it is saved; the stream's next time is noted
CLAIMED, KEY_OPENED, FETCHED, SAVED, READ = "claimed", "key opened", "fetched", "window saved", "read noted"
# a window of the past is saved; the past is known to go back no further; names are saved; a failure is noted
PAST_SAVED, PAST_ENDED, NAMED, TROUBLED = "past saved", "past ended", "names saved", "failure noted"

# watch and summary: something is found; it is kept, and what is to be told is queued
FOUND, QUEUED = "found", "queued"

# announce: deliveries are leased; what an earlier process left open is known to be; its message is about to go out
LEASED, REOPENED, SENDING = "leased", "reopened", "sending"
# the platform has the picture; its id is kept; the platform has the message; that is noted
BROUGHT, UPLOADED, ACCEPTED, SENT = "brought", "uploaded", "accepted", "sent"
# it was refused: admins are told; what is to become of it is noted
ADMINS_TOLD, REFUSED = "admins told", "refusal noted"

# connect: the vendor knows the key; it is sealed and kept
CHECKED, KEY_KEPT = "checked", "key kept"

# removal: the last chat place is known to be gone; one key is destroyed
REMOVED, DESTROYED = "place removed", "key destroyed"

# rotate: every data key is wrapped anew; the new key lies beside the old file; it has taken its place
WRAPPED, KEY_WRITTEN, KEY_REPLACED = "all wrapped", "key file written", "key file replaced"

BOUNDARIES = {
    "poll": (CLAIMED, KEY_OPENED, FETCHED, SAVED, READ, PAST_SAVED, PAST_ENDED, NAMED, TROUBLED),
    "watch": (FOUND, QUEUED),
    "announce": (
        *(LEASED, REOPENED, SENDING, BROUGHT, UPLOADED, ACCEPTED, SENT),
        *(ADMINS_TOLD, REFUSED),
    ),
    "connect": (CHECKED, KEY_KEPT),
    "removal": (REMOVED, DESTROYED),
    "rotate": (WRAPPED, KEY_WRITTEN, KEY_REPLACED),
    "every transaction": (COMMITTING, COMMITTED),
}
