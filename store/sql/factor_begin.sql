-- A seed that nobody has confirmed gives way to the next; a confirmed one does not.
insert into second_factors (org_id, user_id, seed) values ($1, $2, $3)
on conflict (org_id, user_id) do update set seed = excluded.seed, last_step = 0, created_at = now()
where second_factors.confirmed_at is null;
