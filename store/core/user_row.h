/* Inside of the store: what sessions and people share about a user's row. */
#ifndef STORE_CORE_USER_ROW_H
#define STORE_CORE_USER_ROW_H

#include "store/people.h"

/* Opens the sealed profile of user->id and fills e-mail, name, language and theme. */
int store_user_profile(struct store_tx *tx, struct str sealed, struct arena *arena, struct store_user *user,
                       struct err *err);

#endif
