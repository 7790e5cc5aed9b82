/* What answers mean, as far as all vendors agree; see fault.h. */
#include "crm-connectors/fault.h"

#include "contact/diff.h"

enum { SENTENCE_MAX = 300 };

const char *const crm_rule_mode_words[] = {"blocks", "warns", "notes", NULL};

const char *const crm_outcome_words[] = {"found",    "none",      "many",     "created",     "updated",
                                         "conflict", "duplicate", "rejected", "reauthorise", "quota",
                                         "down",     "uncertain", "gone",     NULL};
_Static_assert(ARRAY_LEN(crm_outcome_words) == CRM_OUTCOME_COUNT + 1, "a word for each outcome");

const char *const crm_reversible_words[] = {"no", "partly", "yes", NULL};

int crm_fault_transport(const struct err *failure, bool changes, struct crm_result *ret, struct err *err)
{
    bool may_have_arrived = failure->code == ERR_CRM_UNCERTAIN || failure->code == ERR_TOO_LARGE;
    if (failure->code != ERR_CRM_DOWN && !may_have_arrived) {
        *err = *failure;
        return -1;
    }
    *ret = (struct crm_result){.outcome = CRM_DOWN, .not_sent = true};
    if (changes && may_have_arrived)
        *ret = (struct crm_result){.outcome = CRM_UNCERTAIN};
    else if (failure->code == ERR_TOO_LARGE) /* asking again would not make it smaller */
        *ret = (struct crm_result){
            .outcome = CRM_REJECTED, .sentence = STR("The answer was larger than we take."), .not_sent = true};
    return 0;
}

void crm_fault_status(const struct crm_answer *answer, bool changes, int64_t now_ms, struct crm_result *ret)
{
    struct crm_result result = {.outcome = CRM_REJECTED, .not_sent = true};
    result.retry_after_ms = crm_answer_retry_after(answer, now_ms);
    if (answer->status == 401)
        result.outcome = CRM_REAUTHORISE;
    else if (answer->status >= 300 && answer->status < 400) /* nobody follows it: tokens go nowhere else */
        result.sentence = STR("The server sends us on to another address. Is it the right data centre?");
    else if (answer->status == 404 || answer->status == 410)
        result.outcome = CRM_GONE;
    else if (answer->status == 409 || answer->status == 412)
        result.outcome = CRM_CONFLICT;
    else if (answer->status == 429)
        result.outcome = CRM_QUOTA;
    else if (answer->status >= 500 || answer->status == 408) {
        /* Whoever answers 5xx may stand before a server that has already done it. */
        result.outcome = changes ? CRM_UNCERTAIN : CRM_DOWN;
        result.not_sent = !changes;
    }
    *ret = result;
}

struct str crm_fault_sentence(struct str text, struct arena *arena)
{
    struct str trimmed = str_trim(text);
    if (str_empty(trimmed) || !utf8_valid(trimmed) || trimmed.p[0] == '<')
        return STR_NONE;
    struct strbuf out = {.arena = arena};
    bool blank = false;
    for (size_t at = 0; at < trimmed.n;) {
        size_t start = at;
        uint32_t c = utf8_next(trimmed, &at);
        bool control = c < 0x20 || (c >= 0x7f && c <= 0xa0) || (c >= 0x200b && c <= 0x200f) ||
                       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
        if (out.n + (at - start) + 1 > SENTENCE_MAX)
            break;
        if (control || c == ' ') {
            blank = out.n > 0;
            continue;
        }
        if (blank)
            strbuf_add_char(&out, ' ');
        blank = false;
        strbuf_add(&out, str_slice(trimmed, start, at));
    }
    return out.n ? strbuf_str(&out) : STR_NONE;
}

void crm_result_records(const struct crm_record *records, size_t n, struct arena *arena, struct crm_result *ret)
{
    struct crm_record *copy = arena_array(arena, n ? n : 1, sizeof *copy);
    if (n)
        memcpy(copy, records, n * sizeof *copy);
    *ret = (struct crm_result){
        .outcome = n == 0   ? CRM_NONE
                   : n == 1 ? CRM_FOUND
                            : CRM_MANY,
        .records = {copy, n},
    };
}

static bool share(const char *field, const struct json_list *a, const struct json_list *b, struct arena *arena)
{
    const struct contact_value *left = a->items, *right = b->items;
    for (size_t i = 0; i < a->n; i++) {
        struct str key = contact_value_key(str_c(field), left[i].value, arena);
        for (size_t k = 0; k < b->n; k++)
            if (str_eq(key, contact_value_key(str_c(field), right[k].value, arena)))
                return true;
    }
    return false;
}

bool crm_shares_value(const struct contact *a, const struct contact *b, struct arena *arena)
{
    return share("emails", &a->emails, &b->emails, arena) || share("phones", &a->phones, &b->phones, arena);
}

struct str crm_last_digits(struct str phone, size_t most, struct arena *arena)
{
    char *digits = arena_alloc(arena, most + 1);
    size_t n = most;
    for (size_t i = phone.n; i > 0 && n > 0; i--)
        if (phone.p[i - 1] >= '0' && phone.p[i - 1] <= '9')
            digits[--n] = phone.p[i - 1];
    return (struct str){digits + n, most - n};
}

struct str crm_digits_pattern(struct str phone, size_t most, struct arena *arena)
{
    struct str digits = crm_last_digits(phone, most, arena);
    struct strbuf pattern = {.arena = arena};
    for (size_t i = 0; i < digits.n; i++)
        strbuf_printf(&pattern, "%%%c", digits.p[i]);
    return strbuf_str(&pattern);
}

struct str crm_answer_header(const struct crm_answer *answer, const char *name)
{
    const struct crm_header *headers = answer->headers.items;
    for (size_t i = 0; i < answer->headers.n; i++)
        if (str_eq_nocase(headers[i].name, str_c(name)))
            return headers[i].value;
    return STR_NONE;
}
