/* Scans: one upload and what became of it; list, look, delete, restore, read again; the images. */
#ifndef FLOW_SCANS_H
#define FLOW_SCANS_H

#include "flow/flow.h"

struct flow_scan_card {
    int64_t n;             /* 1-based */
    struct str quad;       /* JSON [[x,y]×4] in pixels of the upright photo */
    struct str image;      /* "/v1/scans/{id}/cards/{n}/image" */
    int64_t width, height; /* of the card's image */
    struct str back_image; /* the same of its other side; absent when there is none */
    int64_t back_width, back_height;
    struct str contact_id; /* absent when nothing could be read on it */
};

struct flow_scan_quality {
    struct json_list advice; /* struct str: "blur", "glare", "dark" … keys of the pages' catalogues */
};

/* Resource "Scan". */
struct flow_scan {
    struct str id;
    struct str created_at; /* RFC 3339 */
    int state;             /* flow_scan_words */
    struct str list_id, media_type;
    int64_t bytes, width, height; /* width and height are 0 until read */
    int64_t sides;                /* 2: with a photo of the other side */
    struct flow_scan_quality quality;
    struct flow_problem *problem; /* why it failed, or NULL */
    struct json_list cards;       /* struct flow_scan_card */
    struct str job_id;            /* of the latest reading */
    struct str deleted_at;        /* absent unless in the bin */
    int64_t version;              /* for If-Match */
};
extern const struct json_shape flow_scan_shape, flow_scan_card_shape, flow_scan_quality_shape;
extern const char *const flow_scan_words[]; /* "received", "reading", "read", "failed", NULL: states.def */

/* Errors of all: ERR_NOT_FOUND (also: not yours to see), ERR_STORE_DOWN. `version` is the one the caller saw; another
 * gives ERR_STALE. */
int flow_scan_get(const struct flow *flow, const struct flow_actor *actor, struct id scan, struct arena *arena,
                  struct flow_scan *ret_scan, struct err *err);

struct flow_scan_filter {
    int state;    /* index into flow_scan_words, -1 = any */
    bool deleted; /* the bin instead of the shelf */
};
/* Newest first; items are struct flow_scan. */
struct flow_scan_query {
    struct flow_scan_filter filter;
    struct flow_page page;
};
int flow_scan_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_scan_query *query,
                   struct arena *arena, struct flow_list *ret_list, struct err *err);

/* Into the bin (restorable for 30 days), out of it, and a fresh reading of a failed one (ERR_CONFLICT otherwise). The
 * scan as it then is comes back; the contacts of its cards stay as they are. */
int flow_scan_delete(const struct flow *flow, const struct flow_actor *actor, struct id scan, int64_t version,
                     struct err *err);
int flow_scan_restore(const struct flow *flow, const struct flow_actor *actor, struct id scan, struct arena *arena,
                      struct flow_scan *ret_scan, struct err *err);
int flow_scan_retry(const struct flow *flow, const struct flow_actor *actor, struct id scan, struct arena *arena,
                    struct flow_scan *ret_scan, struct err *err);

/* An image being read, in order. */
struct flow_image;
struct flow_image_info {
    struct str media_type; /* by content */
    int64_t bytes;         /* exactly what the reads will give */
};
struct flow_image_choice {
    struct id scan;
    int64_t card; /* 0: the original photo; from 1: that card's rectified picture */
    bool back;    /* of the other side */
    bool small;   /* of a row's size, where such a one was kept: of the front of a card */
};
int flow_image_open(const struct flow *flow, const struct flow_actor *actor, const struct flow_image_choice *choice,
                    struct flow_image **ret_image, struct err *err);
struct flow_image_info flow_image_info(const struct flow_image *image);
/* Up to n bytes into p; 0 at the end. Errors: ERR_SEAL, ERR_INTERNAL. */
int flow_image_read(struct flow_image *image, void *p, size_t n, size_t *ret_n, struct err *err);
void flow_image_free(struct flow_image *image);
static inline void flow_image_freep(struct flow_image **image)
{
    flow_image_free(*image);
}

#endif
