/* HEIC and AVIF: the only file that knows libheif. Rotation and mirroring of the container are applied by the library;
 * the Exif orientation is then not applied a second time. */
#include "ocr/image/decode.h"

#include <libheif/heif.h>

/* The HEVC decoder would start a thread, and the jail of services/sandbox.c knows none. This definition, exported by
 * the executable, stands in front of libde265's: "no worker threads" (DE265_ERROR_CANNOT_START_THREADPOOL), upon which
 * it decodes in the calling thread. */
int de265_start_worker_threads(void *context, int n);
__attribute__((visibility("default"))) int de265_start_worker_threads(void *context _unused_, int n _unused_)
{
    return 10;
}

static void context_freep(struct heif_context **context)
{
    heif_context_free(*context);
}

static void handle_freep(struct heif_image_handle **handle)
{
    if (*handle)
        heif_image_handle_release(*handle);
}

static void image_freep(struct heif_image **image)
{
    if (*image)
        heif_image_release(*image);
}

static int broken(struct err *err, struct heif_error error)
{
    err_set(err, ERR_IMAGE_BROKEN, "its HEIF data is damaged");
    return err_detail(err, "%s", error.message);
}

static void options_freep(struct heif_decoding_options **options)
{
    if (*options)
        heif_decoding_options_free(*options);
}

/* The decoder that needs no threads: libaom for AVIF (dav1d would start some), the default for HEVC. */
static struct heif_decoding_options *choose_decoder(struct str bytes)
{
    struct heif_decoding_options *options = heif_decoding_options_alloc();
    if (options && str_starts(str_slice(bytes, 8, bytes.n), STR("avi")))
        options->decoder_id = "aom";
    return options;
}

static int copy_pixels(const struct heif_image *heif, struct arena *arena, struct ocr_image *ret_image, struct err *err)
{
    int stride = 0;
    int w = heif_image_get_width(heif, heif_channel_interleaved);
    int h = heif_image_get_height(heif, heif_channel_interleaved);
    const uint8_t *from = heif_image_get_plane_readonly(heif, heif_channel_interleaved, &stride);
    if (!from || w <= 0 || h <= 0 || stride < w * 3)
        return err_set(err, ERR_IMAGE_BROKEN, "its HEIF data is damaged");
    struct ocr_image image = ocr_image_black(arena, w, h, 3);
    for (int y = 0; y < h; y++)
        memcpy(image.p + (size_t)y * (size_t)w * 3, from + (size_t)y * (size_t)stride, (size_t)w * 3);
    *ret_image = image;
    return 0;
}

int ocr_decode_heif(struct str bytes, int64_t pixels _unused_, struct arena *arena, struct ocr_image *ret_image,
                    int *orientation, struct err *err)
{
    _cleanup_(context_freep) struct heif_context *context = heif_context_alloc();
    _cleanup_(handle_freep) struct heif_image_handle *handle = NULL;
    _cleanup_(image_freep) struct heif_image *heif = NULL;
    _cleanup_(options_freep) struct heif_decoding_options *options = choose_decoder(bytes);
    heif_context_set_max_decoding_threads(context, 0);
    struct heif_error e = heif_context_read_from_memory_without_copy(context, bytes.p, bytes.n, NULL);
    if (e.code == heif_error_Ok)
        e = heif_context_get_primary_image_handle(context, &handle);
    if (e.code == heif_error_Ok)
        e = heif_decode_image(handle, &heif, heif_colorspace_RGB, heif_chroma_interleaved_RGB, options);
    if (e.code != heif_error_Ok)
        return broken(err, e);
    *orientation = 1;
    return copy_pixels(heif, arena, ret_image, err);
}

void ocr_decode_prepare(void)
{
    struct heif_init_params *defaults = NULL;
    (void)heif_init(defaults);
}
