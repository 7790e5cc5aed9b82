/* Photos on their way in: one raw image or a form with several, streamed into flow/submit as they arrive. */
#ifndef API_UPLOAD_H
#define API_UPLOAD_H

#include "api/state.h"
#include "flow/scans.h"

enum {
    API_UPLOAD_FILES = 20,
    API_UPLOAD_TOTAL = 200 * 1024 * 1024, /* bytes of one form */
    API_UPLOADS = 64,                     /* at one time; more are told to come back */
};

/* Crew: judges Content-Type and length, begins. ERR_MEDIA_TYPE, ERR_TOO_LARGE, ERR_BUSY, ERR_MALFORMED and those of
 * flow_submit_begin(). */
int api_upload_begin(const struct api *api, struct api_request *request, struct err *err);
/* I/O thread: takes bytes; less than all when the crew has to step in. Errors as flow_submit_write(). */
int api_upload_take(struct api_request *request, struct str bytes, size_t *ret_taken, struct err *err);
/* Crew: opens the next file of a form. */
int api_upload_step(const struct api *api, struct api_request *request, struct err *err);
/* Crew: everything is there. ERR_MALFORMED when the form has no end, ERR_INVALID when it has no image. */
int api_upload_whole(struct api_request *request, struct err *err);
/* Hash of the photos' bytes and the list they go to, for Idempotency-Key. */
struct str api_upload_fingerprint(const struct api_request *request);
/* Makes the photos scans; *ret_scans lies in the request's arena, *ret_earlier: all were known. */
int api_upload_commit(struct api_request *request, struct flow_scan **ret_scans, size_t *ret_n, bool *ret_earlier,
                      struct err *err);
/* Drops what was not committed. */
void api_upload_end(struct api_request *request);

#endif
