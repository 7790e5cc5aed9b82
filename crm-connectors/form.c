/* See form.h. */
#include "crm-connectors/form.h"

/* One pattern: a star takes letters, digits and single hyphens. */
static bool host_like(struct str pattern, struct str host)
{
    if (pattern.n == 0)
        return host.n == 0;
    if (pattern.p[0] != '*')
        return host.n > 0 && pattern.p[0] == host.p[0] &&
               host_like(str_slice(pattern, 1, pattern.n), str_slice(host, 1, host.n));
    for (size_t n = 1; n <= host.n; n++) {
        char c = host.p[n - 1];
        bool hyphens = c == '-' && n > 1 && host.p[n - 2] == '-';
        if (hyphens || !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
        if (c != '-' && host_like(str_slice(pattern, 1, pattern.n), str_slice(host, n, host.n)))
            return true;
    }
    return false;
}

bool crm_form_host_fits(const struct crm_form_address *address, struct str host)
{
    struct str rest = str_c(address->hosts), pattern;
    while (str_split(&rest, ' ', &pattern))
        if (host_like(pattern, host))
            return true;
    return false;
}
