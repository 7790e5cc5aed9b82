-- With an erasure goes what the person was looked for by.
update subject_requests set done_at = now(), done_by = $3, certificate = $4,
  subject = case when kind = 'erasure' then null else subject end, reference = case when kind = 'erasure' then null else reference end
where org_id = $1 and id = $2 and done_at is null;
