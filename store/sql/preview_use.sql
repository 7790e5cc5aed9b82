delete from previews where org_id = $1 and id = $2 and expires_at > now();
