/* Codes of authenticator apps: TOTP (RFC 6238) with HMAC-SHA-1, six digits, steps of 30 seconds: what all apps know. */
#ifndef FLOW_SIGN_IN_TOTP_H
#define FLOW_SIGN_IN_TOTP_H

#include "base/str.h"

enum { FLOW_TOTP_SECONDS = 30, FLOW_TOTP_DIGITS = 6, FLOW_TOTP_SEED = 20 /* bytes */, FLOW_CODE_SIGNS = 16 };

/* Number of the step that a moment lies in. */
int64_t flow_totp_step(int64_t now_ms);
/* The code of a step as six digits in the arena. */
struct str flow_totp_code(struct str seed, int64_t step, struct arena *arena);
/* Base32 without padding (RFC 4648 section 6): seeds for typing, recovery codes, codes of invitations. */
struct str flow_base32(struct str bytes, struct arena *arena);
/* A fresh code of 80 random bits: 16 signs of base32, kept as a hash; and as people read it, "ABCD-EFGH-IJKL-MNOP". */
struct str flow_code_new(struct arena *arena);
struct str flow_code_shown(struct str code, struct arena *arena);
/* What a person typed as a code: without blanks and hyphens, letters in upper case. */
struct str flow_code_bare(struct str typed, struct arena *arena);
/* "otpauth://totp/…" for the app to scan; texts are percent-encoded. */
struct str flow_totp_uri(struct str seed, struct str issuer, struct str account, struct arena *arena);

#endif
