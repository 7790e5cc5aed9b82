/* Any bytes as an IMAP server's answers: whatever it says, commands come to an end, nothing is written beyond the room
 * given, and how the bytes are cut into pieces does not matter. The first byte chooses the command, the second the size
 * of the pieces. */
#include "crm-connectors/mailbox/imap.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 256, MARK = 0x5a };

struct server {
    struct str said;
    size_t at, step;
};

static int swallow(void *self, const char *p, size_t n, struct err *err)
{
    (void)self, (void)p, (void)n, (void)err;
    return 0;
}

static int say(void *self, char *p, size_t n, int timeout_ms, size_t *ret_n, struct err *err)
{
    struct server *server = self;
    struct str piece = str_slice(server->said, server->at, server->at + (server->step < n ? server->step : n));
    (void)timeout_ms;
    if (piece.n == 0)
        return err_set(err, ERR_CRM_DOWN, "end");
    memcpy(p, piece.p, piece.n);
    server->at += piece.n;
    *ret_n = piece.n;
    return 0;
}

struct heard {
    struct strbuf log;
};

static int hear(void *self, const struct crm_imap_mail *mail, struct err *err)
{
    (void)err;
    assert(mail->uid > 0 && mail->fields.n <= CRM_IMAP_HEADER_MAX);
    strbuf_printf(&((struct heard *)self)->log, "%lu:%zu;", (unsigned long)mail->uid, mail->fields.n);
    return 0;
}

static void body(struct crm_imap *imap, struct heard *heard, struct err *err)
{
    char to[ROOM + 1];
    size_t n = 0;
    memset(to, MARK, sizeof to);
    int r = crm_imap_body(imap, 1, to, ROOM, &n, err);
    assert(n <= ROOM && to[ROOM] == MARK);
    strbuf_printf(&heard->log, "%d %zu", r, n);
}

static void search(struct crm_imap *imap, struct heard *heard, struct err *err)
{
    uint32_t uids[CRM_IMAP_UIDS];
    size_t n = 0;
    int r = crm_imap_search(imap, 5, 0, uids, &n, err);
    assert(n <= CRM_IMAP_UIDS);
    for (size_t i = 0; r == 0 && i < n; i++)
        assert(uids[i] > 5 && (i == 0 || uids[i] > uids[i - 1]));
    strbuf_printf(&heard->log, "%d %zu", r, n);
}

static struct str run(int command, struct str said, size_t step, struct arena *arena)
{
    struct server server = {.said = said, .step = step};
    struct crm_imap *imap = arena_one(arena, struct crm_imap);
    struct heard heard = {.log.arena = arena};
    struct crm_imap_folder folder = {0};
    struct err err = {.code = ERR_NONE};
    const uint32_t uids[] = {1, 2, 3};
    bool news = false;
    imap->wire = (struct crm_imap_wire){&server, swallow, say};
    switch (command % 5) {
    case 0:
        strbuf_printf(&heard.log, "%d", crm_imap_examine(imap, &folder, &err));
        break;
    case 1:
        search(imap, &heard, &err);
        break;
    case 2:
        strbuf_printf(&heard.log, "%d", crm_imap_headers(imap, uids, ARRAY_LEN(uids), hear, &heard, &err));
        break;
    case 3:
        body(imap, &heard, &err);
        break;
    default:
        strbuf_printf(&heard.log, "%d", crm_imap_idle(imap, 1000000, &news, &err));
    }
    strbuf_printf(&heard.log, " %u %d", folder.uid_validity, (int)err.code);
    return strbuf_str(&heard.log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 65536)
        return 0;
    struct str said = {(const char *)data + 2, size - 2};
    struct arena *arena = arena_new((size_t)64 * 1024 * 1024);
    struct str whole = run(data[0], said, said.n + 1, arena);
    struct str pieces = run(data[0], said, 1 + (size_t)data[1] % 64, arena);
    assert(str_eq(whole, pieces));
    arena_free(arena);
    return 0;
}
