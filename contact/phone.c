/* Telephone numbers over the shim: checks what goes in, gives values of ours. */
#include "contact/phone.h"

#include "contact/phone_shim.h"

enum { PHONE_BYTES = 100 };

bool contact_phone_parse(struct str text, const char *region, struct arena *arena, struct contact_phone *ret_phone)
{
    struct phone_shim shim;
    struct str trimmed = str_trim(text);
    if (str_empty(trimmed) || trimmed.n > PHONE_BYTES || memchr(trimmed.p, '\0', trimmed.n) || !utf8_valid(trimmed))
        return false;
    if (contact_phone_shim_parse(trimmed.p, trimmed.n, region ? region : "", &shim))
        return false;
    struct contact_phone phone = {
        .e164 = str_dup(arena, str_c(shim.e164)),
        .extension = shim.extension[0] ? str_dup(arena, str_c(shim.extension)) : STR_NONE,
        .country_code = shim.country_code,
        .valid = shim.valid != 0,
        .type = (enum contact_phone_type)shim.type,
    };
    memcpy(phone.region, shim.region, 2);
    *ret_phone = phone;
    return true;
}

/* Country codes whose numbers have no leading zero, so that nothing would be taken away, and lengths that the numbering
 * plans allow without exception. */
static const struct {
    const char *code;
    size_t least, most; /* digits behind it */
} plain_plans[] = {{"+49", 6, 13}, {"+43", 6, 12}, {"+41", 9, 9}};

static bool written_plainly(struct str text)
{
    for (size_t i = 0; i < ARRAY_LEN(plain_plans); i++) {
        struct str number = str_slice(text, 3, text.n);
        if (!str_starts(text, str_c(plain_plans[i].code)) || number.n < plain_plans[i].least ||
            number.n > plain_plans[i].most || number.p[0] == '0')
            continue;
        for (size_t k = 0; k < number.n; k++)
            if (number.p[k] < '0' || number.p[k] > '9')
                return false;
        return true;
    }
    return false;
}

struct str contact_phone_e164(struct str text, const char *region, struct arena *arena)
{
    struct contact_phone phone;
    if (text.n > 3 && written_plainly(text))
        return str_dup(arena, text);
    return contact_phone_parse(text, region, arena, &phone) ? phone.e164 : STR_NONE;
}

struct str contact_phone_display(struct str e164, const char *region, struct arena *arena)
{
    char text[64];
    if (str_empty(e164) || e164.n > PHONE_BYTES || !utf8_valid(e164) ||
        contact_phone_shim_display(e164.p, e164.n, region ? region : "", text, sizeof text))
        return e164;
    return str_dup(arena, str_c(text));
}

int contact_phone_country_code(const char *region)
{
    return contact_phone_shim_code(region);
}

const char *contact_phone_region(int country_code)
{
    return contact_phone_shim_region(country_code);
}
