select id, first_at, first_program, until, reason, user_id, put_off_at, version from warning_marks where org_id = $1 and id = $2;
