-- The name follows once the key is there that seals it.
insert into orgs (org_id, name, wrapped_index_key, master) values ($1, '', $2, $3);
