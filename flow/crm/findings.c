/* What a CRM's description says against a mapping, in words; see fields.h. */
#include "flow/common.h"
#include "flow/crm/fields.h"

/* {} stands for the CRM's field, [] for the value, # for its length. */
static const struct {
    const char *en, *de;
} sentences[CRM_MISFIT_COUNT] = {
    [CRM_MISFIT_GONE] = {"The CRM has no field {}, or hides it from this connection.",
                         "Das CRM hat kein Feld {} oder verbirgt es vor dieser Verbindung."},
    [CRM_MISFIT_READ_ONLY] = {"The field {} may not be written.", "Das Feld {} darf nicht beschrieben werden."},
    [CRM_MISFIT_TYPE] = {"The field {} cannot keep such a value.",
                         "Das Feld {} kann einen solchen Wert nicht aufnehmen."},
    [CRM_MISFIT_CHOICE] = {"The field {} does not offer “[]”.", "Das Feld {} bietet „[]“ nicht an."},
    [CRM_MISFIT_LONG] = {"“[]” is longer than the # characters of {}.", "„[]“ ist länger als die # Zeichen von {}."},
    [CRM_MISFIT_SHORT] = {"The field {} takes # characters only; longer values will be refused.",
                          "Das Feld {} nimmt nur # Zeichen; längere Werte werden abgelehnt."},
    [CRM_MISFIT_SHORTER] = {"The field {} was shortened to # characters since; longer values are refused.",
                            "Das Feld {} wurde seither auf # Zeichen gekürzt; längere Werte werden abgelehnt."},
    [CRM_MISFIT_FEWER] = {"The field {} no longer offers “[]”; such values are refused.",
                          "Das Feld {} bietet „[]“ nicht mehr an; solche Werte werden abgelehnt."},
    [CRM_MISFIT_LIST] = {"The field {} takes only values of its list; others will be refused.",
                         "Das Feld {} nimmt nur Werte seiner Auswahlliste; andere werden abgelehnt."},
    [CRM_MISFIT_NEW_ONLY] = {"The field {} can be written on new records only.",
                             "Das Feld {} lässt sich nur bei neuen Datensätzen beschreiben."},
    [CRM_MISFIT_NEEDED] = {"New records need the field {}, and nothing fills it.",
                           "Neue Datensätze brauchen das Feld {}, und nichts füllt es."},
    [CRM_MISFIT_TOGETHER] =
        {"{} holds more of our fields than are mapped; those left out stay as they are there.",
         "{} enthält mehr unserer Felder, als zugeordnet sind; die übrigen bleiben dort, wie sie sind."},
};

/* „Rolle“ (Rolle__c), or the bare name. */
static void add_name(struct strbuf *out, const struct crm_finding *finding, bool german)
{
    if (str_empty(finding->label) || str_eq(finding->label, finding->theirs))
        strbuf_add(out, finding->theirs);
    else
        strbuf_printf(out, german ? "„%.*s“ (%.*s)" : "“%.*s” (%.*s)", STR_ARG(finding->label),
                      STR_ARG(finding->theirs));
}

struct str flow_finding_sentence(const struct flow_actor *actor, const struct crm_finding *finding, struct arena *arena)
{
    const char *text = flow_say(actor, sentences[finding->misfit].en, sentences[finding->misfit].de);
    bool german = text == sentences[finding->misfit].de;
    struct strbuf out = {.arena = arena};
    for (; *text; text++) {
        bool two = text[1] && ((text[0] == '{' && text[1] == '}') || (text[0] == '[' && text[1] == ']'));
        if (two && text[0] == '{')
            add_name(&out, finding, german);
        else if (two)
            strbuf_add(&out, finding->value);
        else if (*text == '#')
            strbuf_printf(&out, "%lld", (long long)finding->length);
        else
            strbuf_add_char(&out, *text);
        text += two ? 1 : 0;
    }
    return strbuf_str(&out);
}
