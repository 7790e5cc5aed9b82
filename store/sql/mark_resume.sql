update warning_marks set until = null, reason = null, user_id = null, put_off_at = null, version = version + 1
where org_id = $1 and id = $2 and version = $3;
