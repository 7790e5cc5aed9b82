/* E-mail addresses and domains: syntax here, public suffixes by libpsl, tables of free mail and roles below. */
#include "contact/email.h"

#include "contact/text.h"

#include <libpsl.h>

enum { ADDRESS_BYTES = 254, LOCAL_BYTES = 64, DOMAIN_BYTES = 253, LABEL_BYTES = 63 };

static const char *const free_mail[] = {
    "aim.com",        "aol.com",      "aol.de",         "arcor.de",       "bluewin.ch",  "bigpond.com",
    "btinternet.com", "chello.at",    "email.de",       "fastmail.com",   "free.fr",     "freenet.de",
    "gmail.com",      "gmx.at",       "gmx.ch",         "gmx.com",        "gmx.de",      "gmx.net",
    "googlemail.com", "hey.com",      "hotmail.co.uk",  "hotmail.com",    "hotmail.de",  "hotmail.fr",
    "hotmail.it",     "icloud.com",   "inbox.com",      "laposte.net",    "libero.it",   "live.com",
    "live.de",        "mac.com",      "mail.com",       "mail.de",        "mail.ru",     "mailbox.org",
    "me.com",         "msn.com",      "netcologne.de",  "o2online.de",    "online.de",   "orange.fr",
    "outlook.com",    "outlook.de",   "pm.me",          "posteo.de",      "posteo.net",  "proton.me",
    "protonmail.com", "qq.com",       "rediffmail.com", "rocketmail.com", "sfr.fr",      "t-online.de",
    "tiscali.it",     "tutanota.com", "tuta.io",        "unitybox.de",    "virgilio.it", "vodafone.de",
    "wanadoo.fr",     "web.de",       "yahoo.co.in",    "yahoo.co.uk",    "yahoo.com",   "yahoo.de",
    "yahoo.fr",       "yahoo.in",     "yahoo.it",       "yandex.com",     "yandex.ru",   "ymail.com",
    "zoho.com",       "163.com",      "126.com",
};

static const char *const roles[] = {
    "abuse",      "accounting", "admin",     "administration", "anfrage",       "angebot",  "auskunft",
    "bestellung", "bewerbung",  "billing",   "booking",        "buchhaltung",   "buero",    "bureau",
    "commercial", "contact",    "contacto",  "contatti",       "datenschutz",   "dispo",    "einkauf",
    "empfang",    "enquiries",  "export",    "finance",        "hallo",         "hello",    "help",
    "hilfe",      "hotline",    "hr",        "info",           "infos",         "inquiry",  "it",
    "jobs",       "kanzlei",    "karriere",  "kontakt",        "kundenservice", "mail",     "mailbox",
    "marketing",  "newsletter", "noreply",   "office",         "order",         "personal", "post",
    "postmaster", "poststelle", "praxis",    "presse",         "press",         "privacy",  "purchase",
    "reception",  "redaktion",  "rezeption", "sales",          "sekretariat",   "service",  "shop",
    "studio",     "support",    "team",      "technik",        "vendite",       "ventas",   "verkauf",
    "vertrieb",   "verwaltung", "webmaster", "welcome",        "werkstatt",     "zentrale",
};

/* Country-code domains that are sold as words; they say nothing about a country. */
static const char *const word_domains[] = {"ac", "ag", "ai", "cc", "co", "fm", "gg", "io", "la", "ly",
                                           "me", "pw", "sh", "so", "st", "to", "tv", "vc", "ws"};

/* Reserved by RFC 2606: in no list, but valid in tests and documents. */
static const char *const reserved[] = {"example", "test", "invalid", "localhost"};

static bool in_table(struct str s, const char *const *table, size_t n)
{
    for (size_t i = 0; i < n && !str_empty(s); i++)
        if ((table[i][0] | 32) == (s.p[0] | 32) && str_eq_nocase(s, str_c(table[i]))) /* most differ at once */
            return true;
    return false;
}

static bool word_char(uint32_t c)
{
    return c >= 0x80 ? contact_char_letter(c) : (c >= '0' && c <= '9') || (c | 32) - 'a' < 26;
}

static bool label_valid(struct str label)
{
    if (str_empty(label) || label.n > LABEL_BYTES || label.p[0] == '-' || label.p[label.n - 1] == '-')
        return false;
    for (size_t at = 0; at < label.n;) {
        uint32_t c = utf8_next(label, &at);
        if (!word_char(c) && c != '-')
            return false;
    }
    return true;
}

