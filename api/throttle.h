/* Slows down guessing at single sign-on: failed returns by provider and by address (the other methods:
 * flow/sign_in/throttle.h). In memory, per process: the front door limits addresses over all processes, and Argon2id
 * makes each guess dear. */
#ifndef API_THROTTLE_H
#define API_THROTTLE_H

#include "base/err.h"

enum {
    API_THROTTLE_ACCOUNT = 10, /* failures of one account from one address … */
    API_THROTTLE_ADDRESS = 50, /* … and of one address over all accounts … */
    API_THROTTLE_WINDOW_MS = 15 * 60 * 1000,
};

struct api_throttle;

struct api_throttle *api_throttle_new(void);
void api_throttle_free(struct api_throttle *throttle);
/* ERR_RATE when account or address has failed too often; now_ms is monotonic. */
int api_throttle_check(struct api_throttle *throttle, struct str account, struct str address, int64_t now_ms,
                       struct err *err);
void api_throttle_failed(struct api_throttle *throttle, struct str account, struct str address, int64_t now_ms);

#endif
