-- One of a user's, or (no user) of the organisation.
delete from sessions where org_id = $1 and id = $2 and ($3::uuid is null or user_id = $3);
