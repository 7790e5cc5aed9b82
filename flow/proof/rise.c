/* See rise.h. */
#include "flow/proof/rise.h"

const struct flow_warning_rule flow_warning_rules[FLOW_WARNING_KINDS] = {
#define X(id, kind, level, d1, d2, v1, v2, effect_en, effect_de, fix_en, fix_de, link)                                 \
    [FLOW_WARN_##id] = {kind, FLOW_WARNING_##level, {d1, d2}, {v1, v2}, {effect_en, effect_de}, {fix_en, fix_de}, link},
#include "flow/proof/warnings.def"
#undef X
};

/* "1.2.3-rc" as 1, 2, 3. */
static bool version_read(struct str text, int64_t ret[3])
{
    struct str rest = text, part;
    ptrdiff_t dash = str_find(text, STR("-"), 0);
    if (dash >= 0)
        rest = str_slice(text, 0, (size_t)dash);
    for (int i = 0; i < 3; i++)
        if (!str_split(&rest, '.', &part) || !str_to_int(part, 0, 1000000, &ret[i]))
            return false;
    return true;
}

bool flow_version_reached(struct str a, struct str b)
{
    int64_t x[3], y[3];
    if (!version_read(a, x) || !version_read(b, y))
        return false;
    for (int i = 0; i < 3; i++)
        if (x[i] != y[i])
            return x[i] > y[i];
    return true;
}

enum flow_warning_level flow_warning_rise(const struct flow_warning_rule *rule, enum flow_warning_level level,
                                          int64_t age_ms, struct str program)
{
    for (int i = 0; i < 2; i++) {
        enum flow_warning_level reached = i == 0 ? FLOW_WARNING_WARNING : FLOW_WARNING_CRITICAL;
        bool old = rule->days[i] > 0 && age_ms >= rule->days[i] * FLOW_PROOF_DAY_MS;
        bool late = rule->version[i][0] && flow_version_reached(program, str_c(rule->version[i]));
        if ((old || late) && level < reached)
            level = reached;
    }
    return level;
}
