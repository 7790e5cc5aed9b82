/* OpenAPI 3.1 made from routes.def, the shapes and errors.def: what the router does is what the document says. */
#include "api/api.h"
#include "api/docs/docs.h"
#include "api/shapes.h"

enum { SHAPES = 240 };

struct doc {
    struct strbuf buf;
    struct arena *arena;
    const struct json_shape *shapes[SHAPES];
    size_t n;
};

const struct api_example api_examples[] = {
#define X(shape, text) {&(shape), text},
#include "api/docs/examples.def"
#undef X
};
const size_t api_example_count = ARRAY_LEN(api_examples);

static void add(struct doc *doc, const char *text)
{
    strbuf_add_c(&doc->buf, text);
}

static void quote(struct doc *doc, const char *text)
{
    json_quote(&doc->buf, str_c(text));
}

/* The shape and all it refers to. */
static void collect(struct doc *doc, const struct json_shape *shape)
{
    for (size_t i = 0; i < doc->n; i++)
        if (doc->shapes[i] == shape)
            return;
    if (doc->n == SHAPES)
        abort();
    doc->shapes[doc->n++] = shape;
    for (size_t i = 0; i < shape->n; i++)
        if (shape->fields[i].shape)
            collect(doc, shape->fields[i].shape);
}

static void media(struct doc *doc, const char *type, const struct json_shape *shape, bool many)
{
    strbuf_printf(&doc->buf, "\"%s\":{\"schema\":", type);
    if (many)
        strbuf_printf(&doc->buf,
                      "{\"type\":\"object\",\"required\":[\"items\",\"links\"],\"properties\":{\"items\":{\"type\":"
                      "\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s\"}},\"links\":{\"$ref\":"
                      "\"#/components/schemas/Links\"}}}",
                      shape->name);
    else
        strbuf_printf(&doc->buf, "{\"$ref\":\"#/components/schemas/%s\"}", shape->name);
    for (size_t i = 0; i < api_example_count && !many; i++)
        if (api_examples[i].shape == shape && shape != &contact_shape)
            strbuf_printf(&doc->buf, ",\"example\":%s", api_examples[i].text);
    add(doc, "}");
}

/* {id} and friends. */
static void path_parameters(struct doc *doc, const struct api_route *route, const char **comma)
{
    struct str rest = str_c(route->path), segment;
    while (rest.n && str_split(&rest, '/', &segment)) {
        if (segment.n < 3 || segment.p[0] != '{')
            continue;
        bool id = str_eq(segment, STR("{id}"));
        strbuf_printf(&doc->buf, "%s{\"name\":\"%.*s\",\"in\":\"path\",\"required\":true,\"schema\":%s}", *comma,
                      (int)segment.n - 2, segment.p + 1,
                      id ? "{\"type\":\"string\",\"format\":\"uuid\"}" : "{\"type\":\"integer\",\"minimum\":1}");
        *comma = ",";
    }
}

static const char *query_schema(struct str name)
{
    if (str_eq(name, STR("deleted")) || str_eq(name, STR("create")))
        return "{\"type\":\"boolean\",\"default\":false}";
    if (str_eq(name, STR("q")) || str_eq(name, STR("state")))
        return "{\"type\":\"string\",\"maxLength\":200}";
    if (str_eq(name, STR("format")))
        return "{\"type\":\"string\",\"enum\":[\"csv\",\"vcard\"],\"default\":\"csv\"}";
    return "{\"type\":\"string\",\"format\":\"uuid\"}";
}

