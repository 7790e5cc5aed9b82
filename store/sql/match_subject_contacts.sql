-- Contacts in the bin keep their keys, so that they are there again when they come back.
select m.number, m.subject_id from match_subjects m join contacts c on c.org_id = m.org_id and c.id = m.subject_id
where m.org_id = $1 and m.kind = 1 and m.number = any ($2::bigint[]) and (c.deleted_at is null or $3::boolean);
