delete from candidates where org_id = $1 and contact_id = $2 and decided is null and record_id <> all ($3::uuid[]);
