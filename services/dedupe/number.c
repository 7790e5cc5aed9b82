/* Most numbers of a stock are written in a few plain ways, which a table understands a hundred times faster than the
 * library of all numbering plans (ITU-T E.164, E.123). */
#include "services/dedupe/number.h"

#include "contact/phone.h"

#include <string.h>

enum { DIGITS = 20 };

/* Countries whose numbers are read here: `trunk` is the 0 before a number at home. What stands between the lengths, and
 * is not refused, is left to the library. */
static const struct plan {
    const char *region, *code;
    bool trunk;
    size_t least, most; /* digits behind code and trunk that leave no doubt */
    unsigned refused;   /* lengths, as bits, of which there is no number: written from abroad, without the 0 */
} plans[] = {
    {"DE", "49", true, 6, 13, 0},
    {"AT", "43", true, 6, 13, 0},
    {"CH", "41", true, 9, 9, 1u << 7 | 1u << 8 | 1u << 10 | 1u << 11},
    {"NL", "31", true, 9, 9, 0},
    {"FR", "33", true, 9, 9, 1u << 6 | 1u << 7 | 1u << 8 | 1u << 10 | 1u << 11},
    {"GB", "44", true, 9, 10, 1u << 11},
    {"TR", "90", true, 10, 10, 1u << 8 | 1u << 9 | 1u << 11},
    {"IT", "39", false, 6, 11, 0},
    {"PL", "48", false, 9, 10, 0},
    {"ES", "34", false, 9, 9, 1u << 7 | 1u << 8 | 1u << 10 | 1u << 11},
};

static const struct plan *plan_of_region(const char *region)
{
    for (size_t i = 0; region && i < ARRAY_LEN(plans); i++) {
        if (strcmp(plans[i].region, region) == 0)
            return &plans[i];
    }
    return NULL;
}

static const struct plan *plan_of_code(const char *digits)
{
    for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
        if (strncmp(plans[i].code, digits, 2) == 0)
            return &plans[i];
    }
    return NULL;
}

/* The digits of a plainly written number; false when anything else stands there. */
static bool digits_of(struct str text, char digits[DIGITS], size_t *ret_n, bool *ret_plus)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool between = c == ' ' || c == '-' || c == '/' || c == '(' || c == ')' || c == '.';
        if (c >= '0' && c <= '9' && n + 1 < DIGITS)
            digits[n++] = c;
        else if (!between && !(c == '+' && i == 0))
            return false;
    }
    digits[n] = '\0';
    *ret_n = n;
    *ret_plus = text.n > 0 && text.p[0] == '+';
    return n > 4;
}

struct str number_e164(struct str text, const char *region, char buffer[NUMBER_BYTES], struct arena *arena)
{
    char digits[DIGITS];
    size_t n = 0;
    bool plus = false;
    struct str trimmed = str_trim(text);
    if (digits_of(trimmed, digits, &n, &plus)) {
        const char *from = digits;
        const struct plan *plan = plus ? plan_of_code(digits) : plan_of_region(region);
        bool abroad = !plus && plan && strncmp(digits, "00", 2) == 0; /* dialled from home */
        if (abroad)
            plan = plan_of_code(digits + 2);
        from += plus ? 2 : abroad ? 4 : 0;
        bool zero = *from == '0', at_home = !plus && !abroad;
        from += plan && plan->trunk && zero;
        n -= (size_t)(from - digits);
        bool clear = plan && n >= plan->least && n <= plan->most && (!plan->trunk || *from != '0') &&
                     (zero || !at_home || !plan->trunk);
        if (clear) {
            int size = snprintf(buffer, NUMBER_BYTES, "+%s%.*s", plan->code, (int)n, from);
            return (struct str){buffer, (size_t)size};
        }
        if (plan && !at_home && !zero && n < 32 && (plan->refused >> n & 1))
            return STR_NONE;
    }
    struct contact_phone phone;
    if (!contact_phone_parse(text, region, arena, &phone) || phone.e164.n >= NUMBER_BYTES)
        return STR_NONE;
    memcpy(buffer, phone.e164.p, phone.e164.n);
    return (struct str){buffer, phone.e164.n};
}
