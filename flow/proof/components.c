/* What the instance is made of: the bill of materials (CycloneDX) that tools/make_sbom.py wrote on this machine. */
#include "flow/proof/page.h"

#include "base/limits.h"
#include "flow/common.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { SBOM_BYTES = 16 * 1024 * 1024 };

int flow_proof_sbom_read(const struct flow_posture *posture, struct arena *arena, struct str *ret_json, struct err *err)
{
    struct stat st;
    const char *path = posture->sbom_file;
    _cleanup_(cleanup_close) int fd = path && *path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 || st.st_size > SBOM_BYTES)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    char *text = arena_array(arena, (size_t)st.st_size, 1);
    size_t n = 0;
    for (ssize_t got; n < (size_t)st.st_size && (got = read(fd, text + n, (size_t)st.st_size - n)) > 0;)
        n += (size_t)got;
    *ret_json = (struct str){text, n};
    return n == (size_t)st.st_size && utf8_valid(*ret_json) ? 0 : err_set(err, ERR_NOT_FOUND, "%s", "");
}

/* "MIT", "GPL-2.0-or-later, MIT": [{"license":{"id":…}|{"name":…}} | {"expression":…}] */
static struct str licences(struct str json, struct arena *arena)
{
    static const char *const names[] = {"id", "name"};
    struct strbuf out = {.arena = arena};
    struct json_list items;
    struct err ignored;
    if (!json.p || json_items(json, arena, &items, &ignored) < 0)
        return STR_NONE;
    for (size_t i = 0; i < items.n; i++) {
        struct str one = ((const struct str *)items.items)[i], licence = STR_NONE, m[2] = {{0}}, text = STR_NONE;
        (void)json_member(one, "license", arena, &licence, &ignored);
        if (licence.p && json_members(licence, names, ARRAY_LEN(names), arena, m, &ignored) == 0)
            text = m[0].p ? m[0] : m[1];
        else if (json_member(one, "expression", arena, &text, &ignored) == 0 && text.p)
            text = json_unquote(text, arena);
        if (text.p)
            strbuf_printf(&out, "%s%.*s", out.n ? ", " : "", STR_ARG(text));
    }
    return strbuf_str(&out);
}

static int component_rows(struct proof_draft *draft, struct str list, struct err *err)
{
    static const char *const names[] = {"name", "version", "scope", "purl"};
    struct json_list items;
    if (json_items(list, draft->arena, &items, err) < 0)
        return -1;
    for (size_t i = 0; i < items.n; i++) {
        struct str one = ((const struct str *)items.items)[i], m[ARRAY_LEN(names)] = {{0}}, licence = STR_NONE;
        if (json_members(one, names, ARRAY_LEN(names), draft->arena, m, err) < 0 ||
            json_member(one, "licenses", draft->arena, &licence, err) < 0)
            return -1;
        if (str_eq(m[2], STR("excluded"))) /* what tests need does not run here */
            continue;
        const struct str cells[] = {m[0], m[1], licences(licence, draft->arena),
                                    str_starts(m[3], STR("pkg:npm/")) ? STR("npm") : STR("Debian")};
        flow_proof_row(draft, cells);
    }
    return 0;
}

int flow_proof_components(struct proof_draft *draft, struct err *err)
{
    static const struct proof_column columns[] = {{"name", "Name", "Name"},
                                                  {"version", "Version", "Version"},
                                                  {"licence", "Licence", "Lizenz"},
                                                  {"from", "From", "Von"}};
    struct str json, metadata = STR_NONE, list = STR_NONE, stamp = STR_NONE;
    struct err none;
    bool made = flow_proof_sbom_read(draft->posture, draft->arena, &json, &none) == 0 &&
                json_member(json, "metadata", draft->arena, &metadata, &none) == 0 &&
                json_member(json, "components", draft->arena, &list, &none) == 0 && list.p;
    if (made && metadata.p && json_member(metadata, "timestamp", draft->arena, &stamp, &none) == 0 && stamp.p)
        stamp = json_unquote(stamp, draft->arena);
    struct str words =
        made ? str_printf(draft->arena, "%s %.*s.", flow_proof_say(draft, "Made on", "Erstellt am").p, STR_ARG(stamp))
             : flow_proof_say(draft, "None was made on this machine: tools/make_sbom.py makes it.",
                              "Auf dieser Maschine wurde keine erstellt: tools/make_sbom.py erstellt sie.");
    flow_proof_section(draft, "components", flow_proof_say(draft, "Packages", "Pakete"), words);
    flow_proof_columns(draft, columns, ARRAY_LEN(columns));
    return made ? component_rows(draft, list, err) : 0;
}