static void parameters(struct doc *doc, const struct api_route *route)
{
    static const struct {
        unsigned flag;
        const char *name;
    } shared[] = {{API_KEY, "IdempotencyKey"}, {API_MATCH, "IfMatch"},     {API_PAGED, "Limit"},
                  {API_PAGED, "Cursor"},       {API_UPLOAD, "PreferWait"}, {API_UPLOAD, "ContentDigest"}};
    const char *comma = "";
    struct str rest = str_c(route->query), name;
    add(doc, ",\"parameters\":[");
    path_parameters(doc, route, &comma);
    while (rest.n && str_split(&rest, ' ', &name)) {
        strbuf_printf(&doc->buf, "%s{\"name\":\"%.*s\",\"in\":\"query\",\"schema\":%s}", comma, STR_ARG(name),
                      query_schema(name));
        comma = ",";
    }
    for (size_t i = 0; i < ARRAY_LEN(shared); i++)
        if (route->flags & shared[i].flag) {
            strbuf_printf(&doc->buf, "%s{\"$ref\":\"#/components/parameters/%s\"}", comma, shared[i].name);
            comma = ",";
        }
    add(doc, "]");
}

static void request_body(struct doc *doc, const struct api_route *route)
{
    if (route->flags & API_UPLOAD) {
        add(doc,
            ",\"requestBody\":{\"required\":true,\"description\":\"One photo as it is, or a form with several, each "
            "perhaps followed by its card's back, which makes one scan with it; the type is judged by "
            "content.\",\"content\":{\"image/*\":{\"schema\":{\"type\":\"string\",\"format\":"
            "\"binary\"}},\"multipart/form-data\":{\"schema\":{\"type\":\"object\",\"required\":[\"image\"],"
            "\"properties\":{\"list\":{\"type\":\"string\",\"format\":\"uuid\"},\"image\":{\"type\":\"array\","
            "\"maxItems\":20,\"items\":{\"type\":\"string\",\"format\":\"binary\"}},"
            "\"back\":{\"type\":\"array\",\"maxItems\":20,\"items\":{\"type\":\"string\",\"format\":\"binary\"}}}}}}}");
        return;
    }
    if (!route->input)
        return;
    add(doc, ",\"requestBody\":{\"required\":true,\"content\":{");
    media(doc, "application/json", route->input, false);
    if (route->flags & API_PATCHES) {
        add(doc, ",");
        media(doc, "application/merge-patch+json", route->input, false);
    }
    add(doc, "}}");
}

static void success(struct doc *doc, const struct api_route *route)
{
    unsigned flags = route->flags;
    bool versioned = !(flags & API_MANY) && route->output &&
                     str_find(json_schema(route->output, doc->arena), STR("\"version\":{"), 0) >= 0;
    strbuf_printf(&doc->buf, ",\"responses\":{\"%s\":{\"description\":\"%s\"",
                  flags & API_EMPTY      ? "204"
                  : flags & API_CREATED  ? "201"
                  : flags & API_ACCEPTED ? "202"
                                         : "200",
                  flags & API_EMPTY      ? "Done."
                  : flags & API_ACCEPTED ? "Accepted; the answer says where to look."
                                         : "The resource as it is now.");
    if (versioned)
        add(doc, ",\"headers\":{\"ETag\":{\"$ref\":\"#/components/headers/ETag\"}}");
    if (route->output && !(flags & API_BYTES)) {
        add(doc, ",\"content\":{");
        media(doc, "application/json", route->output, (flags & API_MANY) != 0);
        if (strcmp(route->name, "contact_get") == 0)
            add(doc, ",\"text/vcard\":{\"schema\":{\"type\":\"string\"}}");
        add(doc, "}");
    } else if (route->output) {
        add(doc, ",\"content\":{\"text/event-stream\":{\"schema\":{\"type\":\"string\",\"description\":\"Events whose "
                 "data is the schema Event; `id` is the number to go on from, `event` the type.\"}},"
                 "\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Event\"}}}");
    } else if (strcmp(route->name, "export_file") == 0) {
        add(doc, ",\"content\":{\"text/csv\":{\"schema\":{\"type\":\"string\"}},"
                 "\"text/vcard\":{\"schema\":{\"type\":\"string\"}}}");
    } else if (flags & API_BYTES) {
        add(doc, ",\"content\":{\"image/*\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}}");
    }
    add(doc, "}");
    if (flags & API_UPLOAD) {
        add(doc, ",\"200\":{\"description\":\"The same bytes were here before, or the reading was waited for.\","
                 "\"content\":{");
        media(doc, "application/json", route->output, false);
        add(doc, "}}");
    }
}

