update warning_marks set until = timestamptz 'epoch' + $4::bigint * interval '1 millisecond', reason = $5, user_id = $6, put_off_at = now(),
  version = version + 1
where org_id = $1 and id = $2 and version = $3;
