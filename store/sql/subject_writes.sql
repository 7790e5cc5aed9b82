-- What is under way while its record goes would be under way for ever.
select count(*), count(*) filter (where state in ('intent', 'sending', 'uncertain', 'waiting', 'undoing')) from write_backs
where org_id = $1 and (contact_id = any ($2::uuid[]) or record_id = any ($3::uuid[]));