static void problems(struct doc *doc, const struct api_route *route)
{
    unsigned flags = route->flags;
    bool open = flags & API_OPEN, body = route->input || (flags & API_UPLOAD), hole = strchr(route->path, '{') != NULL;
    bool conflict = strstr(route->path, "/conflict") != NULL;
    bool crm = strstr(route->path, "connections") || strstr(route->path, "review") || strstr(route->path, "previews") ||
               conflict;
    const struct {
        int status;
        bool listed;
    } all[] = {{400, true},
               {401, !open || body},
               {403, !open},
               {404, hole},
               {406, strcmp(route->name, "contact_get") == 0},
               {409, (flags & (API_KEY | API_MATCH)) != 0 || conflict},
               {412, (flags & API_MATCH) != 0},
               {413, body},
               {415, body},
               {422, body || route->query[0]},
               {428, (flags & API_MATCH) != 0},
               {429, open && body},
               {502, crm},
               {503, true},
               {507, (flags & API_UPLOAD) != 0}};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (all[i].listed)
            strbuf_printf(&doc->buf, ",\"%d\":{\"$ref\":\"#/components/responses/Problem%d\"}", all[i].status,
                          all[i].status);
    add(doc, "}");
}

/* A person's session, with the CSRF token where something changes; or an API token of the scope. */
static void security(struct doc *doc, const struct api_route *route)
{
    const char *scope = api_bearer_scope(route);
    add(doc, ",\"security\":[");
    if (!(route->flags & API_OPEN))
        add(doc, route->method == API_GET ? "{\"session\":[]}" : "{\"session\":[],\"csrf\":[]}");
    if (scope)
        strbuf_printf(&doc->buf, ",{\"token\":[]}],\"x-scope\":\"%s\"", scope);
    else
        add(doc, "]");
}

static void operation(struct doc *doc, const struct api_route *route)
{
    struct str tag = str_slice(str_c(route->path), 1, strlen(route->path)), first;
    (void)str_split(&tag, '/', &first);
    if (str_eq(first, STR("v1")))
        (void)str_split(&tag, '/', &first);
    strbuf_printf(&doc->buf, "\"%s\":{\"operationId\":\"%s\",\"tags\":[\"%.*s\"],\"summary\":",
                  str_lower(doc->arena, str_c(api_method_words[route->method])).p, route->name,
                  STR_ARG(str_eq(first, STR("healthz")) || str_eq(first, STR("readyz")) ? STR("service") : first));
    quote(doc, route->summary);
    strbuf_printf(&doc->buf, ",\"description\":\"%s.%s%s\"", route->summary,
                  route->flags & API_KEY ? " Safe to repeat with the same Idempotency-Key." : "",
                  route->flags & API_MATCH ? " Needs the version that was seen." : "");
    security(doc, route);
    parameters(doc, route);
    request_body(doc, route);
    success(doc, route);
    problems(doc, route);
    add(doc, "}");
}

static void paths(struct doc *doc)
{
    const char *comma = "";
    add(doc, ",\"paths\":{");
    for (size_t i = 0; i < api_route_count; i++) {
        const char *path = api_routes[i].path, *inner = "";
        bool first = !(api_routes[i].flags & API_PAGE);
        for (size_t k = 0; k < i; k++)
            first = first && strcmp(api_routes[k].path, path) != 0;
        if (!first)
            continue;
        strbuf_printf(&doc->buf, "%s\"%s\":{", comma, path);
        for (size_t k = i; k < api_route_count; k++) {
            if (strcmp(api_routes[k].path, path) != 0)
                continue;
            add(doc, inner);
            operation(doc, &api_routes[k]);
            inner = ",";
        }
        add(doc, "}");
        comma = ",";
    }
    add(doc, "}");
}

