-- What is a day old goes on this occasion.
with gone as (
  delete from contact_presence where org_id = $1 and seen_at < now() - interval '1 day' and (contact_id, user_id) <> ($2, $3))
insert into contact_presence (org_id, contact_id, user_id) values ($1, $2, $3)
on conflict (org_id, contact_id, user_id) do update set seen_at = now();
