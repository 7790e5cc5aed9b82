delete from sessions where org_id = $1 and user_id = $2 and id <> $3;
