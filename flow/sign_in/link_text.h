/* The text of a link that goes by mail: a 256-bit token that the database knows as a hash, its end, and an HMAC-SHA-256
 * over both, so that what was tampered with, or made for another purpose, never gets there. */
#ifndef FLOW_SIGN_IN_LINK_TEXT_H
#define FLOW_SIGN_IN_LINK_TEXT_H

#include "flow/flow.h"

/* A fresh link for a purpose ("login link") that ends at `end_ms`: its text, and the token whose hash is to be kept. */
struct str flow_link_text_make(const struct flow *flow, const char *purpose, int64_t end_ms, struct arena *arena,
                               struct str *ret_token);
/* The token of a link that is ours, of that purpose, and not over. ERR_BAD_LOGIN. */
int flow_link_text_read(const struct flow *flow, const char *purpose, struct str text, struct arena *arena,
                        struct str *ret_token, struct err *err);

#endif
