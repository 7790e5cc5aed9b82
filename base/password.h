/* Password hashes by Argon2id (RFC 9106), 64 MiB and 3 passes: above the OWASP floor of 46 MiB. Knows libsodium alone.
 */
#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include "base/err.h"

/* Self-describing hash text "$argon2id$v=19$…" (at most 128 bytes) in the arena. Takes about 0.15 s and 64 MiB. */
int password_hash(struct str password, struct arena *arena, struct str *ret_hash, struct err *err);
/* True when the password belongs to the hash. With an absent hash it spends the same time and answers false, so that an
 * unknown user costs as much as a known one. */
bool password_verify(struct str hash, struct str password);

#endif
