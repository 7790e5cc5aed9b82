insert into list_members (org_id, list_id, user_id, role) values ($1, $2, $3, $4);
