/* See link_text.h. */
#include "flow/sign_in/link_text.h"

#include "base/clock.h"
#include "store/sign_in/door.h"

enum { TOKEN = 32, END = 8, TEXT = TOKEN + END + CRYPTO_HASH };

static struct crypto_hash signature_of(const struct flow *flow, const char *purpose, const char *bytes)
{
    return store_door_mac(flow->store, purpose, (struct str){bytes, TOKEN + END});
}

struct str flow_link_text_make(const struct flow *flow, const char *purpose, int64_t end_ms, struct arena *arena,
                               struct str *ret_token)
{
    char bytes[TEXT];
    crypto_random(bytes, TOKEN);
    for (size_t i = 0; i < END; i++)
        bytes[TOKEN + i] = (char)(unsigned char)((uint64_t)end_ms >> (56 - 8 * i));
    struct crypto_hash signature = signature_of(flow, purpose, bytes);
    memcpy(bytes + TOKEN + END, signature.b, sizeof signature.b);
    *ret_token = crypto_base64url((struct str){bytes, TOKEN}, arena);
    return crypto_base64url((struct str){bytes, sizeof bytes}, arena);
}

int flow_link_text_read(const struct flow *flow, const char *purpose, struct str text, struct arena *arena,
                        struct str *ret_token, struct err *err)
{
    struct str bytes = STR_NONE;
    struct err none;
    if (text.n != (TEXT * 4 + 2) / 3 || crypto_base64url_decode(text, arena, &bytes, &none) < 0 || bytes.n != TEXT)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    struct crypto_hash signature = signature_of(flow, purpose, bytes.p);
    uint64_t end = 0;
    for (size_t i = 0; i < END; i++)
        end = end << 8 | (unsigned char)bytes.p[TOKEN + i];
    if (!crypto_equal(str_slice(bytes, TOKEN + END, TEXT), crypto_hash_str(&signature)) ||
        (int64_t)end <= clock_now_ms())
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    *ret_token = crypto_base64url(str_slice(bytes, 0, TOKEN), arena);
    return 0;
}
