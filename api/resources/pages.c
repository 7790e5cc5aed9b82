/* See pages.h. All files share one hash in their address: so modules find each other by relative paths, and a change of
 * any file changes every address; browsers may keep them for ever. They travel compressed (RFC 9110 section 8.4) as
 * web/build.py left them: the same for everybody, so that no length tells a secret (BREACH); answers of the API do not.
 */
#include "api/resources/pages.h"

#include "api/problem.h"
#include "api/resources/html.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Content codings and the ends of the files that are in them, the better ones first. */
static const char *const codings[] = {"br", "gzip"};
static const char *const coded_ends[] = {"br", "gz"};

struct asset {
    struct str name, content;
    struct str coded[ARRAY_LEN(codings)]; /* absent where the build made none */
    const char *type;
};

struct api_assets {
    struct asset files[API_ASSETS];
    size_t n;
    struct str hash;
};

static const char *const types[][2] = {
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".html", "text/html; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *type_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_ends(name, str_c(types[i][0])))
            return types[i][1];
    return NULL;
}

static int read_file(const char *path, struct arena *arena, struct str *ret_content, struct err *err)
{
    _cleanup_(cleanup_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) < 0 || info.st_size > API_ASSET_BYTES) {
        (void)err_set(err, ERR_INTERNAL, "%s", "pages");
        return err_detail(err, "%s: %s", path, strerror(errno));
    }
    size_t size = (size_t)info.st_size, n = 0;
    char *p = arena_alloc(arena, size + 1);
    while (n < size) {
        ssize_t got = read(fd, p + n, size - n);
        if (got <= 0)
            return err_set(err, ERR_INTERNAL, "%s", "pages");
        n += (size_t)got;
    }
    *ret_content = (struct str){p, n};
    return 0;
}

/* The file and what there is of its coded forms. */
static int read_asset(const char *path, struct arena *arena, struct asset *asset, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(codings); i++) {
        const char *coded = str_z(arena, str_printf(arena, "%s.%s", path, coded_ends[i]));
        if (access(coded, R_OK) == 0 && read_file(coded, arena, &asset->coded[i], err) < 0)
            return -1;
    }
    return read_file(path, arena, &asset->content, err);
}

static int load_folder(struct api_assets *assets, struct str root, struct str inside, struct arena *arena,
                       struct err *err);

static int load_entry(struct api_assets *assets, struct str root, struct str name, struct arena *arena, struct err *err)
{
    struct stat info;
    const char *path = str_z(arena, str_printf(arena, "%.*s/%.*s", STR_ARG(root), STR_ARG(name)));
    if (stat(path, &info) < 0)
        return 0;
    if (S_ISDIR(info.st_mode))
        return load_folder(assets, root, name, arena, err);
    const char *type = type_of(name);
    if (!S_ISREG(info.st_mode) || !type)
        return 0;
    if (assets->n == API_ASSETS)
        return err_set(err, ERR_INTERNAL, "more than %d files of pages", API_ASSETS);
    struct asset *asset = &assets->files[assets->n];
    asset->name = name;
    asset->type = type;
    if (read_asset(path, arena, asset, err) < 0)
        return -1;
    assets->n++;
    return 0;
}

static void close_folder(DIR **folder)
{
    if (*folder)
        (void)closedir(*folder);
}

static int load_folder(struct api_assets *assets, struct str root, struct str inside, struct arena *arena,
                       struct err *err)
{
    const char *path = str_z(arena, str_printf(arena, "%.*s/%.*s", STR_ARG(root), STR_ARG(inside)));
    _cleanup_(close_folder) DIR *folder = opendir(path);
    if (!folder) {
        (void)err_set(err, ERR_INTERNAL, "%s", "pages");
        return err_detail(err, "%s: %s", path, strerror(errno));
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "node_modules") == 0 ||
            strncmp(entry->d_name, "package", 7) == 0)
            continue;
        struct str name = inside.n ? str_printf(arena, "%.*s/%s", STR_ARG(inside), entry->d_name)
                                   : str_dup(arena, str_c(entry->d_name));
        if (load_entry(assets, root, name, arena, err) < 0)
            return -1;
    }
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct asset *)a)->name, ((const struct asset *)b)->name);
}

/* One hash over all names and contents, in the order of the names. */
static struct str hash_of(const struct api_assets *assets, struct arena *arena)
{
    struct crypto_digest *digest = crypto_digest_new();
    for (size_t i = 0; i < assets->n; i++) {
        const struct asset *asset = &assets->files[i];
        struct str head = str_printf(arena, "%.*s %zu\n", STR_ARG(asset->name), asset->content.n);
        crypto_digest_add(digest, head.p, head.n);
        crypto_digest_add(digest, asset->content.p, asset->content.n);
    }
    struct crypto_hash hash = crypto_digest_end(&digest);
    return crypto_hex((struct str){(const char *)hash.b, 10}, arena);
}

