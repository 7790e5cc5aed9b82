select id, number, kind, subject, reference, user_id, created_at, due_at, done_at, done_by, certificate from subject_requests
where org_id = $1 and ($2::uuid is null or id < $2)
order by id desc limit $3::int;
