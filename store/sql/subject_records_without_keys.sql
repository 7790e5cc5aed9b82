-- What was deleted in its CRM has lost its keys.
select r.id from records r
where r.org_id = $1 and not exists (select from match_subjects m where m.org_id = $1 and m.kind = 2 and m.subject_id = r.id)
limit $2::int;
