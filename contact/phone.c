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
