/* Tesseract behind plain values; see engine.h. Words come from the result iterator; nothing is rendered or written. */
#include "ocr/text/engine.h"

#include <leptonica/allheaders.h>
#include <malloc.h>
#include <tesseract/capi.h>

enum {
    RESOLUTION = 300,
    KEPT_BYTES =
        32 * 1024 * 1024, /* what is freed is given back to the system only beyond this, the most malloc takes */
};

struct ocr_engine {
    TessBaseAPI *api;
    char *languages;
};

/* Tried in this order when nobody asked for a language: `Latin` reads the diacritics of all of them at once. */
static const char *const preferred[] = {"Latin", "script/Latin", "deu+eng", "deu", "eng"};

static void text_freep(char **text)
{
    if (*text)
        TessDeleteText(*text);
}

static bool load(struct ocr_engine *engine, const char *languages)
{
    static char *const none[] = {NULL};
    /* It talks on stderr, and reads every doubtful line a second time in negative: the views are positive already. */
    char *names[] = {(char *)"debug_file", (char *)"invert_threshold"}, *values[] = {(char *)"/dev/null", (char *)"0"};
    if (TessBaseAPIInit4(engine->api, NULL, languages, OEM_LSTM_ONLY, (char **)none, 0, names, values, 2, 0) != 0)
        return false;
    engine->languages = strdup(languages);
    return engine->languages != NULL;
}

/* Every model name in "a+b" must be installed: Tesseract itself would go on with the rest and say so on stderr. */
static bool installed(char **all, const char *languages)
{
    struct str rest = str_c(languages), one;
    while (str_split(&rest, '+', &one)) {
        bool found = false;
        for (char **p = all; p && *p && !found; p++)
            found = str_eq(str_c(*p), one);
        if (!found)
            return false;
    }
    return true;
}

/* First name that is installed, or else the first model that can read text at all. NULL when there is none. */
static const char *choose(char **all, const char *languages)
{
    if (languages)
        return installed(all, languages) ? languages : NULL;
    for (size_t i = 0; i < ARRAY_LEN(preferred); i++)
        if (installed(all, preferred[i]))
            return preferred[i];
    for (char **p = all; p && *p; p++)
        if (!str_eq(str_c(*p), STR("osd")))
            return *p;
    return NULL;
}

/* The list of installed models needs an engine that was started once; with no model at all it stays empty. */
static char **list_models(void)
{
    TessBaseAPI *probe = TessBaseAPICreate();
    char *names[] = {(char *)"debug_file"}, *values[] = {(char *)"/dev/null"};
    static char *const none[] = {NULL};
    char **all = NULL;
    if (TessBaseAPIInit4(probe, NULL, "", OEM_LSTM_ONLY, (char **)none, 0, names, values, 1, 0) == 0)
        all = TessBaseAPIGetAvailableLanguagesAsVector(probe);
    TessBaseAPIDelete(probe);
    return all;
}

int ocr_engine_new(const char *languages, struct ocr_engine **ret_engine, struct err *err)
{
    (void)setMsgSeverity(L_SEVERITY_NONE); /* its image library talks on stderr too */
    /* Pictures of megabytes come and go with every line it reads: half of all page faults were theirs. */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, 2 * KEPT_BYTES);
    _cleanup_(ocr_engine_freep) struct ocr_engine *engine = calloc(1, sizeof *engine);
    if (!engine || !(engine->api = TessBaseAPICreate()))
        return err_set(err, ERR_INTERNAL, "%s", ""); // NOLINT(clang-analyzer-unix.Malloc): _cleanup_ frees it
    char **all = list_models();
    const char *chosen = choose(all, languages);
    bool loaded = chosen && load(engine, chosen);
    if (all)
        TessDeleteTextArray(all);
    if (!loaded && !languages) /* a Tesseract that cannot list its models may still load one */
        for (size_t i = 0; i < ARRAY_LEN(preferred) && !loaded; i++)
            loaded = load(engine, preferred[i]);
    if (!loaded) {
        err_set(err, ERR_INTERNAL, "%s", "");
        return err_detail(err, "no Tesseract model for '%s': install tesseract-ocr-script-latn or tesseract-ocr-deu",
                          languages ? languages : "any language");
    }
    *ret_engine = take(engine);
    return 0;
}