static void schemas(struct doc *doc)
{
    collect(doc, &api_problem_shape);
    for (size_t i = 0; i < api_route_count; i++) {
        if (api_routes[i].flags & API_PAGE)
            continue;
        if (api_routes[i].input)
            collect(doc, api_routes[i].input);
        if (api_routes[i].output)
            collect(doc, api_routes[i].output);
    }
    add(doc, "\"schemas\":{\"Links\":{\"type\":\"object\",\"required\":[\"first\",\"next\"],\"properties\":{\"first\":{"
             "\"type\":\"string\"},\"next\":{\"type\":[\"string\",\"null\"]}}}");
    for (size_t i = 0; i < doc->n; i++) {
        strbuf_printf(&doc->buf, ",\"%s\":", doc->shapes[i]->name);
        strbuf_add(&doc->buf, json_schema(doc->shapes[i], doc->arena));
    }
    add(doc, "}");
}

static void problem_responses(struct doc *doc)
{
    static const struct {
        int status;
        const char *words;
    } rows[] = {{400, "The request is malformed, or a header it needs is missing."},
                {401, "There is no valid sign-in."},
                {403, "The role does not allow it, or another site sent it."},
                {404, "There is nothing here, or it may not be seen."},
                {406, "None of the accepted formats is available."},
                {409, "The state does not allow it, or the first request is still running."},
                {412, "The version that was seen is no longer the current one; ETag says which is."},
                {413, "Too large."},
                {415, "This type of content is not taken here."},
                {422, "Something in the content is not valid; `errors` points to it."},
                {428, "If-Match is missing."},
                {429, "Too many requests; Retry-After says when to come back."},
                {502, "A CRM did not answer."},
                {503, "Not now; Retry-After says when to come back."},
                {507, "No room on the server."}};
    add(doc, ",\"responses\":{");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        strbuf_printf(&doc->buf,
                      "%s\"Problem%d\":{\"description\":\"%s\",\"content\":{\"application/problem+json\":{\"schema\":{"
                      "\"$ref\":\"#/components/schemas/Problem\"}}}}",
                      i ? "," : "", rows[i].status, rows[i].words);
    add(doc, "}");
}

static void tags(struct doc *doc)
{
    static const char *const rows[][2] = {
        {"session", "Signing in and out."},
        {"users", "The people of the organisation."},
        {"sessions", "Who is signed in where."},
        {"organisation", "Everybody at once."},
        {"second-factor", "One's own second factor."},
        {"sign-in-policy", "Of whom a second factor is asked."},
        {"warnings", "What an administrator should know of the settings."},
        {"overview", "How the instance and what is connected to it are, at a glance."},
        {"proof",
         "Pages that prove: whom the instance contacts, what is kept, what changed for safety, what it is made of."},
        {"identity-providers", "Who else may say who somebody is."},
        {"roles", "What each role may do."},
        {"colleagues", "Whom one may let into a list."},
        {"tokens", "What programs may do in one's name."},
        {"scopes", "What a token can be good for."},
        {"subject-requests", "What people ask about their own data: access and erasure (GDPR, articles 15 and 17)."},
        {"support-grants", "Whom of support an administrator has let in."},
        {"sign-up-domains", "Domains whose people may sign up by themselves."},
        {"invitations", "Codes that let somebody in who has no account."},
        {"lists", "Folders of contacts."},
        {"fairs", "Where cards are collected, and what a capture there brings along: list, tag, legal basis."},
        {"scans", "Photos of cards and what was read on them."},
        {"jobs", "What is worked on."},
        {"events", "What changes, as it changes."},
        {"contacts", "Persons as we know them."},
        {"candidates", "Records that may be the same person."},
        {"duplicate-searches", "Looking for records of the CRMs that may be one person."},
        {"duplicates", "What such a search found, and what people decide."},
        {"rules", "When two records are one person, and which value stays: by version."},
        {"lessons", "What past decisions teach the rules."},
        {"inbox", "What waits for a decision, by lane; putting off, assigning, who looks at it."},
        {"batches", "Obvious matches that are written together, after a sample of them was judged."},
        {"previews", "Plans for a write-back."},
        {"write-backs", "Changes sent to a CRM."},
        {"connectors", "Kinds of CRM."},
        {"connections", "Connected CRMs."},
        {"mailbox-kinds", "Ways to connect a mailbox."},
        {"mailboxes", "People's own mailboxes, whose incoming mail suggests contacts."},
        {"exports", "Files for CRMs that no program writes to."},
        {"audit", "What was done and read, by whom, from where."},
        {"alerts", "Suspicious patterns of the audit trail."},
        {"errors", "Problem types."},
        {"service", "Health of the service."},
    };
    add(doc, ",\"tags\":[");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        strbuf_printf(&doc->buf, "%s{\"name\":\"%s\",\"description\":\"%s\"}", i ? "," : "", rows[i][0], rows[i][1]);
    add(doc, "]");
}

