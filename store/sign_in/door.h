/* The door before anybody is known, over all organisations: what is asked for there, how often something was tried,
 * who is half signed in. Names and addresses are kept as keyed hashes, notes sealed. */
#ifndef STORE_SIGN_IN_DOOR_H
#define STORE_SIGN_IN_DOOR_H

#include "base/crypto.h"
#include "store/store.h"

/* One thing that may be tried `limit` times within a window, counted from the first try. */
struct store_try {
    struct str key; /* "password|anna@muster.example|192.0.2.1" */
    int64_t limit, window_ms;
};
enum { STORE_TRIES = 4 }; /* of one call, at most */
/* Counts a try under every key, or under none when one of them is at its limit: *ret_allowed. Atomic, and kept over
 * restarts. */
int store_throttle_take(struct store *store, const struct store_try *tries, size_t n, bool *ret_allowed,
                        struct err *err);
/* Gives tries back that were good; `clear` forgets those before them as well. */
int store_throttle_give(struct store *store, const struct store_try *tries, size_t n, bool clear, struct err *err);

/* Places where a user has signed in within 90 days ("org|user|address"). */
int store_place_known(struct store *store, struct str place, bool *ret_known, struct err *err);
int store_place_note(struct store *store, struct str place, struct err *err);

/* HMAC under a key of the instance, one for each purpose: signatures of links. */
struct crypto_hash store_door_mac(const struct store *store, const char *purpose, struct str text);

/* Hash of a code that is typed beside a link: keyed by the link's token, which the database does not know, so that it
 * cannot be guessed from there. */
struct crypto_hash store_door_code(struct str token, struct str code);

/* Leaves a note for the worker, sealed, and wakes one: what is asked for or was refused before anybody is known costs
 * the same for everybody. */
int store_door_note_add(struct store *store, struct str note, struct err *err);
struct store_door_note {
    struct id id;
    struct str note;
};
/* Takes notes that nobody works on, for a minute (struct store_door_note); `done` ends one. */
int store_door_note_take(struct store *store, int limit, struct arena *arena, struct json_list *ret_notes,
                         struct err *err);
int store_door_note_done(struct store *store, const struct id *id, struct err *err);
/* One again, also after its end; ERR_NOT_FOUND after an hour. */
int store_door_note_get(struct store *store, const struct id *id, struct arena *arena, struct str *ret_note,
                        struct err *err);

/* Between the first factor and the second. */
struct store_pending {
    struct id org, id, user;
    struct str method;
};
int store_pending_add(struct store_tx *tx, const struct store_pending *pending, struct str token, int64_t life_ms,
                      struct err *err);
/* ERR_BAD_LOGIN: unknown, over, or the user is not active. */
int store_pending_find(struct store *store, struct str token, struct arena *arena, struct store_pending *ret_pending,
                       struct err *err);
/* ERR_NOT_FOUND: somebody else has ended it. */
int store_pending_end(struct store_tx *tx, const struct id *id, struct err *err);

#endif
