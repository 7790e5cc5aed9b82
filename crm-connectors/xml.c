/* WebDAV answers through expat; see xml.h. No other file knows expat. */
#include "crm-connectors/xml.h"

#include <expat.h>

enum { DEPTH = 32, RESPONSES = 100000, TEXT_MAX = 1024 * 1024 };

#define DAV  "DAV: "
#define CARD "urn:ietf:params:xml:ns:carddav "

struct reader {
    XML_Parser parser;
    struct arena *arena;
    struct crm_dav_answer answer;
    struct crm_dav_response response, pending; /* pending: of a propstat whose status is not known yet */
    struct crm_dav_response *responses;
    size_t size;
    struct strbuf text;
    int depth, propstat_status;
    bool in_response, in_propstat, in_error, broken;
    bool cut; /* the text under way passed TEXT_MAX and is dropped */
};

static void stop(struct reader *r)
{
    r->broken = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static bool is(const char *name, const char *wanted)
{
    return strcmp(name, wanted) == 0;
}

static const char *local_name(const char *name)
{
    const char *blank = strrchr(name, ' ');
    return blank ? blank + 1 : name;
}

static void XMLCALL on_start(void *self, const char *name, const char **attributes _unused_)
{
    struct reader *r = self;
    if (++r->depth > DEPTH) {
        stop(r);
        return;
    }
    r->text.n = 0;
    r->cut = false;
    if (r->in_error && !r->answer.condition.p)
        r->answer.condition = str_dup(r->arena, str_c(local_name(name)));
    if (is(name, DAV "response")) {
        r->in_response = true;
        r->response = (struct crm_dav_response){0};
    } else if (is(name, DAV "propstat")) {
        r->in_propstat = true;
        r->propstat_status = 0;
        r->pending = (struct crm_dav_response){0};
    } else if (is(name, DAV "error")) {
        r->in_error = true;
    } else if (is(name, CARD "addressbook")) {
        r->pending.address_book = true;
    }
}

/* "HTTP/1.1 404 Not Found" */
static int read_status(struct str text)
{
    int64_t status = 0;
    struct str rest = str_trim(text), version, code;
    bool split = str_split(&rest, ' ', &version) && str_split(&rest, ' ', &code);
    return split && str_to_int(code, 100, 599, &status) ? (int)status : 0;
}

static void end_propstat(struct reader *r)
{
    r->in_propstat = false;
    if (r->propstat_status / 100 != 2)
        return;
    if (r->pending.etag.p)
        r->response.etag = r->pending.etag;
    if (r->pending.data.p)
        r->response.data = r->pending.data;
    r->response.address_book = r->response.address_book || r->pending.address_book;
}

static void end_response(struct reader *r)
{
    r->in_response = false;
    if (!r->response.href.p)
        return;
    if (r->answer.responses.n == RESPONSES) {
        stop(r);
        return;
    }
    if (r->answer.responses.n == r->size) {
        size_t size = r->size ? r->size * 2 : 64;
        struct crm_dav_response *larger = arena_array(r->arena, size, sizeof *larger);
        if (r->size)
            memcpy(larger, r->responses, r->size * sizeof *larger);
        r->responses = larger;
        r->size = size;
    }
    r->responses[r->answer.responses.n++] = r->response;
}

static void XMLCALL on_end(void *self, const char *name)
{
    struct reader *r = self;
    struct str text = str_trim(strbuf_str(&r->text));
    r->depth--;
    if (is(name, DAV "href") && r->in_response && !r->in_propstat && !r->response.href.p)
        r->response.href = str_dup(r->arena, text);
    else if (is(name, DAV "status") && r->in_propstat)
        r->propstat_status = read_status(text);
    else if (is(name, DAV "status") && r->in_response)
        r->response.status = read_status(text);
    else if (is(name, DAV "getetag") && r->in_propstat)
        r->pending.etag = str_dup(r->arena, text);
    else if (is(name, CARD "address-data") && r->in_propstat && !r->cut)
        r->pending.data = str_dup(r->arena, strbuf_str(&r->text));
    else if (is(name, DAV "sync-token") && !r->in_response)
        r->answer.sync_token = str_dup(r->arena, text);
    else if (is(name, DAV "propstat"))
        end_propstat(r);
    else if (is(name, DAV "response"))
        end_response(r);
    else if (is(name, DAV "error"))
        r->in_error = false;
    r->text.n = 0;
}

static void XMLCALL on_text(void *self, const char *text, int n)
{
    struct reader *r = self;
    if (r->text.n + (size_t)n > TEXT_MAX)
        r->cut = true;
    else
        strbuf_add(&r->text, (struct str){text, (size_t)n});
}

static void XMLCALL on_doctype(void *self, const char *name _unused_, const char *system _unused_,
                               const char *public _unused_, int internal _unused_)
{
    stop(self);
}

int crm_dav_read(struct str xml, struct arena *arena, struct crm_dav_answer *ret_answer, struct err *err)
{
    struct reader r = {.arena = arena, .text = {.arena = arena}};
    r.parser = XML_ParserCreateNS("UTF-8", ' ');
    if (!r.parser)
        abort();
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    bool fits = xml.n <= INT32_MAX;
    bool good = fits && XML_Parse(r.parser, xml.p ? xml.p : "", (int)xml.n, 1) == XML_STATUS_OK && !r.broken;
    enum XML_Error code = XML_GetErrorCode(r.parser);
    XML_ParserFree(r.parser);
    if (!good) {
        err_set(err, ERR_INVALID, "the answer is not the XML of an address book");
        return err_detail(err, "expat: %s", XML_ErrorString(code));
    }
    r.answer.responses.items = r.responses;
    *ret_answer = r.answer;
    return 0;
}

void crm_xml_text(struct strbuf *buf, struct str text)
{
    static const struct {
        char c;
        const char *escape;
    } escapes[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (size_t i = 0; i < text.n; i++) {
        const char *escape = NULL;
        for (size_t k = 0; k < ARRAY_LEN(escapes); k++)
            if (escapes[k].c == text.p[i])
                escape = escapes[k].escape;
        if (escape)
            strbuf_add_c(buf, escape);
        else if ((unsigned char)text.p[i] >= ' ' || text.p[i] == '\n' || text.p[i] == '\t')
            strbuf_add_char(buf, text.p[i]);
    }
}