static struct str last_label(struct str domain)
{
    const char *dot = str_empty(domain) ? NULL : memrchr(domain.p, '.', domain.n);
    return dot ? str_slice(domain, (size_t)(dot - domain.p) + 1, domain.n) : domain;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

bool contact_domain_valid(struct str domain)
{
    struct str rest = domain, label;
    size_t labels = 0;
    if (str_empty(domain) || domain.n > DOMAIN_BYTES)
        return false;
    for (; str_split(&rest, '.', &label); labels++)
        if (!label_valid(label))
            return false;
    struct str top = last_label(domain);
    return labels >= 2 && top.n >= 2 && !all_digits(top);
}

/* The last one or two labels in lower case, NUL-terminated; false when they do not fit. */
static bool lower_tail(struct str domain, int labels, char ret_tail[2 * LABEL_BYTES + 2])
{
    size_t from = domain.n;
    for (int dots = 0; from > 0; from--)
        if (domain.p[from - 1] == '.' && ++dots == labels)
            break;
    size_t n = domain.n - from;
    if (n == 0 || n > 2 * LABEL_BYTES + 1)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = domain.p[from + i];
        ret_tail[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    ret_tail[n] = '\0';
    return true;
}

bool contact_domain_known(struct str domain)
{
    char tail[2 * LABEL_BYTES + 2];
    struct str label = last_label(domain);
    const psl_ctx_t *psl = psl_builtin();
    if (str_empty(label) || label.n > LABEL_BYTES)
        return false;
    if (in_table(label, reserved, ARRAY_LEN(reserved)))
        return true;
    /* Without the "*" rule every unknown word would count as a suffix. The list has no "za" and no "bd", but "co.za"
     * and
     * "*.bd": so the last two labels are asked for too. */
    for (int labels = 1; psl && labels <= 2; labels++)
        if (lower_tail(domain, labels, tail) && psl_is_public_suffix2(psl, tail, PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE))
            return true;
    return false;
}

struct str contact_domain_site(struct str domain, struct arena *arena)
{
    const psl_ctx_t *psl = psl_builtin();
    if (!psl || !contact_domain_valid(domain))
        return STR_NONE;
    const char *lower = str_z(arena, contact_text_lower(domain, arena));
    struct str site = str_c(psl_registrable_domain(psl, lower));
    /* Below these anybody documents, as below a public suffix (RFC 2606 section 3). */
    static const char *const shared[] = {"example.com", "example.net", "example.org"};
    size_t n = strlen(lower);
    if (in_table(site, shared, ARRAY_LEN(shared)) && site.n < n) {
        const char *dot = memrchr(lower, '.', n - site.n - 1);
        site = str_c(dot ? dot + 1 : lower);
    }
    return str_dup(arena, site);
}

bool contact_domain_free_mail(struct str domain)
{
    return in_table(domain, free_mail, ARRAY_LEN(free_mail));
}

bool contact_email_role(struct str local)
{
    return in_table(local, roles, ARRAY_LEN(roles));
}

const char *contact_domain_region(struct str domain)
{
    static _Thread_local char region[3];
    struct str top = last_label(domain);
    if (top.n != 2 || top.n == domain.n || in_table(top, word_domains, ARRAY_LEN(word_domains)) ||
        !contact_domain_known(domain) || str_eq_nocase(top, STR("eu")))
        return "";
    if (str_eq_nocase(top, STR("uk")))
        return "GB";
    region[0] = (char)(top.p[0] & ~32);
    region[1] = (char)(top.p[1] & ~32);
    return region;
}

static bool local_valid(struct str local)
{
    if (str_empty(local) || local.n > LOCAL_BYTES || local.p[0] == '.' || local.p[local.n - 1] == '.')
        return false;
    if (str_find(local, STR(".."), 0) >= 0)
        return false;
    for (size_t at = 0; at < local.n;) {
        uint32_t c = utf8_next(local, &at);
        if (!word_char(c) && (c >= 0x80 || !c || !strchr(".!#$%&'*+-/=?^_`{|}~", (int)c)))
            return false;
    }
    return true;
}

bool contact_email_parse(struct str text, struct arena *arena, struct contact_email *ret_email)
{
    struct str s = str_trim(text);
    const char *at = str_empty(s) ? NULL : memrchr(s.p, '@', s.n);
    if (!at || s.n > ADDRESS_BYTES || !utf8_valid(s))
        return false;
    size_t cut = (size_t)(at - s.p);
    struct str local = str_slice(s, 0, cut);
    struct str domain = contact_text_lower(str_slice(s, cut + 1, s.n), arena);
    if (!local_valid(local) || !contact_domain_valid(domain))
        return false;
    struct str address = str_printf(arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain));
    *ret_email = (struct contact_email){
        .address = address,
        .local = str_slice(address, 0, cut),
        .domain = str_slice(address, cut + 1, address.n),
        .site = contact_domain_site(domain, arena),
    };
    return true;
}