const char *ocr_engine_languages(const struct ocr_engine *engine)
{
    return engine->languages;
}

static struct ocr_word read_word(const TessResultIterator *at, struct arena *arena)
{
    _cleanup_(text_freep) char *text = TessResultIteratorGetUTF8Text(at, RIL_WORD);
    int left = 0, top = 0, right = 0, bottom = 0;
    const TessPageIterator *page = TessResultIteratorGetPageIteratorConst(at);
    (void)TessPageIteratorBoundingBox(page, RIL_WORD, &left, &top, &right, &bottom);
    struct str trimmed = str_trim(str_c(text));
    double confidence = (double)TessResultIteratorConfidence(at, RIL_WORD) / 100;
    return (struct ocr_word){
        .text = utf8_valid(trimmed) ? str_dup(arena, trimmed) : STR(""),
        .confidence = confidence < 0   ? 0
                      : confidence > 1 ? 1
                                       : confidence,
        .box = {left, top, right - left, bottom - top},
    };
}

static void collect(TessBaseAPI *api, struct arena *arena, struct ocr_words *words)
{
    TessResultIterator *at = TessBaseAPIGetIterator(api);
    double sum = 0, letters = 0;
    words->items = arena_array(arena, OCR_ENGINE_WORDS, sizeof *words->items);
    while (at && words->n < OCR_ENGINE_WORDS) {
        struct ocr_word word = read_word(at, arena);
        if (word.text.n && word.box.w > 0 && word.box.h > 0) {
            words->items[words->n++] = word;
            sum += word.confidence * (double)word.text.n;
            letters += (double)word.text.n;
        }
        if (!TessResultIteratorNext(at, RIL_WORD))
            break;
    }
    if (at)
        TessResultIteratorDelete(at);
    words->confidence = letters > 0 ? sum / letters : 0;
}

void ocr_engine_read(struct ocr_engine *engine, struct ocr_image gray, enum ocr_layout layout, int deadline_ms,
                     struct arena *arena, struct ocr_words *ret_words)
{
    static const TessPageSegMode modes[] = {
        [OCR_LAYOUT_PAGE] = PSM_AUTO, [OCR_LAYOUT_SPARSE] = PSM_SPARSE_TEXT, [OCR_LAYOUT_LINE] = PSM_SINGLE_LINE};
    struct ocr_words words = {0};
    ETEXT_DESC *monitor = TessMonitorCreate();
    TessMonitorSetDeadlineMSecs(monitor, deadline_ms);
    TessBaseAPISetPageSegMode(engine->api, modes[layout]);
    TessBaseAPISetImage(engine->api, gray.p, gray.w, gray.h, 1, gray.w);
    TessBaseAPISetSourceResolution(engine->api, RESOLUTION);
    words.cut = TessBaseAPIRecognize(engine->api, monitor) != 0;
    collect(engine->api, arena, &words); /* after the deadline what was not read is blank */
    TessBaseAPIClear(engine->api);
    TessMonitorDelete(monitor);
    *ret_words = words;
}

struct str ocr_engine_version(struct arena *arena)
{
    char *leptonica = getLeptonicaVersion();
    struct str text = str_printf(arena, "tesseract %s, %s", TessVersion(), leptonica ? leptonica : "leptonica");
    lept_free(leptonica);
    return text;
}

void ocr_engine_freep(struct ocr_engine **engine)
{
    if (!*engine)
        return;
    if ((*engine)->api)
        TessBaseAPIDelete((*engine)->api);
    free((*engine)->languages);
    free(*engine);
    *engine = NULL;
}
