/* Certificates of erasure: ids and numbers, signed by the instance (Ed25519, RFC 8032), so that the organisation can
 * show years later what it erased without keeping who it was. */
#include "base/crypto.h"
#include "flow/subject/subject.h"
#include "store/keys/sign.h"

static void ids_add(struct strbuf *text, const char *name, const struct json_list *ids)
{
    const struct str *id = ids->items;
    strbuf_printf(text, "%s %zu", name, ids->n);
    for (size_t i = 0; i < ids->n; i++)
        strbuf_printf(text, " %.*s", STR_ARG(id[i]));
    strbuf_add_char(text, '\n');
}

/* One line a fact, so that people can read what was signed. */
static struct str text_of(const struct id *org, const struct flow_subject_certificate *certificate, struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    const struct flow_subject_remains *remains = certificate->remains.items;
    strbuf_printf(&text, "kartei erasure certificate 1\norganisation %s\nrequest %lld\nerased_at %.*s\n", org->s,
                  (long long)certificate->number, STR_ARG(certificate->erased_at));
    ids_add(&text, "contacts", &certificate->contacts);
    ids_add(&text, "scans", &certificate->scans);
    ids_add(&text, "records", &certificate->records);
    strbuf_printf(&text, "write_backs %lld\nfiles %lld\n", (long long)certificate->write_backs,
                  (long long)certificate->files);
    for (size_t i = 0; i < certificate->remains.n; i++)
        strbuf_printf(&text, "remains %.*s %lld\n", STR_ARG(remains[i].connection_id), (long long)remains[i].records);
    return strbuf_str(&text);
}

int flow_subject_certify(struct store *store, const struct id *org, struct flow_subject_certificate *certificate,
                         struct arena *arena, struct err *err)
{
    certificate->text = text_of(org, certificate, arena);
    if (store_sign(store, STORE_SIGN_ERASURE, certificate->text, arena, &certificate->signature, err) < 0 ||
        store_sign_key(store, STORE_SIGN_ERASURE, arena, &certificate->key, err) < 0)
        return -1;
    certificate->valid = true;
    return 0;
}

int flow_subject_certificate_check(struct store *store, struct flow_subject_certificate *certificate, struct err *err)
{
    const struct store_signed what = {certificate->text, certificate->signature};
    return store_sign_good(store, STORE_SIGN_ERASURE, &what, &certificate->valid, err);
}
