-- Contacts that wait for a decision are compared again, in the background.
insert into jobs (org_id, id, kind, subject_id, priority, max_attempts)
select $1, gen_random_uuid(), 'match', c.id, 10, $2::bigint from contacts c
where c.org_id = $1 and c.deleted_at is null and c.state in ('read', 'matched')
on conflict (org_id, kind, subject_id) where state = 'queued' do nothing;
