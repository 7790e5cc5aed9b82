-- It is warned of now, and since the first time; what was put off comes back at its day.
insert into warning_marks as m (org_id, kind, subject_hash, id, first_program) values ($1, $2, $3, $4, $5)
on conflict (org_id, kind, subject_hash) do update set
  until = case when m.until > now() then m.until end, reason = case when m.until > now() then m.reason end,
  user_id = case when m.until > now() then m.user_id end
returning id, first_at, first_program, until, reason, user_id, put_off_at, version;