struct str api_openapi(const char *version, struct arena *arena)
{
    struct doc doc = {.buf.arena = arena, .arena = arena};
    strbuf_printf(
        &doc.buf,
        "{\"openapi\":\"3.1.0\",\"jsonSchemaDialect\":\"https://json-schema.org/draft/2020-12/schema\",\"info\":"
        "{\"title\":\"Kartei\",\"version\":\"%s\",\"description\":\"Business cards and e-mail signatures become "
        "clean CRM records. Every error is a problem document (RFC 9457); lists are walked by cursor; changes "
        "need the version that was seen; whatever creates can be repeated under an Idempotency-Key.\","
        "\"license\":{\"name\":\"AGPL-3.0-or-later\",\"identifier\":\"AGPL-3.0-or-later\"},\"contact\":{"
        "\"name\":\"The administrator of this installation\"}},\"servers\":[{\"url\":\"/\",\"description\":"
        "\"This installation.\"}]",
        version);
    tags(&doc);
    paths(&doc);
    add(&doc, ",\"components\":{");
    schemas(&doc);
    problem_responses(&doc);
    add(&doc,
        ",\"headers\":{\"ETag\":{\"description\":\"The version, for If-Match and If-None-Match.\",\"schema\":{\"type\":"
        "\"string\"},\"example\":\"\\\"v3\\\"\"}},\"parameters\":{\"IdempotencyKey\":{\"name\":\"Idempotency-Key\","
        "\"in\":"
        "\"header\",\"required\":true,\"description\":\"A fresh value per intention; the same again gives the first "
        "answer again.\",\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":257}},\"IfMatch\":{\"name\":"
        "\"If-Match\",\"in\":\"header\",\"required\":true,\"description\":\"The ETag that was "
        "seen.\",\"schema\":{\"type\":"
        "\"string\",\"pattern\":\"^\\\"v[0-9]+\\\"$\"}},\"Limit\":{\"name\":\"limit\",\"in\":\"query\",\"schema\":{"
        "\"type\":"
        "\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50}},\"Cursor\":{\"name\":\"cursor\",\"in\":\"query\","
        "\"description\":\"From links.next; valid for a day, for the same query.\",\"schema\":{\"type\":\"string\"}},"
        "\"PreferWait\":{\"name\":\"Prefer\",\"in\":\"header\",\"description\":\"wait=N: answer when the photo is "
        "read, "
        "or after N "
        "seconds.\",\"schema\":{\"type\":\"string\"},\"example\":\"wait=5\"},\"ContentDigest\":{\"name\":"
        "\"Content-Digest\",\"in\":\"header\",\"description\":\"RFC 9530, sha-256: the body is taken only if it is "
        "these bytes.\",\"schema\":{\"type\":\"string\"},\"example\":"
        "\"sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:\"}},\"securitySchemes\":{\"session\":"
        "{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-kartei\",\"description\":\"Set by POST "
        "/v1/session.\"},"
        "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-CSRF-Token\",\"description\":\"From GET "
        "/v1/session.\"},\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"kartei_pat_\","
        "\"description\":\"From POST /v1/tokens, good for its scopes.\"}}}}");
    return strbuf_str(&doc.buf);
}
