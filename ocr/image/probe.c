/* Header reader for the image types we open; see probe.h. Every read is bounds-checked through at(). */
#include "ocr/image/probe.h"

#include "base/limits.h"

static unsigned at(struct str s, size_t i)
{
    return i < s.n ? (unsigned char)s.p[i] : 0;
}

static uint32_t big(struct str s, size_t i, int n)
{
    uint32_t v = 0;
    for (int k = 0; k < n; k++)
        v = v << 8 | at(s, i + (size_t)k);
    return v;
}

static uint32_t little(struct str s, size_t i, int n)
{
    uint32_t v = 0;
    for (int k = n; k-- > 0;)
        v = v << 8 | at(s, i + (size_t)k);
    return v;
}

static bool has(struct str s, size_t i, struct str magic)
{
    return i <= s.n && str_starts(str_slice(s, i, s.n), magic);
}

enum ocr_type ocr_probe_type(struct str head)
{
    static const char *const brands[] = {"heic", "heix", "heim", "heis", "hevc",
                                         "hevx", "mif1", "msf1", "avif", "avis"};
    if (has(head, 0, STR("\xff\xd8\xff")))
        return OCR_TYPE_JPEG;
    if (has(head, 0, STR("\x89PNG\r\n\x1a\n")))
        return OCR_TYPE_PNG;
    if (has(head, 0, STR("RIFF")) && has(head, 8, STR("WEBPVP8")))
        return OCR_TYPE_WEBP;
    if (has(head, 0, STR("II*\0")) || has(head, 0, STR("MM\0*")))
        return OCR_TYPE_TIFF;
    for (size_t i = 0; has(head, 4, STR("ftyp")) && i < ARRAY_LEN(brands); i++)
        if (has(head, 8, str_c(brands[i])))
            return OCR_TYPE_HEIF;
    return OCR_TYPE_NONE;
}

struct str ocr_probe_media_type(enum ocr_type type)
{
    static const char *const names[] = {
        "application/octet-stream", "image/jpeg", "image/png", "image/webp", "image/heic", "image/tiff"};
    return str_c(names[type]);
}

enum { TIFF_DIRECTORIES = 32, TIFF_ENTRIES = 512 };

/* First directory of a TIFF structure: width, height, orientation. Also Exif's, where only the orientation counts. The
 * chain of further directories is followed only to see that it ends. */
static int tiff(struct str s, struct ocr_probe *probe)
{
    uint32_t (*num)(struct str, size_t, int) = has(s, 0, STR("II")) ? little : big;
    uint32_t next = num(s, 4, 4);
    for (int k = 0; next; k++) {
        uint32_t n = num(s, next, 2);
        if (k == TIFF_DIRECTORIES || next + 2ULL > s.n || n == 0 || n > TIFF_ENTRIES)
            return -1;
        for (uint32_t i = 0; k == 0 && i < n; i++) {
            size_t entry = (size_t)next + 2 + 12 * (size_t)i;
            uint32_t value = num(s, entry + 8, num(s, entry + 2, 2) == 3 ? 2 : 4);
            int clamped = value > INT32_MAX ? INT32_MAX : (int)value;
            switch (num(s, entry, 2)) {
            case 0x100:
                probe->w = clamped;
                break;
            case 0x101:
                probe->h = clamped;
                break;
            case 0x112:
                probe->orientation = value >= 1 && value <= 8 ? (int)value : 1;
                break;
            default:
                break;
            }
        }
        next = num(s, (size_t)next + 2 + 12 * (size_t)n, 4);
    }
    return 0;
}

static void exif(struct str s, struct ocr_probe *probe)
{
    struct ocr_probe found = {.orientation = 1};
    if (ocr_probe_type(s) == OCR_TYPE_TIFF)
        (void)tiff(s, &found);
    probe->orientation = found.orientation;
}

/* Start of the next marker at or after i, skipping entropy-coded data (T.81 B.1.1.5). */
static size_t next_marker(struct str s, size_t i)
{
    for (; i + 1 < s.n; i++) {
        const char *ff = memchr(s.p + i, 0xff, s.n - i - 1);
        if (!ff)
            return s.n;
        i = (size_t)(ff - s.p);
        unsigned code = at(s, i + 1);
        if (code != 0 && code != 0xff && (code < 0xd0 || code > 0xd7))
            return i;
    }
    return s.n;
}

