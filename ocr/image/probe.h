/* What a file is and how large it will be, from its header alone: no decoder runs, nothing is allocated. Judged before
 * any foreign library sees a byte. */
#ifndef OCR_IMAGE_PROBE_H
#define OCR_IMAGE_PROBE_H

#include "base/err.h"

enum ocr_type { OCR_TYPE_NONE, OCR_TYPE_JPEG, OCR_TYPE_PNG, OCR_TYPE_WEBP, OCR_TYPE_HEIF, OCR_TYPE_TIFF };

struct ocr_probe {
    enum ocr_type type;
    int w, h;        /* as stored, before the orientation; 0 when the header does not say (HEIF may) */
    int orientation; /* Exif orientation 1..8; 1 when there is none */
};

/* Type by magic bytes; the first 64 bytes of the file are enough. Pure. */
enum ocr_type ocr_probe_type(struct str head);
/* "image/jpeg" …; "application/octet-stream" for OCR_TYPE_NONE. */
struct str ocr_probe_media_type(enum ocr_type type);
/* Reads the headers of the whole file. Refuses: no image (ERR_NOT_AN_IMAGE), more pixels than LIMIT_IMAGE_PIXELS or
 * LIMIT_IMAGE_SIDE (ERR_IMAGE_TOO_BIG), no size, a JPEG of more than LIMIT_JPEG_SCANS scans, a TIFF whose directory
 * chain runs in circles (ERR_IMAGE_BROKEN). Sources: ITU-T T.81, PNG 3rd ed., RFC 9649 (WebP), ISO 23008-12 (HEIF),
 * TIFF 6.0, Exif 2.32. */
int ocr_probe(struct str bytes, struct ocr_probe *ret_probe, struct err *err);

#endif
