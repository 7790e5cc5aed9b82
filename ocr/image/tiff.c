/* TIFF, first page only: the only file that knows libtiff. Reads from memory; writing is refused. */
#include "ocr/image/decode.h"

#include "base/limits.h"

#include <tiffio.h>

struct memory {
    struct str bytes;
    uint64_t at;
};

static tmsize_t memory_read(thandle_t handle, void *to, tmsize_t n)
{
    struct memory *m = handle;
    uint64_t left = m->at < m->bytes.n ? m->bytes.n - m->at : 0;
    uint64_t take = (uint64_t)n < left ? (uint64_t)n : left;
    if (take)
        memcpy(to, m->bytes.p + m->at, take);
    m->at += take;
    return (tmsize_t)take;
}

static tmsize_t memory_write(thandle_t handle _unused_, void *from _unused_, tmsize_t n _unused_)
{
    return -1;
}

static toff_t memory_seek(thandle_t handle, toff_t to, int whence)
{
    struct memory *m = handle;
    m->at = whence == SEEK_CUR ? m->at + to : whence == SEEK_END ? m->bytes.n + to : to;
    return m->at;
}

static int memory_close(thandle_t handle _unused_)
{
    return 0;
}

static toff_t memory_size(thandle_t handle)
{
    return ((struct memory *)handle)->bytes.n;
}

static void closep(TIFF **tiff)
{
    if (*tiff)
        TIFFClose(*tiff);
}

int ocr_decode_tiff(struct str bytes, int64_t pixels _unused_, struct arena *arena, struct ocr_image *ret_image,
                    int *orientation, struct err *err)
{
    struct memory memory = {.bytes = bytes};
    TIFFSetErrorHandler(NULL);
    TIFFSetWarningHandler(NULL);
    _cleanup_(closep) TIFF *tiff = TIFFClientOpen("upload", "rm", &memory, memory_read, memory_write, memory_seek,
                                                  memory_close, memory_size, NULL, NULL);
    uint32_t w = 0, h = 0;
    if (!tiff || !TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &w) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &h))
        return err_set(err, ERR_IMAGE_BROKEN, "its TIFF data is damaged");
    if (!w || !h || w > LIMIT_IMAGE_SIDE || h > LIMIT_IMAGE_SIDE || (uint64_t)w * h > LIMIT_IMAGE_PIXELS)
        return err_set(err, ERR_IMAGE_TOO_BIG, "%u x %u", w, h);
    uint32_t *raster = arena_array(arena, (size_t)w * h, sizeof *raster);
    /* The picture as stored: turning it is left to decode.c, which knows the same tag. */
    if (!TIFFReadRGBAImageOriented(tiff, w, h, raster, *orientation > 0 ? *orientation : 1, 1))
        return err_set(err, ERR_IMAGE_BROKEN, "its TIFF data is damaged");
    struct ocr_image image = ocr_image_black(arena, (int)w, (int)h, 3);
    for (size_t i = 0; i < (size_t)w * h; i++) {
        image.p[3 * i] = (uint8_t)TIFFGetR(raster[i]);
        image.p[3 * i + 1] = (uint8_t)TIFFGetG(raster[i]);
        image.p[3 * i + 2] = (uint8_t)TIFFGetB(raster[i]);
    }
    *ret_image = image;
    return 0;
}
