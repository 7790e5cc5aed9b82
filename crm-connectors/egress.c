/* Which URLs and addresses may be contacted: the strict reading of a stranger's URL; see egress.h. */
#include "crm-connectors/egress.h"

#include <arpa/inet.h>

enum {
    HOST_MAX = 253,
    LABEL_MAX = 63,
    URL_MAX = 2000,
    PORT_TLS = 443,
    PORT_PLAIN = 80,
    PORT_IMAPS = 993,
    PORT_SUBMISSION = 587,
    PORT_SUBMISSIONS = 465,
    PORT_IMAP = 143
};

/* A range that is not for us: address prefix and its length in bits. */
struct range {
    unsigned char b[16];
    int bits;
};

/* IANA special-purpose registry for IPv4 (RFC 6890 and successors): none of it is a CRM on the Internet. */
static const struct range v4_refused[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 31, 196}, 24},
    {{192, 52, 193}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{192, 175, 48}, 24},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};

/* Of IPv6 only 2000::/3 is global unicast; these parts of it are not: IETF protocols with Teredo and ORCHID,
 * documentation (two ranges), 6to4. */
static const struct range v6_refused[] = {
    {{0x20, 0x01}, 23},
    {{0x20, 0x01, 0x0d, 0xb8}, 32},
    {{0x20, 0x02}, 16},
    {{0x3f, 0xff}, 20},
};
static const struct range v6_global = {{0x20}, 3};
/* NAT64 (RFC 6052): the way to an IPv4 address from a network without; judged by the address inside. */
static const struct range v6_nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};

static bool in_range(const unsigned char *address, const struct range *range)
{
    int whole = range->bits / 8, rest = range->bits % 8;
    if (memcmp(address, range->b, (size_t)whole) != 0)
        return false;
    return rest == 0 || (address[whole] >> (8 - rest)) == (range->b[whole] >> (8 - rest));
}

static bool in_any(const unsigned char *address, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (in_range(address, &ranges[i]))
            return true;
    return false;
}

bool crm_egress_public(const struct crm_address *address)
{
    const unsigned char *b = address->b;
    if (address->family == 4)
        return !in_any(b, v4_refused, ARRAY_LEN(v4_refused));
    if (address->family != 6)
        return false;
    if (in_range(b, &v6_nat64))
        return !in_any(b + 12, v4_refused, ARRAY_LEN(v4_refused));
    return in_range(b, &v6_global) && !in_any(b, v6_refused, ARRAY_LEN(v6_refused));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Four decimal parts 0-255 without leading zeros: the one spelling that all readers read alike. */
static bool literal_v4(struct str host, struct crm_address *ret)
{
    struct crm_address address = {.family = 4};
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        size_t start = at;
        unsigned value = 0;
        while (at < host.n && is_digit(host.p[at]) && at - start < 3)
            value = value * 10 + (unsigned)(host.p[at++] - '0');
        if (at == start || value > 255 || (at - start > 1 && host.p[start] == '0'))
            return false;
        address.b[part] = (unsigned char)value;
        bool last = part == 3;
        if (last ? at != host.n : (at >= host.n || host.p[at++] != '.'))
            return false;
    }
    *ret = address;
    return true;
}

bool crm_egress_literal(struct str host, struct crm_address *ret_address)
{
    if (literal_v4(host, ret_address))
        return true;
    char text[INET6_ADDRSTRLEN] = "";
    if (host.n == 0 || host.n >= sizeof text)
        return false;
    memcpy(text, host.p, host.n);
    struct crm_address address = {.family = 6};
    if (strlen(text) != host.n || inet_pton(AF_INET6, text, address.b) != 1)
        return false;
    *ret_address = address;
    return true;
}

static bool label_char(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
}

struct str crm_egress_text(const struct crm_address *address, struct arena *arena)
{
    char text[INET6_ADDRSTRLEN] = "";
    (void)inet_ntop(address->family == 6 ? AF_INET6 : AF_INET, address->b, text, sizeof text);
    return str_dup(arena, str_c(text));
}