static int jpeg(struct str s, struct ocr_probe *probe)
{
    int scans = 0;
    for (size_t i = next_marker(s, 2); i < s.n; i = next_marker(s, i)) {
        unsigned code = at(s, i + 1);
        size_t length = big(s, i + 2, 2);
        if (code == 0xd9 || length < 2)
            break;
        bool frame = code >= 0xc0 && code <= 0xcf && code != 0xc4 && code != 0xc8 && code != 0xcc;
        if (frame) {
            probe->h = (int)big(s, i + 5, 2);
            probe->w = (int)big(s, i + 7, 2);
        } else if (code == 0xe1 && has(s, i + 4, STR("Exif\0\0"))) {
            exif(str_slice(s, i + 10, i + 2 + length), probe);
        } else if (code == 0xda && ++scans > LIMIT_JPEG_SCANS) {
            return -1;
        }
        i += 2 + length;
    }
    return 0;
}

static void png(struct str s, struct ocr_probe *probe)
{
    probe->w = (int)(big(s, 16, 4) & INT32_MAX);
    probe->h = (int)(big(s, 20, 4) & INT32_MAX);
    /* eXIf stands anywhere between IHDR and IEND; a few chunks are looked at. */
    size_t i = 8;
    for (int k = 0; k < 64 && i + 12 <= s.n; k++) {
        size_t length = big(s, i, 4);
        if (has(s, i + 4, STR("eXIf")))
            exif(str_slice(s, i + 8, i + 8 + length), probe);
        i += 12 + length;
    }
}

static void webp(struct str s, struct ocr_probe *probe)
{
    if (has(s, 12, STR("VP8X"))) {
        probe->w = (int)little(s, 24, 3) + 1;
        probe->h = (int)little(s, 27, 3) + 1;
    } else if (has(s, 12, STR("VP8L"))) {
        uint32_t bits = little(s, 21, 4);
        probe->w = (int)(bits & 0x3fff) + 1;
        probe->h = (int)(bits >> 14 & 0x3fff) + 1;
    } else {
        probe->w = (int)(little(s, 26, 2) & 0x3fff);
        probe->h = (int)(little(s, 28, 2) & 0x3fff);
    }
    size_t i = 12;
    for (int k = 0; k < 64 && i + 8 <= s.n; k++) {
        size_t length = little(s, i + 4, 4);
        if (has(s, i, STR("EXIF")))
            exif(str_slice(s, has(s, i + 8, STR("Exif\0\0")) ? i + 14 : i + 8, i + 8 + length), probe);
        i += 8 + length + (length & 1);
    }
}

/* The largest image spatial extents property ("ispe") of the file's head: size of the image, or of its tiles' grid. */
static void heif(struct str s, struct ocr_probe *probe)
{
    struct str head = str_slice(s, 0, 64 * 1024);
    for (ptrdiff_t i = str_find(head, STR("ispe"), 0); i >= 0; i = str_find(head, STR("ispe"), (size_t)i + 4)) {
        int w = (int)(big(head, (size_t)i + 8, 4) & INT32_MAX), h = (int)(big(head, (size_t)i + 12, 4) & INT32_MAX);
        if ((int64_t)w * h > (int64_t)probe->w * probe->h) {
            probe->w = w;
            probe->h = h;
        }
    }
}

static int judge_size(const struct ocr_probe *probe, struct err *err)
{
    if (probe->w <= 0 || probe->h <= 0)
        return err_set(err, ERR_IMAGE_BROKEN, "its header names no size");
    bool wide = probe->w > LIMIT_IMAGE_SIDE || probe->h > LIMIT_IMAGE_SIDE;
    if (wide || (int64_t)probe->w * probe->h > LIMIT_IMAGE_PIXELS)
        return err_set(err, ERR_IMAGE_TOO_BIG, "%d x %d", probe->w, probe->h);
    return 0;
}

int ocr_probe(struct str bytes, struct ocr_probe *ret_probe, struct err *err)
{
    struct ocr_probe probe = {.type = ocr_probe_type(bytes), .orientation = 1};
    switch (probe.type) {
    case OCR_TYPE_NONE:
        return err_set(err, ERR_NOT_AN_IMAGE, "%s", "");
    case OCR_TYPE_JPEG:
        if (jpeg(bytes, &probe) < 0)
            return err_set(err, ERR_IMAGE_BROKEN, "it has more than %d scans", LIMIT_JPEG_SCANS);
        break;
    case OCR_TYPE_PNG:
        png(bytes, &probe);
        break;
    case OCR_TYPE_WEBP:
        webp(bytes, &probe);
        break;
    case OCR_TYPE_HEIF:
        heif(bytes, &probe);
        break;
    case OCR_TYPE_TIFF:
        if (tiff(bytes, &probe) < 0)
            return err_set(err, ERR_IMAGE_BROKEN, "its directories do not end");
        break;
    }
    if (judge_size(&probe, err) < 0)
        return -1;
    *ret_probe = probe;
    return 0;
}
