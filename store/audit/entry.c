/* See entry.h: canonical text, hash, and what is sealed in an entry. */
#include "store/audit/entry.h"

#include "store/core/tx.h"

/* The canonical text's members, in order; absent ones are null. */
struct text {
    int64_t seq, at;
    struct str org, user, session, token, grant, address, address_hash, action, kind, subject, records, request, note,
        why;
};

#define ROW(member, what)                                                                                              \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct text, member)                                  \
    }
static const struct json_field text_rows[] = {
    ROW(seq, INT),          ROW(at, INT),      ROW(org, STR),   ROW(user, STR),
    ROW(session, STR),      ROW(token, STR),   ROW(grant, STR), ROW(address, STR),
    ROW(address_hash, STR), ROW(action, STR),  ROW(kind, STR),  ROW(subject, STR),
    ROW(records, STR),      ROW(request, STR), ROW(note, STR),  ROW(why, STR),
};
static const struct json_shape text_shape = {"AuditText", sizeof(struct text), text_rows, ARRAY_LEN(text_rows), false};

static struct str id_or_none(const struct id *id)
{
    return id_none(id) ? STR_NONE : id_str(id);
}

static struct str bytes_text(struct str bytes, struct arena *arena)
{
    return bytes.p ? crypto_base64url(bytes, arena) : STR_NONE;
}

struct str store_audit_text(const struct id *org, const struct store_audit_row *row, struct arena *arena)
{
    struct text text = {
        .seq = row->seq,
        .at = row->at,
        .org = id_str(org),
        .user = id_or_none(&row->user),
        .session = id_or_none(&row->session),
        .token = id_or_none(&row->token),
        .grant = id_or_none(&row->grant),
        .address = bytes_text(row->address, arena),
        .address_hash = bytes_text(row->address_hash, arena),
        .action = row->action,
        .kind = row->kind,
        .subject = id_or_none(&row->subject),
        .records = row->records,
        .request = row->request,
        .note = row->note,
        .why = bytes_text(row->why, arena),
    };
    return json_write(&text_shape, &text, arena);
}

struct crypto_hash store_audit_hash(const struct crypto_hash *before, struct str text)
{
    struct crypto_digest *digest = crypto_digest_new();
    crypto_digest_add(digest, before->b, sizeof before->b);
    crypto_digest_add(digest, text.p, text.n);
    return crypto_digest_end(&digest);
}

struct store_audit_row store_audit_row(const struct store_rows *rows, int i)
{
    struct str hash = store_row_view(rows, i, 15);
    struct store_audit_row row = {
        .seq = store_row_int(rows, i, 0),
        .at = store_row_int(rows, i, 1),
        .user = store_row_id(rows, i, 2),
        .session = store_row_id(rows, i, 3),
        .token = store_row_id(rows, i, 4),
        .grant = store_row_id(rows, i, 5),
        .address = store_row_view(rows, i, 6),
        .address_hash = store_row_view(rows, i, 7),
        .action = store_row_view(rows, i, 8),
        .kind = store_row_view(rows, i, 9),
        .subject = store_row_id(rows, i, 10),
        .records = store_row_view(rows, i, 11),
        .request = store_row_view(rows, i, 12),
        .note = store_row_view(rows, i, 13),
        .why = store_row_view(rows, i, 14),
    };
    memcpy(row.hash.b, hash.p ? hash.p : "", hash.n < sizeof row.hash.b ? hash.n : sizeof row.hash.b);
    return row;
}

/* The key of what is sealed in entries, and what is bound into the seal. */
static int seal_key(struct store_tx *tx, struct crypto_key *ret_key, struct err *err)
{
    struct store_org_keys keys;
    if (store_keys_get(tx, 0, &keys, err) < 0)
        return -1;
    *ret_key = crypto_derive(&keys.index, STR("audit seal"));
    crypto_wipe(&keys, sizeof keys);
    return 0;
}

static struct str seal_context(const struct store_tx *tx, struct store_audit_place place, struct arena *arena)
{
    return str_printf(arena, "audit.%s|%lld|%s|index", place.column, (long long)place.seq, tx->org.s);
}

int store_audit_seal(struct store_tx *tx, struct store_audit_place place, struct str plain, struct arena *arena,
                     struct str *ret_sealed, struct err *err)
{
    struct crypto_key key;
    *ret_sealed = STR_NONE;
    if (!plain.p)
        return 0;
    if (seal_key(tx, &key, err) < 0)
        return -1;
    *ret_sealed = crypto_seal(&key, seal_context(tx, place, arena), plain, arena);
    crypto_wipe(&key, sizeof key);
    return 0;
}

int store_audit_unseal(struct store_tx *tx, struct store_audit_place place, struct str sealed, struct arena *arena,
                       struct str *ret_plain, struct err *err)
{
    struct crypto_key key;
    *ret_plain = STR_NONE;
    if (!sealed.p)
        return 0;
    if (seal_key(tx, &key, err) < 0)
        return -1;
    int r = crypto_open(&key, seal_context(tx, place, arena), sealed, arena, ret_plain, err);
    crypto_wipe(&key, sizeof key);
    return r;
}

int store_audit_address_hash(struct store_tx *tx, struct str address, struct arena *arena, struct str *ret_hash,
                             struct err *err)
{
    struct crypto_hash hash;
    *ret_hash = STR_NONE;
    if (!address.p)
        return 0;
    if (store_index_hash(tx, "audit address", address, &hash, err) < 0)
        return -1;
    *ret_hash = str_dup(arena, crypto_hash_str(&hash));
    return 0;
}