int api_assets_load(struct api *api, struct err *err)
{
    api->assets = arena_one(api->arena, struct api_assets);
    if (load_folder(api->assets, str_c(api->settings.web_dir), STR(""), api->arena, err) < 0)
        return -1;
    qsort(api->assets->files, api->assets->n, sizeof api->assets->files[0], by_name);
    api->assets->hash = hash_of(api->assets, api->arena);
    return 0;
}

static const struct asset *asset_find(const struct api *api, struct str name)
{
    struct asset key = {.name = name};
    return bsearch(&key, api->assets->files, api->assets->n, sizeof key, by_name);
}

struct str api_asset_address(const struct api *api, const char *name, struct arena *arena)
{
    return asset_find(api, str_c(name)) ? str_printf(arena, "/assets/%.*s/%s", STR_ARG(api->assets->hash), name)
                                        : STR_NONE;
}

/* In the best coding that the request names; without a name, as it is. */
static void give_asset(struct api_request *request, const struct asset *asset)
{
    struct str accept = api_request_field(request, "accept-encoding");
    const char *offered[ARRAY_LEN(codings)];
    size_t at[ARRAY_LEN(codings)], n = 0;
    for (size_t i = 0; i < ARRAY_LEN(codings); i++) {
        if (asset->coded[i].n) {
            offered[n] = codings[i];
            at[n++] = i;
        }
    }
    int best = accept.n ? api_accept(accept, offered, n) : -1;
    api_answer_set(&request->answer, 200, asset->type, best < 0 ? asset->content : asset->coded[at[best]]);
    if (best >= 0)
        api_answer_field(&request->answer, "Content-Encoding", str_c(offered[best]));
    if (n)
        api_answer_field(&request->answer, "Vary", STR("Accept-Encoding"));
}

/* An address of an older build gets what there is now: a page from before a restart must not break half-way. */
int api_asset(struct api *api, struct api_request *request, struct err *err)
{
    const struct asset *asset = asset_find(api, request->ids[1]);
    bool current = str_eq(request->ids[0], api->assets->hash);
    if (!asset)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    give_asset(request, asset);
    api_answer_field(&request->answer, "Cache-Control",
                     current ? STR("public, max-age=31536000, immutable") : STR("no-store"));
    return 0;
}

static int give_root_file(struct api *api, struct api_request *request, const char *name, struct err *err)
{
    const struct asset *asset = asset_find(api, str_c(name));
    if (!asset)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    struct strbuf buf = {.arena = request->arena};
    struct str text = asset->content, mark = STR("{{assets}}");
    ptrdiff_t at;
    for (size_t from = 0;; from = (size_t)at + mark.n) {
        at = str_find(text, mark, from);
        strbuf_add(&buf, str_slice(text, from, at < 0 ? text.n : (size_t)at));
        if (at < 0)
            break;
        strbuf_printf(&buf, "/assets/%.*s", STR_ARG(api->assets->hash));
    }
    api_answer_set(&request->answer, 200, asset->type, strbuf_str(&buf));
    api_answer_field(&request->answer, "Cache-Control", STR("no-cache"));
    return 0;
}

int api_service_worker(struct api *api, struct api_request *request, struct err *err)
{
    if (give_root_file(api, request, "sw.js", err) < 0)
        return -1;
    api_answer_field(&request->answer, "Content-Security-Policy",
                     STR("default-src 'none'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"));
    return 0;
}

int api_manifest(struct api *api, struct api_request *request, struct err *err)
{
    return give_root_file(api, request, "manifest.webmanifest", err);
}

static void replace(struct arena *arena, struct str *text, const char *mark, struct str by)
{
    struct strbuf buf = {.arena = arena};
    size_t from = 0;
    for (ptrdiff_t at; (at = str_find(*text, str_c(mark), from)) >= 0; from = (size_t)at + strlen(mark)) {
        strbuf_add(&buf, str_slice(*text, from, (size_t)at));
        api_html_text(&buf, by);
    }
    strbuf_add(&buf, str_slice(*text, from, text->n));
    *text = strbuf_str(&buf);
}

