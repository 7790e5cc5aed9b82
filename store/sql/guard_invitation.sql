select org_id, id from guard_invitation($1::bytea);
