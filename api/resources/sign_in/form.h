/* Forms of the sign-in pages: no script, words in the reader's language, texts always as texts. */
#ifndef API_RESOURCES_SIGN_IN_FORM_H
#define API_RESOURCES_SIGN_IN_FORM_H

#include "api/state.h"

enum api_word {
#define X(name, en, de) API_WORD_##name,
#include "api/resources/sign_in/words.def"
#undef X
    API_WORDS
};
/* A word of the table in the request's language. */
const char *api_say(const struct api_request *request, enum api_word word);

/* <p>words</p>. */
void api_form_text(struct strbuf *main, const struct api_request *request, enum api_word word);
/* The sentence of an error as an alert, nothing for ERR_NONE; returns the status of the page with it. */
int api_form_alert(struct strbuf *main, const struct api_request *request, const struct err *err);
/* Words of the table as an alert. */
void api_form_alert_word(struct strbuf *main, const struct api_request *request, enum api_word word);
/* <form method="post"> to a path, with `next` to go on to when it is not absent. */
void api_form_begin(struct strbuf *main, const char *action, struct str next);
/* A labelled input. */
struct api_input {
    const char *name;  /* also its id */
    const char *kind;  /* "email", "password", "text" */
    const char *hints; /* further attributes: "autocomplete=\"username\" autofocus" */
    struct str value;  /* absent = empty */
    bool optional;
};
void api_form_input(struct strbuf *main, const struct api_request *request, enum api_word label,
                    const struct api_input *input);
/* The button that sends, and the end of the form. */
void api_form_end(struct strbuf *main, const struct api_request *request, enum api_word button);
/* A link that looks like a button. */
void api_form_way(struct strbuf *main, struct str path, struct str label);

#endif
