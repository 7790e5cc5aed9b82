/* SOQL: literals that cannot break out, queries, stamps. */
#include "crm-connectors/salesforce/parts.h"

/* Only letters, digits and _ may stand in a query that we build. */
bool crm_soql_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return name.n > 0 && name.n <= 80;
}

/* 'text' of SOQL; in a LIKE pattern its own wildcards are escaped, too. */
void crm_soql_literal(struct strbuf *soql, struct str text, bool pattern)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '\'' || c == '\\' || (pattern && (c == '%' || c == '_')))
            strbuf_add_char(soql, '\\');
        strbuf_add_char(soql, c);
    }
}

/* Records of a query as the JSON list of its answer: 1, 0, -1. */
int crm_soql_query(const struct crm_rest *rest, const char *resource, struct str soql, struct str *ret_list,
                   struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    struct err broken;
    struct str path = str_printf(rest->arena, "/%s?q=%.*s", resource, STR_ARG(crm_rest_escaped(soql, rest->arena)));
    int r = crm_rest_call(rest, &(const struct crm_call){.method = "GET", .path = path}, &answer, ret, err);
    if (r < 1)
        return r;
    if (json_member(answer.body, "records", rest->arena, ret_list, &broken) == 0 && ret_list->p)
        return 1;
    crm_rest_broken(false, ret);
    return 0;
}