/* A host name of letters, digits, hyphens whose last label is no number (so no reader takes it for an IPv4 address). */
static bool host_name(struct str host)
{
    if (host.n == 0 || host.n > HOST_MAX)
        return false;
    struct str rest = host, label = STR_NONE;
    while (str_split(&rest, '.', &label)) {
        if (label.n == 0 || label.n > LABEL_MAX || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        for (size_t i = 0; i < label.n; i++)
            if (!label_char(label.p[i]))
                return false;
    }
    return host.p[host.n - 1] != '.' && !is_digit(label.p[0]);
}

static bool read_port(struct str text, uint16_t *ret_port)
{
    int64_t port = 0;
    if (text.n == 0 || text.n > 5 || !is_digit(text.p[0]) || !str_to_int(text, 1, 65535, &port))
        return false;
    *ret_port = (uint16_t)port;
    return true;
}

/* Takes "host:port" or "[v6]:port" or "host" apart; *ret_port stays when there is none. */
static bool split_authority(struct str authority, struct str *ret_host, uint16_t *ret_port)
{
    if (authority.n > 0 && authority.p[0] == '[') {
        ptrdiff_t end = str_find(authority, STR("]"), 1);
        if (end < 0)
            return false;
        *ret_host = str_slice(authority, 1, (size_t)end);
        struct str rest = str_slice(authority, (size_t)end + 1, authority.n);
        struct crm_address address;
        if (str_find(*ret_host, STR(":"), 0) < 0 || !crm_egress_literal(*ret_host, &address))
            return false;
        return rest.n == 0 || (rest.p[0] == ':' && read_port(str_slice(rest, 1, rest.n), ret_port));
    }
    ptrdiff_t colon = str_find(authority, STR(":"), 0);
    *ret_host = colon < 0 ? authority : str_slice(authority, 0, (size_t)colon);
    return colon < 0 || read_port(str_slice(authority, (size_t)colon + 1, authority.n), ret_port);
}

static bool next_entry(struct str *rest, struct str *ret_entry)
{
    static const char blanks[] = " ,\t\r\n";
    size_t from = 0;
    while (from < rest->n && strchr(blanks, rest->p[from]))
        from++;
    size_t to = from;
    while (to < rest->n && !strchr(blanks, rest->p[to]))
        to++;
    *ret_entry = str_slice(*rest, from, to);
    *rest = str_slice(*rest, to, rest->n);
    return ret_entry->n > 0;
}

static bool read_entry(struct str entry, struct str *ret_host, uint16_t *ret_port)
{
    struct crm_address address;
    *ret_port = 0;
    return split_authority(entry, ret_host, ret_port) && *ret_port != 0 &&
           (crm_egress_literal(*ret_host, &address) || host_name(*ret_host));
}

bool crm_egress_list_valid(const char *allow)
{
    struct str rest = str_c(allow), entry, host;
    uint16_t port;
    while (next_entry(&rest, &entry))
        if (!read_entry(entry, &host, &port))
            return false;
    return true;
}

bool crm_egress_listed(const char *allow, struct str host, uint16_t port)
{
    struct str rest = str_c(allow), entry, entry_host;
    uint16_t entry_port;
    while (next_entry(&rest, &entry))
        if (read_entry(entry, &entry_host, &entry_port) && entry_port == port && str_eq_nocase(entry_host, host))
            return true;
    return false;
}

/* Visible ASCII without what readers of URLs disagree about. */
static bool plain_path(struct str path)
{
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] <= ' ' || path.p[i] >= 0x7f || strchr("\\\"<>^`{|}#", path.p[i]))
            return false;
    return true;
}

static int refuse(struct err *err, const char *reason)
{
    return err_set(err, ERR_HOST_REFUSED, "%s", reason);
}

