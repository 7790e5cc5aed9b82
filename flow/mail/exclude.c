/* See exclude.h. */
#include "flow/mail/exclude.h"

#include "contact/email.h"
#include "contact/text.h"

/* ---- Addresses ---- */

/* "Name+tag" -> "name": what providers deliver to the same person. */
static struct str local_form(struct str local, struct arena *arena)
{
    ptrdiff_t plus = str_find(local, STR("+"), 0);
    struct str lower = contact_text_lower(local, arena);
    return plus > 0 ? str_slice(lower, 0, (size_t)str_find(lower, STR("+"), 0)) : lower;
}

int flow_mail_rule(struct str text, const char *pointer, struct arena *arena, struct str *ret_rule, struct err *err)
{
    struct str rule = str_trim(text);
    ptrdiff_t at = -1;
    for (ptrdiff_t next; (next = str_find(rule, STR("@"), (size_t)(at + 1))) >= 0;)
        at = next;
    struct str domain = str_slice(rule, (size_t)(at + 1), rule.n), local = str_slice(rule, 0, at < 0 ? 0 : (size_t)at);
    if (str_starts(domain, STR("*.")))
        domain = str_slice(domain, 2, domain.n);
    domain = contact_domain_ascii(domain, arena);
    if (!domain.p || !contact_domain_valid(domain))
        return err_field(err, ERR_INVALID, pointer, "an address or a domain is expected");
    *ret_rule =
        str_empty(local) ? domain : str_printf(arena, "%.*s@%.*s", STR_ARG(local_form(local, arena)), STR_ARG(domain));
    return 0;
}

static bool rule_fits(struct str rule, struct str local, struct str domain)
{
    ptrdiff_t at = str_find(rule, STR("@"), 0);
    if (at >= 0)
        return str_eq(str_slice(rule, (size_t)at + 1, rule.n), domain) && str_eq(str_slice(rule, 0, (size_t)at), local);
    return str_eq(rule, domain) ||
           (domain.n > rule.n && str_ends(domain, rule) && domain.p[domain.n - rule.n - 1] == '.');
}

/* ---- Header fields ---- */

static bool ends_word(char c)
{
    return (unsigned char)c <= ' ' || strchr("<>,;:[]", c) != NULL;
}

/* Without comments, quotes, and the blanks that the old grammar allows around @ and dots (RFC 5322 section 4.4), so
 * that an address has one spelling only. */
static struct str unwrapped(struct str value, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    int depth = 0;
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '(' || c == ')') {
            depth = c == '(' ? depth + 1 : depth > 0 ? depth - 1 : 0;
            continue;
        }
        if (depth > 0 || c == '"' || c == '\\')
            continue;
        bool blank = (unsigned char)c <= ' ';
        char before = out.n ? out.p[out.n - 1] : ' ';
        if (blank && (before == ' ' || before == '@' || before == '.'))
            continue;
        if ((c == '@' || c == '.') && before == ' ' && out.n)
            out.n--;
        strbuf_add_char(&out, blank ? ' ' : c);
    }
    return strbuf_str(&out);
}

/* The next thing with an @ in it. A mistake here must only ever exclude too much. */
static bool next_address(struct str text, size_t *at, struct str *ret_local, struct str *ret_domain)
{
    ptrdiff_t found = str_find(text, STR("@"), *at);
    if (found < 0)
        return false;
    size_t from = (size_t)found, to = (size_t)found + 1;
    while (from > *at && !ends_word(text.p[from - 1]))
        from--;
    while (to < text.n && !ends_word(text.p[to]) && text.p[to] != '@')
        to++;
    *ret_local = str_slice(text, from, (size_t)found);
    *ret_domain = str_slice(text, (size_t)found + 1, to);
    *at = to > (size_t)found + 1 ? to : (size_t)found + 1;
    return true;
}

static bool value_excluded(const struct json_list *rules, struct str value, struct arena *arena)
{
    struct str local, domain;
    value = unwrapped(value, arena);
    for (size_t at = 0; next_address(value, &at, &local, &domain);) {
        struct str ascii = contact_domain_ascii(domain, arena), form = local_form(local, arena);
        for (size_t i = 0; ascii.p && i < rules->n; i++)
            if (rule_fits(((const struct str *)rules->items)[i], form, ascii))
                return true;
    }
    return false;
}

/* The next field with its folded lines (RFC 5322 section 2.2.3). */
static bool next_field(struct str *rest, struct str *ret_name, struct str *ret_value)
{
    struct str line;
    const char *start = rest->p;
    if (!str_split(rest, '\n', &line))
        return false;
    while (rest->n && (rest->p[0] == ' ' || rest->p[0] == '\t'))
        (void)str_split(rest, '\n', &line);
    struct str field = {start, (size_t)(line.p + line.n - start)};
    ptrdiff_t colon = str_find(field, STR(":"), 0);
    *ret_name = colon < 0 ? STR("") : str_trim(str_slice(field, 0, (size_t)colon));
    *ret_value = colon < 0 ? STR("") : str_trim(str_slice(field, (size_t)colon + 1, field.n));
    return true;
}

bool flow_mail_excluded(const struct json_list *rules, struct str fields, struct arena *arena)
{
    struct str rest = fields, name, value;
    while (next_field(&rest, &name, &value)) {
        bool sender = str_eq_nocase(name, STR("From")) || str_eq_nocase(name, STR("Sender")) ||
                      str_eq_nocase(name, STR("Reply-To"));
        if (sender && value_excluded(rules, value, arena))
            return true;
    }
    return false;
}

bool flow_mail_automatic(struct str fields)
{
    struct str rest = fields, name, value;
    while (next_field(&rest, &name, &value))
        if (str_eq_nocase(name, STR("List-Id")) ||
            (str_eq_nocase(name, STR("Auto-Submitted")) && !str_eq_nocase(value, STR("no"))))
            return true;
    return false;
}
