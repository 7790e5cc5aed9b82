delete from invitations where org_id = $1 and id = $2;
