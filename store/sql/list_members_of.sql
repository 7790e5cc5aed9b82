select list_id, user_id, role from list_members where org_id = $1 and list_id = any ($2::uuid[])
order by list_id, user_id;
