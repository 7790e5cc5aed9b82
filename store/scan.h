/* Scans (one upload each) and the cards found on them. */
#ifndef STORE_SCAN_H
#define STORE_SCAN_H

#include "store/blob.h"

struct store_scan {
    struct id id, list, user, blob, job; /* job: the latest that reads it; may be empty */
    struct id fair;                      /* where it was captured; may be empty */
    struct id back;                      /* blob of the other side's photo; empty: there is none */
    struct str state;                    /* "received" | "reading" | "read" | "failed" */
    struct str media_type;
    int64_t bytes, width, height;            /* of the upright photo; 0 until read */
    struct json_list advice;                 /* struct str: words of ocr_advice_words */
    struct str problem, param;               /* slug and parameter of base/errors.def; absent = none */
    int64_t version, created_at, deleted_at; /* deleted_at 0 = living */
    struct json_list cards;                  /* struct store_card; filled by store_scan_get() */
};

struct store_card {
    int64_t n;             /* 1-based on the photo */
    struct str quad;       /* JSON [[x,y]×4], pixels of the upright photo */
    struct id image;       /* blob of the rectified card; may be empty */
    int64_t width, height; /* of the rectified card */
    struct id contact;     /* may be empty */
    struct id back_image;  /* the same of its other side; empty: there is none */
    int64_t back_width, back_height;
    struct str reading; /* JSON of the caller (claims, unassigned …), sealed at rest; absent in lists */
    struct str thumb;   /* JPEG of a row's size, sealed at rest; only taken: store_card_thumb() gives it */
};

/* Adds a scan in state "received" with list, user, fair, blob and back (blobs added before) of `scan`. ERR_CONFLICT
 * when the user has a living scan of the same content, e.g. by a race: store_scan_same() finds it, in the same
 * transaction. */
int store_scan_add(struct store_tx *tx, const struct store_scan *scan, struct id *ret_id, struct err *err);
/* The photos of a scan by their content. */
struct store_scan_content {
    const struct crypto_hash *front, *back; /* back is NULL for a card of one side */
};
/* The living scan of this user with the same content, newest first. ERR_NOT_FOUND. */
int store_scan_same(struct store_tx *tx, const struct id *user, const struct store_scan_content *content,
                    struct id *ret_id, struct err *err);
/* With its cards and their readings. Deleted ones too (deleted_at says so). ERR_NOT_FOUND. */
int store_scan_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_scan *ret_scan,
                   struct err *err);

struct store_scan_filter {
    const struct id *user; /* only in lists this user owns or belongs to; NULL = all */
    struct str state;      /* absent = any */
    bool deleted;          /* only deleted ones instead of only living ones */
};
/* struct store_scan without cards. */
int store_scan_list(struct store_tx *tx, const struct store_scan_filter *filter, const struct store_page *page,
                    struct arena *arena, struct json_list *ret_scans, struct err *err);

/* The next three change state, version and, where said, more. ERR_CONFLICT when the scan is not in state `from`. */
int store_scan_move(struct store_tx *tx, const struct id *id, const char *from, const char *to, struct err *err);
/* `from` -> "failed" with problem, param, width, height and advice of `scan`. */
int store_scan_fail(struct store_tx *tx, const struct store_scan *scan, const char *from, struct err *err);
/* "reading" -> "read" with width, height, advice and the cards of `scan`, which replace all earlier cards. */
int store_scan_finish(struct store_tx *tx, const struct store_scan *scan, struct err *err);

/* Notes the job that reads it. */
int store_scan_set_job(struct store_tx *tx, const struct id *id, const struct id *job, struct err *err);
/* The small picture of a card. ERR_NOT_FOUND: none was kept (cards of before there were any, codes). */
int store_card_thumb(struct store_tx *tx, const struct id *scan, int64_t n, struct arena *arena, struct str *ret_jpeg,
                     struct err *err);
/* Notes the contact made from a card. */
int store_card_set_contact(struct store_tx *tx, const struct id *scan, int64_t n, const struct id *contact,
                           struct err *err);
/* Soft deletion and its reversal; `version` 0 = whatever it is. ERR_STALE, ERR_NOT_FOUND, ERR_CONFLICT (already so). */
int store_scan_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);
int store_scan_restore(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);

#endif