/* Every screen of the application is this one page; without a sign-in it leads to the page for that. */
int api_app_page(struct api *api, struct api_request *request, struct err *err)
{
    if (id_none(&request->who.actor.user))
        return err_set(err, ERR_UNAUTHENTICATED, "%s", "");
    if (give_root_file(api, request, "index.html", err) < 0)
        return -1;
    struct api_answer *answer = &request->answer;
    struct str theme = request->who.session.user.theme;
    replace(request->arena, &answer->body, "{{language}}", str_c(request->language));
    replace(request->arena, &answer->body, "{{theme}}", theme.n ? theme : STR("system"));
    replace(request->arena, &answer->body, "{{version}}", str_c(api->settings.version));
    api_answer_field(answer, "Content-Security-Policy",
                     STR("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
                         "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; "
                         "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
                         "require-trusted-types-for 'script'; trusted-types kartei"));
    api_answer_field(answer, "Content-Language", str_c(request->language));
    api_answer_field(answer, "Vary", STR("Cookie, Accept-Language"));
    return 0;
}

bool api_page_wanted(const struct api_request *request)
{
    static const char *const kinds[] = {"application/problem+json", "text/html"};
    struct str accept = api_request_field(request, "accept");
    return accept.p && !str_starts(request->path, STR("/v1/")) && api_accept(accept, kinds, ARRAY_LEN(kinds)) == 1;
}

int api_page_or_json(const struct api_request *request, bool *ret_json, struct err *err)
{
    static const char *const forms[] = {"text/html", "application/json"};
    int type = api_accept(api_request_field(request, "accept"), forms, ARRAY_LEN(forms));
    *ret_json = type == 1;
    return type < 0 ? err_set(err, ERR_NOT_ACCEPTABLE, "%s", "text/html, application/json") : 0;
}

static void give(const struct api *api, struct api_request *request, int status, struct api_html_page page)
{
    page.language = request->language;
    page.style = api_asset_address(api, "css/kartei.css", request->arena);
    page.mark = api_asset_address(api, "icons/kartei.svg", request->arena);
    api_answer_set(&request->answer, status, "text/html; charset=utf-8", api_html_page(&page, request->arena));
    api_answer_field(&request->answer, "Content-Security-Policy",
                     STR("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                         "frame-ancestors 'none'"));
    api_answer_field(&request->answer, "Content-Language", str_c(request->language));
    api_answer_field(&request->answer, "Vary", STR("Cookie, Accept-Language"));
}

void api_page_give_plain(const struct api *api, struct api_request *request, int status, struct str title,
                         struct str main)
{
    give(api, request, status, (struct api_html_page){.title = title, .main = main});
}

void api_page_give_sheet(const struct api *api, struct api_request *request, struct str title, struct str main)
{
    give(api, request, 200, (struct api_html_page){.title = title, .main = main, .sheet = true});
}

struct str api_with_next(const char *path, struct str next, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    strbuf_printf(&buf, "%s?next=", path);
    for (size_t i = 0; i < next.n; i++) {
        char c = next.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '/';
        if (plain)
            strbuf_add_char(&buf, c);
        else
            strbuf_printf(&buf, "%%%02X", (unsigned char)c);
    }
    return strbuf_str(&buf);
}

void api_page_problem(const struct api *api, struct api_request *request, const struct err *err)
{
    struct arena *arena = request->arena;
    int status = request->answer.status;
    struct strbuf main = {.arena = arena};
    request->answer = (struct api_answer){.pull.size = -1};
    if (err->code == ERR_UNAUTHENTICATED) {
        api_answer_set(&request->answer, 303, NULL, STR_NONE);
        api_answer_field(&request->answer, "Location", api_with_next("/sign-in", request->head.target, request->arena));
        return;
    }
    strbuf_add_c(&main, "<p>");
    api_html_text(&main, err_sentence(err, request->language, arena));
    strbuf_printf(&main, "</p>\n<p><a class=\"button\" href=\"/\">%s</a></p>\n<p><small>%s</small></p>\n",
                  strcmp(request->language, "de") == 0 ? "Zur Startseite" : "To the start page", request->id);
    api_page_give_plain(api, request, status, str_c(err_title(err->code, request->language)), strbuf_str(&main));
}

/* What the type of a problem document leads to. */
int api_problem_page(struct api *api, struct api_request *request, struct err *err)
{
    struct err shown = {.code = err_from_slug(request->ids[0]), .param = "…"};
    struct strbuf main = {.arena = request->arena};
    if (shown.code == ERR_NONE)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    strbuf_add_c(&main, "<p>");
    api_html_text(&main, err_sentence(&shown, request->language, request->arena));
    strbuf_printf(&main, "</p>\n<p><code>%s</code> · HTTP %d</p>\n", err_slug(shown.code),
                  api_problem_status(shown.code));
    api_page_give_plain(api, request, 200, str_c(err_title(shown.code, request->language)), strbuf_str(&main));
    return 0;
}
