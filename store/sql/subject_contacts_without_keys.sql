-- What went into the bin before it was compared has no keys.
select c.id from contacts c
where c.org_id = $1 and not exists (select from match_subjects m where m.org_id = $1 and m.kind = 1 and m.subject_id = c.id)
limit $2::int;
