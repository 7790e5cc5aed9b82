-- Photos that show one of the contacts, and how many cards of others besides.
select s.id, s.created_at, count(d.n) filter (where d.contact_id <> all ($2::uuid[])) as others
from scans s join cards d on d.org_id = $1 and d.scan_id = s.id
where s.org_id = $1 and exists (select from cards e where e.org_id = $1 and e.scan_id = s.id and e.contact_id = any ($2::uuid[]))
group by s.id, s.created_at order by s.id;