static int check_host(struct crm_target *target, struct err *err)
{
    target->literal = crm_egress_literal(target->host, &target->address);
    if (!target->literal && !host_name(target->host))
        return refuse(err, "the host must be a plain name or address");
    if (target->allowed)
        return 0;
    if (!target->tls)
        return refuse(err, "only https:// is allowed");
    if (target->port != PORT_TLS)
        return refuse(err, "only port 443 is allowed");
    if (target->literal && !crm_egress_public(&target->address))
        return refuse(err, "it leads to no public address");
    return 0;
}

int crm_egress_url(struct str url, const char *allow, struct arena *arena, struct crm_target *ret_target,
                   struct err *err)
{
    struct crm_target target = {0};
    if (url.n == 0 || url.n > URL_MAX || !plain_path(url))
        return refuse(err, "it is not a plain web address");
    struct str head = str_lower(arena, str_slice(url, 0, 8));
    target.tls = str_starts(head, STR("https://"));
    if (!target.tls && !str_starts(head, STR("http://")))
        return refuse(err, "only https:// is allowed");
    struct str rest = str_slice(url, target.tls ? 8 : 7, url.n);
    size_t end = 0;
    while (end < rest.n && rest.p[end] != '/' && rest.p[end] != '?')
        end++;
    target.port = target.tls ? PORT_TLS : PORT_PLAIN;
    struct str host;
    if (!split_authority(str_slice(rest, 0, end), &host, &target.port))
        return refuse(err, "the host must be a plain name or address");
    target.host = str_lower(arena, host);
    target.allowed = crm_egress_listed(allow, target.host, target.port);
    if (check_host(&target, err) < 0)
        return -1;
    struct str path = str_slice(rest, end, rest.n);
    const char *slash = path.n > 0 && path.p[0] == '/' ? "" : "/";
    target.path = str_printf(arena, "%s%.*s", slash, STR_ARG(path));
    bool v6 = target.literal && target.address.family == 6;
    target.url = str_printf(arena, "%s://%s%.*s%s:%u%.*s", target.tls ? "https" : "http", v6 ? "[" : "",
                            STR_ARG(target.host), v6 ? "]" : "", (unsigned)target.port, STR_ARG(target.path));
    *ret_target = target;
    return 0;
}

const char *crm_mail_scheme(const struct crm_mail_host *at)
{
    static const char *const schemes[2][2] = {{"imap", "imaps"}, {"smtp", "smtps"}};
    return schemes[at->submission][at->tls];
}

static uint16_t mail_port(const struct crm_mail_host *at)
{
    static const uint16_t ports[2][2] = {{PORT_IMAP, PORT_IMAPS}, {PORT_SUBMISSION, PORT_SUBMISSIONS}};
    return ports[at->submission][at->tls];
}

int crm_egress_mail(const struct crm_mail_host *at, const char *allow, struct arena *arena,
                    struct crm_target *ret_target, struct err *err)
{
    struct crm_target target = {.tls = at->tls, .host = str_lower(arena, at->host), .port = at->port, .path = STR("/")};
    target.allowed = crm_egress_listed(allow, target.host, at->port);
    target.literal = crm_egress_literal(target.host, &target.address);
    bool v6 = target.literal && target.address.family == 6;
    if (at->port == 0 || (!target.literal && !host_name(target.host)))
        return refuse(err, "the host must be a plain name or address");
    if (!target.allowed && at->port != mail_port(at))
        return refuse(err, at->submission ? "only port 465 (TLS) and port 587 (STARTTLS) are allowed"
                                          : "only port 993 (TLS) and port 143 (STARTTLS) are allowed");
    if (!target.allowed && target.literal && !crm_egress_public(&target.address))
        return refuse(err, "it leads to no public address");
    target.url = str_printf(arena, "%s://%s%.*s%s:%u/", crm_mail_scheme(at), v6 ? "[" : "", STR_ARG(target.host),
                            v6 ? "]" : "", (unsigned)at->port);
    *ret_target = target;
    return 0;
}

bool crm_egress_one_line(struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] == '\r' || value.p[i] == '\n' || value.p[i] == '\0')
            return false;
    return true;
}
