/* The revocation list of our own authority (RFC 5280), which certificates name and the front door serves at /ca.crl;
 * made anew each week and when tls/ca.index has changed, good for 30 days; see up.h. */
#include "services/settings.h"
#include "services/up/up.h"

#include <sys/stat.h>
#include <time.h>

enum { FRESH_SECONDS = 7 * 24 * 3600 };
#define LIST_DAYS "30"

bool up_list_fresh(const struct up *up)
{
    struct stat list, index;
    if (stat(up_path(up, up->var, "tls/ca.crl"), &list) < 0 || list.st_mtime < time(NULL) - FRESH_SECONDS)
        return false;
    return stat(up_path(up, up->var, "tls/ca.index"), &index) == 0 && index.st_mtime <= list.st_mtime;
}

/* What the openssl program needs to know of an authority; its index is kept. */
static int authority(const struct up *up, const char *config, struct err *err)
{
    const char *index = up_path(up, up->var, "tls/ca.index"), *number = up_path(up, up->var, "tls/ca.number");
    struct str text = str_printf(up->arena,
                                 "[ca]\ndefault_ca = kartei\n[kartei]\ndatabase = %s\ncrlnumber = %s\n"
                                 "default_md = sha384\ncrl_extensions = list\n[list]\nauthorityKeyIdentifier = keyid\n",
                                 index, number);
    if ((access(index, F_OK) < 0 && up_write_file(index, STR(""), 0600, err) < 0) ||
        (access(number, F_OK) < 0 && up_write_file(number, STR("01\n"), 0600, err) < 0))
        return -1;
    return up_write_file(config, text, 0600, err);
}

int up_list_make(const struct up *up, const char *ca_key, const char *ca, struct err *err)
{
    const char *config = up_path(up, up->var, "tls/ca.cnf"), *pem = up_path(up, up->var, "tls/ca.crl.pem");
    const char *sign[] = {"openssl", "ca", "-gencrl",  "-config",   config, "-keyfile", ca_key,
                          "-cert",   ca,   "-crldays", (LIST_DAYS), "-out", pem,        NULL};
    const char *pack[] = {"openssl", "crl", "-in", pem, "-outform", "DER", "-out", up_path(up, up->var, "tls/ca.crl"),
                          NULL};
    return authority(up, config, err) < 0 || up_run(up, sign, NULL, err) < 0 ? -1 : up_run(up, pack, NULL, err);
}
