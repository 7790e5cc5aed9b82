delete from pending_sign_ins where org_id = $1 and id = $2;
