select org_id, id, user_id from guard_token_end($1);
