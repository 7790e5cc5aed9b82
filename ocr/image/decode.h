/* Bytes of a file to upright RGB pixels. Each foreign decoder is known to one file (jpeg.c, png.c …) and offers one
 * function of the shape ocr_decoder; decode.c judges the header first and turns the picture upright. */
#ifndef OCR_IMAGE_DECODE_H
#define OCR_IMAGE_DECODE_H

#include "ocr/image/image.h"
#include "ocr/image/probe.h"

/* Decoders may return the picture at a half, a quarter … of its size when it has more than `pixels` pixels and they
 * can do so cheaply. Channels is 3. *orientation is the header's and may be set to 1 by a decoder that applied it
 * itself. Errors: ERR_IMAGE_BROKEN. */
typedef int ocr_decoder(struct str bytes, int64_t pixels, struct arena *arena, struct ocr_image *ret_image,
                        int *orientation, struct err *err);

ocr_decoder ocr_decode_jpeg, ocr_decode_png, ocr_decode_webp, ocr_decode_tiff, ocr_decode_heif;

/* The photo as a person sees it. */
struct ocr_photo {
    struct ocr_image image; /* upright RGB, possibly reduced */
    int w, h;               /* of the upright photo at full size: the coordinates that leave this folder */
    enum ocr_type type;
};

/* Opens an image of at most LIMIT_IMAGE_PIXELS, reduced to at most `pixels` where the decoder can do so cheaply.
 * Errors: those of ocr_probe() and ERR_IMAGE_BROKEN. */
int ocr_decode(struct str bytes, int64_t pixels, struct arena *arena, struct ocr_photo *ret_photo, struct err *err);

/* Baseline JPEG (quality 1..100) of an RGB or grey image. */
struct str ocr_encode_jpeg(struct ocr_image image, int quality, struct arena *arena);

/* Loads what the decoders would otherwise load lazily (plug-ins); before a process locks itself up. */
void ocr_decode_prepare(void);

#endif
