/* The C face of libphonenumber (C++): plain values in, plain values out, no exception passes. For phone.c alone. */
#ifndef CONTACT_PHONE_SHIM_H
#define CONTACT_PHONE_SHIM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct phone_shim {
    char e164[24];
    char extension[24];
    char region[4];
    int country_code;
    int valid;
    int type; /* enum contact_phone_type */
};

/* Parses n bytes; 0, or -1 when they are no number. `region` may be "". */
int contact_phone_shim_parse(const char *text, size_t n, const char *region, struct phone_shim *ret_phone);
/* Writes the number as people in `region` write it into ret_text (NUL-terminated); 0 or -1. */
int contact_phone_shim_display(const char *text, size_t n, const char *region, char *ret_text, size_t size);
int contact_phone_shim_code(const char *region);
const char *contact_phone_shim_region(int country_code);

#ifdef __cplusplus
}
#endif

#endif
