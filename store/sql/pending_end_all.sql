delete from pending_sign_ins where org_id = $1 and ($2::uuid is null or user_id = $2);
