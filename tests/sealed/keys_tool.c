/* keys_tool APP KEY BLOBS ORG: the unwrapped keys of an organisation in hex, one a line, so that a test can look for
 * them in the memory of programs. The index key comes first, then the data keys, oldest first. */
#include "store/core/tx.h"
#include "store/keys/rotate.h"

static void print(const char *what, const struct crypto_key *key)
{
    (void)printf("%s ", what);
    for (size_t i = 0; i < sizeof key->b; i++)
        (void)printf("%02x", (unsigned)key->b[i]);
    (void)printf("\n");
}

static int keys_print(struct store *store, const struct id *org, struct arena *arena, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_org_keys keys;
    struct json_list versions;
    if (store_begin(store, org, &tx, err) < 0 || store_key_versions(tx, arena, &versions, err) < 0 ||
        store_keys_get(tx, 0, &keys, err) < 0)
        return -1;
    print("index", &keys.index);
    for (size_t i = 0; i < versions.n; i++) {
        if (store_keys_get(tx, ((const struct store_key_version *)versions.items)[i].version, &keys, err) < 0)
            return -1;
        print("data", &keys.data);
    }
    return 0;
}

int main(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(1 << 20);
    _cleanup_(store_closep) struct store *store = NULL;
    struct err err = {.code = ERR_NONE};
    struct id org;
    if (argc != 5 || !id_parse(str_c(argv[4]), &org))
        return 2;
    struct store_settings settings = {
        .conninfo = argv[1], .master_key = argv[2], .blob_dir = argv[3], .connections = 1};
    if (store_open(&settings, &store, &err) == 0 && keys_print(store, &org, arena, &err) == 0)
        return 0;
    (void)fprintf(stderr, "%s\n", err.detail);
    return 1;
}
